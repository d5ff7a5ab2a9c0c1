"""What every component of the control plane and of the nodes is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from k8scourse.client.client import Client, Handler
from k8scourse.client.events import EventRecorder
from k8scourse.client.heartbeats import Heartbeats
from k8scourse.client.informers import Informers
from k8scourse.simulation.engine import Engine
from k8scourse.simulation.journal import Decision, Subject


@dataclass(frozen=True, slots=True)
class Context:
    """The world that a component lives in; a fork of the cluster gives it another one."""

    engine: Engine
    informers: Informers
    handler: Handler
    flags: Mapping[str, Mapping[str, object]]
    """Command line flags by component, e.g. {"kube-controller-manager": {"terminated-pod-gc-threshold": 2}}."""
    heartbeats: Heartbeats
    """Which nodes report."""
    images: Mapping[str, Mapping[str, Any]]
    """What images are and do, by reference, where it differs from the catalogue."""


class Component:
    """A part of the cluster that watches through informers and writes through a client, as a user of its own.

    State is plain data that `copy_state` copies for a fork; API objects in it are shared, since nobody changes them.
    """

    name: ClassVar[str]
    """The component's name in the engine, the journal and events, e.g. kube-scheduler."""
    user: ClassVar[str]
    """The user it acts as, e.g. system:kube-scheduler."""
    groups: ClassVar[tuple[str, ...]] = ("system:authenticated",)
    reporter: ClassVar[str] = ""
    """The name in its events where it differs from *name*, e.g. default-scheduler."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.engine = context.engine
        self.informers = context.informers
        self.client = Client(context.handler, self.user, self.groups)
        self.recorder = EventRecorder(self.client, self.engine, self.reporter or self.name)

    def start(self) -> None:
        """Subscribe to informers and queue the first work; called once, when the cluster starts."""
        raise NotImplementedError

    def copy_state(self, source: Any) -> None:
        """Take over a copy of the state of *source*, the same component in the cluster that was forked."""
        raise NotImplementedError

    def fork(self, context: Context) -> Self:
        """The same component, with the same state, in another context."""
        twin = type(self)(context)
        twin.recorder = self.recorder.fork(twin.client, twin.engine)
        twin.copy_state(self)
        return twin

    def decide(
        self,
        subject: Subject,
        verdict: str,
        rule: str,
        field: str | None = None,
        detail: object = None,
        revision: int = 0,
    ) -> None:
        """Record a decision of this component in the journal."""
        self.engine.journal.record(
            Decision(self.engine.now, revision, self.name, subject, verdict, rule, field, detail)
        )
