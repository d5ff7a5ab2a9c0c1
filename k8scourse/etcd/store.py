"""A multi-version key-value store with one global revision.

Every write makes one new revision; the log of changes serves watches and looks into the past. Values are opaque and
never changed in place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from heapq import merge
from typing import Any, NamedTuple

from k8scourse.simulation.shared_log import SharedLog


class Record(NamedTuple):
    """A key's value and its version numbers (etcd: KeyValue).

    note: what the writer keeps beside the value; it is no part of what is stored.
    """

    value: Any
    create_revision: int
    mod_revision: int
    version: int
    note: Any = None


class Change(NamedTuple):
    """One revision: what a key held before and after it; None means absent."""

    revision: int
    key: str
    record: Record | None
    previous: Record | None


class RevisionCompacted(LookupError):
    """The revision asked for was compacted or has left the history.

    `oldest` is the oldest revision that can still be read.
    """

    def __init__(self, revision: int, oldest: int) -> None:
        super().__init__(f"revision {revision} is no longer kept; the oldest kept revision is {oldest}")
        self.revision = revision
        self.oldest = oldest


MAX_ADDED = 512
"""How many new keys are kept apart before they are merged into the long list."""


def _starting_with(keys: list[str], prefix: str) -> Iterator[str]:
    for index in range(bisect_left(keys, prefix), len(keys)):
        if not keys[index].startswith(prefix):
            return
        yield keys[index]


class Store:
    """Keys in lexical order, each write one revision.

    The revision starts at 1, as in an empty etcd. *history* is how many changes are kept at least.
    """

    __slots__ = ("_added", "_log", "_records", "_sorted", "compacted", "revision")

    def __init__(self, *, history: int = 200_000) -> None:
        self.revision = 1
        self.compacted = 0
        self._records: dict[str, Record] = {}
        self._log: SharedLog[Change] = SharedLog(first=2, limit=history)
        self._sorted: list[str] = []  # never changed in place: forks share it
        self._added: list[str] = []  # in order, too

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: str) -> Record | None:
        """What *key* holds, or None."""
        return self._records.get(key)

    def range(self, prefix: str) -> Iterator[tuple[str, Record]]:
        """The (key, record) pairs whose key starts with *prefix*, in lexical order."""
        for key in merge(_starting_with(self._sorted, prefix), _starting_with(self._added, prefix)):
            record = self._records.get(key)
            if record is not None:
                yield key, record

    def _add_key(self, key: str) -> None:
        """Note a key that had no record: most keys lie in a long list that forks share, the newest in a short one."""
        index = bisect_left(self._sorted, key)
        if index < len(self._sorted) and self._sorted[index] == key:
            return  # it was deleted since the long list was made
        index = bisect_left(self._added, key)
        if index < len(self._added) and self._added[index] == key:
            return
        self._added.insert(index, key)
        if len(self._added) > MAX_ADDED:
            keys = self._sorted + self._added
            if len(keys) > 2 * len(self._records):  # most of them are deleted
                keys = [name for name in keys if name in self._records or name == key]
            keys.sort()  # two ordered runs: one merge
            self._sorted, self._added = keys, []

    def put(self, key: str, value: Any, note: Any = None) -> Record:
        """Write *value* at *key* as the next revision, with a *note* beside it."""
        previous = self._records.get(key)
        revision = self.revision + 1
        if previous is None:
            record = Record(value, revision, revision, 1, note)
            self._add_key(key)
        else:
            record = Record(value, previous.create_revision, revision, previous.version + 1, note)
        self._commit(key, record, previous)
        return record

    def delete(self, key: str) -> Record | None:
        """Remove *key* as the next revision; gives what it held, or None (and no revision) if it was absent."""
        previous = self._records.get(key)
        if previous is not None:
            self._commit(key, None, previous)
        return previous

    def _commit(self, key: str, record: Record | None, previous: Record | None) -> None:
        self.revision += 1
        if record is None:
            del self._records[key]
        else:
            self._records[key] = record
        self._log.append(Change(self.revision, key, record, previous))

    @property
    def oldest(self) -> int:
        """The oldest revision that `at` can show."""
        return self._log.first - 1

    def changes(self, after: int = 0) -> Iterator[Change]:
        """The kept changes with a revision greater than *after*, oldest first."""
        return self._log.since(after + 1)

    def watchable_from(self, revision: int) -> None:
        """Check that a watch can start after *revision*.

        Raises RevisionCompacted when changes right after it are gone.
        """
        if revision < max(self.compacted, self.oldest):
            raise RevisionCompacted(revision, max(self.compacted, self.oldest))

    def compact(self, revision: int) -> None:
        """Forbid watches from before *revision* (etcd's compaction); `at` still shows what the history keeps."""
        self.compacted = max(self.compacted, revision)

    def at(self, revision: int) -> Store:
        """A store that holds what this one held at *revision*.

        Raises RevisionCompacted when the history no longer reaches that far, ValueError for a future revision.
        """
        if revision > self.revision:
            raise ValueError(f"revision {revision} is in the future; the newest is {self.revision}")
        if revision < self.oldest:
            raise RevisionCompacted(revision, self.oldest)
        past = self.fork()
        for change in self._log.backwards():
            if change.revision <= revision:
                break
            if change.previous is None:
                del past._records[change.key]
            else:
                past._records[change.key] = change.previous
        past._sorted, past._added = sorted(past._records), []
        past.revision = revision
        past._log = SharedLog(first=revision + 1)
        return past

    def fork(self) -> Store:
        """An independent store with the same content and history."""
        twin = Store()
        twin.revision = self.revision
        twin.compacted = self.compacted
        twin._records = self._records.copy()
        twin._log = self._log.fork()
        twin._sorted = self._sorted
        twin._added = self._added.copy()
        return twin
