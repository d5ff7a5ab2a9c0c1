"""The journal of decisions: who decided what about which object, when, and by which rule.

Explanations, feedback and pictures are views of it. A decision is compact data; sentences are made from it elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from k8scourse.simulation.shared_log import SharedLog

Subject = tuple[str, str, str]
"""(kind, namespace, name); the namespace is empty for cluster-scoped objects."""


class Decision(NamedTuple):
    """One decision."""

    time: int
    """When, in nanoseconds since the Unix epoch (virtual)."""
    revision: int
    """The store's revision that the decision was made on."""
    component: str
    """Who decided, e.g. kube-scheduler or taint-eviction-controller."""
    subject: Subject
    """The object that the decision is about."""
    verdict: str
    """What was decided, in one or two words, e.g. Scheduled, Unschedulable, Evicted."""
    rule: str
    """The rule that decided, in the words of the Kubernetes documentation."""
    field: str | None = None
    """The path of the field that made the difference, e.g. spec.tolerations."""
    detail: Any = None
    """What a view needs to say why; plain immutable data."""


class Journal:
    """Decisions in the order in which they were made; the oldest are forgotten past *limit*."""

    __slots__ = ("_log",)

    def __init__(self, *, limit: int = 200_000) -> None:
        self._log: SharedLog[Decision] = SharedLog(limit=limit)

    def record(self, decision: Decision) -> None:
        """Add a decision at the end."""
        self._log.append(decision)

    def __len__(self) -> int:
        return len(self._log)

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._log)

    @property
    def end(self) -> int:
        """The number that the next decision gets, for `since`."""
        return self._log.end

    def since(self, number: int) -> Iterator[Decision]:
        """The kept decisions from *number* on, oldest first."""
        return self._log.since(number)

    def about(self, subject: Subject, *, component: str | None = None) -> list[Decision]:
        """The decisions about *subject*, oldest first, optionally only those of *component*."""
        return [
            decision
            for decision in self._log
            if decision.subject == subject and component in (None, decision.component)
        ]

    def last(self, subject: Subject, *, component: str | None = None) -> Decision | None:
        """The newest decision about *subject*, or None."""
        for decision in self._log.backwards():
            if decision.subject == subject and component in (None, decision.component):
                return decision
        return None

    def fork(self) -> Journal:
        """An independent journal with the same decisions."""
        twin = Journal()
        twin._log = self._log.fork()
        return twin
