"""The objects of a cluster as they were at one revision."""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.storage import Storage
from k8scourse.etcd.store import Store

Object = dict[str, Any]


class PastCluster:
    """A cluster's objects at one revision; they can be read, and nothing can be written."""

    def __init__(self, registry: Registry, store: Store) -> None:
        self._registry = registry
        self._storage = Storage(store)

    def __repr__(self) -> str:
        return f"<PastCluster revision={self.revision}>"

    @property
    def revision(self) -> int:
        """The revision that is shown."""
        return self._storage.revision

    def get(self, kind: str, name: str, *, namespace: str = "default") -> Object | None:
        """An object as it was, or None."""
        resource = self._registry.lookup(kind)
        return self._storage.get(resource.group_resource, namespace if resource.namespaced else "", name)

    def list(self, kind: str, *, namespace: str | None = "default") -> list[Object]:
        """The objects of a kind in *namespace* (None: in all) as they were."""
        resource = self._registry.lookup(kind)
        return self._storage.list(resource.group_resource, (namespace or "") if resource.namespaced else "")
