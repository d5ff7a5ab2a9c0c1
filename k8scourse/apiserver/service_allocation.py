"""Which cluster IPs and node ports Services hold, and which one a Service gets that asks for any.

What is held follows from the stored Services alone: a refused or dry write keeps nothing, a deleted Service holds
nothing. Kubernetes picks at random; here the seed, the Service's name and how often it asked decide.
Sources: kubernetes pkg/registry/core/service/{ipallocator,portallocator}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from k8scourse.simulation.names import Names

Object = dict[str, Any]
Key = tuple[str, str]

SERVICE_NETWORK = ip_network("10.96.0.0/16")
FIRST_PORT, LAST_PORT = 30000, 32767
"""--service-cluster-ip-range and --service-node-port-range."""
STATIC_ADDRESSES, STATIC_PORTS = 256, 86
"""So many at the beginning of each range are picked only when the others are taken (calculateRangeOffset)."""

FULL = "range is full"
IP_ALLOCATED = "provided IP is already allocated"
PORT_ALLOCATED = "provided port is already allocated"
PORT_OUT_OF_RANGE = f"provided port is not in the valid range. The range of valid ports is {FIRST_PORT}-{LAST_PORT}"
IP_OUT_OF_RANGE = "the provided network does not match the current range"
IPV4 = "IPv4"


class NotAllocated(Exception):
    """An address or port that a Service cannot have; the text says why."""


class ServiceAddresses:
    """The cluster IPs and node ports of the stored Services; kept up by listening to the storage."""

    __slots__ = ("_held", "_ips", "_ports")

    def __init__(self, services: Iterable[Object]) -> None:
        self._held: dict[Key, tuple[frozenset[str], frozenset[int]]] = {}
        self._ips: set[str] = set()
        self._ports: set[int] = set()
        for service in services:
            self.changed("services", None, service)

    def changed(self, group_resource: str, old: Object | None, new: Object | None) -> None:
        """Hear of a write (apiserver.storage.Listener)."""
        service = new if new is not None else old
        if group_resource != "services" or service is None:
            return
        key = (service["metadata"].get("namespace", ""), service["metadata"]["name"])
        ips, ports = self._held.pop(key, (frozenset(), frozenset()))
        self._ips -= ips
        self._ports -= ports
        if new is not None:
            ips, ports = held_ips(new["spec"]), held_ports(new["spec"])
            self._held[key] = ips, ports
            self._ips |= ips
            self._ports |= ports

    def has_ip(self, address: str) -> bool:
        """Whether a stored Service has this cluster IP."""
        return address in self._ips

    def has_port(self, port: int) -> bool:
        """Whether a stored Service has this node port."""
        return port in self._ports


def held_ips(spec: Object) -> frozenset[str]:
    """The cluster IPs that a stored Service keeps others from having."""
    if spec.get("type") == "ExternalName":
        return frozenset()
    return frozenset(address for address in spec.get("clusterIPs") or () if address != "None")


def held_ports(spec: Object) -> frozenset[int]:
    """The node ports that a stored Service keeps others from having, that of health checks included."""
    ports = [port["nodePort"] for port in spec.get("ports") or () if port.get("nodePort")]
    if spec.get("healthCheckNodePort"):
        ports.append(spec["healthCheckNodePort"])
    return frozenset(ports)


class Allocation:
    """What one write allocates for the Service (namespace, name); nothing is kept unless the Service gets stored."""

    __slots__ = ("_dry_run", "_held", "_names", "_ports", "_service")

    def __init__(self, held: ServiceAddresses, names: Names, service: Key, *, dry_run: bool) -> None:
        self._held = held
        self._names = names
        self._service = service
        self._dry_run = dry_run
        self._ports: list[int] = []

    def take_ip(self, text: str) -> None:
        """Take the address that the Service asks for; raises NotAllocated. A dry run does not look who has it."""
        address = ip_address(text)
        beyond = (SERVICE_NETWORK.network_address, SERVICE_NETWORK.broadcast_address)
        if address not in SERVICE_NETWORK or address in beyond:
            if self._dry_run:
                raise NotAllocated(
                    f"the provided IP ({text}) is not in the valid range. The range of valid IPs is {SERVICE_NETWORK}"
                )
            raise NotAllocated(IP_OUT_OF_RANGE)
        if not self._dry_run and self._held.has_ip(text):
            raise NotAllocated(IP_ALLOCATED)

    def next_ip(self) -> str:
        """A free address; a dry run gives the network's own, as a real server does. Raises NotAllocated."""
        first = int(SERVICE_NETWORK.network_address)
        if self._dry_run:
            return str(SERVICE_NETWORK.network_address)
        last = int(SERVICE_NETWORK.broadcast_address) - 1
        split = first + 1 + STATIC_ADDRESSES
        found = self._scan("clusterIP", split, last, lambda number: self._held.has_ip(str(IPv4Address(number))))
        if found is None:
            found = self._scan("clusterIP", first + 1, split - 1, lambda n: self._held.has_ip(str(IPv4Address(n))))
        if found is None:
            raise NotAllocated(FULL)
        return str(IPv4Address(found))

    def take_port(self, port: int) -> None:
        """Take the node port that the Service asks for; raises NotAllocated."""
        if not FIRST_PORT <= port <= LAST_PORT and not self._dry_run:
            raise NotAllocated(PORT_OUT_OF_RANGE)
        if self._has_port(port):
            raise NotAllocated(PORT_ALLOCATED)
        self._ports.append(port)

    def next_port(self) -> int:
        """A free node port; a dry run gives a number that only looks like one. Raises NotAllocated."""
        if self._dry_run:
            port = max(self._ports, default=32768) + 1
            self._ports.append(port)
            return port
        split = FIRST_PORT + STATIC_PORTS
        found = self._scan("nodePort", split, LAST_PORT, self._has_port)
        if found is None:
            found = self._scan("nodePort", FIRST_PORT, split - 1, self._has_port)
        if found is None:
            raise NotAllocated(FULL)
        self._ports.append(found)
        return found

    def _has_port(self, port: int) -> bool:
        return port in self._ports or self._held.has_port(port)

    def _scan(self, purpose: str, first: int, last: int, is_taken: Callable[[int], bool]) -> int | None:
        """The next free number of a range from a start that the Service's name decides."""
        size = last - first + 1
        start = self._names.below(size, purpose, self._service[0], "Service", self._service[1])
        numbers = (first + (start + step) % size for step in range(size))
        return next((number for number in numbers if not is_taken(number)), None)
