"""NodeAffinity: nodeSelector and nodeAffinity."""

from __future__ import annotations

from collections.abc import Sequence

from k8scourse.component_helpers.node_affinity import preferred_score
from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import (
    SKIP,
    Code,
    CycleState,
    Group,
    HintContext,
    Plugin,
    PreFilterResult,
    Status,
    interest,
    normalize_to_max,
)
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import PodInfo

_REFUSAL = Status(Code.UNRESOLVABLE, (messages.NODE_AFFINITY,), "NodeAffinity")
_CONFLICT = Status(Code.UNRESOLVABLE, (messages.NODE_AFFINITY_CONFLICT,), "NodeAffinity")


def _began_to_match(context: HintContext) -> bool:
    required = context.pod.traits.required
    return required.matches(context.new) and (context.old is None or not required.matches(context.old))


class NodeAffinity(Plugin):
    """Source: kubernetes: plugins/nodeaffinity."""

    name = "NodeAffinity"
    filters = True
    scores = True
    normalizes = True
    interests = (interest("Node", "Add", "UpdateNodeLabel", hint=_began_to_match),)

    def pre_filter(self, state: CycleState, pod: PodInfo) -> PreFilterResult:
        """Skip pods without demands; narrow the search to the nodes that matchFields name."""
        if pod.traits.required.is_empty:
            return SKIP
        names = pod.traits.only_nodes
        return _CONFLICT if names is not None and not names else names

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse a node that nodeSelector or required nodeAffinity excludes."""
        return None if pod.traits.required.matches(node.node) else _REFUSAL

    def pre_score(self, state: CycleState, pod: PodInfo, groups: Sequence[Group]) -> bool:
        """Score only pods with preferred terms."""
        return bool(pod.traits.preferred)

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The sum of the weights of the preferred terms that match."""
        return preferred_score(pod.traits.preferred, node.node)

    def normalize(self, state: CycleState, scores: list[int]) -> list[int]:
        """The best node gets 100."""
        return normalize_to_max(scores, reverse=False)
