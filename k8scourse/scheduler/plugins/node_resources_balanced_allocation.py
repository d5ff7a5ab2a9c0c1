"""NodeResourcesBalancedAllocation: prefers nodes whose shares of CPU and memory in use come closer to each other."""

from __future__ import annotations

from collections.abc import Sequence

from k8scourse.scheduler.framework import MAX_NODE_SCORE, CycleState, Group, Plugin, Reads
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import PodInfo


def balance(milli_cpu: int, memory: int, node: NodeInfo) -> int:
    """How even the shares are when *milli_cpu* and *memory* (bytes) of the node are requested: 50 to 100."""
    total = node.allocatable.resources
    if not total.milli_cpu or not total.memory:
        return MAX_NODE_SCORE
    first = min(milli_cpu / total.milli_cpu, 1.0)
    second = min(memory / total.memory, 1.0)
    return int((1 - abs((first - second) / 2)) * MAX_NODE_SCORE)


class NodeResourcesBalancedAllocation(Plugin):
    """Scores the improvement, not the state: 75 when the pod changes nothing, up to 100 when it evens things out.

    Source: kubernetes: plugins/noderesources/balanced_allocation.go
    """

    name = "NodeResourcesBalancedAllocation"
    reads = Reads.PODS
    scores = True

    def pre_score(self, state: CycleState, pod: PodInfo, groups: Sequence[Group]) -> bool:
        """Skip pods that request neither CPU nor memory."""
        return bool(pod.traits.requests.milli_cpu or pod.traits.requests.memory)

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """50 + (50 + balance with the pod - balance without it) / 2."""
        requests = pod.traits.requests
        after = balance(node.milli_cpu + requests.milli_cpu, node.memory + requests.memory, node)
        before = balance(node.milli_cpu, node.memory, node)
        half = MAX_NODE_SCORE // 2
        return half + int((half + after - before) / 2)
