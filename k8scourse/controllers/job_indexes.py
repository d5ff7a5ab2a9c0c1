"""Sets of completion indexes, kept as intervals and written as in a Job's status: ``0-2,5``.

Source: pkg/controller/job/indexed_job_utils.go
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple


class Interval(NamedTuple):
    """The indexes from *first* to *last*, both included."""

    first: int
    last: int


class Indexes:
    """An immutable set of indexes."""

    __slots__ = ("_intervals",)

    def __init__(self, intervals: Iterable[Interval] = ()) -> None:
        """*intervals* in any order; those that overlap or touch become one."""
        merged: list[Interval] = []
        for interval in sorted(intervals):
            if merged and interval.first <= merged[-1].last + 1:
                merged[-1] = Interval(merged[-1].first, max(merged[-1].last, interval.last))
            else:
                merged.append(interval)
        self._intervals = tuple(merged)

    @classmethod
    def of(cls, indexes: Iterable[int]) -> Indexes:
        """The set of these indexes."""
        return cls(Interval(index, index) for index in indexes)

    @classmethod
    def parse(cls, text: str | None, completions: int) -> Indexes:
        """Read ``0-2,5``; what is not below *completions* and what is no interval is left out."""
        found: list[Interval] = []
        for part in (text or "").split(","):
            first, _, last = part.partition("-")
            if first.isdecimal() and (last or first).isdecimal() and int(first) < completions:
                found.append(Interval(int(first), min(int(last or first), completions - 1)))
        return cls(found)

    def __str__(self) -> str:
        parts: list[str] = []
        for first, last in self._intervals:
            if first == last:
                parts.append(str(first))
            else:
                parts.append(f"{first},{last}" if last == first + 1 else f"{first}-{last}")
        return ",".join(parts)

    def __or__(self, other: Indexes) -> Indexes:
        return Indexes((*self._intervals, *other._intervals))

    def __contains__(self, index: object) -> bool:
        if not isinstance(index, int):
            return False
        position = bisect_left(self._intervals, index, key=lambda interval: interval.last)
        return position < len(self._intervals) and self._intervals[position].first <= index

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self._intervals)

    def overlap(self, other: Indexes) -> int:
        """How many indexes are in both sets."""
        return len(self) + len(other) - len(self | other)

    def first_missing(self, count: int, completions: int) -> list[int]:
        """The lowest *count* indexes below *completions* that are not in the set."""
        missing: list[int] = []
        candidate = 0
        for first, last in (*self._intervals, Interval(completions, completions)):
            stop = min(first, completions, candidate + count - len(missing))
            missing.extend(range(candidate, stop))
            candidate = max(candidate, last + 1)
        return missing
