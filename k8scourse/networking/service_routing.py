"""Which endpoint a connection to a Service reaches: what kube-proxy sets up on every node.

Source: kubernetes pkg/proxy/topology.go CategorizeEndpoints, pkg/proxy/iptables/proxier.go
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from k8scourse.networking.objects import Object, Objects, condition, slices_of

FORWARDED, REJECTED, DROPPED = "forwarded", "rejected", "dropped"


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint of a Service with the port that is meant."""

    address: str
    port: int
    ready: bool
    serving: bool
    terminating: bool
    node: str
    pod: tuple[str, str] | None
    """(namespace, name), where the endpoint is a pod."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where a connection comes from, and which one it is."""

    address: str
    node: str
    """The node that it starts from or, from outside, that it arrives at."""
    in_cluster: bool = True
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """What becomes of a connection to a Service."""

    verdict: str
    """forwarded, rejected (refused at once) or dropped (no answer ever comes)."""
    reason: str
    target: Target | None = None
    candidates: tuple[Target, ...] = ()
    """All endpoints that might have been picked."""


def targets_of(objects: Objects, service: Object, port: Object) -> list[Target]:
    """The endpoints of a Service for one of its ports, whatever their state."""
    metadata = service["metadata"]
    name, protocol = port.get("name") or "", port.get("protocol", "TCP")
    return [
        _target(endpoint, offered["port"])
        for endpoint_slice in slices_of(objects, metadata["namespace"], metadata["name"])
        for offered in endpoint_slice.get("ports") or ()
        if (offered.get("name") or "") == name and offered.get("protocol", "TCP") == protocol and offered.get("port")
        for endpoint in endpoint_slice.get("endpoints") or ()
    ]


def _target(endpoint: Object, port: int) -> Target:
    reference = endpoint.get("targetRef") or {}
    pod = (reference.get("namespace", ""), reference["name"]) if reference.get("kind") == "Pod" else None
    return Target(
        address=endpoint["addresses"][0],
        port=port,
        ready=condition(endpoint, "ready"),
        serving=condition(endpoint, "serving"),
        terminating=condition(endpoint, "terminating"),
        node=endpoint.get("nodeName") or "",
        pod=pod,
    )


def usable(targets: Sequence[Target]) -> list[Target]:
    """The ready endpoints; where there is none, those that still serve while they terminate."""
    ready = [target for target in targets if target.ready]
    return ready or [target for target in targets if target.serving and target.terminating]


def find_port(service: Object, number: int, protocol: str = "TCP", *, node_port: bool = False) -> Object | None:
    """The port of a Service that has *number* as its port, or as its node port."""
    for port in service["spec"].get("ports") or ():
        if port.get("nodePort" if node_port else "port") == number and port.get("protocol", "TCP") == protocol:
            return port
    return None


def route(objects: Objects, service: Object, port: Object, client: Client, *, external: bool = False) -> Route:
    """Where a connection to *port* of *service* goes; *external*: it came by node port, external IP or load balancer.

    Traffic of the cluster's own pods to an external address is routed as to the cluster IP.
    """
    spec = service["spec"]
    targets = targets_of(objects, service, port)
    everywhere = usable(targets)
    local_only = spec.get("internalTrafficPolicy") == "Local"
    if external:
        local_only = spec.get("externalTrafficPolicy") == "Local" and not client.in_cluster
    if not everywhere:
        return Route(REJECTED, _nothing(targets))
    reachable = usable([target for target in targets if target.node == client.node]) if local_only else everywhere
    if not reachable:
        policy = "externalTrafficPolicy" if external else "internalTrafficPolicy"
        return Route(DROPPED, f"{policy} is Local and node {client.node or 'of the client'} has no endpoint")
    picked = _pick(service, port, reachable, client)
    if not picked.ready:
        return Route(FORWARDED, "no endpoint is ready; one that terminates still serves", picked, tuple(reachable))
    return Route(FORWARDED, _picked_because(spec, reachable), picked, tuple(reachable))


def _nothing(targets: Sequence[Target]) -> str:
    if not targets:
        return "the Service has no endpoints for this port"
    return f"none of its {len(targets)} endpoints is ready"


def _picked_because(spec: Object, reachable: Sequence[Target]) -> str:
    if len(reachable) == 1:
        return "the only endpoint"
    if spec.get("sessionAffinity") == "ClientIP":
        return f"one of {len(reachable)}, always the same for this client (sessionAffinity: ClientIP)"
    return f"one of {len(reachable)}"


def _pick(service: Object, port: Object, targets: Sequence[Target], client: Client) -> Target:
    """One of *targets*: spread over clients, and in turns over the attempts of one client without affinity.

    Every target gets a number from a hash of itself and the client; the highest wins. So a client with affinity keeps
    its endpoint as long as that is there, whatever happens to the others.
    """
    metadata = service["metadata"]
    place = f"{metadata['namespace']}\0{metadata['name']}\0{port['port']}\0{client.address}"

    def weight(target: Target) -> bytes:
        return blake2b(f"{place}\0{target.address}\0{target.port}".encode(), digest_size=8).digest()

    ranked = sorted(targets, key=weight, reverse=True)
    if service["spec"].get("sessionAffinity") == "ClientIP":
        return ranked[0]
    return ranked[client.attempt % len(ranked)]
