"""Which dead containers a kubelet removes: rules over plain data.

Source: pkg/kubelet/kuberuntime/kuberuntime_gc.go (evictContainers)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SECOND = 1_000_000_000
PERIOD = 60 * SECOND
"""So often a kubelet looks for containers to remove."""


@dataclass(frozen=True, slots=True)
class ContainerGCPolicy:
    """The kubelet's flags about dead containers, with their defaults; a negative number sets no limit."""

    per_container: int = 1
    """--maximum-dead-containers-per-container: kept for each container of each pod."""
    max_total: int = -1
    """--maximum-dead-containers: kept on the node."""
    min_age: int = 0
    """--minimum-container-ttl-duration in nanoseconds: a younger one stays and does not count."""


@dataclass(frozen=True, slots=True)
class DeadContainer:
    """A container that does not run any more; *created* is an instant in nanoseconds."""

    id: str
    pod: str
    container: str
    """The container's name in its pod; a restarted one leaves several dead containers of one name."""
    created: int
    pod_deleted: bool = False


Unit = tuple[str, str]
"""(pod, container name): the dead containers of one unit replace each other."""


def collect_containers(
    dead: Iterable[DeadContainer], policy: ContainerGCPolicy, *, now: int
) -> tuple[DeadContainer, ...]:
    """The dead containers that are left, in the order given.

    All of a deleted pod go. Of each unit the newest stay, as many as the policy allows; where the node still has too
    many, every unit keeps an equal number, at least one, and then the oldest go.
    """
    containers = tuple(dead)
    young = {one.id for one in containers if now - one.created < policy.min_age}
    units: dict[Unit, list[DeadContainer]] = {}
    for one in sorted(containers, key=lambda one: -one.created):
        if one.id not in young and not one.pod_deleted:
            units.setdefault((one.pod, one.container), []).append(one)
    if policy.per_container >= 0:
        units = _newest(units, policy.per_container)
    if 0 <= policy.max_total < _count(units):
        units = _newest(units, max(policy.max_total // len(units), 1))
    left = sorted((one for unit in units.values() for one in unit), key=lambda one: -one.created)
    if policy.max_total >= 0:
        left = left[: policy.max_total]
    kept = young.union(one.id for one in left)
    return tuple(one for one in containers if one.id in kept)


def _newest(units: dict[Unit, list[DeadContainer]], number: int) -> dict[Unit, list[DeadContainer]]:
    return {unit: containers[:number] for unit, containers in units.items()}


def _count(units: dict[Unit, list[DeadContainer]]) -> int:
    return sum(map(len, units.values()))
