"""What the journal keeps of a scheduling cycle; everything else is worked out again from the revision it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.scheduler.cycle import Outcome

FIELDS: Mapping[str, str] = {
    "SchedulingGates": "spec.schedulingGates",
    "NodeUnschedulable": "spec.tolerations",
    "NodeName": "spec.nodeName",
    "TaintToleration": "spec.tolerations",
    "NodeAffinity": "spec.affinity.nodeAffinity",
    "NodePorts": "spec.containers",
    "NodeResourcesFit": "spec.containers",
    "PodTopologySpread": "spec.topologySpreadConstraints",
    "InterPodAffinity": "spec.affinity",
}
"""The field of the pod that each filter plugin reads."""


def rejection_field(plugins: Sequence[str]) -> str | None:
    """The pod's field that keeps it pending, None when several plugins refuse it."""
    return FIELDS.get(plugins[0]) if len(plugins) == 1 else None


def scheduled_detail(outcome: Outcome) -> dict[str, Any]:
    """For a pod that was placed: how many nodes there were, how many would have done, and what ruled out the rest."""
    return {
        "node": outcome.node,
        "nodes": outcome.total,
        "feasible": outcome.feasible,
        "score": outcome.score,
        "reasons": tuple(sorted(outcome.reasons.items())),
    }


def rejection_detail(outcome: Outcome) -> dict[str, Any]:
    """For a pod that does not fit: the message, and the nodes behind each reason."""
    nodes: dict[str, list[str]] = {}
    for name in sorted(outcome.statuses):
        for reason in outcome.statuses[name].reasons:
            nodes.setdefault(reason, []).append(name)
    return {
        "message": outcome.message,
        "reasons": tuple((reason, tuple(names)) for reason, names in sorted(nodes.items())),
        "nominated": outcome.nominated,
        "victims": tuple(victim.key for victim in outcome.victims),
    }
