"""A server without controllers, a clock, and the option that rewrites golden scripts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from k8scourse.apiserver.bootstrap import bootstrap
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.schemas import Schemas
from k8scourse.apiserver.server import APIServer
from k8scourse.apiserver.storage import Storage
from k8scourse.etcd.store import Store
from k8scourse.kubectl import Kubectl, Output
from k8scourse.simulation.engine import Engine

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

START = 1_767_225_600_000_000_000  # 2026-01-01T00:00:00Z


def pytest_addoption(parser: pytest.Parser) -> None:
    with contextlib.suppress(ValueError):
        parser.addoption("--rewrite", action="store_true", help="write what golden scripts answer into the scripts")


class Clock:
    """The engine as kubectl's clock: waiting goes from one queued call to the next."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def now(self) -> int:
        return self._engine.now

    def run(self, duration: int) -> None:
        self._engine.run(duration)

    def run_until(self, predicate: Callable[[], bool], timeout: int) -> bool:
        end = self.now + timeout
        while True:
            self._engine.settle()
            if predicate():
                return True
            due = self._engine.next_due
            if due is None or due > end:
                self._engine.run_until(end)
                return predicate()
            self._engine.run_until(due)


class World:
    """A server with the system's namespaces and kubectl on it."""

    def __init__(self) -> None:
        self.engine = Engine(start=START)
        self.clock: Clock | Cluster = Clock(self.engine)
        self.cluster: Cluster | None = None
        self.server = APIServer(self.engine, Storage(Store()), Registry(), Schemas())
        self.files: dict[str, str] = {}
        self.engine.components["script"] = self
        bootstrap(self.server)
        self.program = Kubectl(self.server.handle, self.clock, self.files.__getitem__)
        for namespace in ("default", "kube-system"):
            assert self.kubectl(f"create sa default -n {namespace}").ok

    def start_cluster(self, nodes: int) -> None:
        """From here on kubectl talks to a whole cluster."""
        from k8scourse.cluster import Cluster

        self.clock = self.cluster = Cluster(nodes=nodes)

    def kubectl(self, line: str, stdin: str | None = None) -> Output:
        if self.cluster is not None:
            return self.cluster.kubectl(line, stdin)
        return self.program.run(line, stdin)

    def later(self, delay: int, line: str) -> None:
        self.engine.call_after(delay, "script", "kubectl", line)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def kubectl(world: World) -> Callable[..., Output]:
    return world.kubectl
