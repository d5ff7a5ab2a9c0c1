"""The grammar of label selectors: from ``a=b,c in (d,e),!f`` to terms.

kubernetes: staging/src/k8s.io/apimachinery/pkg/labels/selector.go (Lexer and Parser)
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from k8scourse.machinery.field import invalid
from k8scourse.machinery.names import is_qualified_name

IN: Final = "in"
NOT_IN: Final = "notin"
EQUALS: Final = "="
DOUBLE_EQUALS: Final = "=="
NOT_EQUALS: Final = "!="
GREATER_THAN: Final = "gt"
LESS_THAN: Final = "lt"
EXISTS: Final = "exists"
DOES_NOT_EXIST: Final = "!"

BINARY_OPERATORS: Final = (IN, NOT_IN, EQUALS, DOUBLE_EQUALS, NOT_EQUALS, GREATER_THAN, LESS_THAN)
OPERATORS: Final = (*BINARY_OPERATORS, EXISTS, DOES_NOT_EXIST)

_TOKEN = re.compile(r"[ \t\r\n]*(==|!=|[=!(),<>]|[^=!(),<> \t\r\n]+)")
_SYMBOLS = frozenset({"==", "!=", "=", "!", "(", ")", ",", "<", ">"})
_BY_SYMBOL = {">": GREATER_THAN, "<": LESS_THAN, "in": IN, "notin": NOT_IN, "=": EQUALS, "==": "==", "!=": "!="}
_END = ""


class SelectorError(ValueError):
    """A selector can't be read or makes no sense; the message is Kubernetes'."""


class Term(NamedTuple):
    """One requirement as written: key, operator and the sorted values."""

    key: str
    operator: str
    values: tuple[str, ...]


def parse_terms(text: str) -> Iterator[Term]:
    """Yield the terms of a selector in the order written. Raises SelectorError where the text stops making sense."""
    tokens = _Tokens(text)
    while tokens.peek() != _END:
        if not tokens.at_name() and tokens.peek() != "!":
            raise SelectorError(f"found '{tokens.peek()}', expected: !, identifier, or 'end of string'")
        try:
            term = _term(tokens)
        except SelectorError as error:
            raise SelectorError(f"unable to parse requirement: {error}") from error
        yield term
        found = tokens.take()
        if found not in (_END, ","):
            raise SelectorError(f"found '{found}', expected: ',' or 'end of string'")
        if found == "," and not tokens.at_name() and tokens.peek() != "!":
            raise SelectorError(f"found '{tokens.peek()}', expected: identifier after ','")


class _Tokens:
    """The tokens of a text, read one by one; the empty token is the end."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text.partition("\0")[0])
        self._position = 0

    def peek(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else _END

    def take(self) -> str:
        token = self.peek()
        self._position += 1
        return token

    def at_name(self) -> bool:
        return _is_name(self.peek())


def _is_name(token: str) -> bool:
    return token != _END and token not in _SYMBOLS


def _term(tokens: _Tokens) -> Term:
    key, absent = tokens.take(), False
    if key == "!":
        key, absent = tokens.take(), True
    if not _is_name(key):
        raise SelectorError(f"found '{key}', expected: identifier")
    faults = is_qualified_name(key)
    if faults:
        raise SelectorError(str(invalid("<nil>", key, "; ".join(faults))))
    if absent:
        return Term(key, DOES_NOT_EXIST, ())
    if tokens.peek() in (_END, ","):
        return Term(key, EXISTS, ())
    operator = _operator(tokens)
    values = _values(tokens) if operator in (IN, NOT_IN) else {_exact_value(tokens)}
    return Term(key, operator, tuple(sorted(values)))


def _operator(tokens: _Tokens) -> str:
    found = tokens.take()
    operator = _BY_SYMBOL.get(found)
    if operator is None:
        raise SelectorError(f"found '{found}', expected: {', '.join(BINARY_OPERATORS)}")
    return operator


def _values(tokens: _Tokens) -> set[str]:
    found = tokens.take()
    if found != "(":
        raise SelectorError(f"found '{found}' expected: '('")
    first = tokens.peek()
    if first == ")":
        tokens.take()
        return {""}
    if first != "," and not _is_name(first):
        raise SelectorError(f"found '{first}', expected: ',', ')' or identifier")
    values = _listed_values(tokens)
    tokens.take()
    return values


def _listed_values(tokens: _Tokens) -> set[str]:
    """Read values up to the closing parenthesis; between, before and after lone commas stands the empty value."""
    values: set[str] = set()
    while True:
        found = tokens.take()
        if _is_name(found):
            values.add(found)
            following = tokens.peek()
            if following == ")":
                return values
            if following != ",":
                raise SelectorError(f"found '{following}', expected: ',' or ')'")
        elif found == ",":
            if not values or tokens.peek() in (")", ","):
                values.add("")
            if tokens.peek() == ")":
                return values
        else:
            raise SelectorError(f"found '{found}', expected: ',', or identifier")


def _exact_value(tokens: _Tokens) -> str:
    if tokens.peek() in (_END, ","):
        return ""
    found = tokens.take()
    if not _is_name(found):
        raise SelectorError(f"found '{found}', expected: identifier")
    return found
