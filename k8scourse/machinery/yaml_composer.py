"""From YAML events to plain data with positions, in one loop without recursion.

PyYAML's parser (the C one where it is installed) delivers events; this composer builds values the way go-yaml v2 does
for kubectl and notes where each field and value stands. Limits on depth, size and aliases end hostile text early.
"""

import re
from dataclasses import dataclass
from typing import Any, cast

import yaml
from yaml.reader import ReaderError
from yaml.scanner import ScannerError

from k8scourse.machinery import yaml_scalars
from k8scourse.machinery.go_format import go_float, go_quote

MAX_DEPTH = 200
MAX_NODES = 300_000
MAX_ALIAS_NODES = 100_000

_MERGE_TAG = "tag:yaml.org,2002:merge"
# Only the event methods of the loader are used; the C one is ten times as fast and speaks as go-yaml does.
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPEN = object()

# The shape of positions: (line, column, children), lines and columns from 0 and relative to the text parsed. Children
# of a mapping are {field: (line of the name, column of the name, position of the value)}, those of a list a list.
Place = tuple[int, int, Any]


class ComposeError(Exception):
    """Text that cannot be composed: *message*, and the line and column (from 0); *prefix* is go-yaml's line, if any."""

    def __init__(self, message: str, line: int, column: int, *, prefix: str = "", yaml_error: bool = True) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column
        self.kubectl_text = f"error converting YAML to JSON: {'yaml: ' if yaml_error else ''}{prefix}{message}"


@dataclass(slots=True)
class _Frame:
    """A collection under construction. For a mapping, `key` is the name read last (None: a name comes next)."""

    value: Any
    place: Place
    anchor: str | None
    nodes_before: int
    key: Any = None
    key_place: Place | None = None
    merging: bool = False


def compose(text: str) -> tuple[Any, Place] | None:
    """Return the value and places of the first document in *text*, or None when it has none.

    Raises ComposeError. Source: go-yaml v2, decode.go; sigs.k8s.io/yaml, convertToJSONableObject.
    """
    try:
        return _Composer(_PARSER(text)).run()
    except ReaderError as error:
        raise ComposeError("control characters are not allowed", *_control_character(text)) from error
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error) from error


def _control_character(text: str) -> tuple[int, int]:
    index = next((index for index, sign in enumerate(text) if sign < " " and sign not in "\t\r\n"), 0)
    before = text[:index]
    return before.count("\n"), index - (before.rfind("\n") + 1)


def _syntax_error(error: yaml.MarkedYAMLError) -> ComposeError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    # go-yaml counts a scanner's line from 1 and a parser's from 0, and says nothing about line 0 (decode.go, fail).
    number = line
    if line and isinstance(error, ScannerError):
        number += 1
    elif not line and error.context_mark:
        number = error.context_mark.line
    message = _problem(error)
    return ComposeError(message, line, column, prefix=f"line {number}: " if number else "")


# PyYAML's own parser, used where the C one is missing, words some problems in another way than libyaml and go-yaml.
_PROBLEMS = (
    (r"mapping values are not allowed here", "mapping values are not allowed in this context"),
    (r"found character '\\t' that cannot start any token", "found a tab character that violates indentation"),
    (r"found character .* that cannot start any token", "found character that cannot start any token"),
    (r"expected ',' or '(.)', but got .*", r"did not find expected ',' or '\1'"),
    (r"found unknown escape character .*", "found unknown escape character"),
    (r"found incompatible YAML document .*", "found incompatible YAML document"),
    (r"expected '<document start>', but found .*", "did not find expected <document start>"),
    (r"expected the node content, but found .*", "did not find expected node content"),
    (
        r"expected alphabetic or numeric character, but found .*",
        "did not find expected alphabetic or numeric character",
    ),
    (r"expected <block end>, but found .*", "did not find expected key"),
)


def _problem(error: yaml.MarkedYAMLError) -> str:
    message = error.problem or "unknown problem parsing YAML content"
    if error.context == "while parsing a block collection" and message.startswith("expected <block end>"):
        return "did not find expected '-' indicator"
    for pattern, replacement in _PROBLEMS:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, replacement, message)
    return message


