"""Where in a manifest the cursor stands: which field's name or value is being typed.

Works on lines and indentation, not on parsed YAML, because a manifest that is being typed is rarely whole. Block
style is understood fully, flow style (`[{key: gpu, ...`) within one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

ITEM = "[]"
"""Path segment for an item of a list."""

Path = tuple[str, ...]

_LINE = re.compile(r"^(?P<lead>(?: |- )*)(?:(?P<key>[\w./-]+|\"[^\"]*\"|'[^']*')\s*:(?P<rest>\s.*|$))?")
_HEADER = re.compile(r"^(apiVersion|kind)\s*:\s*[\"']?([\w./-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of the cursor. *path* leads to the mapping (mode "key") or to the field (mode "value")."""

    api_version: str
    kind: str
    path: Path
    mode: Literal["key", "value"]
    word: str
    siblings: frozenset[str] = frozenset()
    indent: int = 0
    flow: bool = False


@dataclass(slots=True)
class _Line:
    dashes: list[int]
    column: int
    key: str | None
    rest: str
    blank: bool = field(default=False)


def cursor_at(text: str, line: int, column: int) -> Cursor:
    """The place at *line* and *column* (both from 1; the cursor stands before the character at *column*)."""
    lines, at = _document(text.split("\n"), line - 1)
    headers = dict(reversed(_HEADER.findall("\n".join(lines))))
    prefix = lines[at][: column - 1]
    here = _read(prefix)
    path, siblings = _surroundings(lines, at, here)
    api_version, kind = headers.get("apiVersion", ""), headers.get("kind", "")
    rest = here.rest.lstrip()
    if here.key is None:
        start = prefix[here.column :]
        if start[:1] in ("{", "["):
            return _flow(Cursor(api_version, kind, path, "value", ""), start)
        return Cursor(api_version, kind, path, "key", start, siblings, here.column)
    whole = Cursor(api_version, kind, (*path, here.key), "value", rest, siblings, here.column)
    if rest[:1] in ("{", "["):
        return _flow(whole, rest)
    return whole


def field_at(text: str, line: int, column: int) -> Cursor:
    """The field under the cursor, for help: a name counts wherever the cursor touches it."""
    row = text.split("\n")[line - 1]
    end = column - 1
    while end < len(row) and re.match(r"[\w./-]", row[end]):
        end += 1
    if re.match(r"\s*:(\s|$)", row[end:]):
        return cursor_at(text, line, row.index(":", end) + 2)
    return cursor_at(text, line, column)


def _document(lines: list[str], at: int) -> tuple[list[str], int]:
    """The lines of the document around line *at*, and the cursor's line among them."""
    first = next((number + 1 for number in range(at, -1, -1) if lines[number].startswith("---")), 0)
    last = next((number for number in range(at + 1, len(lines)) if lines[number].startswith("---")), len(lines))
    if first > at:
        return [""], 0
    return lines[first:last], at - first


def _read(line: str) -> _Line:
    found = _LINE.match(line)
    lead = found["lead"] if found else ""
    dashes = [index for index, character in enumerate(lead) if character == "-"]
    key = found["key"].strip("\"'") if found and found["key"] else None
    body = line[len(lead) :]
    return _Line(dashes, len(lead), key, (found["rest"] or "") if found else "", not body or body.startswith("#"))


def _surroundings(lines: list[str], at: int, here: _Line) -> tuple[Path, frozenset[str]]:
    """The path of the mapping that the cursor's line belongs to, and the names already in it."""
    path: list[str] = []
    siblings: set[str] = set()
    column, dash = here.column, None
    if here.dashes:
        path, column, dash = _through_dashes(here.dashes, path, column)
    for number in range(at - 1, -1, -1):
        line = _read(lines[number])
        if line.blank and not line.dashes:
            continue
        if dash is None:
            if line.key is not None and line.column == column:
                if not path:
                    siblings.add(line.key)
                if line.dashes:
                    path, column, dash = _through_dashes(line.dashes, path, column)
                continue
            if line.key is None or line.column > column:
                continue
        elif line.key is None or line.column > dash:
            continue
        if line.rest.strip() and not line.rest.lstrip().startswith("#"):
            continue
        path.append(line.key)
        column, dash = line.column, None
        if line.dashes:
            path, column, dash = _through_dashes(line.dashes, path, column)
    siblings.update(_below(lines, at, here))
    return tuple(reversed(path)), frozenset(siblings)


def _through_dashes(dashes: list[int], path: list[str], column: int) -> tuple[list[str], int, int]:
    return [*path, *[ITEM] * len(dashes)], column, dashes[0]


def _below(lines: list[str], at: int, here: _Line) -> Iterator[str]:
    for text in lines[at + 1 :]:
        line = _read(text)
        if line.blank and not line.dashes:
            continue
        if line.column < here.column or (line.dashes and line.dashes[0] < here.column):
            return
        if line.key is not None and line.column == here.column:
            yield line.key


def _flow(base: Cursor, text: str) -> Cursor:
    """Follow brackets up to the cursor; *base* is the field whose value the flow collection is."""
    frames: list[tuple[str, str, list[str]]] = []  # kind of bracket, field being given, fields already given
    word, quoted = "", ""
    for character in text:
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "\"'":
            quoted = character
        elif character in "[{":
            frames.append((character, "", []))
            word = ""
        elif character in "]}" and frames:
            frames.pop()
            word = ""
        elif character == ":" and frames and frames[-1][0] == "{":
            frames[-1] = ("{", word.strip(), [*frames[-1][2], word.strip()])
            word = ""
        elif character == "," and frames:
            frames[-1] = (frames[-1][0], "", frames[-1][2])
            word = ""
        else:
            word += character
    path = list(base.path)
    for bracket, name, _ in frames:
        path += [ITEM] if bracket == "[" else [name] if name else []
    if not frames or frames[-1][0] == "[" or frames[-1][1]:
        return Cursor(base.api_version, base.kind, tuple(path), "value", word.strip(), flow=True)
    names = frozenset(frames[-1][2])
    return Cursor(base.api_version, base.kind, tuple(path), "key", word.strip(), names, base.indent, flow=True)
