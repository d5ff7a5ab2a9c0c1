"""How a deletion goes, worked out from the graph of owners alone: fast enough for tens of thousands of objects.

It follows the rules of the garbage collector (pkg/controller/garbagecollector) and of the kubelet. What other
controllers make of it is left out: they may create a successor, and the deletion of a namespace or a node is not only
a matter of owners.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, cast

from k8scourse.apiserver.kinds import ResourceInfo, UnknownResource
from k8scourse.apiserver.rest import collection_finalizers
from k8scourse.apiserver.strategies.pod import graceful_deletion
from k8scourse.component_helpers.pod_status import is_terminal
from k8scourse.controllers import garbage_graph as graphs
from k8scourse.controllers.garbage_collector import GarbageCollector
from k8scourse.controllers.node_health import ready_status
from k8scourse.images.behaviour import behaviour_of
from k8scourse.simulation.engine import collector_at_rest
from k8scourse.views.deletion_steps import (
    ASKED,
    FOREGROUND,
    FREE,
    GONE,
    STOPPED,
    WAITS,
    YOU,
    Course,
    DeletionStep,
    Leftover,
    reference,
    waiting_for,
)

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]
Uid = str

Work = str
_DELETE, _ORPHAN = "delete", "orphan"
"""The collector's two queues."""

SECOND = 1_000_000_000
_COLLECTOR = GarbageCollector.name
_KUBELET = "kubelet"
_RELEASED = frozenset({"batch.kubernetes.io/job-tracking"})
"""Finalizers that a controller takes off as soon as the deletion begins."""


def forecast(cluster: Cluster, obj: Object, policy: str) -> Course:
    """How the deletion of *obj* with *policy* goes. Raises KeyError where no garbage collector runs."""
    with collector_at_rest():
        return _Forecast(cluster, _graph(cluster)).course(obj, policy)


def _graph(cluster: Cluster) -> graphs.Graph:
    return cast(GarbageCollector, cluster.component(_COLLECTOR)).graph


def size_of_tree(cluster: Cluster, obj: Object, limit: int) -> int:
    """How many objects depend on *obj*, directly or not; counting stops beyond *limit*."""
    graph = _graph(cluster)
    seen = {obj["metadata"]["uid"]: None}
    todo = list(seen)
    while todo and len(seen) <= limit + 1:
        for dependent in graph.dependents(todo.pop()):
            uid = dependent["metadata"]["uid"]
            if uid not in seen:
                seen[uid] = None
                todo.append(uid)
    return len(seen) - 1


