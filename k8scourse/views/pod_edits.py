"""Edits of a pod that may open a node to it, made from what the cluster offers: taints, labels, free resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from k8scourse.component_helpers.tolerations import DO_NOT_SCHEDULE, PREFER_NO_SCHEDULE
from k8scourse.machinery.fieldpath import Path
from k8scourse.machinery.quantity import QuantityError, parse_quantity
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.profile import DEFAULT_SCHEDULER
from k8scourse.scheduler.snapshot import Snapshot
from k8scourse.views.edits import ADD, CHANGE, RENAME, Edit, changes, drops

Object = dict[str, Any]

_FIELDS = (
    "schedulingGates",
    "tolerations",
    "nodeSelector",
    "affinity",
    "topologySpreadConstraints",
    "nodeName",
    "priorityClassName",
)
"""The fields of a pod's spec by which it asks for, or rules out, nodes."""
_EFFECTS = (*DO_NOT_SCHEDULE, PREFER_NO_SCHEDULE)


def pod_edits(
    pod: Object, cluster: Snapshot, priority_classes: Sequence[str] = (), *, of_daemon: bool = False
) -> Iterator[Edit]:
    """Single-field edits of *pod* that could change where it may run in *cluster*.

    A DaemonSet's pod (*of_daemon*) has its node and some tolerations from the controller; nobody can edit those.
    """
    spec = pod.get("spec") or {}
    nodes = list(cluster.ordered())
    fixed = ("affinity", "tolerations") if of_daemon else ()
    yield from drops(pod, [("spec", name) for name in _FIELDS if name not in fixed])
    yield from _tolerations(spec, nodes, only_new=of_daemon)
    yield from _node_selector(spec, nodes)
    if not of_daemon:
        yield from _affinity(spec, nodes)
    yield from _spread(spec)
    for index, container in enumerate(spec.get("containers") or ()):
        yield from _container(container, ("spec", "containers", index), nodes)
    yield from _priority(spec, priority_classes)
    if spec.get("schedulerName", DEFAULT_SCHEDULER) != DEFAULT_SCHEDULER:
        yield from changes(("spec", "schedulerName"), spec["schedulerName"], [DEFAULT_SCHEDULER])


def _priority(spec: Object, classes: Sequence[str]) -> Iterator[Edit]:
    """Other classes, but not those that are meant for the cluster itself."""
    path: Path = ("spec", "priorityClassName")
    own = [name for name in classes if not name.startswith("system-")]
    if "priorityClassName" in spec:
        yield from changes(path, spec["priorityClassName"], own)
    else:
        yield from (Edit(ADD, path, None, name) for name in own)


def _tolerations(spec: Object, nodes: Sequence[NodeInfo], *, only_new: bool) -> Iterator[Edit]:
    taints = _distinct(taint for node in nodes for taint in node.taints)
    offered = {
        "key": _distinct(taint["key"] for taint in taints),
        "value": _distinct(taint["value"] for taint in taints if taint.get("value")),
        "effect": _EFFECTS,
        "operator": ("Exists", "Equal"),
    }
    tolerations = spec.get("tolerations") or []
    for index, toleration in enumerate(() if only_new else tolerations):
        path: Path = ("spec", "tolerations", index)
        for name, values in offered.items():
            if name in toleration:
                yield from changes((*path, name), toleration[name], values)
            else:
                yield from (Edit(ADD, (*path, name), None, value) for value in values)
    place: Path = ("spec", "tolerations", len(tolerations))
    for taint in taints:
        if taint["effect"] in DO_NOT_SCHEDULE:
            value = {"operator": "Equal", "value": taint["value"]} if taint.get("value") else {"operator": "Exists"}
            yield Edit(ADD, place, None, {"key": taint["key"], **value, "effect": taint["effect"]})


def _node_selector(spec: Object, nodes: Sequence[NodeInfo]) -> Iterator[Edit]:
    for key, value in (spec.get("nodeSelector") or {}).items():
        path: Path = ("spec", "nodeSelector", key)
        yield from changes(path, value, _label_values(nodes, key))
        for node in nodes:
            for name in sorted(node.labels):
                if node.labels[name] == value and name != key:
                    yield Edit(RENAME, path, value, name)


def _affinity(spec: Object, nodes: Sequence[NodeInfo]) -> Iterator[Edit]:
    node_affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = node_affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    start: Path = ("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    for number, term in enumerate(required.get("nodeSelectorTerms") or ()):
        for index, expression in enumerate(term.get("matchExpressions") or ()):
            path: Path = (*start, "nodeSelectorTerms", number, "matchExpressions", index)
            keys = _distinct(key for node in nodes for key in sorted(node.labels))
            yield from changes((*path, "key"), expression.get("key"), keys)
            yield from changes((*path, "operator"), expression.get("operator"), ("In", "NotIn"))
            for place, value in enumerate(expression.get("values") or ()):
                yield from changes((*path, "values", place), value, _label_values(nodes, expression.get("key", "")))


def _spread(spec: Object) -> Iterator[Edit]:
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        path: Path = ("spec", "topologySpreadConstraints", index)
        when = constraint.get("whenUnsatisfiable")
        yield from changes((*path, "whenUnsatisfiable"), when, ["ScheduleAnyway"])
        skew = constraint.get("maxSkew")
        if isinstance(skew, int):
            yield from changes((*path, "maxSkew"), skew, [skew + 1])
        yield Edit(ADD, (*path, "nodeTaintsPolicy"), None, "Honor")


def _container(container: Object, path: Path, nodes: Sequence[NodeInfo]) -> Iterator[Edit]:
    resources = container.get("resources") or {}
    for part in ("requests", "limits"):
        for name, amount in (resources.get(part) or {}).items():
            place: Path = (*path, "resources", part, name)
            yield Edit("drop", place, amount)
            free = _most_free(name, nodes)
            if _less(free, amount):
                yield Edit(CHANGE, place, amount, free)
    for index, port in enumerate(container.get("ports") or ()):
        if port.get("hostPort"):
            yield Edit("drop", (*path, "ports", index, "hostPort"), port["hostPort"])


def _most_free(name: str, nodes: Sequence[NodeInfo]) -> str:
    """The largest free amount of a resource on one node, as a quantity; empty when there is none."""
    free = [_free(name, node) for node in nodes]
    best = max(free, default=0)
    if best <= 0:
        return ""
    if name == "cpu":
        return str(parse_quantity(f"{best}m"))
    if name in ("memory", "ephemeral-storage"):
        return str(parse_quantity(f"{best // 2**20}Mi"))
    return str(best)


def _free(name: str, node: NodeInfo) -> int:
    offered = node.allocatable.resources
    if name == "cpu":
        return offered.milli_cpu - node.milli_cpu
    if name == "memory":
        return offered.memory - node.memory
    if name == "ephemeral-storage":
        return offered.ephemeral_storage - node.ephemeral_storage
    return offered.scalar.get(name, 0) - node.scalar.get(name, 0)


def _less(free: str, asked: Any) -> bool:
    try:
        return bool(free) and parse_quantity(free) < parse_quantity(asked)
    except QuantityError:
        return False


def _label_values(nodes: Sequence[NodeInfo], key: str) -> list[str]:
    return _distinct(node.labels[key] for node in nodes if key in node.labels)


def _distinct(values: Iterator[Any]) -> list[Any]:
    """Each value once, in the order of the nodes."""
    found: list[Any] = []
    for value in values:
        plain = dict(value) if isinstance(value, Mapping) else value
        if isinstance(plain, dict):
            plain.pop("timeAdded", None)
        if plain not in found:
            found.append(plain)
    return found
