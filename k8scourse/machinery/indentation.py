"""What to do about a field that YAML refuses because of its indentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_FIELD = re.compile(r"(?P<before> *(?:- +)*)(?P<name>[^\s#\"'\[\]{},&*!|>%@`:-][^\s#:\"'{}\[\],]*) *:(?P<value> .*)?$")
_TOO_FAR_LEFT = ("did not find expected key", "did not find expected '-' indicator")
_TOO_FAR_RIGHT = "mapping values are not allowed in this context"


class _Field(NamedTuple):
    name: str
    column: int
    """Where the name begins, from 0."""
    colon: int
    in_list: bool
    has_value: bool


def indentation_remedy(lines: Sequence[str], line: int, column: int, message: str) -> str:
    """Which field above the one at *line* and *column* (from 0) it should stand under; empty where that is not it.

    Of the fields that are open there it is the one whose column is nearest; of two, the inner one.
    """
    field = _field(lines[line]) if line < len(lines) else None
    if field is None or field.in_list:
        return ""
    above = list(_open_fields(lines[:line]))
    if not above:
        return ""
    if message == _TOO_FAR_RIGHT:
        if column != field.colon or not above[0].has_value or field.column <= above[0].column:
            return ""
    elif message not in _TOO_FAR_LEFT or column != field.column:
        return ""
    like = min(above, key=lambda other: abs(other.column - field.column))
    other = "the field" if like is above[0] else f"`{like.name}`"
    return f"indent `{field.name}` like {other} above it (column {like.column + 1})"


def _open_fields(lines: Sequence[str]) -> Iterator[_Field]:
    """The last field of each level, from the innermost outwards."""
    innermost: int | None = None
    for row in reversed(lines):
        if row.startswith("---"):
            return
        field = _field(row)
        if field is not None and (innermost is None or field.column < innermost):
            innermost = field.column
            yield field


def _field(row: str) -> _Field | None:
    match = _FIELD.match(row.rstrip())
    if match is None:
        return None
    before, value = match["before"], (match["value"] or "").strip()
    has_value = bool(value) and not value.startswith(("#", "|", ">"))
    return _Field(match["name"], len(before), match.start("value") - 1 if match["value"] else len(row.rstrip()) - 1,
                  "-" in before, has_value)  # fmt: skip
