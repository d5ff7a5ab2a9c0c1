"""The smallest edit that would change a refusal: candidates are tried on forks, the smallest first.

What is reported has happened on a fork; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from k8scourse.component_helpers.pod_status import is_terminating
from k8scourse.machinery.status import ApiError
from k8scourse.origins import Place
from k8scourse.scheduler.explanation import Finding
from k8scourse.scheduler.explanation import explain as findings_of
from k8scourse.scheduler.pod_info import pod_info
from k8scourse.scheduler.replay import SEEN
from k8scourse.scheduler.snapshot import Snapshot, snapshot_of
from k8scourse.views.edits import Edit, meaning, smallest_first
from k8scourse.views.pod_edits import pod_edits
from k8scourse.views.snapshot import pod_key

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]

MOST_TRIES = 200
"""Edits tried before the search gives up."""
MOST_REMEDIES = 3
PATIENCE = "60s"
"""For how long victims of a preemption may take to leave."""

_REPELLING = ("TaintToleration", "NodeUnschedulable")


@dataclass(frozen=True, slots=True)
class Remedy:
    """An edit that works, and what it leads to."""

    edit: Edit
    effect: str
    """What would happen, e.g. ``pod gpu-pod would run on n1``."""
    opens: tuple[str, ...] = ()
    """Further nodes whose taints would no longer keep the pod away."""
    place: Place | None = None

    def to_dict(self) -> dict[str, Any]:
        """The remedy as plain JSON."""
        place = None if self.place is None else self.place._asdict()
        return {"edit": str(self.edit), "effect": self.effect, "opens": list(self.opens), "place": place}

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        opens = f"; it also opens {_names(self.opens)}" if self.opens else ""
        return f"{where}{self.edit}\n  {self.effect}{opens}"


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found: the smallest remedies, or none among *tried* edits."""

    remedies: tuple[Remedy, ...]
    tried: int


def _names(nodes: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(nodes[:most])
    return f"{shown} and {len(nodes) - most} more" if len(nodes) > most else shown


def search(obj: Object, edits: Sequence[Edit], works: Callable[[Object], Remedy | None]) -> Search:
    """Try *edits* of *obj*, which are in the order of their size, until enough of them work.

    *works* tries an edited object and gives what it leads to.
    """
    found: dict[str, Remedy] = {}
    tried = 0
    for edit in edits:
        tried += 1
        edited = edit.apply(obj)
        outcome = works(edited)
        if outcome is not None:
            found.setdefault(meaning(edited), Remedy(edit, outcome.effect, outcome.opens))
            if len(found) == MOST_REMEDIES:
                break
    return Search(tuple(found.values()), tried)


def pod_search(cluster: Cluster, pod: Object, stored: Object) -> Search:
    """Edits of *pod* (as its manifest has it) after which it would run; *stored* is the pod that waits."""
    snapshot = snapshot_of(_objects(cluster, stored))
    classes = [one["metadata"]["name"] for one in cluster.list("priorityclasses.scheduling.k8s.io")]
    owners = stored["metadata"].get("ownerReferences") or ()
    daemon = any(one["kind"] == "DaemonSet" for one in owners)
    edits = smallest_first(pod_edits(pod, snapshot, classes, of_daemon=daemon), pod, limit=MOST_TRIES)
    before = repelled(stored, snapshot)

    def works(edited: Object) -> Remedy | None:
        fork = _replaced(cluster, edited)
        if fork is None:
            return None
        now = fork.get("pod", edited["metadata"]["name"], namespace=edited["metadata"]["namespace"])
        node = now["spec"]["nodeName"]
        opened = before - repelled(now, snapshot) - {node}
        effect = f"pod {edited['metadata']['name']} would run on {node}{_instead_of(cluster, fork, stored)}"
        return Remedy(Edit("", ()), effect, tuple(sorted(opened)))

    return search(pod, edits, works)


def _instead_of(cluster: Cluster, fork: Cluster, stored: Object) -> str:
    """The pods that would have to go, in words."""
    before = {pod_key(pod): pod for pod in cluster.informers.list("pods") if not is_terminating(pod)}
    after = {pod_key(pod) for pod in fork.informers.list("pods") if not is_terminating(pod)}
    gone = sorted(key for key in before if key not in after and key != pod_key(stored))
    return f", and {_names(gone)} would be stopped for it" if gone else ""


def _replaced(cluster: Cluster, pod: Object) -> Cluster | None:
    """A fork in which *pod* has taken the place of the one with its name and was scheduled; None where it was not."""
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    fork = cluster.fork()
    try:
        with fork.paused():
            fork.delete("pod", name, namespace=namespace, gracePeriodSeconds=0)
            fork.create(pod)
        now = fork.get("pod", name, namespace=namespace)
        if not now["spec"].get("nodeName") and (now.get("status") or {}).get("nominatedNodeName"):
            fork.run(PATIENCE)
            now = fork.get("pod", name, namespace=namespace)
    except ApiError:
        return None
    return fork if now["spec"].get("nodeName") and (now.get("status") or {}).get("phase") != "Failed" else None


def _objects(cluster: Cluster, without: Object) -> list[Object]:
    """What the scheduler sees, but for one pod."""
    uid = without["metadata"].get("uid")
    found = [obj for resource in SEEN for obj in cluster.list(resource, namespace=None)]
    return [obj for obj in found if obj["metadata"].get("uid") != uid]


def _unbound(pod: Object) -> Object:
    return {**pod, "spec": {name: value for name, value in pod["spec"].items() if name != "nodeName"}}


def repelled(pod: Object, snapshot: Snapshot) -> set[str]:
    """The nodes whose taints, or whose being cordoned, keep *pod* away."""
    found = findings_of(pod_info(_unbound(pod)), snapshot)
    return {node for node, findings in found.items() if any(one.plugin in _REPELLING for one in findings)}


def findings(cluster: Cluster, pod: Object) -> dict[str, tuple[Finding, ...]]:
    """Everything against *pod* by node, in the cluster as it is."""
    return findings_of(pod_info(_unbound(pod)), snapshot_of(_objects(cluster, pod)))
