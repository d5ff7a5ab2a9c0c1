"""Waiting longer after each failure (staging/src/k8s.io/client-go/util/flowcontrol/backoff.go)."""

from __future__ import annotations

from collections.abc import Hashable


class Backoff:
    """How long to wait, by anything that can fail; forgotten after twice the longest wait."""

    __slots__ = ("_entries", "_first", "_most")

    def __init__(self, first: int, most: int) -> None:
        """Wait *first* ns after the first failure, then twice as long each time, at most *most* ns."""
        self._first = first
        self._most = most
        self._entries: dict[Hashable, tuple[int, int]] = {}

    def wait(self, key: Hashable, now: int) -> int | None:
        """The full wait of *key* if it is not over at *now* (ns), else None (IsInBackOffSinceUpdate, Get)."""
        entry = self._entries.get(key)
        if entry is None or now - entry[1] >= entry[0]:
            return None
        return entry[0]

    def next(self, key: Hashable, now: int) -> None:
        """Another failure of *key* at *now* (ns): begin to wait."""
        entry = self._entries.pop(key, None)
        known = entry is not None and now - entry[1] <= 2 * self._most
        self._entries[key] = (min(2 * entry[0], self._most) if known and entry is not None else self._first, now)

    def forget_expired(self, now: int) -> None:
        """Drop what has been quiet for longer than twice the longest wait."""
        self._entries = {key: entry for key, entry in self._entries.items() if now - entry[1] <= 2 * self._most}

    def fork(self) -> Backoff:
        """An independent copy."""
        twin = Backoff(self._first, self._most)
        twin._entries = self._entries.copy()
        return twin
