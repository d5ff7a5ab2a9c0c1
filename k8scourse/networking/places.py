"""Where things are in the network of a cluster: addresses of nodes, Services and pods, and containers that run."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from k8scourse.networking.objects import Object


def key_of(obj: Object) -> str:
    """An object as namespace/name."""
    return f"{obj['metadata']['namespace']}/{obj['metadata']['name']}"


def is_address(host: str) -> bool:
    """Whether *host* is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def address_of(node: Object) -> str:
    """A node's address inside of its network."""
    addresses = (node.get("status") or {}).get("addresses") or ()
    return next((item["address"] for item in addresses if item["type"] == "InternalIP"), "")


def external_addresses(service: Object) -> list[str]:
    """The addresses besides its cluster IP at which a Service answers: external IPs, load balancer."""
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return [*(service["spec"].get("externalIPs") or ()), *(item["ip"] for item in ingress if item.get("ip"))]


def running_containers(pod: Object) -> Iterator[Object]:
    """The containers of a pod that run, sidecars included."""
    status = pod.get("status") or {}
    names = {
        item["name"]
        for name in ("initContainerStatuses", "containerStatuses")
        for item in status.get(name) or ()
        if (item.get("state") or {}).get("running") is not None
    }
    spec = pod["spec"]
    for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
        if container["name"] in names:
            yield container


def host_port(pod: Object, number: int, protocol: str) -> int | None:
    """The port in the pod that its node's port *number* leads to; in the host's network every port is the node's."""
    spec = pod["spec"]
    for container in spec["containers"]:
        for port in container.get("ports") or ():
            if port.get("hostPort") == number and port.get("protocol", "TCP") == protocol:
                return port["containerPort"]
    return number if spec.get("hostNetwork") else None
