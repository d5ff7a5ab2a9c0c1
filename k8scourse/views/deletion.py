"""What would be deleted: the consequences of a deletion before anybody asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.kinds import UnknownResource
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.machinery.duration import parse_duration
from k8scourse.machinery.status import bad_request
from k8scourse.origins import Reference
from k8scourse.views.clock import clock
from k8scourse.views.cluster_map import count
from k8scourse.views.deletion_graph import forecast, size_of_tree
from k8scourse.views.deletion_replay import replay
from k8scourse.views.deletion_steps import (
    FREE,
    GONE,
    MADE,
    POLICIES,
    Course,
    DeletionStep,
    Leftover,
)
from k8scourse.views.lineage import title
from k8scourse.views.markup import escape, table, view

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

LARGE = 300
"""From so many dependents on the graph of owners is asked instead of a fork of the cluster."""
SHOWN = 40
"""Steps in texts and tables; the rest is counted."""
_LEFT = 'style="text-align:left"'
"""Notebooks set tables flush right, which suits numbers and not words."""
_NOT_ONLY_OWNERS = frozenset({"Namespace", "Node", "CustomResourceDefinition"})
"""Kinds whose deletion takes objects along that do not name them as owner."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """What the deletion of one object would do. `str()` is a text, a notebook shows a page, `to_dict()` is JSON."""

    subject: Reference
    policy: str
    steps: tuple[DeletionStep, ...]
    left: tuple[Leftover, ...]
    """Objects whose deletion would begin and not end."""
    simulated: bool
    """Whether it was tried on a fork of the cluster; else it was worked out from the graph of owners."""

    @property
    def gone(self) -> list[Reference]:
        """The objects that would be removed, in this order."""
        return [step.object for step in self.steps if step.what == GONE]

    @property
    def headline(self) -> str:
        """What it comes to, in one sentence."""
        freed = {step.object for step in self.steps if step.what == FREE}.difference(self.gone)
        made = sum(step.what == MADE for step in self.steps)
        parts = [f"{count(len(self.gone), 'object')} would go"]
        parts += [f"{count(len(freed), 'object')} would stay without an owner reference"] if freed else []
        parts += [f"{made} would be made"] if made else []
        parts += [f"{len(self.left)} would be left waiting"] if self.left else []
        return f"Deleting {title(self.subject)} ({self.policy}): {', '.join(parts)}."

    def to_dict(self) -> dict[str, Any]:
        """The deletion as plain JSON; times in nanoseconds after the request."""
        return {
            "subject": title(self.subject),
            "policy": self.policy,
            "simulated": self.simulated,
            "headline": self.headline,
            "steps": [{**step._asdict(), "object": title(step.object)} for step in self.steps],
            "left": [{"object": title(one.object), "reason": one.reason} for one in self.left],
        }

    def __str__(self) -> str:
        rows = [
            (clock(step.time), step.what, title(step.object), f"{step.by}{_because(step)}")
            for step in self.steps[:SHOWN]
        ]
        widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
        lines = [self.headline]
        lines += ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
                  for row in rows]  # fmt: skip
        lines += [self._more] if self._more else []
        lines += [f"Left: {title(one.object)} {one.reason}" for one in self.left[:SHOWN]]
        return "\n".join(lines)

    __repr__ = __str__

    @property
    def _more(self) -> str:
        rest = self.steps[SHOWN:]
        kinds = Counter(f"{step.what} {step.object[0]}" for step in rest)
        listed = ", ".join(f"{number} x {what}" for what, number in kinds.items())
        return f"... and {count(len(rest), 'step')} more: {listed}" if rest else ""

    def _repr_html_(self) -> str:
        more = f'<p class="k8s-soft">{escape(self._more)}</p>' if self._more else ""
        left = "".join(f"<li>{escape(title(one.object))} {escape(one.reason)}</li>" for one in self.left[:SHOWN])
        return view(
            "deletion",
            self.headline,
            f'<p class="k8s-status">{escape(self.headline)}</p>',
            steps_table(self.steps[:SHOWN], caption=f"In this order, with the policy {self.policy}"),
            more,
            f"<p>Left waiting:</p><ul>{left}</ul>" if left else "",
        )


def _because(step: DeletionStep) -> str:
    return f": {step.reason}" if step.reason else ""


def steps_table(steps: Sequence[DeletionStep], *, caption: str) -> str:
    """The steps as a table."""
    rows = [[clock(step.time), step.what, title(step.object), step.by, step.reason] for step in steps]
    drawn = table(["After", "What", "Object", "By", "Why"], rows, caption=caption)
    return drawn.replace("<th ", f"<th {_LEFT} ").replace("<td>", f"<td {_LEFT}>")


def what_would_be_deleted(
    cluster: Cluster,
    target: str,
    propagation: str = "",
    *,
    namespace: str = "default",
    within: str | int = "2m",
) -> Deletion:
    """What the deletion of *target* ("deployment/web") would do; the cluster stays as it is.

    *propagation* is Background, Foreground or Orphan; without it the API server's default for the kind, as a raw DELETE
    gets it (kubectl always says Background). A small tree is tried on a fork for *within* of virtual time, with all
    that controllers make of it; a large one is worked out from the owner references alone. Raises ApiError 404 for an
    object that is not there, ApiError 400 for a kind that is not served, ValueError for another policy.
    """
    kind, _, name = target.partition("/")
    try:
        resource = cluster.registry.lookup(kind)
    except UnknownResource as error:
        raise bad_request(f"{error}; write kind/name, such as deployment/web") from None
    policy = propagation or strategy_for(resource).default_propagation
    if policy not in POLICIES:
        raise ValueError(f'no propagation policy is called "{policy}"; there are {", ".join(POLICIES)}')
    obj = cluster.get(resource.group_resource, name, namespace=namespace)
    subject = (resource.kind, obj["metadata"].get("namespace", ""), name)
    course = None if resource.kind in _NOT_ONLY_OWNERS else _large_course(cluster, obj, policy)
    if course is not None:
        return Deletion(subject, policy, course.steps, course.left, simulated=False)
    duration = parse_duration(within) if isinstance(within, str) else within
    course = replay(cluster, {**obj, "kind": resource.kind}, resource, policy, duration)
    return Deletion(subject, policy, course.steps, course.left, simulated=True)


def _large_course(cluster: Cluster, obj: dict[str, Any], policy: str) -> Course | None:
    """The course worked out from the graph, if the tree is large and a collector runs."""
    if "kube-controller-manager" not in cluster.world.components:
        return None
    return forecast(cluster, obj, policy) if size_of_tree(cluster, obj, LARGE) > LARGE else None
