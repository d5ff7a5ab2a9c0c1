"""Private deep copies of plain JSON data."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def copy_json(value: T) -> T:
    """A deep copy of JSON data (dict, list, scalars) that shares nothing mutable with *value*.

    Several times as fast as copy.deepcopy, which must expect cycles and other types. Subclasses of dict and list
    become plain ones.
    """
    if isinstance(value, dict):
        return {k: v if v.__class__ in _SCALARS else copy_json(v) for k, v in value.items()}  # type: ignore[return-value]
    if isinstance(value, list):
        return [v if v.__class__ in _SCALARS else copy_json(v) for v in value]  # type: ignore[return-value]
    return value


_SCALARS = frozenset({str, int, bool, float, type(None)})
