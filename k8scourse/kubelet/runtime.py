"""What a node knows of the pods it runs: plain data that a fork copies."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

WAITING = "waiting"
RUNNING = "running"
TERMINATED = "terminated"

CREATING = "ContainerCreating"
INITIALIZING = "PodInitializing"


class Termination(NamedTuple):
    """How a container ended."""

    exit_code: int
    reason: str
    message: str
    started_at: int | None
    """ns since the Unix epoch; None if it never started."""
    finished_at: int


@dataclass(slots=True)
class ContainerRuntime:
    """One container of a pod on its node."""

    state: str = WAITING
    reason: str = CREATING
    message: str = ""
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
    stopping: bool = False

    @property
    def restarts(self) -> int:
        """How often it was started again."""
        return max(self.serial - 1, 0)


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
    """Whether its phase is Succeeded or Failed for good."""
    containers: dict[str, ContainerRuntime] = field(default_factory=dict)

    def copy(self) -> PodRuntime:
        """An independent copy."""
        containers = {name: replace(container) for name, container in self.containers.items()}
        return replace(self, containers=containers)
