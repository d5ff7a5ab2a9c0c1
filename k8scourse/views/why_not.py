"""Why a pod may or may not run on each node: every plugin of the scheduler, asked about every node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from k8scourse.scheduler.explanation import explain
from k8scourse.scheduler.pod_info import pod_info
from k8scourse.scheduler.snapshot import snapshot_of
from k8scourse.views.finding_texts import reasons_with_facts
from k8scourse.views.snapshot import pod_key

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster, PastCluster

Object = Mapping[str, Any]

_LOOKED_UP = (
    "nodes",
    "namespaces",
    "services",
    "replicationcontrollers",
    "replicasets.apps",
    "statefulsets.apps",
    "poddisruptionbudgets.policy",
)


def node_verdicts(cluster: Cluster | PastCluster, pod: str) -> Mapping[str, Sequence[str]] | None:
    """For each node all reasons against *pod* ("namespace/name") there, the one that the scheduler reports first.

    Behind each reason stands what it is about: the taint, the missing label, how much there is.
    A pod that runs already is asked about as if it were not there yet. None when there is no such pod.
    """
    if not pod:
        return None
    pods = cluster.list("pods", namespace=None)
    chosen = next((one for one in pods if pod_key(one) == pod), None)
    if chosen is None:
        return None
    objects = [one for one in pods if one is not chosen]
    for resource in _LOOKED_UP:
        objects += cluster.list(resource, namespace=None)
    free = {**chosen, "spec": {name: value for name, value in chosen["spec"].items() if name != "nodeName"}}
    findings = explain(pod_info(free), snapshot_of(objects))
    return {node: [text for one in found for text in reasons_with_facts(one)] for node, found in findings.items()}
