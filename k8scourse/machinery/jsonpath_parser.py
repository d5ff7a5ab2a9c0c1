"""The grammar of kubectl's JSONPath templates: text to a tree of nodes.

A template is plain text with actions in braces. Source: client-go, util/jsonpath/parser.go and node.go.
"""

import re
from dataclasses import dataclass

from k8scourse.machinery.go_format import go_quote


class JSONPathError(ValueError):
    """A template that cannot be parsed or that does not fit the object; the text is client-go's."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    value: bool | int | float


@dataclass(frozen=True, slots=True)
class Field:
    name: str


@dataclass(frozen=True, slots=True)
class Identifier:
    name: str


@dataclass(frozen=True, slots=True)
class Slice:
    """`[start:end:step]`; `end_derived` when a single index stands for the slice."""

    start: int | None
    end: int | None
    step: int | None
    end_derived: bool = False


@dataclass(frozen=True, slots=True)
class Wildcard:
    pass


@dataclass(frozen=True, slots=True)
class Recursive:
    pass


@dataclass(frozen=True, slots=True)
class Union:
    branches: tuple[tuple["Node", ...], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    left: tuple["Node", ...]
    operator: str
    right: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Action:
    """What stands between one pair of braces; its nodes are applied one after the other."""

    nodes: tuple["Node", ...]


Node = Text | Literal | Field | Identifier | Slice | Wildcard | Recursive | Union | Filter | Action

_END = ""
_TERMINATORS = frozenset(" \t\r\n.,[]$@{}") | {_END}
_MAX_DEPTH = 50
_DICT_KEY = re.compile(r"'([^']*)'")
_SLICE = re.compile(r"(-?\d*)(:-?\d*)?(:-?\d*)?", re.ASCII)
_COMPARISON = re.compile(r"([^!<>=]+)([!<>=]+)(.+?)", re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", re.DOTALL)
_SIMPLE_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}


def parse(template: str) -> tuple[Node, ...]:
    """Return the nodes of *template*: Text outside braces, one Action per pair of braces. Raises JSONPathError."""
    nodes: list[Node] = []
    position = 0
    while position < len(template):
        opening = template.find("{", position)
        if opening < 0:
            nodes.append(Text(template[position:]))
            break
        if opening > position:
            nodes.append(Text(template[position:opening]))
        action = _ActionParser(template, opening + 1)
        nodes.append(Action(action.parse()))
        position = action.position
    return tuple(nodes)


class _ActionParser:
    def __init__(self, text: str, position: int, depth: int = 0) -> None:
        if depth > _MAX_DEPTH:
            raise JSONPathError("template is nested too deeply")
        self.text = text
        self.position = position
        self.depth = depth
        self.nodes: list[Node] = []

    def parse(self) -> tuple[Node, ...]:
        while not self.text.startswith("}", self.position):
            self.step()
        self.position += 1
        return tuple(self.nodes)

    def nested(self, text: str) -> tuple[Node, ...]:
        """The nodes of *text* as an action of its own; what follows its closing brace is ignored, as upstream does."""
        return _ActionParser(text + "}", 0, self.depth + 1).parse()

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def step(self) -> None:
        character = self.peek()
        if self.text.startswith("[?(", self.position):
            self.filter()
        elif self.text.startswith("..", self.position):
            self.recursive()
        elif character in ("", "\r", "\n"):
            raise JSONPathError("unclosed action")
        elif character in " @$":
            self.position += 1
        elif character == "[":
            self.array()
        elif character in "\"'":
            self.quote(character)
        elif character == ".":
            self.position += 1
            self.field()
        elif character in "+-" or character.isdecimal():
            self.number()
        elif character == "_" or character.isalpha():
            self.identifier()
        else:
            shown = f" '{character}'" if character.isprintable() else ""
            raise JSONPathError(f"unrecognized character in action: U+{ord(character):04X}{shown}")

    def identifier(self) -> None:
        start = self.position
        while self.peek() not in _TERMINATORS:
            self.position += 1
        name = self.text[start : self.position]
        self.nodes.append(Literal(name == "true") if name in ("true", "false") else Identifier(name))

    def recursive(self) -> None:
        if self.nodes and isinstance(self.nodes[-1], Recursive):
            raise JSONPathError("invalid multiple recursive descent")
        self.position += 2
        self.nodes.append(Recursive())
        following = self.peek()
        if following and (following == "_" or following.isalpha() or following.isdecimal()):
            self.field()

    def number(self) -> None:
        start = self.position
        if self.peek() in "+-":
            self.position += 1
        while self.peek() == "." or self.peek().isdecimal():
            self.position += 1
        text = self.text[start : self.position]
        if re.fullmatch(r"[-+]?\d+", text, re.ASCII) and -(2**63) <= int(text[:25]) < 2**63:
            self.nodes.append(Literal(int(text)))
        elif re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", text, re.ASCII):
            self.nodes.append(Literal(float(text)))
        else:
            raise JSONPathError(f"cannot parse number {text}")

    def field(self) -> None:
        start = self.position
        while self.peek() not in _TERMINATORS:
            self.position += 2 if self.peek() == "\\" else 1
        self.position = min(self.position, len(self.text))
        name = self.text[start : self.position]
        self.nodes.append(Wildcard() if name == "*" else Field(name.replace("\\", "")))

    def quote(self, mark: str) -> None:
        start = self.position
        self.position += 1
        while True:
            character = self.peek()
            if character in ("", "\n"):
                raise JSONPathError("unterminated quoted string")
            self.position += 1
            if character == mark and self.text[self.position - 2] != "\\":
                break
        quoted = self.text[start : self.position]
        self.nodes.append(Text(_unquote(quoted)))

    def array(self) -> None:
        start = self.position + 1
        end = self.text.find("]", start)
        line_end = self.text.find("\n", start)
        if end < 0 or 0 <= line_end < end:
            raise JSONPathError("unterminated array")
        self.position = end + 1
        text = self.text[start:end]
        parts = text.split(",")
        if len(parts) > 1:
            self.nodes.append(Union(tuple(self.nested(f"[{part.strip(' ')}]") for part in parts)))
            return
        key = _DICT_KEY.fullmatch(text)
        if key is not None:
            self.nodes.extend(self.nested(f".{key[1]}"))
        else:
            self.nodes.append(_slice(":" if text == "*" else text))

    def filter(self) -> None:
        start = self.position + 3
        text = self.text[start : self.filter_end(start)]
        comparison = _COMPARISON.fullmatch(text)
        if comparison is None:
            self.nodes.append(Filter(self.nested(text), "exists", ()))
        else:
            left, operator, right = comparison.groups()
            self.nodes.append(Filter(self.nested(left), operator, self.nested(right)))

    def filter_end(self, start: int) -> int:
        """Go behind the filter and return where its expression ends; only the first kind of quote met counts."""
        self.position = start
        mark = ""
        closed = False
        while True:
            character = self.peek()
            if character in ("", "\n"):
                raise JSONPathError("unterminated filter")
            self.position += 1
            if character in "\"'" and not mark:
                mark = character
            elif character == mark and self.text[self.position - 2] != "\\":
                closed = True
            elif character == ")" and bool(mark) == closed:
                break
        if self.peek() != "]":
            raise JSONPathError("unclosed array expect ]")
        self.position += 1
        return self.position - 2


def _slice(text: str) -> Slice:
    match = _SLICE.fullmatch(text)
    if match is None:
        raise JSONPathError(f"invalid array index {text}")
    start = _index(match[1])
    if match[2] is None:
        return Slice(start, (start or 0) + 1, _index((match[3] or "")[1:]), end_derived=True)
    return Slice(start, _index(match[2][1:]), _index((match[3] or "")[1:]))


def _index(digits: str) -> int | None:
    if not digits:
        return None
    if digits == "-" or len(digits) > 19:
        raise JSONPathError(f"array index {digits} is not a number")
    return int(digits)


def _unquote(quoted: str) -> str:
    mark, text = quoted[0], quoted[1:-1]

    def replace(match: re.Match[str]) -> str:
        escape = match[1]
        if escape == mark:
            return mark
        if escape in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[escape]
        digits, radix = (escape, 8) if escape[0] in "01234567" else (escape[1:], 16)
        if len(escape) < 3 or int(digits, radix) > 0x10FFFF:
            raise JSONPathError(f"unquote string {quoted} error invalid syntax")
        return chr(int(digits, radix))

    return _ESCAPE.sub(replace, text)


def relaxed(expression: str) -> str:
    """Return a field path with or without braces and leading dot (`spec.x`, `.spec.x`) as a template `{.spec.x}`.

    Raises JSONPathError. Source: kubectl, pkg/cmd/get/customcolumn.go (RelaxedJSONPathExpression).
    """
    if not expression:
        return expression
    match = re.fullmatch(r"\{\.?([^{}]+)\}|\.?([^{}]+)", expression)
    if match is None:
        raise JSONPathError(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
        )
    return f"{{.{match[1] or match[2]}}}"


def parse_error(template: str, error: JSONPathError) -> str:
    """The line kubectl prints (after `error: `) for `-o jsonpath=TEMPLATE` that does not parse."""
    return f"error parsing jsonpath {template}, {error}"


def execute_error(template: str, error: JSONPathError, shown: str) -> str:
    """The text kubectl prints (after `error: `) when a template fails on an object shown as Go syntax *shown*."""
    return (
        f"error executing jsonpath {go_quote(template)}: Error executing template: {error}. "
        f"Printing more information for debugging the template:\n\ttemplate was:\n\t\t{template}\n"
        f"\tobject given to jsonpath engine was:\n\t\t{shown}\n\n\n"
    )
