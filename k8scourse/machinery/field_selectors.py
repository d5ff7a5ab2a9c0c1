"""Field selectors: ``status.phase=Running,spec.nodeName!=n1``.

kubernetes: staging/src/k8s.io/apimachinery/pkg/fields/selector.go. Which fields a kind offers is the API server's
knowledge (see apiserver/field_labels.py).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, final

from k8scourse.machinery.selector_syntax import SelectorError

_OPERATOR = re.compile("!=|==|=")


class FieldRequirement(NamedTuple):
    """One condition: the field equals (``=``) or does not equal (``!=``) the value."""

    field: str
    op: str
    value: str

    def __str__(self) -> str:
        return f"{self.field}{self.op}{escape_value(self.value)}"


@final
class FieldSelector:
    """All of some conditions on fields. Immutable; `str()` is the selector's text."""

    __slots__ = ("requirements",)

    def __init__(self, requirements: Iterable[FieldRequirement] = ()) -> None:
        self.requirements = tuple(requirements)

    def matches(self, fields: Mapping[str, str]) -> bool:
        """Whether all conditions hold; an absent field is the empty text."""
        return all((fields.get(field, "") == value) == (op == "=") for field, op, value in self.requirements)

    def empty(self) -> bool:
        """Whether the selector restricts nothing."""
        return not self.requirements

    def exact_value(self, field: str) -> str | None:
        """Return the value that *field* must have, None when the selector does not fix it."""
        return next((r.value for r in self.requirements if r.field == field and r.op == "="), None)

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))

    def __repr__(self) -> str:
        return f"FieldSelector({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldSelector) and self.requirements == other.requirements

    def __hash__(self) -> int:
        return hash(self.requirements)


EVERY_FIELD: Final = FieldSelector()


def parse_field_selector(text: str) -> FieldSelector:
    """Return the selector of a text; terms are sorted. Raises SelectorError.

    Commas, equals signs and backslashes of a value are escaped by a backslash.
    """
    return FieldSelector(_requirement(term, text) for term in sorted(_split_terms(text)) if term)


def escape_value(value: str) -> str:
    """Return a value with backslashes before what has a meaning in selectors."""
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=")


def _split_terms(text: str) -> Iterator[str]:
    start, escaped = 0, False
    for position, character in enumerate(text):
        if character == "," and not escaped:
            yield text[start:position]
            start = position + 1
        escaped = character == "\\" and not escaped
    yield text[start:]


def _requirement(term: str, text: str) -> FieldRequirement:
    match = _OPERATOR.search(term)
    if match is None:
        raise SelectorError(f"invalid selector: '{text}'; can't understand '{term}'")
    op = "!=" if match[0] == "!=" else "="
    return FieldRequirement(term[: match.start()], op, _unescape(term[match.end() :]))


def _unescape(value: str) -> str:
    result: list[str] = []
    characters = iter(value)
    for character in characters:
        if character in ",=":
            # Kubernetes prints the character's number here.
            raise SelectorError(f"invalid field selector: unescaped character in value: {ord(character)}")
        if character == "\\":
            character = next(characters, "")
            if character not in ("\\", ",", "="):
                raise SelectorError(f"invalid field selector: invalid escape sequence: \\{character}")
        result.append(character)
    return "".join(result)
