"""An append-only log that forks in constant time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class SharedLog(Generic[Item]):
    """A list that only grows at its end and forgets at its start.

    Entries are numbered from `first` (the oldest kept) to `end` (exclusive). A fork shares the list until one of
    the two appends something the other does not have.
    """

    __slots__ = ("_items", "_length", "_limit", "first")

    def __init__(self, *, first: int = 0, limit: int | None = None) -> None:
        """Start empty; the first entry gets number *first*; at least the newest *limit* entries are kept."""
        self._items: list[Item] = []
        self._length = 0
        self._limit = limit
        self.first = first

    @property
    def end(self) -> int:
        """The number that the next entry will get."""
        return self.first + self._length

    def __len__(self) -> int:
        return self._length

    def append(self, item: Item) -> None:
        """Add *item* at the end; forget the oldest half when twice the limit is reached."""
        if len(self._items) != self._length:  # a fork went its own way on the shared list
            self._items = self._items[: self._length]
        self._items.append(item)
        self._length += 1
        if self._limit is not None and self._length >= 2 * self._limit:
            self.forget_before(self.end - self._limit)

    def forget_before(self, number: int) -> None:
        """Drop every entry whose number is smaller than *number*."""
        dropped = min(max(number - self.first, 0), self._length)
        if dropped:
            self._items = self._items[dropped : self._length]
            self._length -= dropped
            self.first += dropped

    def __getitem__(self, number: int) -> Item:
        if not self.first <= number < self.end:
            raise IndexError(f"entry {number} is not kept; kept are {self.first} to {self.end - 1}")
        return self._items[number - self.first]

    def __iter__(self) -> Iterator[Item]:
        return self.since(self.first)

    def since(self, number: int) -> Iterator[Item]:
        """The entries numbered *number* and later, oldest first."""
        for index in range(max(number - self.first, 0), self._length):
            yield self._items[index]

    def backwards(self) -> Iterator[Item]:
        """The entries from the newest to the oldest."""
        for index in range(self._length - 1, -1, -1):
            yield self._items[index]

    def fork(self) -> SharedLog[Item]:
        """An independent log with the same entries."""
        twin: SharedLog[Item] = SharedLog(first=self.first, limit=self._limit)
        twin._items = self._items
        twin._length = self._length
        return twin
