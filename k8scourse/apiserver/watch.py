"""Watches: the changes after a revision, as ADDED, MODIFIED and DELETED events.

Sources: staging/src/k8s.io/apiserver/pkg/storage/etcd3/watcher.go and storage/cacher/cache_watcher.go
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8scourse.etcd.store import Record, RevisionCompacted, Store
from k8scourse.machinery import status

Object = dict[str, Any]
Bookmark = Callable[[int, Object | None], Object]

BOOKMARK_PERIOD = 60_000_000_000
"""ns between bookmarks (cacher.go defaultBookmarkFrequency)."""


class Watch:
    """A stream of watch events that is read with `poll`.

    An object that begins to match the selectors is ADDED, one that ceases to is DELETED.
    """

    __slots__ = (
        "_bookmark",
        "_clock",
        "_matches",
        "_next_bookmark",
        "_pending",
        "_prefix",
        "_render",
        "_store",
        "revision",
        "timeout",
    )

    def __init__(
        self,
        store: Store,
        prefix: str,
        matches: Callable[[Object], bool],
        render: Callable[[Record, Object], Object],
        *,
        after: int | None,
        timeout: int = 0,
    ) -> None:
        """Watch keys under *prefix* from the revision *after*; None or 0 begins with what exists as ADDED events.

        *timeout* (ns, 0: never) is when the stream ends; its reader stops reading then.
        *render* makes of a record, and an object in place of its value, what the client asked for (an object, a Table).
        Raises ApiError 410 Expired when the changes after that revision are no longer kept.
        """
        self._store = store
        self._prefix = prefix
        self._matches = matches
        self._render = render
        self._pending: list[Object] = []
        self._bookmark: Bookmark | None = None
        self._clock: Callable[[], int] = int
        self._next_bookmark = 0
        self.timeout = timeout
        if after:
            try:
                store.watchable_from(after)
            except RevisionCompacted as compacted:
                raise status.expired(f"too old resource version: {after} ({compacted.oldest})") from None
            self.revision = after
        else:
            self.revision = store.revision
            for _, record in store.range(prefix):
                if matches(record.value):
                    self._pending.append({"type": "ADDED", "object": render(record, record.value)})

    def send_bookmarks(self, bookmark: Bookmark, clock: Callable[[], int], annotations: Object | None) -> None:
        """Send a bookmark about every minute of *clock*, and at once one with *annotations*, if there are any.

        *bookmark* makes an object of a revision and annotations.
        """
        self._bookmark, self._clock = bookmark, clock
        self._next_bookmark = clock() + BOOKMARK_PERIOD
        if annotations:
            self._pending.append({"type": "BOOKMARK", "object": bookmark(self.revision, annotations)})

    def shown_as(self, convert: Callable[[Object], Object]) -> Watch:
        """The same stream with other objects in its events."""
        render, bookmark = self._render, self._bookmark
        self._render = lambda record, obj: convert(render(record, obj))
        if bookmark is not None:
            self._bookmark = lambda revision, annotations: convert(bookmark(revision, annotations))
        self._pending = [{**event, "object": convert(event["object"])} for event in self._pending]
        return self

    def poll(self) -> list[Object]:
        """The events since the last call, oldest first."""
        events, self._pending = self._pending, []
        for change in self._store.changes(self.revision):
            if change.key.startswith(self._prefix):
                event = self._event(change.record, change.previous, change.revision)
                if event is not None:
                    events.append(event)
        self.revision = self._store.revision
        if self._bookmark is not None and self._clock() >= self._next_bookmark:
            events.append({"type": "BOOKMARK", "object": self._bookmark(self.revision, None)})
            self._next_bookmark = self._clock() + BOOKMARK_PERIOD
        return events

    def _event(self, record: Record | None, previous: Record | None, revision: int) -> Object | None:
        was = previous is not None and self._matches(previous.value)
        if record is not None and self._matches(record.value):
            return {"type": "MODIFIED" if was else "ADDED", "object": self._render(record, record.value)}
        if was and previous is not None:
            last = previous.value
            gone = {**last, "metadata": {**last["metadata"], "resourceVersion": str(revision)}}
            return {"type": "DELETED", "object": self._render(previous, gone)}
        return None
