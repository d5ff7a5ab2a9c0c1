"""Manifests as kubectl reads and prints them: YAML or JSON text to plain data with positions, and back to YAML.

`read_documents` splits text into documents as kubectl's decoder does, resolves words as sigs.k8s.io/yaml does (`y` is
a boolean, `12:30` a text, `1e3` a number) and remembers line and column of every field and value. The last of two
equal fields wins, as with kubectl.
Source: k8s.io/apimachinery, pkg/util/yaml/decoder.go.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from k8scourse.machinery import yaml_composer
from k8scourse.machinery.indentation import indentation_remedy
from k8scourse.machinery.manifest_error import ManifestError
from k8scourse.machinery.yaml_writer import dump_yaml

__all__ = ["MAX_CHARACTERS", "Document", "ManifestError", "Position", "Positions", "dump_yaml", "read_documents"]

MAX_CHARACTERS = 3 * 1024 * 1024  # what the API server accepts as a request's body

_JSON_NUMBER_LIMIT = 2**63
_PathSegments = tuple[str | int, ...]


class Position(NamedTuple):
    """Line and column in the whole text, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the fields and values of one document stand. Paths are tuples of field names and list indexes."""

    place: yaml_composer.Place
    first_line: int = 1

    def key(self, path: _PathSegments) -> Position | None:
        """Position of the name of the field at *path*; of the item for an index; None when it is not in the text."""
        parent = self._find(path[:-1]) if path else None
        if parent is None:
            return None
        if isinstance(parent[2], dict) and path[-1] in parent[2]:
            return self._position(parent[2][path[-1]])
        return self.value(path)

    def value(self, path: _PathSegments) -> Position | None:
        """Position of the value at *path*, or None when it is not in the text."""
        place = self._find(path)
        return None if place is None else self._position(place)

    def nearest(self, path: _PathSegments) -> Position:
        """Position of the field at *path*, or of the nearest field above it that is in the text."""
        for length in range(len(path), 0, -1):
            position = self.key(path[:length])
            if position is not None:
                return position
        return self._position(self.place)

    @property
    def first(self) -> Position:
        """Where the whole begins."""
        return self._position(self.place)

    def below(self, path: _PathSegments) -> "Positions":
        """The positions of the value at *path*, for paths that begin there; those of the whole when it is absent."""
        place = self._find(path)
        return self if place is None else Positions(place, self.first_line)

    def _find(self, path: _PathSegments) -> yaml_composer.Place | None:
        place = self.place
        for segment in path:
            children = place[2]
            if isinstance(children, dict) and segment in children:
                place = children[segment][2]
            elif isinstance(children, list) and isinstance(segment, int) and 0 <= segment < len(children):
                place = children[segment]
            else:
                return None
        return place

    def _position(self, place: Any) -> Position:
        return Position(place[0] + self.first_line, place[1] + 1)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a text: its value, the name of its source, positions, and the line where it begins (from 1)."""

    value: Any
    source: str
    positions: Positions = field(repr=False)
    line: int


