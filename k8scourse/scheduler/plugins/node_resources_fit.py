"""NodeResourcesFit: requests must fit into what is free; the emptier node scores higher (LeastAllocated)."""

from __future__ import annotations

from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import (
    MAX_NODE_SCORE,
    Code,
    CycleState,
    HintContext,
    Plugin,
    Reads,
    Status,
    interest,
)
from k8scourse.scheduler.node_info import Allocatable, NodeInfo
from k8scourse.scheduler.pod_info import PodInfo, Resources

NAME = "NodeResourcesFit"


def insufficient(requests: Resources, node: NodeInfo) -> tuple[list[str], bool]:
    """What is short for *requests* on *node*, as reasons, and whether the empty node would be too small as well."""
    reasons: list[str] = []
    hopeless = False
    offered = node.allocatable
    if len(node.pods) + 1 > offered.pods:
        reasons.append(messages.TOO_MANY_PODS)
    total = offered.resources
    rows = (
        ("cpu", requests.milli_cpu, total.milli_cpu, node.milli_cpu),
        ("memory", requests.memory, total.memory, node.memory),
        ("ephemeral-storage", requests.ephemeral_storage, total.ephemeral_storage, node.ephemeral_storage),
    )
    for name, wanted, capacity, used in rows:
        if wanted > 0 and wanted > capacity - used:
            reasons.append(messages.INSUFFICIENT.format(resource=name))
            hopeless = hopeless or wanted > capacity
    for name, wanted in requests.scalar.items():
        capacity = total.scalar.get(name, 0)
        if wanted and wanted > capacity - node.scalar.get(name, 0):
            reasons.append(messages.INSUFFICIENT.format(resource=name))
            hopeless = hopeless or wanted > capacity
    return reasons, hopeless


def _frees_resources(context: HintContext) -> bool:
    old, new = context.old, context.new
    if new is None:
        return bool(old.node_name or old.nominated_node)
    if new.uid == context.pod.uid:
        return True
    if not new.node_name:
        return False
    wanted, before, after = context.pod.traits.requests, old.traits.requests, new.traits.requests
    return (
        (wanted.milli_cpu > 0 and before.milli_cpu > after.milli_cpu)
        or (wanted.memory > 0 and before.memory > after.memory)
        or (wanted.ephemeral_storage > 0 and before.ephemeral_storage > after.ephemeral_storage)
        or any(
            amount and before.scalar.get(name, 0) > after.scalar.get(name, 0) for name, amount in wanted.scalar.items()
        )
    )


def _grew_enough(context: HintContext) -> bool:
    requests = context.pod.traits.requests
    if insufficient(requests, NodeInfo(context.new))[0]:
        return False
    return context.old is None or _offers_more(requests, Allocatable(context.old), Allocatable(context.new))


def _offers_more(requests: Resources, before: Allocatable, after: Allocatable) -> bool:
    if after.pods > before.pods:
        return True
    old, new = before.resources, after.resources
    return (
        (requests.milli_cpu > 0 and new.milli_cpu > old.milli_cpu)
        or (requests.memory > 0 and new.memory > old.memory)
        or (requests.ephemeral_storage > 0 and new.ephemeral_storage > old.ephemeral_storage)
        or any(amount and new.scalar.get(name, 0) > old.scalar.get(name, 0) for name, amount in requests.scalar.items())
    )


class NodeResourcesFit(Plugin):
    """Source: kubernetes: plugins/noderesources/fit.go and least_allocated.go."""

    name = NAME
    reads = Reads.PODS
    filters = True
    scores = True
    interests = (
        interest("Pod", "Delete", "UpdatePodScaleDown", hint=_frees_resources),
        interest("Node", "Add", "UpdateNodeAllocatable", hint=_grew_enough),
    )

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse a node that is short of something, naming all that is short."""
        requests, total = pod.traits.requests, node.allocatable
        if (
            not requests.scalar
            and len(node.pods) < total.pods
            and requests.milli_cpu <= total.resources.milli_cpu - node.milli_cpu
            and requests.memory <= total.resources.memory - node.memory
            and not requests.ephemeral_storage
        ):
            return None
        reasons, hopeless = insufficient(requests, node)
        if not reasons:
            return None
        return Status(Code.UNRESOLVABLE if hopeless else Code.UNSCHEDULABLE, tuple(reasons), NAME)

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The mean of the free shares of CPU and memory with the pod on the node, in percent, each rounded down.

        Containers without requests count with defaults here. A resource that the node does not offer is left out.
        """
        cpu, memory = pod.traits.scoring_requests
        total = node.allocatable.resources
        scores: list[int] = []
        if total.milli_cpu:
            free = total.milli_cpu - node.scoring_milli_cpu - cpu
            scores.append(free * MAX_NODE_SCORE // total.milli_cpu if free > 0 else 0)
        if total.memory:
            free = total.memory - node.scoring_memory - memory
            scores.append(free * MAX_NODE_SCORE // total.memory if free > 0 else 0)
        return sum(scores) // len(scores) if scores else 0
