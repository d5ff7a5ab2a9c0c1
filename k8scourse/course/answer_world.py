"""The world in which an answer plays: a cluster whose kubectl reads no files, and that knows when the answer began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from k8scourse.cluster import Cluster
from k8scourse.course.reasons import why_pod
from k8scourse.scenario.cluster_world import ClusterWorld
from k8scourse.simulation.engine import StepBudgetExceeded

if TYPE_CHECKING:
    from k8scourse.kubectl import Output


class AnswerWorld(ClusterWorld):
    """A ClusterWorld for the answers of learners, whose texts may name any file of the machine that judges them."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster)
        self.answered_at = 0
        """The revision at which the answer began."""
        self.budget: int | None = None

    @classmethod
    def with_budget(cls, world: Mapping[str, Any], budget: int) -> Self:
        """A fresh cluster in *world* whose whole life has at most *budget* simulated steps, and as many writes."""
        made = cls(Cluster.from_world(world, budget=budget))
        made.limit_writes(budget)
        return made

    def limit_writes(self, budget: int) -> None:
        """Raise StepBudgetExceeded at the first write after revision *budget*: one step may make hundreds of pods."""
        self.budget = budget
        self.cluster.listen(_WriteLimit(self.cluster, budget))

    def fork(self) -> Self:
        """An independent world with the same state, history, future and budget."""
        twin = super().fork()
        twin.answered_at = self.answered_at
        if self.budget is not None:
            twin.limit_writes(self.budget)
        return twin

    def why(self, kind: str, namespace: str, name: str) -> str:
        """The decisions about an object, of a pod as its explanation tells them."""
        return why_pod(self.cluster, namespace, name) if kind == "Pod" else super().why(kind, namespace, name)

    def _run_kubectl(self, command: str, stdin: str | None, user: str, groups: tuple[str, ...]) -> Output:
        from k8scourse.kubectl import Kubectl

        return Kubectl(self.cluster.handle, self.cluster, _no_file, user=user, groups=groups).run(command, stdin)


class _WriteLimit:
    """Hears of every write (apiserver.storage.Listener) and ends a life that has too many."""

    def __init__(self, cluster: Cluster, budget: int) -> None:
        self._cluster = cluster
        self._budget = budget

    def changed(self, group_resource: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> None:
        """Raises StepBudgetExceeded once the store has more revisions than the budget allows."""
        if self._cluster.revision > self._budget:
            raise StepBudgetExceeded(self._budget, group_resource, "write")


def _no_file(path: str) -> str:
    raise FileNotFoundError(path)