def read_documents(text: str, source: str = "<text>") -> list[Document]:
    """Return the documents of YAML or JSON *text* in order; empty ones are left out, as kubectl does.

    Values are plain JSON data; integers beyond 64 bits become floats. Raises ManifestError, for hostile text too
    (deeper than 200 levels, alias bombs, more than MAX_CHARACTERS), within milliseconds.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"text has {len(text)} characters, more than {MAX_CHARACTERS}"
        raise ManifestError(source, 1, 1, message, remedy="split it into several files")
    text = text.removeprefix("\ufeff")
    _refuse_surrogates(text, source)
    if text.lstrip().startswith("{"):
        return list(_json_documents(text, source))
    return [document for chunk, line in _chunks(text, source) for document in _compose(chunk, line, source)]


def _refuse_surrogates(text: str, source: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        before = text[: error.start]
        column = error.start - before.rfind("\n")
        raise ManifestError(source, before.count("\n") + 1, column, "invalid Unicode character") from error


def _chunks(text: str, source: str) -> Iterator[tuple[str, int]]:
    """Split at lines that begin with `---`, which may be followed by a comment only; yield (chunk, first line).

    A separator at the start stays part of its chunk, so that lines count as kubectl counts them.
    """
    if "---" not in text:
        yield text, 1
        return
    lines: list[str] = []
    first = 1
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("---"):
            rest = line[3:].strip()
            if rest and not rest.startswith("#"):
                message = f"invalid Yaml document separator: {rest}"
                raise ManifestError(
                    source, number, 4, message, remedy="put --- on a line of its own", kubectl_text=message
                )
            if lines:
                yield "\n".join(lines) + "\n", first
                lines, first = [], number + 1
                continue
        lines.append(line)
    yield "\n".join(lines) + "\n", first


def _compose(text: str, first_line: int, source: str, document_line: int | None = None) -> Iterator[Document]:
    if text and text[-1] != "\n":
        text += "\n"
    try:
        composed = yaml_composer.compose(text)
    except yaml_composer.ComposeError as error:
        remedy = indentation_remedy(text.split("\n"), error.line, error.column, error.message)
        raise ManifestError(
            source,
            error.line + first_line,
            error.column + 1,
            error.message,
            remedy=remedy,
            kubectl_text=error.kubectl_text,
        ) from error
    if composed is not None and composed[0] is not None:
        value, place = composed
        yield Document(value, source, Positions(place, first_line), document_line or place[0] + first_line)


def _json_documents(text: str, source: str) -> Iterator[Document]:
    """Objects in a row; text that stops being JSON after at most one object is read as YAML from there on."""
    decoder = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_parse_int, parse_float=_parse_float)
    position, count = 0, 0
    while (start := _skip_space(text, position)) < len(text):
        line = text.count("\n", 0, start) + 1
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            yield from _yaml_after_json(text, position, count, error, source)
            return
        if value is not None:
            yield Document(value, source, _json_positions(text[start:end], line), line)
        position, count = end, count + 1


def _yaml_after_json(text: str, position: int, count: int, error: Exception, source: str) -> Iterator[Document]:
    json_error = _json_error(text, error, source, with_offset=count <= 1)
    if count > 1:
        raise json_error from error
    rest = re.match(r"[^\S\n]*\n?", text[position:])
    position += rest.end() if rest else 0
    skipped = text.count("\n", 0, position)
    try:
        documents = [
            document
            for chunk, line in _chunks(text[position:], source)
            for document in _compose(chunk, line + skipped, source)
        ]
    except ManifestError as yaml_error:
        if yaml_error.kubectl_text.startswith(("error converting YAML to JSON: yaml: exceeded", "document has")):
            raise
        raise json_error from error
    yield from documents


def _json_positions(text: str, line: int) -> Positions:
    try:
        composed = yaml_composer.compose(text + "\n")
    except yaml_composer.ComposeError:
        # JSON that YAML cannot read (surrogate escapes) keeps the position of its start.
        composed = None
    return Positions(composed[1] if composed else (0, 0, None), line)


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _parse_int(digits: str) -> int | float:
    if len(digits) > 20:
        return float(digits)
    number = int(digits)
    return number if -_JSON_NUMBER_LIMIT <= number < _JSON_NUMBER_LIMIT else float(number)


def _parse_float(digits: str) -> int | float:
    """A number that is whole is sent on without fraction, so it is an integer to the API server."""
    number = float(digits)
    return int(number) if number.is_integer() and abs(number) < _JSON_NUMBER_LIMIT else number


_GO_JSON_PROBLEMS = {
    "Expecting ':' delimiter": "after object key",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Illegal trailing comma before end of object": "looking for beginning of object key string",
    "Illegal trailing comma before end of array": "looking for beginning of value",
    "Expecting value": "looking for beginning of value",
    "Invalid control character at": "in string literal",
    "Invalid \\escape": "in string escape code",
    "Invalid \\uXXXX escape": "in \\u hexadecimal character escape",
}


def _json_error(text: str, error: Exception, source: str, *, with_offset: bool) -> ManifestError:
    """The error in Go's words (encoding/json, scanner.go); the offset counts bytes up to the offending character."""
    if not isinstance(error, json.JSONDecodeError):
        return ManifestError(source, 1, 1, "exceeded max depth", kubectl_text="exceeded max depth")
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return ManifestError(
            source, error.lineno, error.colno, "unexpected end of JSON", remedy="close every { [ and \"",
            kubectl_text="unexpected EOF",
        )  # fmt: skip
    problem = _GO_JSON_PROBLEMS.get(error.msg.split(":")[0], "")
    if error.msg.startswith("Expecting ':'"):
        problem = "after object key"
    elif error.msg.startswith("Expecting ','"):
        problem = "after array element" if _inside_array(text, error.pos) else "after object key:value pair"
    position = error.pos + 1 if "escape" in problem else error.pos
    message = f"invalid character {_quoted(text[position : position + 1])} {problem}"
    offset = len(text[:position].encode()) + 1
    kubectl_text = f"json: offset {offset}: {message}" if with_offset else message
    return ManifestError(source, error.lineno, error.colno, message, kubectl_text=kubectl_text)


def _quoted(character: str) -> str:
    return {"'": r"'\''", '"': "'\"'"}.get(character) or repr(character)


def _inside_array(text: str, position: int) -> bool:
    """Whether the innermost bracket open at *position* is a list's."""
    brackets: list[str] = []
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text[:position]):
        if token.group() in "[{":
            brackets.append(token.group())
        elif token.group() in "]}" and brackets:
            brackets.pop()
    return bool(brackets) and brackets[-1] == "["
