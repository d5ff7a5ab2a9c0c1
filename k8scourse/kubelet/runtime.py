"""What a node knows of the pods it runs: plain data that a fork copies."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, NamedTuple

Object = dict[str, Any]
SourceKey = tuple[str, str]
"""(resource, name) of a ConfigMap or Secret in the pod's namespace."""

WAITING = "waiting"
RUNNING = "running"
TERMINATED = "terminated"

CREATING = "ContainerCreating"
INITIALIZING = "PodInitializing"
RESTARTING = "RestartingAllContainers"

CONTAINERS = "containers"
INIT_CONTAINERS = "initContainers"
EPHEMERAL_CONTAINERS = "ephemeralContainers"


class Termination(NamedTuple):
    """How a container ended."""

    exit_code: int
    reason: str
    message: str
    started_at: int | None
    """ns since the Unix epoch; None if it never started."""
    finished_at: int
    container_id: str = ""


class ProbeRun(NamedTuple):
    """How far one kind of probe of a started container has come."""

    result: str
    """What counts: success, failure or unknown."""
    first: int
    """The instant of the first try; the others follow at whole periods."""
    last: str = ""
    streak: int = 0
    """How often the last answer came in a row."""
    turn: int = 0
    """Counts what was planned; a timer of an earlier turn is stale."""
    asleep: bool = False
    """Whether nothing is planned until an input changes."""


@dataclass(slots=True)
class ContainerRuntime:
    """One container of a pod on its node."""

    place: str = CONTAINERS
    """The field of the pod's spec that lists it."""
    state: str = WAITING
    reason: str = CREATING
    message: str = ""
    image: str = ""
    """The image with which it was last started."""
    started_at: int = 0
    serial: int = 0
    """Counts the starts; a timer of an earlier start is stale."""
    ready: bool = False
    started: bool = False
    termination: Termination | None = None
    last: Termination | None = None
    retry_at: int = 0
    """Before this instant no start is tried."""
    back_off: int = 0
    """The delay before the next restart, in ns."""
    back_off_since: int = 0
    pull_failures: int = 0
    pull_error: str = ""
    stopping: bool = False
    """Whether it was told to stop."""
    hook_until: int = 0
    """When its preStop hook is done."""
    kill_at: int | None = None
    """When it is killed because a probe failed or its definition changed."""
    probes: dict[str, ProbeRun] | None = None
    metadata: Object | None = None
    """The pod's metadata when it was last started: its environment keeps what it read from there."""
    pinned: dict[SourceKey, Object] | None = None
    """ConfigMaps and Secrets that changed since it started, as they were then."""

    @property
    def restarts(self) -> int:
        """How often it was started again."""
        return max(self.serial - 1, 0)

    def copy(self) -> ContainerRuntime:
        """An independent copy."""
        twin = replace(self)
        twin.probes = self.probes.copy() if self.probes is not None else None
        twin.pinned = self.pinned.copy() if self.pinned is not None else None
        return twin


@dataclass(slots=True)
class PodRuntime:
    """One pod on its node."""

    uid: str
    node: str
    started_at: int
    ip: str = ""
    rejection: tuple[str, str] | None = None
    """Why the kubelet does not run it: reason and message."""
    prepared: bool = False
    """Whether sandbox and network are there, so that containers can start."""
    finished: bool = False
    """Whether its containers have stopped for good."""
    eviction: tuple[str, str, str] | None = None
    """The phase, reason and message with which the kubelet ends it."""
    stop_by: int = 0
    """When what still runs of it is killed."""
    active_until: int | None = None
    """When it has been active for too long."""
    restarting: bool = False
    """Whether all of its containers are started again from the beginning."""
    containers: dict[str, ContainerRuntime] = field(default_factory=dict)
    pinned: dict[SourceKey, Object] = field(default_factory=dict)
    """ConfigMaps and Secrets whose change has not reached the pod's volumes, as they were."""

    def copy(self) -> PodRuntime:
        """An independent copy."""
        containers = {name: container.copy() for name, container in self.containers.items()}
        return replace(self, containers=containers, pinned=self.pinned.copy())


def container_id(uid: str, name: str, serial: int) -> str:
    """The id of a container of the pod *uid* at its start number *serial*."""
    return f"containerd://{sha256(f'{uid}/{name}/{serial}'.encode()).hexdigest()}"
