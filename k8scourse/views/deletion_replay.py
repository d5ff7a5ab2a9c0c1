"""How a deletion goes, tried on a fork of the cluster: with all that its controllers make of it.

A second fork lives through the same time without the deletion; what happens there as well is no consequence of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.controllers import garbage_graph as graphs
from k8scourse.controllers.namespace import NamespaceController
from k8scourse.kubelet.kubelet import Kubelet
from k8scourse.origins import Reference
from k8scourse.simulation.journal import Decision
from k8scourse.views.deletion_steps import (
    ASKED,
    FREE,
    GONE,
    MADE,
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

_LEFT_OUT = frozenset({"Event", "Lease"})
"""Kinds that only report."""
_REASONS = {
    Kubelet.name: STOPPED,
    NamespaceController.name: "its namespace is being deleted",
}
"""Why a component removes objects, where it does not write it down."""


def replay(cluster: Cluster, obj: Object, resource: ResourceInfo, policy: str, within: int) -> Course:
    """What happens in the first *within* nanoseconds after *obj* was deleted with *policy*.

    Raises ApiError if the API server refuses the deletion.
    """
    idle, twin = cluster.fork(), cluster.fork()
    nothing, watcher = _Watcher(idle, obj), _Watcher(twin, obj)
    _, namespace, name = reference(obj)
    twin.delete(resource.group_resource, name, namespace=namespace or "default", propagationPolicy=policy)
    twin.run(within)
    idle.run(within)
    anyway = {(step.what, step.object) for step in nothing.steps}
    steps = tuple(step for step in watcher.told() if (step.what, step.object) not in anyway)
    begun = {step.object for step in steps if step.what == WAITS}.union([reference(obj)])
    return Course(steps, tuple(one for one in watcher.left() if one.object in begun))


class _Watcher:
    """Hears of every write of a cluster and makes steps of them (apiserver.storage.Listener)."""

    def __init__(self, cluster: Cluster, target: Object) -> None:
        self._cluster = cluster
        self._start = cluster.now
        self._noted = cluster.journal.end
        self._decided: dict[tuple[str, Reference], Decision] = {}
        self._newest: dict[str, Decision] = {}
        self._since = self._noted
        self._waiting: dict[str, Object] = {}
        if graphs.is_being_deleted(target):
            self._waiting[target["metadata"]["uid"]] = target
        self.steps: list[DeletionStep] = []
        cluster.listen(self)

    def changed(self, group_resource: str, old: Object | None, new: Object | None) -> None:
        """Make a step of a write, if it begins or ends an object's life or cuts it loose from an owner."""
        obj = new if new is not None else old
        if obj is None or obj["kind"] in _LEFT_OUT:
            return
        uid = obj["metadata"]["uid"]
        if new is None:
            self._waiting.pop(uid, None)
        elif graphs.is_being_deleted(new):
            self._waiting[uid] = new
        what = _what(old, new)
        if what:
            by = self._cluster.acting or YOU
            reason = self._reason(by, what, reference(obj))
            self.steps.append(DeletionStep(self._cluster.now - self._start, what, reference(obj), by, reason))

    def _reason(self, by: str, what: str, subject: Reference) -> str:
        journal = self._cluster.journal
        for decision in journal.since(self._noted):
            self._decided[decision.component, decision.subject] = decision
            self._newest[decision.component] = decision
        self._noted = journal.end
        if by == YOU:
            return ASKED
        decision = self._decided.get((by, subject))
        if decision is None and what == GONE and by in _REASONS:
            return _REASONS[by]
        decision = decision or self._newest.get(by)
        if decision is not None and decision.time == self._cluster.now:
            return decision.rule
        return _REASONS.get(by, "")

    def told(self) -> list[DeletionStep]:
        """The steps; those whose component wrote its reason down only afterwards have it, too."""
        later = {(decision.component, decision.time - self._start): decision.rule
                 for decision in self._cluster.journal.since(self._since)}  # fmt: skip
        return [
            step if step.reason else step._replace(reason=later.get((step.by, step.time), "")) for step in self.steps
        ]

    def left(self) -> list[Leftover]:
        """The objects whose deletion has begun and has not ended."""
        return [Leftover(reference(obj), _wish(obj)) for obj in self._waiting.values()]


def _what(old: Object | None, new: Object | None) -> str:
    if old is None or new is None:
        return MADE if old is None else GONE
    if graphs.is_being_deleted(new) and not graphs.is_being_deleted(old):
        return WAITS
    before = old["metadata"].get("ownerReferences")
    after = new["metadata"].get("ownerReferences")
    if before is after or before == after:
        return ""
    return FREE if graphs.reference_changes(old, new).removed else ""


def _wish(obj: Object) -> str:
    finalizers: list[str] = list(obj["metadata"].get("finalizers") or ())
    return waiting_for(finalizers, kubelet=bool(obj["metadata"].get("deletionGracePeriodSeconds")))
