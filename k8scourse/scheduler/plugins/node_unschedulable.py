"""NodeUnschedulable: cordoned nodes take no pods."""

from __future__ import annotations

from k8scourse.component_helpers import taints
from k8scourse.component_helpers.tolerations import NO_SCHEDULE, any_tolerates
from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import Code, CycleState, HintContext, Plugin, Status, interest
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import PodInfo

CORDONED = taints.make_taint(taints.UNSCHEDULABLE, NO_SCHEDULE)
_REFUSAL = Status(Code.UNRESOLVABLE, (messages.UNSCHEDULABLE,), "NodeUnschedulable")


def _was_uncordoned(context: HintContext) -> bool:
    old, new = context.old, context.new
    if new["spec"].get("unschedulable"):
        return False
    return old is None or bool(old["spec"].get("unschedulable"))


def _tolerates_cordon(context: HintContext) -> bool:
    new = context.new
    return new is not None and new.uid == context.pod.uid and any_tolerates(new.traits.tolerations, CORDONED)


class NodeUnschedulable(Plugin):
    """Source: kubernetes: plugins/nodeunschedulable."""

    name = "NodeUnschedulable"
    filters = True
    interests = (
        interest("Node", "Add", "UpdateNodeTaint", hint=_was_uncordoned),
        interest("Pod", "UpdatePodToleration", hint=_tolerates_cordon),
    )

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse a node with spec.unschedulable, unless the pod tolerates the taint that goes with it."""
        if not node.node.get("spec", {}).get("unschedulable") or any_tolerates(pod.traits.tolerations, CORDONED):
            return None
        return _REFUSAL
