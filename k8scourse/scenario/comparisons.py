"""How an expectation about a field compares (scenario.md, section 6, "Objects")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.scenario.values import has, is_absent, matches_whole, same, whole_number


def _text(found: Any) -> str | None:
    """Texts and numbers as text; nothing else has one."""
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _equals(found: Any, wanted: Any) -> bool:
    return same(found, wanted)


def _not_equals(found: Any, wanted: Any) -> bool:
    return not same(found, wanted)


def _one_of(found: Any, wanted: list[Any]) -> bool:
    return any(same(found, item) for item in wanted)


def _contains(found: Any, wanted: str) -> bool:
    text = _text(found)
    return text is not None and wanted in text


def _matches(found: Any, pattern: str) -> bool:
    text = _text(found)
    return text is not None and matches_whole(text, pattern)


def _includes(found: Any, wanted: Any) -> bool:
    return isinstance(found, list) and any(has(item, wanted) for item in found)


def _excludes(found: Any, unwanted: Any) -> bool:
    return (isinstance(found, list) or is_absent(found)) and not _includes(found, unwanted)


def _greater_than(found: Any, bound: Any) -> bool:
    number, least = whole_number(found), whole_number(bound)
    return number is not None and least is not None and number > least


def _absent(found: Any, _: Any) -> bool:
    return is_absent(found)


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": _equals,
    "not_equals": _not_equals,
    "one_of": _one_of,
    "contains": _contains,
    "matches": _matches,
    "includes": _includes,
    "excludes": _excludes,
    "greater_than": _greater_than,
    "absent": _absent,
}
"""The comparison by its name; each takes what was found (MISSING where there is nothing) and what was asked."""


def holds(expectation: Mapping[str, Any], found: Any) -> bool:
    """Whether *found* satisfies the one comparison that *expectation* has.

    Raises:
        ValueError: the pattern of ``matches`` is no regular expression.
    """
    name = next(name for name in COMPARISONS if name in expectation)
    try:
        return COMPARISONS[name](found, expectation[name])
    except re.error as error:
        raise ValueError(f"{expectation[name]!r} is no regular expression: {error}") from error
