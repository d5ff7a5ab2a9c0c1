"""The garbage collector deletes objects whose owners are gone.

Source: pkg/controller/garbagecollector/{garbagecollector,graph_builder,operations}.go

It sees each change as it happens, so that an owner which it does not know does not exist: nothing has to be asked again
later, except for owners of kinds that are not served, which wait for a custom resource definition.
"""

from __future__ import annotations

from typing import NamedTuple, Self

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object
from k8scourse.client.resources import MetadataClient, Resource, ResourceMap, UnknownKind
from k8scourse.client.workqueue import Controller
from k8scourse.controllers import garbage_graph as graphs
from k8scourse.machinery.status import ApiError

_IGNORED = frozenset({"Event"})
_DELETE, _ORPHAN = "delete", "orphan"
_ABSENT_OWNERS = 500
"""So many owners that were found missing are remembered."""

INVALID_NAMESPACE = "OwnerRefInvalidNamespace"
INVALID_NAMESPACE_TEXT = (
    "ownerRef [{apiVersion}/{kind}, namespace: {namespace}, name: {name}, uid: {uid}] "
    'does not exist in namespace "{namespace}"'
)


class ClusterScopedDependent(Exception):
    """A cluster-scoped object names an owner in a namespace, which cannot be looked up."""


class Owners(NamedTuple):
    """The owner references of an object by what became of their owners."""

    solid: list[Object]
    dangling: list[Object]
    waiting: list[Object]
    """The owner waits until its dependents are deleted (foreground deletion)."""


