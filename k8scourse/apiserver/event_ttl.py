"""Events live for an hour after their last write, then they are gone (kube-apiserver --event-ttl).

Source: pkg/registry/core/event/storage/storage.go (TTLFunc), staging/src/k8s.io/apiserver/pkg/storage/etcd3
"""

from __future__ import annotations

from itertools import takewhile
from typing import Any, Self

from k8scourse.apiserver.storage import Storage
from k8scourse.simulation.engine import Engine

Object = dict[str, Any]

NAME = "kube-apiserver"
TIME_TO_LIVE = 3600 * 1_000_000_000
EVENTS = "events"


class EventTTL:
    """Removes events whose time to live is over; one timer for all of them."""

    name = NAME

    def __init__(self, engine: Engine, storage: Storage) -> None:
        self._engine = engine
        self._storage = storage
        self._expires: dict[tuple[str, str], int] = {}  # in the order of their expiry
        self._timer_is_set = False
        storage.listeners.append(self)

    def changed(self, group_resource: str, old: Object | None, new: Object | None) -> None:
        """A write to the store: each write of an event gives it another hour."""
        if group_resource != EVENTS:
            return
        metadata = (new or old or {})["metadata"]
        key = (metadata["namespace"], metadata["name"])
        self._expires.pop(key, None)
        if new is not None:
            self._expires[key] = self._engine.now + TIME_TO_LIVE
            self._set_timer()

    def _set_timer(self) -> None:
        if self._expires and not self._timer_is_set:
            self._timer_is_set = True
            self._engine.call_at(next(iter(self._expires.values())), self.name, "expire")

    def expire(self) -> None:
        """Remove what is due and wait for the next."""
        self._timer_is_set = False
        now = self._engine.now
        for key in [key for key, _ in takewhile(lambda entry: entry[1] <= now, self._expires.items())]:
            self._storage.remove(EVENTS, *key)
        self._set_timer()

    def fork(self, engine: Engine, storage: Storage) -> Self:
        """The same events and their times in another cluster."""
        twin = type(self)(engine, storage)
        twin._expires = self._expires.copy()
        twin._timer_is_set = self._timer_is_set
        return twin
