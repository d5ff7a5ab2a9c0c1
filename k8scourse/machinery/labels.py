"""Label selectors: who is meant by ``app=web,tier in (front,back),!legacy``.

kubernetes: staging/src/k8s.io/apimachinery/pkg/labels/selector.go (requirements and texts),
pkg/apis/meta/v1/helpers.go (LabelSelectorAsSelector, FormatLabelSelector)
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, final

from k8scourse.machinery.field import FieldError, aggregate, invalid, key, not_supported
from k8scourse.machinery.field_selectors import FieldSelector, parse_field_selector
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.names import is_label_value, is_qualified_name
from k8scourse.machinery.selector_syntax import (
    DOES_NOT_EXIST,
    DOUBLE_EQUALS,
    EQUALS,
    EXISTS,
    GREATER_THAN,
    IN,
    LESS_THAN,
    NOT_EQUALS,
    NOT_IN,
    OPERATORS,
    SelectorError,
    parse_terms,
)

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "FieldSelector",
    "Requirement",
    "Selector",
    "SelectorError",
    "format_labels",
    "format_selector",
    "make_requirement",
    "parse_field_selector",
    "parse_selector",
    "selector_from",
    "selector_from_set",
]

Labels = Mapping[str, str]

_NO_LABELS: Final[Labels] = {}
_INTEGER = re.compile("[+-]?[0-9]+")
_INT64 = range(-(2**63), 2**63)
_EXPRESSION_OPERATORS = {"In": IN, "NotIn": NOT_IN, "Exists": EXISTS, "DoesNotExist": DOES_NOT_EXIST}


@final
class Requirement:
    """A key, an operator of `selector_syntax` and values. Immutable; made by `make_requirement`."""

    __slots__ = ("_test", "_values", "key", "operator", "values")

    def __init__(self, key: str, operator: str, values: Iterable[str] = ()) -> None:
        self.key = key
        self.operator = operator
        self.values = tuple(values)
        self._values = frozenset(self.values)
        self._test = _TESTS[operator]

    def matches(self, labels: Labels) -> bool:
        """Whether the labels fulfil this requirement."""
        return self._test(labels.get(self.key), self._values)

    def __str__(self) -> str:
        values = ",".join(sorted(self.values))
        if self.operator in (IN, NOT_IN):
            return f"{self.key} {self.operator} ({values})"
        if self.operator == EXISTS:
            return self.key
        if self.operator == DOES_NOT_EXIST:
            return f"!{self.key}"
        return f"{self.key}{_SYMBOLS.get(self.operator, self.operator)}{values}"

    def __repr__(self) -> str:
        return f"Requirement({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Requirement) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[str, str, tuple[str, ...]]:
        return self.key, self.operator, self.values


def _is_in(value: str | None, values: frozenset[str]) -> bool:
    return value in values


def _is_not_in(value: str | None, values: frozenset[str]) -> bool:
    return value not in values


def _is_present(value: str | None, values: frozenset[str]) -> bool:
    return value is not None


def _is_absent(value: str | None, values: frozenset[str]) -> bool:
    return value is None


def _is_greater(value: str | None, values: frozenset[str]) -> bool:
    numbers = _numbers(value, values)
    return numbers is not None and numbers[0] > numbers[1]


def _is_less(value: str | None, values: frozenset[str]) -> bool:
    numbers = _numbers(value, values)
    return numbers is not None and numbers[0] < numbers[1]


def _numbers(value: str | None, values: frozenset[str]) -> tuple[int, int] | None:
    if value is None or len(values) != 1:
        return None
    (limit,) = values
    left, right = _parse_int64(value), _parse_int64(limit)
    return None if left is None or right is None else (left, right)


def _parse_int64(text: str) -> int | None:
    if not _INTEGER.fullmatch(text) or len(text.lstrip("+-0")) > 19:
        return None
    number = int(text)
    return number if number in _INT64 else None


_TESTS: Final[Mapping[str, Callable[[str | None, frozenset[str]], bool]]] = {
    IN: _is_in,
    EQUALS: _is_in,
    DOUBLE_EQUALS: _is_in,
    NOT_IN: _is_not_in,
    NOT_EQUALS: _is_not_in,
    EXISTS: _is_present,
    DOES_NOT_EXIST: _is_absent,
    GREATER_THAN: _is_greater,
    LESS_THAN: _is_less,
}
_SYMBOLS = {GREATER_THAN: ">", LESS_THAN: "<"}


@final
class Selector:
    """All of some requirements on labels. Immutable; `str()` is the selector's text, sorted by key."""

    __slots__ = ("_equal", "_nothing", "_rest", "requirements")

    def __init__(self, requirements: Iterable[Requirement] = (), *, nothing: bool = False) -> None:
        self.requirements = tuple(sorted(requirements, key=lambda requirement: requirement.key))
        self._nothing = nothing
        exact = [r for r in self.requirements if r.operator in (EQUALS, DOUBLE_EQUALS)]
        self._equal = tuple((r.key, r.values[0]) for r in exact)
        self._rest = tuple(r.matches for r in self.requirements if r not in exact)

    def matches(self, labels: Labels | None) -> bool:
        """Whether all requirements hold for these labels; None stands for no labels."""
        if self._nothing:
            return False
        labels = labels or _NO_LABELS
        get = labels.get
        for name, value in self._equal:
            if get(name) != value:
                return False
        return all(matches(labels) for matches in self._rest) if self._rest else True

    def empty(self) -> bool:
        """Whether the selector matches everything."""
        return not self.requirements and not self._nothing

    def matches_nothing(self) -> bool:
        """Whether this is the selector of nothing at all (an absent selector)."""
        return self._nothing

    def exact_value(self, label: str) -> str | None:
        """Return the only value that *label* may have, None when the selector does not fix it."""
        first = next((r for r in self.requirements if r.key == label), None)
        if first is None or first.operator not in (EQUALS, DOUBLE_EQUALS, IN) or len(first.values) != 1:
            return None
        return first.values[0]

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))

    def __repr__(self) -> str:
        return "Selector(nothing)" if self._nothing else f"Selector({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Selector):
            return NotImplemented
        return self.requirements == other.requirements and self._nothing == other._nothing

    def __hash__(self) -> int:
        return hash((self.requirements, self._nothing))


