"""The facts behind refusals: which taint, how much is free, which pod has the port.

Kubernetes' own texts leave these out; views show them beside the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from k8scourse.component_helpers.tolerations import untolerated_taints
from k8scourse.scheduler.cycle import matrix
from k8scourse.scheduler.framework import Code, CycleState, Status
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.plugins.node_ports import conflicts
from k8scourse.scheduler.plugins.pod_topology_spread import PodTopologySpread, hard_counts
from k8scourse.scheduler.pod_info import PodInfo
from k8scourse.scheduler.records import FIELDS
from k8scourse.scheduler.snapshot import Snapshot

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """Why one plugin refuses a pod on one node."""

    plugin: str
    reasons: tuple[str, ...]
    """Kubernetes' texts."""
    resolvable: bool
    """Whether removing pods could help."""
    field: str
    """The pod's field that the plugin reads."""
    facts: Facts = dataclass_field(default_factory=dict)
    """What the texts leave out; plain data."""


def explain(pod: PodInfo, snapshot: Snapshot) -> dict[str, tuple[Finding, ...]]:
    """All findings against *pod* by node name; a node without any would do.

    The scheduler itself reports the first of each node only.
    """
    table = matrix(pod, snapshot)
    state = CycleState(snapshot)
    PodTopologySpread().pre_filter(state, pod)
    found: dict[str, tuple[Finding, ...]] = {}
    for name, row in table.rows.items():
        node = snapshot.nodes[name]
        refusals = [table.refusal] if table.refusal else []
        refusals += [status for status in row.values() if status is not None]
        found[name] = tuple(_finding(status, state, pod, node) for status in refusals)
    return found


def _finding(status: Status, state: CycleState, pod: PodInfo, node: NodeInfo) -> Finding:
    facts = _FACTS.get(status.plugin)
    return Finding(
        status.plugin,
        status.reasons,
        status.code is Code.UNSCHEDULABLE,
        FIELDS[status.plugin],
        facts(state, pod, node) if facts else {},
    )


def _taints(state: CycleState, pod: PodInfo, node: NodeInfo) -> Facts:
    """The taints that no toleration matches."""
    return {"taints": [dict(taint) for taint in untolerated_taints(node.taints, pod.traits.tolerations)]}


def _affinity(state: CycleState, pod: PodInfo, node: NodeInfo) -> Facts:
    """The labels that nodeSelector misses, and whether nodeAffinity fails too."""
    required = pod.traits.required
    missing = {key: value for key, value in required.node_selector.items() if node.labels.get(key) != value}
    alone = required._replace(node_selector={})
    return {"nodeSelector": missing, "nodeAffinity": not alone.matches(node.node)}


def _ports(state: CycleState, pod: PodInfo, node: NodeInfo) -> Facts:
    """The ports that are taken, and by whom."""
    taken = [
        {"port": port.port, "protocol": port.protocol, "hostIP": port.ip, "pod": "/".join(other.key)}
        for port in pod.traits.host_ports
        for other in node.pods.values()
        if conflicts((port,), other.traits.host_ports)
    ]
    return {"ports": sorted(taken, key=lambda entry: (entry["port"], entry["pod"]))}


def _resources(state: CycleState, pod: PodInfo, node: NodeInfo) -> Facts:
    """For each amount that is short: asked for, in use, and offered (milli-CPU, bytes or pieces)."""
    asked, offered = pod.traits.requests, node.allocatable.resources
    rows = {
        "pods": (1, len(node.pods), node.allocatable.pods),
        "cpu": (asked.milli_cpu, node.milli_cpu, offered.milli_cpu),
        "memory": (asked.memory, node.memory, offered.memory),
        "ephemeral-storage": (asked.ephemeral_storage, node.ephemeral_storage, offered.ephemeral_storage),
        **{
            name: (amount, node.scalar.get(name, 0), offered.scalar.get(name, 0))
            for name, amount in asked.scalar.items()
        },
    }
    return {
        name: {"requested": wanted, "used": used, "capacity": capacity}
        for name, (wanted, used, capacity) in rows.items()
        if wanted and wanted > capacity - used
    }


def _spread(state: CycleState, pod: PodInfo, node: NodeInfo) -> Facts:
    """For each constraint: the node's domain, the pods in each domain, and how uneven they may be."""
    counts = hard_counts(state)
    if counts is None:
        return {}
    return {
        "constraints": [
            {
                "topologyKey": constraint.topology_key,
                "domain": node.labels.get(constraint.topology_key),
                "pods": dict(sorted(counts.pods[index].items())),
                "fewest": counts.minimum(index),
                "maxSkew": constraint.max_skew,
            }
            for index, constraint in enumerate(counts.constraints)
        ]
    }


_FACTS: Mapping[str, Callable[[CycleState, PodInfo, NodeInfo], Facts]] = {
    "TaintToleration": _taints,
    "NodeAffinity": _affinity,
    "NodePorts": _ports,
    "NodeResourcesFit": _resources,
    "PodTopologySpread": _spread,
}
