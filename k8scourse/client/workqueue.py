"""A controller's queue: each key at most once, worked off within the same settling.

Source: staging/src/k8s.io/client-go/util/workqueue
"""

from __future__ import annotations

from typing import Any, ClassVar

from k8scourse.client.component import Component, Context
from k8scourse.client.informers import Key, Object
from k8scourse.machinery.status import ApiError

BASE_DELAY = 5_000_000
SECOND = 1_000_000_000
MAX_DELAY = 1000 * SECOND


class Controller(Component):
    """A component that brings one kind of object, key by key, to its desired state.

    `sync(key)` is called once for any number of `enqueue(key)` before it. A sync that ends in an ApiError is tried
    again after 5 ms, 10 ms, 20 ms, ... (workqueue.DefaultTypedControllerRateLimiter); delays of less than a second
    count as no time, so that a cluster settles as it does for people who look at it.
    """

    resource: ClassVar[str] = ""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._queued: set[Key] = set()
        self._queued_late: set[Key] = set()
        self._failures: dict[Key, int] = {}
        self._timers: dict[Key, tuple[int, int]] = {}

    def enqueue(self, key: Key) -> None:
        """Have `sync(key)` called soon."""
        if key not in self._queued:
            self._queued.add(key)
            self.engine.call_soon(self.name, "process", key)

    def enqueue_late(self, key: Key) -> None:
        """Have `sync(key)` called once all that is due has happened: one sync for many changes.

        Meant for changes of dependents (pods that become ready one after the other); an `enqueue` in between still
        comes soon and makes the late one needless.
        """
        if key not in self._queued and key not in self._queued_late:
            self._queued_late.add(key)
            self.engine.call_late(self.name, "process_late", key)

    def enqueue_after(self, key: Key, delay: int) -> None:
        """Have `sync(key)` called in *delay* nanoseconds, unless a timer of the key ends before (AddAfter)."""
        ends = self.engine.now + delay
        timer = self._timers.get(key)
        if timer is not None:
            if timer[0] <= ends:
                return
            self.engine.cancel(timer[1])
        self._timers[key] = (ends, self.engine.call_at(ends, self.name, "fire_timer", key))

    def fire_timer(self, key: Key) -> None:
        """A timer has ended: queue the key."""
        self._timers.pop(key, None)
        self.enqueue(key)

    def enqueue_object(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: queue the object that changed; late if its generation shows that no wish has changed."""
        obj = new if new is not None else old
        if obj is None:
            return
        metadata = obj["metadata"]
        key = (metadata.get("namespace", ""), metadata["name"])
        generation = metadata.get("generation")
        if old is not None and new is not None and generation and generation == old["metadata"].get("generation"):
            self.enqueue_late(key)
        else:
            self.enqueue(key)

    def process(self, key: Key) -> None:
        """Work off one queued key."""
        self._queued.discard(key)
        self._queued_late.discard(key)
        try:
            self.sync(key)
        except ApiError as error:
            failures = self._failures.get(key, 0)
            self._failures[key] = failures + 1
            self.sync_failed(key, error)
            delay = min(BASE_DELAY * 2**failures, MAX_DELAY)
            if delay < SECOND:
                self.enqueue(key)
            else:
                self.enqueue_after(key, delay)
        else:
            self._failures.pop(key, None)

    def process_late(self, key: Key) -> None:
        """Work off one key that was queued late, unless that has happened meanwhile."""
        if key in self._queued_late:
            self.process(key)

    def sync(self, key: Key) -> None:
        """Bring the object to its desired state; raises ApiError when the API server refuses."""
        raise NotImplementedError

    def sync_failed(self, key: Key, error: ApiError) -> None:
        """Note in the journal why a sync failed; the key is tried again."""
        self.decide((self.resource, *key), "SyncFailed", error.message)

    def copy_state(self, source: Any) -> None:
        """Take over the queue."""
        self._queued = source._queued.copy()
        self._queued_late = source._queued_late.copy()
        self._failures = source._failures.copy()
        self._timers = source._timers.copy()
