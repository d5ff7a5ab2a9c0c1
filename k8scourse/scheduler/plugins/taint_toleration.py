"""TaintToleration: taints that the pod does not tolerate keep it off (NoSchedule, NoExecute) or make a node worse."""

from __future__ import annotations

from k8scourse.component_helpers.tolerations import PREFER_NO_SCHEDULE, find_untolerated_taint, untolerated_taints
from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import Code, CycleState, HintContext, Plugin, Status, interest, normalize_to_max
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import PodInfo

_REFUSAL = Status(Code.UNRESOLVABLE, (messages.UNTOLERATED_TAINT,), "TaintToleration")


def _became_tolerable(context: HintContext) -> bool:
    tolerations = context.pod.traits.tolerations

    def is_refused(node: dict[str, object]) -> bool:
        taints = node["spec"].get("taints") or ()  # type: ignore[attr-defined]
        return find_untolerated_taint(taints, tolerations) is not None

    return (context.old is None or is_refused(context.old)) and not is_refused(context.new)


def _is_the_pod(context: HintContext) -> bool:
    return context.new is not None and context.new.uid == context.pod.uid


class TaintToleration(Plugin):
    """Source: kubernetes: plugins/tainttoleration."""

    name = "TaintToleration"
    filters = True
    scores = True
    normalizes = True
    interests = (
        interest("Node", "Add", "UpdateNodeTaint", hint=_became_tolerable),
        interest("Pod", "UpdatePodToleration", hint=_is_the_pod),
    )

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse a node with a NoSchedule or NoExecute taint that no toleration matches."""
        taints = node.taints
        if not taints or find_untolerated_taint(taints, pod.traits.tolerations) is None:
            return None
        return _REFUSAL

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """How many PreferNoSchedule taints the pod does not tolerate."""
        taints = node.taints
        return len(untolerated_taints(taints, pod.traits.tolerations, (PREFER_NO_SCHEDULE,))) if taints else 0

    def normalize(self, state: CycleState, scores: list[int]) -> list[int]:
        """The fewer the better: 100 without such taints, 0 for the node with most of them."""
        return normalize_to_max(scores, reverse=True)
