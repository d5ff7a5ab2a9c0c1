"""API objects in the key-value store, under the keys that a real cluster uses.

Source: pkg/kubeapiserver/default_storage_factory_builder.go (SpecialDefaultResourcePrefixes)
"""

from __future__ import annotations

from typing import Any, Protocol

from k8scourse.apiserver.managed_fields.ledger import Note
from k8scourse.etcd.store import Store

Object = dict[str, Any]

_SPECIAL_PREFIXES = {
    "replicationcontrollers": "controllers",
    "endpoints": "services/endpoints",
    "nodes": "minions",
    "services": "services/specs",
    "ingresses.networking.k8s.io": "ingress",
}
_CUSTOM_GROUP_MARK = "."


class Listener(Protocol):
    """Somebody who hears of every write, right after it."""

    def changed(self, group_resource: str, old: Object | None, new: Object | None, /) -> None:
        """An object was created (old is None), updated, or deleted (new is None)."""


def key_prefix(group_resource: str) -> str:
    """The prefix of a resource's keys, e.g. /registry/pods/ or /registry/minions/.

    Custom resources have their group in it.
    """
    plural, _, group = group_resource.partition(_CUSTOM_GROUP_MARK)
    place = _SPECIAL_PREFIXES.get(group_resource)
    if place is None:
        builtin = not group or "." not in group or group.endswith(".k8s.io")
        place = plural if builtin else f"{group}/{plural}"
    return f"/registry/{place}/"


def object_key(group_resource: str, namespace: str, name: str) -> str:
    """The key of one object."""
    prefix = key_prefix(group_resource)
    return f"{prefix}{namespace}/{name}" if namespace else prefix + name


class Storage:
    """Reads and writes objects; each write is one revision and is told to the listeners.

    Stored objects are never changed in place: readers may keep them, writers hand in new ones.
    """

    __slots__ = ("listeners", "store")

    def __init__(self, store: Store) -> None:
        self.store = store
        self.listeners: list[Listener] = []

    @property
    def revision(self) -> int:
        """The newest revision."""
        return self.store.revision

    def get(self, group_resource: str, namespace: str, name: str) -> Object | None:
        """The object as stored, or None."""
        record = self.store.get(object_key(group_resource, namespace, name))
        return None if record is None else record.value

    def list(self, group_resource: str, namespace: str = "") -> list[Object]:
        """The objects of one namespace, or of all, in the order of their keys."""
        prefix = key_prefix(group_resource)
        if namespace:
            prefix += f"{namespace}/"
        return [record.value for _, record in self.store.range(prefix)]

    def note(self, group_resource: str, namespace: str, name: str) -> Note | None:
        """Who wrote the object, as far as it is known."""
        record = self.store.get(object_key(group_resource, namespace, name))
        return None if record is None else record.note

    def write(self, group_resource: str, obj: Object, note: Note | None = None) -> Object:
        """Store *obj* (taken over, not copied) under its name; sets its resourceVersion and tells the listeners.

        *note* tells who wrote it; a write without one, such as a binding, leaves the managers of fields as they are.
        """
        metadata = obj["metadata"]
        key = object_key(group_resource, metadata.get("namespace", ""), metadata["name"])
        previous = self.store.get(key)
        metadata["resourceVersion"] = str(self.store.revision + 1)
        if note is None and previous is not None:
            note = previous.note
        self.store.put(key, obj, note)
        old = None if previous is None else previous.value
        for listener in self.listeners:
            listener.changed(group_resource, old, obj)
        return obj

    def remove(self, group_resource: str, namespace: str, name: str) -> None:
        """Remove an object and tell the listeners."""
        previous = self.store.delete(object_key(group_resource, namespace, name))
        if previous is not None:
            for listener in self.listeners:
                listener.changed(group_resource, previous.value, None)
