"""Texts, durations and whole values as expectations compare them (scenario.md, "Values")."""

from __future__ import annotations

import json
import re
from typing import Any

from k8scourse.machinery.duration import parse_duration
from k8scourse.machinery.fieldpath import MISSING


def as_list(value: Any) -> list[Any]:
    """A list as it is; anything else as the only element of one."""
    return value if isinstance(value, list) else [value]


def is_one_of(found: Any, wanted: str | list[str]) -> bool:
    """Whether the text *found* is the wanted one, or one of a list of them."""
    return found in as_list(wanted)


def contains_all(found: str | None, wanted: str | list[str]) -> bool:
    """Whether *found* contains the wanted text, or each of a list of them."""
    return found is not None and all(part in found for part in as_list(wanted))


def contains_any(found: str | None, unwanted: str | list[str]) -> bool:
    """Whether *found* contains the unwanted text, or any of a list of them."""
    return found is not None and any(part in found for part in as_list(unwanted))


def matches_whole(found: str, pattern: str) -> bool:
    """Whether the regular expression describes the whole text.

    Raises:
        re.error: *pattern* is no regular expression.
    """
    return re.fullmatch(pattern, found) is not None


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal as JSON: true is not 1, 1 is 1.0, maps have no order."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right and (type(left) is type(right) or _are_numbers(left, right))


def _are_numbers(left: Any, right: Any) -> bool:
    return isinstance(left, int | float) and isinstance(right, int | float)


def has(found: Any, wanted: Any) -> bool:
    """Whether *found* equals *wanted* or, for maps, has at least what *wanted* has."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return all(key in found and has(found[key], value) for key, value in wanted.items())
    return same(found, wanted)


def is_absent(value: Any) -> bool:
    """Missing, null, or an empty list or map."""
    return value is MISSING or value is None or value == [] or value == {}


def whole_number(value: Any) -> int | None:
    """The whole number that *value* is or, as a text, shows; None when it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]+", value):
        return int(value)
    return None


def nanoseconds(duration: str) -> int:
    """A duration of the scenario language (``90s``, ``-1h30m``) in nanoseconds."""
    return parse_duration(duration)


def show(value: Any, limit: int = 2000) -> str:
    """A value on one line as a YAML reader would take it back; a long one is cut.

    Maps keep their order, plain texts go without quotes: ``{pod: p, node: [n1, n2]}``.
    """
    text = _flow(value)
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"


_PLAIN = re.compile(r"[A-Za-z_/$<*][^:#,\[\]{}\"'\n\\]*(?<! )")
_NOT_TEXTS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"}


def _flow(value: Any) -> str:
    if value is MISSING:
        return "nothing"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXTS and value[0] != "*":
        return value
    return json.dumps(value, ensure_ascii=False)
