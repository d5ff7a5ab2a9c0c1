"""Which pods are endpoints of a Service, and with which addresses and ports.

Source: kubernetes staging/src/k8s.io/endpointslice/{utils.go,util/controller_utils.go}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8scourse.component_helpers.pod_requests import is_sidecar
from k8scourse.component_helpers.pod_status import is_terminal

Object = dict[str, Any]

_OFFSET = 0x6C62272E07BB014262B821756295C58D
_PRIME = 0x0000000001000000000000000000013B


def selects(service: Mapping[str, Any], labels: Mapping[str, str] | None) -> bool:
    """Whether a Service selects pods with *labels*; without a selector it selects none."""
    selector = service["spec"].get("selector")
    if not selector:
        return False
    found = labels or {}
    return all(found.get(name) == value for name, value in selector.items())


def belongs_in_endpoints(pod: Mapping[str, Any], *, include_terminating: bool) -> bool:
    """Whether a pod is listed at all: it has an address and has not ended (ShouldPodBeInEndpoints)."""
    if is_terminal(pod) or not addresses_of(pod):
        return False
    return include_terminating or "deletionTimestamp" not in pod["metadata"]


def addresses_of(pod: Mapping[str, Any]) -> list[str]:
    """The pod's own IPv4 addresses."""
    status = pod.get("status") or {}
    found = [item["ip"] for item in status.get("podIPs") or ()] or [status.get("podIP") or ""]
    return [address for address in found if address and ":" not in address]


def hostname_for(pod: Mapping[str, Any], service: Mapping[str, Any]) -> str:
    """The hostname by which DNS finds a pod in a Service; "" unless its subdomain names that Service."""
    spec = pod["spec"]
    same = spec.get("subdomain") == service["metadata"]["name"]
    same = same and pod["metadata"]["namespace"] == service["metadata"]["namespace"]
    return spec.get("hostname") or "" if same else ""


def find_port(pod: Mapping[str, Any], port: Mapping[str, Any]) -> int | None:
    """The number of the container port that a Service's *port* means in this pod; None for an unknown name."""
    target = port.get("targetPort")
    if not isinstance(target, str):
        return target or port["port"]
    sidecars = [container for container in pod["spec"].get("initContainers") or () if is_sidecar(container)]
    for container in (*pod["spec"]["containers"], *sidecars):
        for declared in container.get("ports") or ():
            if declared.get("name") == target and declared.get("protocol", "TCP") == port.get("protocol", "TCP"):
                return declared["containerPort"]
    return None


def slice_ports(service: Mapping[str, Any], pod: Mapping[str, Any]) -> list[Object]:
    """The ports of an EndpointSlice in which *pod* stands, in the order that a real controller gives them."""
    ports: list[Object] = []
    for port in service["spec"].get("ports") or ():
        number = find_port(pod, port)
        if number is None:
            continue
        found = {"name": port.get("name") or "", "port": number, "protocol": port.get("protocol", "TCP")}
        if port.get("appProtocol") is not None:
            found["appProtocol"] = port["appProtocol"]
        ports.append(found)
    return sorted(ports, key=_slice_port_hash)


def _slice_port_hash(port: Mapping[str, Any]) -> int:
    protocol = port.get("appProtocol", "<nil>")
    return _fnv128a(
        f"(v1.EndpointPort){{Name:(*string){port['name']} Protocol:(*v1.Protocol){port['protocol']} "
        f"Port:(*int32){port['port']} AppProtocol:(*string){protocol}}}"
    )


def sorted_subset_ports(ports: Iterable[Object]) -> list[Object]:
    """The ports of a subset of Endpoints in the order that a real controller gives them."""
    return sorted(ports, key=_subset_port_hash)


def _subset_port_hash(port: Mapping[str, Any]) -> int:
    protocol = port.get("appProtocol", "<nil>")
    return _fnv128a(
        f"(v1.EndpointPort){{Name:(string){port.get('name') or ''} Port:(int32){port['port']} "
        f"Protocol:(v1.Protocol){port['protocol']} AppProtocol:(*string){protocol}}}"
    )


def _fnv128a(text: str) -> int:
    """FNV-1a of 128 bits over the text that Go's spew prints (deepHashObjectToString)."""
    value = _OFFSET
    for byte in text.encode():
        value = (value ^ byte) * _PRIME & (1 << 128) - 1
    return value
