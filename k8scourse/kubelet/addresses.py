"""Addresses of pods: one of their node's range for each, or the node's own."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

Object = dict[str, Any]


class PodAddresses:
    """Hands out the addresses of the nodes' pod ranges, each node's in order."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def copy_state(self, source: PodAddresses) -> None:
        """Take over what was handed out."""
        self._last = source._last.copy()

    def address_for(self, pod: Object, node: Object) -> str:
        """The address of a new pod on *node*."""
        if pod["spec"].get("hostNetwork"):
            return host_ip(node)
        name = node["metadata"]["name"]
        number = self._last[name] = self._last.get(name, 1) + 1
        network = _network(node["spec"].get("podCIDR") or "10.244.0.0/24")
        return str(network[number % (network.num_addresses - 2) or 2])


@lru_cache(maxsize=4096)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


def host_ip(node: Object | None) -> str:
    """The node's own address."""
    addresses = ((node or {}).get("status") or {}).get("addresses") or ()
    return next((item["address"] for item in addresses if item["type"] == "InternalIP"), "")