class _Forecast:
    """The collector's rules over what has changed since the deletion began; the graph itself stays as it is."""

    def __init__(self, cluster: Cluster, graph: graphs.Graph) -> None:
        self._cluster = cluster
        self._graph = graph
        self._time = 0
        self._steps: list[DeletionStep] = []
        self._target: Uid = ""
        self._gone: set[Uid] = set()
        self._begun: set[Uid] = set()
        self._waiting: dict[Uid, list[str]] = {}
        self._running: set[Uid] = set()
        self._cut: dict[Uid, set[Uid]] = {}
        self._unblocked: set[Uid] = set()
        self._todo: deque[tuple[Work, Uid]] = deque()
        self._queued: set[Uid] = set()
        self._timers: list[tuple[int, int, Uid]] = []
        self._resources: dict[tuple[str, str], ResourceInfo | None] = {}

    def course(self, obj: Object, policy: str) -> Course:
        self._target = obj["metadata"]["uid"]
        self._delete(obj, policy, YOU, ASKED)
        while self._todo or self._timers:
            while self._todo:
                self._work(*self._todo.popleft())
            if self._timers:
                self._time, _, uid = heappop(self._timers)
                self._stopped(uid)
        return Course(tuple(self._steps), tuple(self._left()))

    def _left(self) -> list[Leftover]:
        return [
            Leftover(reference(self._object(uid)), waiting_for(finalizers, kubelet=uid in self._running))
            for uid, finalizers in self._waiting.items()
            if uid not in self._gone and (uid in self._begun or uid == self._target)
        ]

    def _object(self, uid: Uid) -> Object:
        return cast(Object, self._graph.get(uid))  # only objects of the graph are queued

    def _step(self, what: str, obj: Object, by: str, reason: str) -> None:
        self._steps.append(DeletionStep(self._time, what, reference(obj), by, reason))

    def _queue(self, uid: Uid) -> None:
        if uid not in self._queued and uid not in self._gone:
            self._queued.add(uid)
            self._todo.append((_DELETE, uid))

    def _work(self, work: Work, uid: Uid) -> None:
        if work == _ORPHAN:
            self._orphan(self._object(uid))
        else:
            self._queued.discard(uid)
            self._attempt(uid)

    # state

    def _references(self, obj: Object) -> list[Object]:
        references = graphs.owners_of(obj)
        cut = self._cut.get(obj["metadata"]["uid"])
        return [ref for ref in references if ref["uid"] not in cut] if cut else references

    def _dependents(self, uid: Uid) -> list[Object]:
        return [
            obj
            for obj in self._graph.dependents(uid)
            if obj["metadata"]["uid"] not in self._gone and uid not in self._cut.get(obj["metadata"]["uid"], ())
        ]

    def _finalizers(self, obj: Object) -> list[str] | None:
        """What a deletion that has begun still waits for; None if it has not begun."""
        uid = obj["metadata"]["uid"]
        if uid not in self._waiting and graphs.is_being_deleted(obj):
            self._waiting[uid] = list(obj["metadata"].get("finalizers") or ())
            if obj["kind"] == "Pod" and obj["metadata"].get("deletionGracePeriodSeconds"):
                self._running.add(uid)
        return self._waiting.get(uid)

    def _waits_for(self, obj: Object, finalizer: str) -> bool:
        return finalizer in (self._finalizers(obj) or ())

    # what happens

    def _delete(self, obj: Object, policy: str, by: str, reason: str) -> None:
        uid = obj["metadata"]["uid"]
        begun = self._finalizers(obj) is not None
        finalizers = collection_finalizers(obj, {"propagationPolicy": policy}, None)
        finalizers = [finalizer for finalizer in finalizers if finalizer not in _RELEASED]
        grace = graceful_deletion(obj, {}) if obj["kind"] == "Pod" else 0
        if not finalizers and not grace:
            self._remove(obj, by, reason)
            return
        self._waiting[uid] = finalizers
        if not begun:
            self._begun.add(uid)
            self._step(WAITS, obj, by, reason)
            if grace:
                self._running.add(uid)
                stop = stopping_time(self._cluster, obj, grace)
                if stop is not None:
                    heappush(self._timers, (self._time + stop, len(self._steps), uid))
        if graphs.ORPHAN in finalizers:
            self._todo.append((_ORPHAN, uid))
        elif graphs.FOREGROUND in finalizers:
            for dependent in self._dependents(uid):
                self._queue(dependent["metadata"]["uid"])
            self._queue(uid)

    def _remove(self, obj: Object, by: str, reason: str) -> None:
        uid = obj["metadata"]["uid"]
        self._gone.add(uid)
        self._step(GONE, obj, by, reason)
        for dependent in self._dependents(uid):
            self._queue(dependent["metadata"]["uid"])
        self._wake_owners(self._references(obj))

    def _wake_owners(self, references: list[Object]) -> None:
        for ref in references:
            owner = self._graph.get(ref["uid"])
            if owner is not None and ref["uid"] not in self._gone and self._waits_for(owner, graphs.FOREGROUND):
                self._queue(ref["uid"])

    def _take_off(self, obj: Object, finalizer: str, reason: str) -> None:
        uid = obj["metadata"]["uid"]
        left = self._waiting[uid] = [other for other in self._waiting[uid] if other != finalizer]
        if not left and uid not in self._running:
            self._remove(obj, _COLLECTOR, reason)

    def _stopped(self, uid: Uid) -> None:
        """The containers of a pod have stopped, and its kubelet says so."""
        self._running.discard(uid)
        if not self._waiting[uid]:
            self._remove(self._object(uid), _KUBELET, STOPPED)

    def _let_go(self, obj: Object, owners: list[Object], reason: str) -> None:
        uid = obj["metadata"]["uid"]
        self._cut.setdefault(uid, set()).update(ref["uid"] for ref in owners)
        self._step(FREE, obj, _COLLECTOR, reason)
        self._wake_owners(owners)

    def _orphan(self, obj: Object) -> None:
        uid = obj["metadata"]["uid"]
        for dependent in self._dependents(uid):
            owners = [ref for ref in self._references(dependent) if ref["uid"] == uid]
            self._let_go(dependent, owners, graphs.OWNER_LETS_GO)
        self._take_off(obj, graphs.ORPHAN, graphs.ALL_FREE)

    # the collector

    def _attempt(self, uid: Uid) -> None:
        """One look of the collector at an object (attemptToDeleteItem)."""
        if uid in self._gone:
            return
        obj = self._object(uid)
        finalizers = self._finalizers(obj)
        if finalizers is not None:
            if graphs.FOREGROUND in finalizers:
                self._look_at_dependents(obj)
            return
        references = self._references(obj)
        states = [self._state(obj, ref) for ref in references]
        if not references or None in states:
            return
        if "solid" in states:
            lost = [ref for ref, state in zip(references, states, strict=True) if state != "solid"]
            if lost:
                self._let_go(obj, lost, graphs.ANOTHER_OWNER)
        elif "waiting" in states and self._dependents(uid):
            if any(self._waits_for(dependent, graphs.FOREGROUND) for dependent in self._dependents(uid)):
                self._unblocked.add(uid)  # a circle: somebody has to give way
                self._wake_owners(references)
            self._delete(obj, FOREGROUND, _COLLECTOR, graphs.OWNER_WAITS_DEEPLY)
        else:
            reason = graphs.OWNER_WAITS if "waiting" in states else graphs.OWNER_GONE
            self._delete(obj, graphs.policy_of(obj), _COLLECTOR, reason)

    def _state(self, obj: Object, ref: Object) -> str | None:
        """What became of an owner: solid, waiting or dangling; None if that can't be found out."""
        owner = self._graph.get(ref["uid"])
        namespace = graphs.namespace_of(obj)
        if owner is not None and ref["uid"] not in self._gone:
            near = graphs.namespace_of(owner) in ("", namespace)
            if near and graphs.same_coordinates(ref, owner):
                return "waiting" if self._waits_for(owner, graphs.FOREGROUND) else "solid"
        resource = self._resource(ref)
        if resource is None or (resource.namespaced and not namespace):
            return None
        return "dangling"

    def _resource(self, ref: Mapping[str, Any]) -> ResourceInfo | None:
        key = (ref["apiVersion"], ref["kind"])
        if key not in self._resources:
            try:
                self._resources[key] = self._cluster.registry.kind(*key)
            except UnknownResource:
                self._resources[key] = None
        return self._resources[key]

    def _look_at_dependents(self, obj: Object) -> None:
        """A foreground deletion ends when nothing blocks it any more (processDeletingDependentsItem)."""
        uid = obj["metadata"]["uid"]
        blocking = [
            one
            for one in self._dependents(uid)
            if one["metadata"]["uid"] not in self._unblocked
            and any(ref["uid"] == uid and ref.get("blockOwnerDeletion") for ref in self._references(one))
        ]
        if not blocking:
            self._take_off(obj, graphs.FOREGROUND, graphs.NOTHING_BLOCKS)
        for dependent in blocking:
            if not self._waits_for(dependent, graphs.FOREGROUND):
                self._queue(dependent["metadata"]["uid"])


def stopping_time(cluster: Cluster, pod: Object, grace: int) -> int | None:
    """How long (ns) the pod's containers take to stop within *grace* seconds; None if no kubelet will tell."""
    node = cluster.informers.get("nodes", pod["spec"].get("nodeName", ""))
    if node is None or ready_status(node) != "True":
        return None
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    running = {status["name"] for status in statuses if "running" in (status.get("state") or {})}
    if is_terminal(pod) or not running:
        return 0
    waits = [0]
    for container in pod["spec"]["containers"]:
        if container["name"] not in running:
            continue
        if behaviour_of(container, cluster.world.images).ignores_sigterm:
            return grace * SECOND
        hook = (container.get("lifecycle") or {}).get("preStop") or {}
        waits.append((hook.get("sleep") or {}).get("seconds", 0))
    return min(max(waits), grace) * SECOND
