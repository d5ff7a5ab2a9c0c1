"""A scheduling cycle worked out again from the objects that it saw, with everything that the journal leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.scheduler.cycle import Matrix, Outcome, Scores, evaluate, matrix, score_table
from k8scourse.scheduler.pod_info import pod_info
from k8scourse.scheduler.snapshot import snapshot_of

Object = dict[str, Any]

SEEN = (
    "nodes",
    "pods",
    "namespaces",
    "services",
    "replicationcontrollers",
    "replicasets.apps",
    "statefulsets.apps",
    "poddisruptionbudgets.policy",
)
"""The resources that a scheduling cycle looks at."""


@dataclass(frozen=True, slots=True)
class Scheduling:
    """One scheduling cycle: what was decided, and what every plugin says of every node."""

    revision: int
    """The revision that the cycle worked on."""
    outcome: Outcome
    matrix: Matrix
    table: Scores

    @property
    def scores(self) -> Mapping[str, Mapping[str, int]]:
        """The weighted score that each plugin gives each feasible node: node -> plugin -> points."""
        return {
            node: {plugin: score.weighted for plugin, score in by_plugin.items()}
            for node, by_plugin in self.table.items()
        }


def replay(pod: Object, objects: Iterable[Object], revision: int) -> Scheduling:
    """Schedule *pod* (as it was then, unbound) once more among *objects*, those of the resources in SEEN."""
    snapshot = snapshot_of(objects)
    info = pod_info(pod)
    outcome = evaluate(info, snapshot)
    also = [outcome.node] if outcome.node else []
    return Scheduling(revision, outcome, matrix(info, snapshot), score_table(info, snapshot, also))