class GarbageCollector(Controller):
    """Deletes dependents of absent owners, lets foreground deletions wait for them, and cuts orphans loose."""

    name = "garbage-collector-controller"
    user = "system:serviceaccount:kube-system:generic-garbage-collector"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._resources = ResourceMap(context.handler, self.user, self.groups)
        self._objects = MetadataClient(context.handler, self.user, self.groups)
        self._graph = graphs.Graph()
        self._absent: dict[tuple[str, str, str, str, str], None] = {}
        self._unknown_kinds: dict[Key, None] = {}

    def start(self) -> None:
        """Watch everything."""
        self.informers.subscribe("*", self.name, "changed")

    def copy_state(self, source: Self) -> None:
        """Take over the queue, the graph and what was found out about owners."""
        super().copy_state(source)
        self._graph = source._graph.fork()
        self._absent = source._absent.copy()
        self._unknown_kinds = source._unknown_kinds.copy()

    # the graph

    @property
    def graph(self) -> graphs.Graph:
        """Who owns whom, to be read only."""
        return self._graph

    def changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: keep the graph, and queue what the change may make garbage."""
        obj = new if new is not None else old
        if obj is None or obj["kind"] in _IGNORED:
            return
        uid = obj["metadata"]["uid"]
        if new is None:
            self._removed(obj)
        else:
            appeared = self._graph.get(uid) is None
            self._graph.put(new)
            if appeared:
                self._check_dependents(new)
            self._references_changed(old, new)
            self._deletion_began(old, new)
        if obj["kind"] == "CustomResourceDefinition" and self._unknown_kinds:
            waiting, self._unknown_kinds = self._unknown_kinds, {}
            for key in waiting:
                self.enqueue(key)

    def _removed(self, obj: Object) -> None:
        uid = obj["metadata"]["uid"]
        self._graph.remove(uid)
        for dependent in self._graph.dependents(uid):
            self._attempt(dependent)
        for reference in graphs.owners_of(obj):
            self._graph.unlink(uid, reference["uid"])
            owner = self._graph.get(reference["uid"])
            if owner is not None and graphs.waits_for(owner, graphs.FOREGROUND):
                self._attempt(owner)

    def _attempt(self, obj: Object) -> None:
        self.enqueue((_DELETE, obj["metadata"]["uid"]))

    def _check_dependents(self, owner: Object) -> None:
        """An owner appears after objects that name it: some may have called it by a wrong name."""
        namespace = graphs.namespace_of(owner)
        for dependent in self._graph.dependents(owner["metadata"]["uid"]):
            reference = _reference_to(dependent, owner)
            foreign = bool(namespace) and namespace != graphs.namespace_of(dependent)
            if foreign:
                self.engine.call_soon(self.name, "report_namespace", dependent["metadata"]["uid"], reference)
            if foreign or not graphs.same_coordinates(reference, owner):
                self._attempt(dependent)

    def _references_changed(self, old: Object | None, new: Object) -> None:
        before = old["metadata"].get("ownerReferences") if old is not None else None
        after = new["metadata"].get("ownerReferences")
        if before is after or before == after:
            return
        uid = new["metadata"]["uid"]
        changes = graphs.reference_changes(old, new)
        for reference in changes.unblocked:
            owner = self._graph.get(reference["uid"])
            if owner is not None:
                self._attempt(owner)
        for reference in changes.removed:
            self._graph.unlink(uid, reference["uid"])
        for reference in changes.added:
            self._graph.link(uid, reference["uid"])
        if any(self._is_suspect(new, reference) for reference in changes.added):
            self._attempt(new)

    def _is_suspect(self, obj: Object, reference: Object) -> bool:
        """Whether the owner may not exist as the reference says; tells of an owner in another namespace."""
        owner = self._graph.get(reference["uid"])
        if owner is None:
            return True
        namespace = graphs.namespace_of(owner)
        if namespace and namespace != graphs.namespace_of(obj):
            self.engine.call_soon(self.name, "report_namespace", obj["metadata"]["uid"], reference)
            return True
        return not graphs.same_coordinates(reference, owner)

    def _deletion_began(self, old: Object | None, new: Object) -> None:
        if not graphs.is_being_deleted(new):
            return
        uid = new["metadata"]["uid"]
        if graphs.waits_for(new, graphs.ORPHAN) and not graphs.waits_for(old, graphs.ORPHAN):
            self.enqueue((_ORPHAN, uid))
        elif graphs.waits_for(new, graphs.FOREGROUND) and not graphs.waits_for(old, graphs.FOREGROUND):
            for dependent in self._graph.dependents(uid):
                self._attempt(dependent)
            self._attempt(new)

    def report_namespace(self, uid: str, reference: Object) -> None:
        """Tell that an object names an owner of another namespace."""
        obj = self._graph.get(uid)
        if obj is not None:
            text = INVALID_NAMESPACE_TEXT.format(**{**reference, "namespace": graphs.namespace_of(obj)})
            self.recorder.event(obj, "Warning", INVALID_NAMESPACE, text)

    # working through the queue

    def sync(self, key: Key) -> None:
        """Delete an object if nothing owns it any more, or cut the dependents of a deleted owner loose."""
        obj = self._graph.get(key[1])
        if obj is None:
            return
        try:
            if key[0] == _ORPHAN:
                self._orphan_dependents(obj)
            else:
                self._attempt_to_delete(obj)
        except UnknownKind:
            self._unknown_kinds[key] = None
        except ClusterScopedDependent:
            return
        except ApiError as error:
            if error.code != 404:
                raise

    def sync_failed(self, key: Key, error: ApiError) -> None:
        """Note in the journal why an object could not be collected; it is tried again."""
        obj = self._graph.get(key[1])
        if obj is not None:
            self._note(obj, "SyncFailed", error.message)

    def _note(self, obj: Object, verdict: str, rule: str, detail: object = None) -> None:
        subject = (obj["kind"], graphs.namespace_of(obj), obj["metadata"]["name"])
        self.decide(subject, verdict, rule, "metadata.ownerReferences", detail)

    def _attempt_to_delete(self, obj: Object) -> None:
        if graphs.is_being_deleted(obj):
            if graphs.has_finalizer(obj, graphs.FOREGROUND):
                self._wait_for_dependents(obj)
            return
        if not graphs.owners_of(obj):
            return
        owners = self._classify(obj)
        if owners.solid:
            gone = {reference["uid"] for reference in (*owners.dangling, *owners.waiting)}
            if gone:
                self._note(obj, "ReferenceRemoved", graphs.ANOTHER_OWNER, sorted(gone))
                self._keep_references(obj, [ref for ref in graphs.owners_of(obj) if ref["uid"] not in gone])
            return
        dependents = self._graph.dependents(obj["metadata"]["uid"])
        if owners.waiting and dependents:
            if any(graphs.waits_for(dependent, graphs.FOREGROUND) for dependent in dependents):
                free = [{**ref, "blockOwnerDeletion": False} for ref in graphs.owners_of(obj)]
                obj = self._keep_references(obj, free)
            self._delete(obj, "Foreground", graphs.OWNER_WAITS_DEEPLY)
        else:
            rule = graphs.OWNER_WAITS if owners.waiting else graphs.OWNER_GONE
            self._delete(obj, graphs.policy_of(obj), rule)

    def _delete(self, obj: Object, policy: str, rule: str) -> None:
        metadata = obj["metadata"]
        resource = self._resources.find(obj["apiVersion"], obj["kind"])
        conditions = {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]}
        self._note(obj, "Deleted", rule, {"owners": [ref["name"] for ref in graphs.owners_of(obj)], "policy": policy})
        self._objects.delete(
            resource,
            metadata["name"],
            metadata.get("namespace", ""),
            preconditions=conditions,
            propagationPolicy=policy,
        )

    def _patch(self, obj: Object, metadata: Object) -> Object:
        resource = self._resources.find(obj["apiVersion"], obj["kind"])
        body = {"metadata": {"resourceVersion": obj["metadata"]["resourceVersion"], **metadata}}
        return self._objects.patch(resource, obj["metadata"]["name"], body, graphs.namespace_of(obj))

    def _keep_references(self, obj: Object, references: list[Object]) -> Object:
        return self._patch(obj, {"ownerReferences": references or None})

    def _remove_finalizer(self, obj: Object, finalizer: str) -> None:
        left = [other for other in obj["metadata"].get("finalizers") or () if other != finalizer]
        self._patch(obj, {"finalizers": left or None})

    # owners

    def _classify(self, obj: Object) -> Owners:
        owners = Owners([], [], [])
        for reference in graphs.owners_of(obj):
            owner = self._owner(obj, reference)
            if owner is None:
                owners.dangling.append(reference)
            elif graphs.waits_for(owner, graphs.FOREGROUND):
                owners.waiting.append(reference)
            else:
                owners.solid.append(reference)
        return owners

    def _owner(self, obj: Object, reference: Object) -> Object | None:
        """The owner that *reference* names, None if it does not exist (isDangling).

        Raises UnknownKind, ClusterScopedDependent or ApiError if that cannot be found out.
        """
        namespace = graphs.namespace_of(obj)
        known = self._graph.get(reference["uid"])
        near = known is not None and graphs.namespace_of(known) in ("", namespace)
        if near and known is not None and graphs.same_coordinates(reference, known):
            return known
        resource = self._resources.find(reference["apiVersion"], reference["kind"])
        if resource.namespaced and not namespace:
            raise ClusterScopedDependent
        return self._look_up(resource, reference, namespace)

    def _look_up(self, resource: Resource, reference: Object, namespace: str) -> Object | None:
        place = namespace if resource.namespaced else ""
        absent = (reference["uid"], reference["apiVersion"], reference["kind"], reference["name"], place)
        if absent in self._absent:
            return None
        owner: Object | None = None
        try:
            owner = self._objects.get(resource, reference["name"], place)
        except ApiError as error:
            if error.code != 404:
                raise
        if owner is not None and owner["metadata"]["uid"] == reference["uid"]:
            return owner
        self._absent[absent] = None
        if len(self._absent) > _ABSENT_OWNERS:
            del self._absent[next(iter(self._absent))]
        return None

    # owners that are being deleted

    def _wait_for_dependents(self, obj: Object) -> None:
        """Foreground: vanish once no blocking dependent is left (processDeletingDependentsItem)."""
        uid = obj["metadata"]["uid"]
        blocking = [dependent for dependent in self._graph.dependents(uid) if graphs.blocks(dependent, uid)]
        if not blocking:
            self._note(obj, "FinalizerRemoved", graphs.NOTHING_BLOCKS, graphs.FOREGROUND)
            self._remove_finalizer(obj, graphs.FOREGROUND)
        for dependent in blocking:
            if not graphs.waits_for(dependent, graphs.FOREGROUND):
                self._attempt(dependent)

    def _orphan_dependents(self, obj: Object) -> None:
        """Orphan: take the references off all dependents, then vanish (attemptToOrphanWorker)."""
        uid = obj["metadata"]["uid"]
        for dependent in self._graph.dependents(uid):
            self._note(dependent, "Orphaned", graphs.OWNER_LETS_GO, obj["metadata"]["name"])
            self._keep_references(dependent, [ref for ref in graphs.owners_of(dependent) if ref["uid"] != uid])
        self._note(obj, "FinalizerRemoved", graphs.ALL_FREE, graphs.ORPHAN)
        self._remove_finalizer(self._graph.get(uid) or obj, graphs.ORPHAN)


def _reference_to(dependent: Object, owner: Object) -> Object:
    uid = owner["metadata"]["uid"]
    return next(reference for reference in graphs.owners_of(dependent) if reference["uid"] == uid)
