"""Events: what a component tells people about an object, with repetitions counted.

Many similar events about one object become one, and a flood of them is cut off; see event_correlation.py.
Source: staging/src/k8s.io/client-go/tools/record/{event,events_cache}.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.client import Client
from k8scourse.client.event_correlation import EventCorrelator
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time
from k8scourse.simulation.engine import Engine

Object = dict[str, Any]

CACHED_EVENTS = 4096
MESSAGE_LIMIT = 1024
"""Longer messages are cut (validation of the events API)."""

_EventKey = tuple[str, str, str, str, str, str, str, str]
"""(host, kind, namespace, uid or name, field path, type, reason, message)"""


def object_reference(obj: Object, field_path: str = "") -> Object:
    """The involvedObject of an event about *obj* (client-go/tools/reference.GetReference)."""
    metadata = obj["metadata"]
    reference: Object = {"kind": obj["kind"], "apiVersion": obj["apiVersion"], "name": metadata["name"]}
    for field in ("namespace", "uid", "resourceVersion"):
        if metadata.get(field):
            reference[field] = metadata[field]
    if field_path:
        reference["fieldPath"] = field_path
    return reference


class EventRecorder:
    """Writes events of one component; the same event again only raises its count."""

    __slots__ = ("_client", "_correlator", "_engine", "_seen", "component", "host")

    def __init__(self, client: Client, engine: Engine, component: str, host: str = "") -> None:
        self._client = client
        self._engine = engine
        self.component = component
        self.host = host
        self._seen: dict[_EventKey, tuple[str, int]] = {}
        self._correlator = EventCorrelator()

    def event(
        self, obj: Object, event_type: str, reason: str, message: str, *, field_path: str = "", host: str | None = None
    ) -> None:
        """Tell that something happened to *obj*; *event_type* is Normal or Warning.

        *field_path* names a part of it, as in spec.containers{app}; *host* the node that reports it.
        """
        metadata = obj["metadata"]
        host = self.host if host is None else host
        namespace = metadata.get("namespace") or "default"
        about = (host, obj["kind"], namespace, metadata.get("uid") or metadata["name"])
        message, combined = self._correlator.aggregate(about, event_type, reason, message, self._engine.now)
        key = (*about, "" if combined else field_path, event_type, reason, "" if combined else message)
        known = self._seen.pop(key, None)
        if not self._correlator.admit(about, event_type, self._engine.now):
            if known is not None:
                self._remember(key, known[0], known[1] + 1)
            return
        if known is not None and self._repeat(key, namespace, known, message):
            return
        name = self._name(metadata)
        body = self._body(obj, name, namespace, event_type, reason, message, field_path, host)
        try:
            self._client.create("events", body, namespace, fresh=True)
        except ApiError:
            return  # an event that the server rejects is not tried again (recordEvent)
        self._remember(key, name, 1)

    def _body(
        self,
        obj: Object,
        name: str,
        namespace: str,
        event_type: str,
        reason: str,
        message: str,
        field_path: str,
        host: str,
    ) -> Object:
        now = format_time(self._engine.now)
        source = {"component": self.component, "host": host} if host else {"component": self.component}
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": object_reference(obj, field_path),
            "reason": reason,
            "message": message,
            "source": source,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
            "type": event_type,
            "eventTime": None,
            "reportingComponent": self.component,
            "reportingInstance": host,
        }

    def _name(self, metadata: Object) -> str:
        """The object's name and the instant in hexadecimal nanoseconds, counted up so that no two events share one."""
        number = self._engine.names.number("event", metadata.get("namespace", ""), "", metadata["name"])
        return f"{metadata['name']}.{self._engine.now + number:x}"

    def _repeat(self, key: _EventKey, namespace: str, known: tuple[str, int], message: str) -> bool:
        """Raise the count of an event that is there; False if it is gone (its time to live is over).

        A count that the server rejects is not tried again.
        """
        name, count = known
        patch: Object = {"count": count + 1, "lastTimestamp": format_time(self._engine.now), "message": message}
        try:
            self._client.patch("events", name, patch, namespace)
        except ApiError as error:
            if error.code == 404:
                return False
        self._remember(key, name, count + 1)
        return True

    def _remember(self, key: _EventKey, name: str, count: int) -> None:
        self._seen[key] = (name, count)
        if len(self._seen) > CACHED_EVENTS:
            del self._seen[next(iter(self._seen))]

    def fork(self, client: Client, engine: Engine) -> EventRecorder:
        """The same recorder in another cluster."""
        twin = EventRecorder(client, engine, self.component, self.host)
        twin._seen = self._seen.copy()
        twin._correlator = self._correlator.fork()
        return twin
