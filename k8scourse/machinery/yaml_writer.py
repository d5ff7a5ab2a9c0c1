"""YAML text as `kubectl -o yaml` prints it.

sigs.k8s.io/yaml sorts keys, writes lists without extra indentation and leaves the rest to go-yaml v2's emitter, whose
choices (quotes, literal blocks, folding after column 80) are reproduced here.
"""

import re
from functools import cmp_to_key
from typing import Any

from k8scourse.machinery import yaml_scalars
from k8scourse.machinery.go_format import go_float

_BEST_WIDTH = 80
_LONGEST_SIMPLE_KEY = 128
_FIRST_INDICATORS = frozenset("#,[]{}&*!|>'\"%@`")
_BREAKS = frozenset("\r\n\x85\u2028\u2029")
_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9/_.-]*")
_UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


def dump_yaml(value: Any) -> str:
    """Return *value* (plain JSON data) as YAML text that ends with a line break."""
    writer = _Writer()
    writer.node(value, indent=-1, after_key=False)
    text = "".join(writer.out)
    return text if text.endswith("\n") else text + "\n"


class _Writer:
    """Collects output and knows the column, as the emitter of libyaml does.

    `fresh` is true when the cursor stands where a block may begin at once: at the start, or right after `- ` or `? `.
    """

    def __init__(self) -> None:
        self.out: list[str] = []
        self.column = 0
        self.fresh = True

    def write(self, text: str) -> None:
        self.out.append(text)
        self.column += len(text)
        self.fresh = False

    def new_line(self, indent: int) -> None:
        """Go to column *indent* of a new line, unless the cursor is there already."""
        if not (self.fresh and self.column <= indent):
            if self.column:
                self.out.append("\n")
            self.column = 0
        self.write(" " * (indent - self.column))

    def node(self, value: Any, indent: int, *, after_key: bool) -> None:
        if isinstance(value, dict) and value:
            self.mapping(value, 0 if indent < 0 else indent + 2)
        elif isinstance(value, list | tuple) and value:
            self.sequence(value, 0 if indent < 0 else indent if after_key else indent + 2)
        else:
            if after_key or not (self.fresh or self.column == 0):
                self.write(" ")
            self.scalar(value, indent + 2 if indent >= 0 else 2)

    def mapping(self, value: dict[str, Any], indent: int) -> None:
        for key in sorted_keys(value):
            self.new_line(indent)
            if not _BREAKS.isdisjoint(key) or len(key.encode("utf-8", "surrogatepass")) > _LONGEST_SIMPLE_KEY:
                self.write("? ")
                self.text(key, indent + 2)
                self.new_line(indent)
                self.indicator(": ")
                self.node(value[key], indent, after_key=False)
            else:
                self.text(key, indent, simple_key=True)
                self.write(":")
                self.node(value[key], indent, after_key=True)

    def sequence(self, value: Any, indent: int) -> None:
        for item in value:
            self.new_line(indent)
            self.indicator("- ")
            self.node(item, indent, after_key=False)

    def indicator(self, text: str) -> None:
        self.write(text)
        self.fresh = True

    def scalar(self, value: Any, indent: int) -> None:
        if isinstance(value, str):
            self.text(value, indent)
        elif isinstance(value, dict):
            self.write("{}")
        elif isinstance(value, list | tuple):
            self.write("[]")
        else:
            self.write(_literal(value))

    def text(self, value: str, indent: int, *, simple_key: bool = False) -> None:
        style = _style(value, simple_key=simple_key)
        if style == "plain":
            self.folded(value, indent, fold=not simple_key)
        elif style == "single":
            self.folded("'" + value.replace("'", "''") + "'", indent, fold=not simple_key, quoted=True)
        elif style == "literal":
            self.literal(value, indent)
        else:
            self.double_quoted(value, indent, fold=not simple_key)

    def folded(self, value: str, indent: int, *, fold: bool, quoted: bool = False) -> None:
        if not fold or self.column + len(value) <= _BEST_WIDTH:
            self.write(value)
            return
        edge = 2 if quoted else 1
        for index, character in enumerate(value):
            single_space = character == " " and value[index - 1 : index] != " " and value[index + 1 : index + 2] != " "
            if single_space and self.column > _BEST_WIDTH and edge <= index < len(value) - edge:
                self.new_line(indent)
            else:
                self.write(character)

    def double_quoted(self, value: str, indent: int, *, fold: bool) -> None:
        self.write('"')
        after_space = False
        for index, character in enumerate(value):
            if character == " ":
                inside = 0 < index < len(value) - 1
                if fold and inside and not after_space and self.column > _BEST_WIDTH:
                    self.new_line(indent)
                    if value[index + 1] == " ":
                        self.write("\\")
                else:
                    self.write(" ")
                after_space = True
            else:
                self.write(_escape(character))
                after_space = False
        self.write('"')

    def literal(self, value: str, indent: int) -> None:
        hint = "2" if value[0] in " \n" else ""
        if not value.endswith("\n"):
            hint += "-"
        elif value == "\n" or value.endswith("\n\n"):
            hint += "+"
        self.write(f"|{hint}\n")
        lines = value.removesuffix("\n").split("\n")
        padding = " " * indent
        self.out.append("\n".join(padding + line if line else "" for line in lines))
        self.column = len(padding) + len(lines[-1])
        if value.endswith("\n"):
            self.out.append("\n")
            self.column = 0
        self.fresh = False


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # The value passes through JSON, where 2.0 is written 2 and becomes an integer again when it fits in 64 bits.
        if value.is_integer() and yaml_scalars.INT64_MIN <= value < 2**64:
            return str(int(value))
        return go_float(value)
    raise TypeError(f"not JSON data: {type(value).__name__}")


