"""Where in a manifest a mistake is: the line whose colon is missing, and the field that has a value of the wrong type.

The API server's decoder names a type error by the field of a Go struct, without indexes; the document has the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from k8scourse.machinery.yaml import Document

_TYPE_ERROR = re.compile(r"cannot unmarshal (\w+)(?: \S+)? into Go struct field [^.\s]+\.(\S+) of type (\S+)")
_WITHOUT_COLON = re.compile(r"\s*(?:- +)*([A-Za-z][\w./-]*) +([^\s#:][^#:]*?)\s*(?:#.*)?")
_NEIGHBOURS = ("mapping values are not allowed", "could not find expected ':'", "did not find expected")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "bool": bool,
    "object": dict,
    "array": list,
}
"""How encoding/json calls the types of JSON."""

Path = tuple[str | int, ...]


def missing_colon(text: str) -> str:
    """What to write instead of `key team`, in a sentence; "" where *text* does not look so."""
    found = _WITHOUT_COLON.fullmatch(text)
    return f"a colon is missing after {found[1]}: write `{found[1]}: {found[2]}`" if found else ""


def line_without_colon(text: str, line: int, message: str) -> tuple[int, str] | None:
    """The line (from 1) that misses its colon, and what to write, for a YAML error at *line*; None where none does.

    YAML notices a missing colon only where the next field begins, so the line above *line* is asked, too.
    """
    if not message.startswith(_NEIGHBOURS):
        return None
    lines = text.splitlines()
    for number in (line, _line_above(lines, line)):
        if 1 <= number <= len(lines) and (remedy := missing_colon(lines[number - 1])):
            return number, remedy
    return None


def _line_above(lines: Sequence[str], line: int) -> int:
    """The next line above *line* that has something on it; 0 where there is none."""
    number = min(line - 1, len(lines))
    while number > 0 and (not lines[number - 1].strip() or lines[number - 1].lstrip().startswith("#")):
        number -= 1
    return number


def wrong_type(document: Document, message: str) -> tuple[int, str] | None:
    """The line of the value that a type error of the decoder is about, and what to write where a colon is missing.

    None for another message, or where the document has no such value.
    """
    error = _TYPE_ERROR.search(message)
    if error is None:
        return None
    kind = _TYPES.get(error[1])
    values = list(_values(document.value, error[2].split("."), ()))
    entries = [((*path, key), item) for path, value in values if isinstance(value, dict) for key, item in value.items()]
    for path, value in [*values, *entries]:
        fits = kind is not None and isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if fits:
            remedy = missing_colon(value) if isinstance(value, str) and error[3].startswith(("v1", "map")) else ""
            return document.positions.nearest(path).line, remedy
    return None


def _values(value: Any, names: Sequence[str], path: Path) -> Iterator[tuple[Path, Any]]:
    """The values at *names*, through all elements of lists between, the elements before the list."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, names, (*path, index))
        if not names:
            yield path, value
    elif not names:
        yield path, value
    elif isinstance(value, dict) and names[0] in value:
        yield from _values(value[names[0]], names[1:], (*path, names[0]))
