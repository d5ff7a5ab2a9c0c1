"""NodeName: a pod that names its node fits no other."""

from __future__ import annotations

from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import Code, CycleState, Plugin, Status, interest
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import PodInfo

_REFUSAL = Status(Code.UNRESOLVABLE, (messages.NODE_NAME,), "NodeName")


class NodeName(Plugin):
    """Source: kubernetes: plugins/nodename."""

    name = "NodeName"
    filters = True
    interests = (interest("Node", "Add"),)

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse every node but spec.nodeName, when that is set."""
        return None if pod.node_name in ("", node.name) else _REFUSAL
