"""What a kubelet checks before it runs a pod that was bound to its node.

Only resources, node name, node affinity, host ports and NoExecute taints count here: a pod whose nodeName was written
by hand passes a NoSchedule taint.
Source: pkg/kubelet/lifecycle/predicate.go and pkg/scheduler/eventhandlers.go AdmissionCheck
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from k8scourse.component_helpers.node_affinity import required_node_affinity
from k8scourse.component_helpers.pod_requests import parse_resources, pod_requests
from k8scourse.component_helpers.pod_status import is_terminal
from k8scourse.component_helpers.resource_names import is_extended
from k8scourse.component_helpers.tolerations import NO_EXECUTE, find_untolerated_taint
from k8scourse.kubelet import messages
from k8scourse.machinery.quantity import ZERO, Quantity

Object = dict[str, Any]
Rejection = tuple[str, str]
"""Reason and message of a pod that failed admission."""


RequestsOf = Callable[[Object], Mapping[str, Quantity]]


def admit(
    pod: Object, node: Object, others: Iterable[Object], requests_of: RequestsOf = pod_requests
) -> Rejection | None:
    """Why *node*, which runs *others*, does not run *pod*; None if it does.

    *requests_of* gives the requests of a pod, perhaps from memory.
    """
    running = [other for other in others if not is_terminal(other)]
    return _resources(pod, node, running, requests_of) or _predicates(pod, node, running)


def _resources(pod: Object, node: Object, others: list[Object], requests_of: RequestsOf) -> Rejection | None:
    capacity = parse_resources(node.get("status", {}).get("allocatable"))
    slots = capacity["pods"].value() if "pods" in capacity else 0
    if len(others) + 1 > slots:
        return _short("pods", 1, len(others), slots)
    wanted = requests_of(pod)
    if not wanted:
        return None
    used: dict[str, Quantity] = {}
    for other in others:
        for name, amount in requests_of(other).items():
            used[name] = used[name] + amount if name in used else amount
    for name, amount in wanted.items():
        if amount.is_zero() or (is_extended(name) and name not in capacity):
            continue
        measure = Quantity.milli_value if name == "cpu" else Quantity.value
        request, taken, total = (measure(part.get(name, ZERO)) for part in (wanted, used, capacity))
        if request > total - taken:
            return _short(name, request, taken, total)
    return None


def _short(name: str, requested: int, used: int, capacity: int) -> Rejection:
    message = messages.NOT_ENOUGH.format(name=name, requested=requested, used=used, capacity=capacity)
    return f"OutOf{name}", message


def _predicates(pod: Object, node: Object, others: list[Object]) -> Rejection | None:
    spec = pod["spec"]
    if not required_node_affinity(pod).matches(node):
        return _failed("NodeAffinity", messages.AFFINITY)
    if spec.get("nodeName") != node["metadata"]["name"]:
        return _failed("NodeName", messages.NODE_NAME)
    wanted = host_ports(pod)
    taken = {port for other in others for port in host_ports(other)} if wanted else ()
    if any(_conflicts(port, other) for port in wanted for other in taken):
        return _failed("NodePorts", messages.PORTS)
    taints = node["spec"].get("taints") or ()
    if find_untolerated_taint(taints, spec.get("tolerations") or (), (NO_EXECUTE,)) is not None:
        return _failed("TaintToleration", messages.TAINTS)
    return None


def _failed(name: str, reason: str) -> Rejection:
    return name, messages.PREDICATE_FAILED.format(name=name, reason=reason)


HostPort = tuple[str, str, int]
_ANY = "0.0.0.0"


def host_ports(pod: Mapping[str, Any]) -> list[HostPort]:
    """The (IP, protocol, port) triples that a pod takes on its node."""
    found: list[HostPort] = []
    for container in pod["spec"]["containers"]:
        for port in container.get("ports") or ():
            if port.get("hostPort"):
                found.append((port.get("hostIP") or _ANY, port.get("protocol") or "TCP", port["hostPort"]))
    return found


def _conflicts(port: HostPort, other: HostPort) -> bool:
    return port[1:] == other[1:] and (port[0] == other[0] or _ANY in (port[0], other[0]))
