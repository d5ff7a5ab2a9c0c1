"""SchedulingGates: a pod with gates stays out of the active queue."""

from __future__ import annotations

from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import Code, HintContext, Plugin, Status, interest
from k8scourse.scheduler.pod_info import PodInfo


def _is_the_pod(context: HintContext) -> bool:
    return context.new is not None and context.new.uid == context.pod.uid


class SchedulingGates(Plugin):
    """Source: kubernetes: plugins/schedulinggates."""

    name = "SchedulingGates"
    interests = (interest("Pod", "UpdatePodSchedulingGatesEliminated", hint=_is_the_pod),)

    def pre_enqueue(self, pod: PodInfo) -> Status | None:
        """Refuse while spec.schedulingGates is not empty."""
        gates = pod.pod["spec"].get("schedulingGates")
        if not gates:
            return None
        names = " ".join(gate["name"] for gate in gates)
        return Status(Code.UNRESOLVABLE, (messages.SCHEDULING_GATES.format(gates=f"[{names}]"),), self.name)