EVERYTHING: Final = Selector()
NOTHING: Final = Selector(nothing=True)


def make_requirement(name: str, operator: str, values: Sequence[str] = (), path: str = "") -> Requirement:
    """Return a checked requirement; *operator* is one of `selector_syntax.OPERATORS`.

    *path* is the field path for the message. Raises SelectorError with all faults.
    """
    prefix = f"{path}." if path else ""
    faults = is_qualified_name(name)
    errors = [invalid(f"{prefix}key", name, "; ".join(faults))] if faults else []
    errors += _value_errors(operator, values, prefix)
    for index, value in enumerate(values):
        faults = is_label_value(value)
        if faults:
            errors.append(invalid(key(f"{prefix}values[{index}]", name), value, "; ".join(faults)))
    if errors:
        raise SelectorError(aggregate(errors))
    return Requirement(name, operator, values)


def _value_errors(operator: str, values: Sequence[str], prefix: str) -> list[FieldError]:
    path, count = f"{prefix}values", len(values)
    shown = list(values) or None  # an absent list is null in the message
    if operator in (IN, NOT_IN):
        return [] if count else [invalid(path, shown, "for 'in', 'notin' operators, values set can't be empty")]
    if operator in (EQUALS, DOUBLE_EQUALS, NOT_EQUALS):
        text = "exact-match compatibility requires one single value"
        return [] if count == 1 else [invalid(path, shown, text)]
    if operator in (EXISTS, DOES_NOT_EXIST):
        text = "values set must be empty for exists and does not exist"
        return [invalid(path, shown, text)] if count else []
    if operator not in (GREATER_THAN, LESS_THAN):
        return [not_supported(f"{prefix}operator", operator, OPERATORS)]
    errors: list[FieldError] = []
    if count != 1:
        errors.append(invalid(path, shown, "for 'Gt', 'Lt' operators, exactly one value is required"))
    text = "for 'Gt', 'Lt' operators, the value must be an integer"
    errors += [invalid(f"{path}[{i}]", v, text) for i, v in enumerate(values) if _parse_int64(v) is None]
    return errors


@lru_cache(maxsize=4096)
def parse_selector(text: str) -> Selector:
    """Return the selector of a text (kubectl's ``-l``, the query ``labelSelector=``). Raises SelectorError."""
    requirements: list[Requirement] = []
    for term in parse_terms(text):
        try:
            requirements.append(make_requirement(*term))
        except SelectorError as error:
            raise SelectorError(f"unable to parse requirement: {error}") from error
    return Selector(requirements)


def selector_from(label_selector: Mapping[str, Any] | None) -> Selector:
    """Return the selector of a LabelSelector (``matchLabels``, ``matchExpressions``).

    None matches nothing, an empty one everything. Raises SelectorError.
    """
    if label_selector is None:
        return NOTHING
    expressions = label_selector.get("matchExpressions")
    return _from_parts(
        tuple((label_selector.get("matchLabels") or _NO_LABELS).items()),
        tuple((e.get("key", ""), e.get("operator", ""), tuple(e.get("values") or ())) for e in expressions or ()),
    )


@lru_cache(maxsize=16384)
def _from_parts(
    labels: tuple[tuple[str, str], ...], expressions: tuple[tuple[str, str, tuple[str, ...]], ...]
) -> Selector:
    requirements = [make_requirement(name, EQUALS, (value,)) for name, value in sorted(labels)]
    for name, operator, values in expressions:
        known = _EXPRESSION_OPERATORS.get(operator)
        if known is None:
            raise SelectorError(f"{go_quote(operator)} is not a valid label selector operator")
        requirements.append(make_requirement(name, known, values))
    return Selector(requirements) if requirements else EVERYTHING


def selector_from_set(labels: Labels | None) -> Selector:
    """Return the selector that wants exactly these labels, unchecked; none of them match everything.

    Services, replication controllers and node selectors select this way (labels.SelectorFromSet).
    """
    return _from_set(tuple(labels.items())) if labels else EVERYTHING


@lru_cache(maxsize=16384)
def _from_set(labels: tuple[tuple[str, str], ...]) -> Selector:
    return Selector(Requirement(name, EQUALS, (value,)) for name, value in labels)


def format_selector(label_selector: Mapping[str, Any] | None) -> str:
    """Return a LabelSelector as kubectl prints it; ``<none>`` without requirements, ``<error>`` for a broken one."""
    try:
        return str(selector_from(label_selector)) or "<none>"
    except SelectorError:
        return "<error>"


def format_labels(labels: Labels | None) -> str:
    """Return labels as kubectl prints them: ``a=1,b=2`` sorted by key, ``<none>`` without any."""
    return ",".join(f"{name}={value}" for name, value in sorted((labels or _NO_LABELS).items())) or "<none>"