def _escape(character: str) -> str:
    escape = _ESCAPES.get(character)
    if escape is not None:
        return escape
    if not _UNPRINTABLE.match(character):
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _style(value: str, *, simple_key: bool) -> str:
    """The style go-yaml picks: encode.go (stringv), then emitterc.go (select_scalar_style)."""
    if "\n" in value:
        return "literal" if _block_allowed(value) and not simple_key else "double"
    if yaml_scalars.needs_quotes(value):
        return "double"
    if _PLAIN.fullmatch(value):
        return "plain"
    if _UNPRINTABLE.search(value) or not _BREAKS.isdisjoint(value):
        return "double"
    return "plain" if _plain_allowed(value) else "single"


def _block_allowed(value: str) -> bool:
    return not (value.endswith(" ") or " \n" in value or _UNPRINTABLE.search(value))


def _plain_allowed(value: str) -> bool:
    if value[0] in _FIRST_INDICATORS or value[0] == " " or value[-1] in " :":
        return False
    if value.startswith(("---", "...")) or (value[0] in "?-" and value[1:2] in ("", " ")):
        return False
    return ": " not in value and " #" not in value


def sorted_keys(mapping: dict[str, Any]) -> list[str]:
    """Return the keys in go-yaml's order: letters after other characters, numbers by value (`a2` before `a10`)."""
    keys = list(mapping)
    if "".join(keys).isalpha():
        return sorted(keys)
    return sorted(keys, key=cmp_to_key(_compare_keys))


def _compare_keys(left: str, right: str) -> int:
    for index, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return _compare_at(left, right, index)
    return len(left) - len(right)


def _compare_at(left: str, right: str, index: int) -> int:
    a, b = left[index], right[index]
    if a.isalpha() or b.isalpha():
        if a.isalpha() and b.isalpha():
            return -1 if a < b else 1
        return -1 if b.isalpha() else 1
    number_before = left[:index][len(left[:index].rstrip("0123456789")) :]
    inside_number = bool("0" in (a, b) and number_before.strip("0"))
    a_digits, b_digits = _digits(left, index), _digits(right, index)
    a_number = int(f"{int(inside_number)}{a_digits}"[:18])
    b_number = int(f"{int(inside_number)}{b_digits}"[:18])
    if a_number != b_number:
        return a_number - b_number
    if len(a_digits) != len(b_digits):
        return len(a_digits) - len(b_digits)
    return -1 if a < b else 1


def _digits(text: str, start: int) -> str:
    end = start
    while end < len(text) and text[end] in "0123456789":
        end += 1
    return text[start:end]
