"""What components know of the cluster: cached objects with indexes, and who wants to hear of which changes.

A change reaches the cache and the handlers within the write that made it. Handlers only note what is to be done (update
their caches, queue a key); they never write, so that no component acts in the middle of another's step.
Source: staging/src/k8s.io/client-go/tools/cache
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Object = dict[str, Any]
Key = tuple[str, str]
"""(namespace, name)"""
Handler = Callable[[Object | None, Object | None], None]

_NOTHING: dict[Key, Object] = {}
_ADOPTABLE = frozenset({"pods", "replicasets.apps", "controllerrevisions.apps"})
"""Resources whose objects controllers may adopt when they have no controller."""


def controller_of(obj: Object) -> Object | None:
    """The owner reference with controller: true, or None (metav1.GetControllerOf)."""
    for owner in obj["metadata"].get("ownerReferences") or ():
        if owner.get("controller"):
            return owner
    return None


class Informers:
    """The cluster's objects by resource, pods by node, and objects by the uid of their controller or without one."""

    __slots__ = ("_by_controller", "_by_node", "_handlers", "_objects", "_orphans", "_subscriptions")

    def __init__(self) -> None:
        self._objects: dict[str, dict[Key, Object]] = {}
        self._by_node: dict[str, dict[Key, Object]] = {}
        self._by_controller: dict[tuple[str, str], dict[Key, Object]] = {}
        self._orphans: dict[tuple[str, str], dict[Key, Object]] = {}
        self._subscriptions: dict[str, list[tuple[str, str]]] = {}
        self._handlers: dict[str, list[Handler]] = {}

    # reading

    def get(self, resource: str, name: str, namespace: str = "") -> Object | None:
        """The object, or None; *resource* as in pods or replicasets.apps."""
        return self._objects.get(resource, _NOTHING).get((namespace, name))

    def list(self, resource: str, namespace: str = "") -> list[Object]:
        """The objects of *namespace*, or of all namespaces, in the order of their creation."""
        objects = self._objects.get(resource, _NOTHING)
        if not namespace:
            return list(objects.values())
        return [obj for key, obj in objects.items() if key[0] == namespace]

    def pods_on(self, node: str) -> Iterable[Object]:
        """The pods whose spec.nodeName is *node*."""
        return list(self._by_node.get(node, _NOTHING).values())

    def controlled_by(self, resource: str, uid: str) -> list[Object]:
        """The objects of *resource* whose controller has this uid."""
        return list(self._by_controller.get((resource, uid), _NOTHING).values())

    def orphans(self, resource: str, namespace: str) -> list[Object]:
        """The pods, replica sets or controller revisions of *namespace* that have no controller."""
        return list(self._orphans.get((resource, namespace), _NOTHING).values())

    # subscribing

    def subscribe(self, resource: str, component: str, method: str) -> None:
        """Have `components[component].method(old, new)` called for each change of *resource* (`*`: of every one)."""
        self._subscriptions.setdefault(resource, []).append((component, method))

    def connect(self, components: dict[str, Any]) -> None:
        """Find the subscribed methods in *components*; called once all of them exist, and again after a fork."""
        self._handlers = {
            resource: [getattr(components[component], method) for component, method in subscriptions]
            for resource, subscriptions in self._subscriptions.items()
        }

    # being told

    def changed(self, resource: str, old: Object | None, new: Object | None) -> None:
        """Take over a change and call the handlers: *old* is None for a new object, *new* for a deleted one."""
        obj = new if new is not None else old
        if obj is None:
            return
        metadata = obj["metadata"]
        key = (metadata.get("namespace", ""), metadata["name"])
        objects = self._objects.setdefault(resource, {})
        if new is None:
            objects.pop(key, None)
        else:
            objects[key] = new
        if resource == "pods":
            self._index_node(key, old, new)
        self._index_controller(resource, key, old, new)
        for handler in self._handlers.get(resource, ()):
            handler(old, new)
        for handler in self._handlers.get("*", ()):
            handler(old, new)

    def _index_node(self, key: Key, old: Object | None, new: Object | None) -> None:
        before = old["spec"].get("nodeName") if old else None
        after = new["spec"].get("nodeName") if new else None
        if before and before != after:
            self._by_node[before].pop(key, None)
        if after and new is not None:
            self._by_node.setdefault(after, {})[key] = new

    def _index_controller(self, resource: str, key: Key, old: Object | None, new: Object | None) -> None:
        before = controller_of(old) if old else None
        after = controller_of(new) if new else None
        if before and (after is None or before["uid"] != after["uid"]):
            dependents = self._by_controller[(resource, before["uid"])]
            dependents.pop(key, None)
            if not dependents:
                del self._by_controller[(resource, before["uid"])]
        if after and new is not None:
            self._by_controller.setdefault((resource, after["uid"]), {})[key] = new
        if resource in _ADOPTABLE:
            if new is not None and after is None:
                self._orphans.setdefault((resource, key[0]), {})[key] = new
            elif old is not None and before is None:
                self._orphans[(resource, key[0])].pop(key, None)

    def fork(self) -> Informers:
        """Independent informers with the same content and subscriptions; `connect` must follow."""
        twin = Informers()
        twin._objects = {resource: objects.copy() for resource, objects in self._objects.items()}
        twin._by_node = {node: pods.copy() for node, pods in self._by_node.items()}
        twin._by_controller = {owner: objects.copy() for owner, objects in self._by_controller.items()}
        twin._orphans = {place: objects.copy() for place, objects in self._orphans.items()}
        twin._subscriptions = self._subscriptions
        return twin
