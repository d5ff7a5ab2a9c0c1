"""NodePorts: two pods cannot take the same port of a node."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import (
    SKIP,
    Code,
    CycleState,
    HintContext,
    Plugin,
    PreFilterResult,
    Reads,
    Status,
    interest,
)
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import HostPort, PodInfo

ANY_IP = "0.0.0.0"
_REFUSAL = Status(Code.UNSCHEDULABLE, (messages.NODE_PORTS,), "NodePorts")


def conflicts(wanted: Iterable[HostPort], used: Collection[HostPort]) -> bool:
    """Whether one of *wanted* is taken by one of *used*: same port and protocol, and same IP or one of them any IP."""
    return any(
        port.port == other.port
        and port.protocol == other.protocol
        and (port.ip == other.ip or ANY_IP in (port.ip, other.ip))
        for port in wanted
        for other in used
    )


def _frees_a_wanted_port(context: HintContext) -> bool:
    gone: PodInfo = context.old
    if not gone.node_name and not gone.nominated_node:
        return False
    return conflicts(context.pod.traits.host_ports, gone.traits.host_ports)


class NodePorts(Plugin):
    """Source: kubernetes: plugins/nodeports."""

    name = "NodePorts"
    reads = Reads.PODS
    filters = True
    interests = (interest("Pod", "Delete", hint=_frees_a_wanted_port), interest("Node", "Add"))

    def pre_filter(self, state: CycleState, pod: PodInfo) -> PreFilterResult:
        """Skip pods without host ports."""
        return None if pod.traits.host_ports else SKIP

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse a node where one of the ports is taken."""
        return _REFUSAL if conflicts(pod.traits.host_ports, node.ports) else None
