"""Pure rules of the node lifecycle controller: taints from conditions, the state of a zone, the eviction rate.

Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.component_helpers import taints as names

Object = dict[str, Any]

SECOND = 1_000_000_000
NO_SCHEDULE = "NoSchedule"
EVICTION_RATE = 0.1
"""Nodes per second that may get a NoExecute taint in a healthy zone (--node-eviction-rate)."""
SECONDARY_EVICTION_RATE = 0.01
"""The same in a large zone that is partially disrupted (--secondary-node-eviction-rate)."""
LARGE_ZONE = 50
"""A zone with more nodes than this is large (--large-cluster-size-threshold)."""
UNHEALTHY_ZONE = 0.55
"""The share of nodes that are not ready from which a zone is partially disrupted (--unhealthy-zone-threshold)."""

NORMAL = "Normal"
PARTIAL = "PartialDisruption"
FULL = "FullDisruption"

CONDITION_TAINTS: Mapping[tuple[str, str], str] = {
    ("Ready", "False"): names.NOT_READY,
    ("Ready", "Unknown"): names.UNREACHABLE,
    ("MemoryPressure", "True"): names.MEMORY_PRESSURE,
    ("DiskPressure", "True"): names.DISK_PRESSURE,
    ("NetworkUnavailable", "True"): names.NETWORK_UNAVAILABLE,
    ("PIDPressure", "True"): names.PID_PRESSURE,
}
"""The NoSchedule taint that stands for a condition with a status."""
_OWN_KEYS = frozenset(CONDITION_TAINTS.values()) | {names.UNSCHEDULABLE}


def wanted_taints(node: Object) -> list[Object]:
    """The NoSchedule taints that a node's conditions and spec.unschedulable ask for."""
    found: list[Object] = []
    for condition in node.get("status", {}).get("conditions") or ():
        key = CONDITION_TAINTS.get((condition["type"], condition["status"]))
        if key is not None:
            found.append({"key": key, "effect": NO_SCHEDULE})
    if node["spec"].get("unschedulable"):
        found.append({"key": names.UNSCHEDULABLE, "effect": NO_SCHEDULE})
    return found


def own_taints(node: Object) -> list[Object]:
    """The node's NoSchedule taints that the controller itself sets and removes."""
    present = node["spec"].get("taints") or ()
    return [taint for taint in present if taint["effect"] == NO_SCHEDULE and taint["key"] in _OWN_KEYS]


def zone_of(node: Object) -> str:
    """The zone that a node belongs to: region and zone labels, empty without any (GetZoneKey)."""
    labels = node["metadata"].get("labels") or {}
    region = labels.get("topology.kubernetes.io/region", "")
    zone = labels.get("topology.kubernetes.io/zone", "")
    return f"{region}:\0:{zone}" if region or zone else ""


def ready_status(node: Object) -> str | None:
    """The status of the condition Ready: True, False or Unknown; None without the condition."""
    for condition in node.get("status", {}).get("conditions") or ():
        if condition["type"] == "Ready":
            return condition["status"]
    return None


def zone_state(ready: Iterable[str | None]) -> str:
    """The state of a zone with these Ready statuses (ComputeZoneState)."""
    statuses = list(ready)
    healthy = sum(status == "True" for status in statuses)
    sick = len(statuses) - healthy
    if sick and not healthy:
        return FULL
    if sick > 2 and sick / (sick + healthy) >= UNHEALTHY_ZONE:
        return PARTIAL
    return NORMAL


def eviction_rate(state: str, nodes: int) -> float:
    """How many nodes per second of a zone with *nodes* nodes may get a NoExecute taint."""
    if state == PARTIAL:
        return SECONDARY_EVICTION_RATE if nodes > LARGE_ZONE else 0.0
    return EVICTION_RATE


@dataclass(slots=True)
class RateLimiter:
    """A token bucket with room for one token (client-go flowcontrol, burst 1)."""

    rate: float
    """Tokens per second; 0 never gives one."""
    next_token: int = 0
    """When the next token is there, in ns since the Unix epoch."""

    def try_accept(self, now: int) -> bool:
        """Take a token if there is one."""
        if not self.rate or now < self.next_token:
            return False
        self.next_token = now + round(SECOND / self.rate)
        return True

    def swap(self, rate: float, now: int) -> RateLimiter:
        """A limiter of another rate; it starts empty if this one is."""
        if rate == self.rate:
            return self
        empty = not self.rate or now < self.next_token
        return RateLimiter(rate, now + round(SECOND / rate) if rate and empty else 0)
