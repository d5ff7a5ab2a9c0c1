"""The timeline: which revision changed what, and when, for the kinds that a learner works with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.storage import key_prefix
from k8scourse.component_helpers.pod_status import is_pod_ready, pod_condition
from k8scourse.etcd.store import Change
from k8scourse.views.clock import clock
from k8scourse.views.cluster_map import taint_text
from k8scourse.views.markup import table, view
from k8scourse.views.snapshot import elapsed_at

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = Mapping[str, Any]

_KINDS = ("Pod", "Node", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "CronJob",
          "ReplicationController", "PodDisruptionBudget", "PriorityClass", "Service")  # fmt: skip
"""Kinds on the timeline; events and leases only report, and would hide what happens."""
_SHOWN_IN_FULL = ("Pod", "Node")
"""Kinds whose status is a story of its own."""


def timeline(cluster: Cluster, *, after: int = 0) -> list[dict[str, Any]]:
    """The kept changes with a revision greater than *after*: ``{revision, time, label, text}``, oldest first.

    What the cluster sets up for itself before its first node joins is left out.
    """
    moments: list[dict[str, Any]] = []
    start = after or _before_first_node(cluster)
    for change in cluster.store.changes(max(start, cluster.store.oldest)):
        text = change_text(change)
        if text:
            time = clock(elapsed_at(cluster, change.revision))
            label = f"revision {change.revision}, {time}"
            moments.append({"revision": change.revision, "time": time, "label": label, "text": text})
    return moments


def _before_first_node(cluster: Cluster) -> int:
    """The revision right before the first kept creation of a Node; 0 where there is none."""
    prefix = key_prefix("nodes")
    created = (one for one in cluster.store.changes(cluster.store.oldest) if one.key.startswith(prefix))
    return next((one.revision - 1 for one in created if one.previous is None), 0)


def present(cluster: Cluster) -> dict[str, Any]:
    """The moment that stands alone where nothing has happened yet."""
    time = clock(cluster.now - cluster.world.clock)
    label = f"revision {cluster.revision}, {time}"
    return {"revision": cluster.revision, "time": time, "label": label, "text": "nothing has changed yet"}


def change_text(change: Change) -> str:
    """What a revision did, in a few words; empty for what the timeline leaves out."""
    before: Object | None = change.previous.value if change.previous else None
    after: Object | None = change.record.value if change.record else None
    obj = after or before
    if obj is None or obj.get("kind", "") not in _KINDS or obj["metadata"].get("namespace") == "kube-system":
        return ""
    name = f"{obj['kind'].lower()} {obj['metadata']['name']}"
    if before is None:
        return f"{name} created"
    if after is None:
        return f"{name} is gone"
    if obj["kind"] not in _SHOWN_IN_FULL and all(path.startswith("status") for path in _changed_fields(before, after)):
        return ""  # a controller counts: what it counts has its own moments
    return f"{name}: {_difference(before, after)}"


def _difference(before: Object, after: Object) -> str:
    if after["metadata"].get("deletionTimestamp") and not before["metadata"].get("deletionTimestamp"):
        return "asked to stop"
    words = _pod_words(before, after) if after["kind"] == "Pod" else _node_words(before, after)
    return ", ".join(words) or f"changed {', '.join(_changed_fields(before, after))}"


def _pod_words(before: Object, after: Object) -> list[str]:
    words: list[str] = []
    node, phase = after["spec"].get("nodeName"), after.get("status", {}).get("phase")
    if node and node != before["spec"].get("nodeName"):
        words.append(f"bound to {node}")
    if phase != before.get("status", {}).get("phase"):
        words.append(f"is {phase}")
    if _unschedulable(after) and not _unschedulable(before):
        words.append("fits no node")
    if is_pod_ready(after) != is_pod_ready(before):
        words.append("ready" if is_pod_ready(after) else "not ready")
    return words


def _unschedulable(pod: Object) -> bool:
    return (pod_condition(pod, "PodScheduled") or {}).get("reason") == "Unschedulable"


def _node_words(before: Object, after: Object) -> list[str]:
    if after["kind"] != "Node":
        return []
    words: list[str] = []
    old = [taint_text(taint) for taint in before["spec"].get("taints") or []]
    new = [taint_text(taint) for taint in after["spec"].get("taints") or []]
    words += [f"tainted {taint}" for taint in new if taint not in old]
    words += [f"untainted {taint}" for taint in old if taint not in new]
    if bool(after["spec"].get("unschedulable")) != bool(before["spec"].get("unschedulable")):
        words.append("cordoned" if after["spec"].get("unschedulable") else "uncordoned")
    return words


def _changed_fields(before: Object, after: Object) -> list[str]:
    """The paths that differ, two levels deep; a write that changes nothing visible only touched the metadata."""
    paths: list[str] = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            inner = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
            paths += [f"{name}.{key}" for key in inner if key not in ("resourceVersion", "managedFields")]
        else:
            paths.append(name)
    return paths or ["metadata"]


def to_html(moments: list[dict[str, Any]]) -> str:
    """The timeline as a table."""
    rows = [[str(moment["revision"]), moment["time"], moment["text"]] for moment in moments]
    return view("timeline", "Timeline", table(["Revision", "Time", "What happened"], rows, caption="Changes in order"))


def to_text(moments: list[dict[str, Any]]) -> str:
    """The timeline as plain text, one change per line."""
    return "\n".join(f"{moment['time']}  {moment['revision']:>5}  {moment['text']}" for moment in moments)