class _Composer:
    def __init__(self, parser: Any) -> None:
        self.parser = parser
        self.stack: list[_Frame] = []
        self.anchors: dict[str, Any] = {}
        self.nodes = 0
        self.alias_nodes = 0

    def run(self) -> tuple[Any, Place] | None:
        get_event = self.parser.get_event
        while True:
            event = get_event()
            if isinstance(event, yaml.ScalarEvent):
                done = self.scalar(event)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self.open(event)
                continue
            elif isinstance(event, yaml.CollectionEndEvent):
                done = self.close()
            elif isinstance(event, yaml.AliasEvent):
                done = self.alias(event)
            elif isinstance(event, yaml.StreamEndEvent) or event is None:
                return None
            else:
                continue
            if done is not None:
                # The document's end must be sound too; what follows it is never looked at.
                get_event()
                return done

    def count(self, mark: Any, nodes: int = 1) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise ComposeError(f"document has more than {MAX_NODES} values", mark.line, mark.column)

    def open(self, event: Any) -> None:
        mark = event.start_mark
        if len(self.stack) >= MAX_DEPTH:
            raise ComposeError(f"exceeded max depth of {MAX_DEPTH}", mark.line, mark.column)
        mapping = isinstance(event, yaml.MappingStartEvent)
        place = (mark.line, mark.column, {} if mapping else [])
        if event.anchor is not None:
            self.anchors[event.anchor] = _OPEN
        self.stack.append(_Frame({} if mapping else [], place, event.anchor, self.nodes))
        self.count(mark)

    def close(self) -> tuple[Any, Place] | None:
        frame = self.stack.pop()
        if frame.anchor is not None:
            self.anchors[frame.anchor] = (frame.value, frame.place, self.nodes - frame.nodes_before)
        return self.add(frame.value, frame.place)

    def alias(self, event: Any) -> tuple[Any, Place] | None:
        mark, name = event.start_mark, event.anchor
        if name not in self.anchors:
            raise ComposeError(f"unknown anchor '{name}' referenced", mark.line, mark.column)
        if self.anchors[name] is _OPEN:
            raise ComposeError(f"anchor '{name}' value contains itself", mark.line, mark.column)
        value, place, nodes = self.anchors[name]
        self.alias_nodes += nodes
        self.nodes += nodes
        share = self.alias_nodes / self.nodes
        if self.alias_nodes > MAX_ALIAS_NODES or (self.alias_nodes > 100 and self.nodes > 1000 and share > 0.99):
            raise ComposeError("document contains excessive aliasing", mark.line, mark.column)
        return self.add(value, (mark.line, mark.column, place[2]))

    def scalar(self, event: Any) -> tuple[Any, Place] | None:
        mark = event.start_mark
        self.count(mark)
        place = (mark.line, mark.column, None)
        frame = self.stack[-1] if self.stack else None
        value = self.scalar_value(event, mark)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, place, 1)
        if frame is not None and frame.key_place is None and type(frame.value) is dict:
            if event.value == "<<" and (event.implicit[0] or event.tag == _MERGE_TAG):
                frame.merging, frame.key_place = True, place
                return None
        elif type(value) is float:
            value = _json_number(value, mark)
        elif type(value) is int and value > yaml_scalars.INT64_MAX:
            value = float(value)
        return self.add(value, place)

    def scalar_value(self, event: Any, mark: Any) -> Any:
        if event.tag is None:
            return yaml_scalars.resolve(event.value)[1] if event.implicit[0] else event.value
        try:
            return yaml_scalars.resolve_tagged(event.tag, event.value)[1]
        except yaml_scalars.ScalarError as error:
            raise ComposeError(str(error), mark.line, mark.column) from error

    def add(self, value: Any, place: Place) -> tuple[Any, Place] | None:
        """Put a finished value into the collection around it; return it when it is the whole document."""
        if not self.stack:
            return value, place
        frame = self.stack[-1]
        if type(frame.value) is list:
            frame.value.append(value)
            frame.place[2].append(place)
        elif frame.key_place is None:
            if isinstance(value, dict | list):
                raise ComposeError(f"invalid map key: {_go_syntax(value)}", place[0], place[1])
            frame.key, frame.key_place = value, place
        elif frame.merging:
            _merge(frame, value, place)
            frame.merging, frame.key_place = False, None
        else:
            key_place = frame.key_place
            key = frame.key if type(frame.key) is str else _key_text(frame.key, value, key_place)
            frame.value[key] = value
            frame.place[2][key] = (key_place[0], key_place[1], place)
            frame.key_place = None
        return None


def _merge(frame: _Frame, value: Any, place: Place) -> None:
    """Merge mappings into the frame's; fields read before `<<` are overridden too, as go-yaml v2 does."""
    sources = [(value, place)] if isinstance(value, dict) else []
    if isinstance(value, list):
        sources = list(zip(value, cast("list[Place]", place[2]), strict=True))
    if not (isinstance(value, dict | list) and all(isinstance(source, dict) for source, _ in sources)):
        raise ComposeError("map merge requires map or sequence of maps as the value", place[0], place[1])
    for source, source_place in reversed(sources):
        frame.value.update(source)
        frame.place[2].update(source_place[2])


def _json_number(value: float, mark: Any) -> int | float:
    """The number after its way through JSON, where 2.0 is written 2 and read as an integer."""
    if value != value or value in (float("inf"), float("-inf")):
        raise ComposeError(f"json: unsupported value: {go_float(value)}", mark.line, mark.column, yaml_error=False)
    return int(value) if value.is_integer() and abs(value) < 2**63 else value


def _key_text(key: Any, value: Any, place: Place) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, float):
        return {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}.get(go_float(key), go_float(key))
    if isinstance(key, int) and key <= yaml_scalars.INT64_MAX:
        return str(key)
    kind = "%!s(<nil>)" if key is None else "uint64"
    shown = "<nil>" if key is None else hex(key)
    message = f"unsupported map key of type: {kind}, key: {shown}, value: {_go_syntax(value)}"
    raise ComposeError(message, place[0], place[1], yaml_error=False)


def _go_syntax(value: Any) -> str:
    """The value as Go's `%#v` prints what go-yaml decoded."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{_go_syntax(key)}:{_nested(item)}" for key, item in sorted(value.items()))
        return f"map[interface {{}}]interface {{}}{{{pairs}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_nested, value))}}}"
    if isinstance(value, str):
        return go_quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "<nil>" if value is None else str(value)


def _nested(value: Any) -> str:
    return "interface {}(nil)" if value is None else _go_syntax(value)
