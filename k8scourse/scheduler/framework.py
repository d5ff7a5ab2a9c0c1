"""The scheduling framework: statuses, the state of one cycle, and what a plugin is.

Source: kubernetes: staging/src/k8s.io/kube-scheduler/framework/interface.go
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    from k8scourse.scheduler.node_info import NodeInfo
    from k8scourse.scheduler.pod_info import PodInfo
    from k8scourse.scheduler.snapshot import Snapshot

MAX_NODE_SCORE = 100


class Code(Enum):
    """What a plugin says about a pod, or about a pod on a node."""

    UNSCHEDULABLE = "Unschedulable"
    """It does not fit; removing pods may help."""
    UNRESOLVABLE = "UnschedulableAndUnresolvable"
    """It does not fit, whatever pods are removed."""


class Status(NamedTuple):
    """A refusal. Success is None; a plugin with nothing to say about a pod is skipped."""

    code: Code
    reasons: tuple[str, ...]
    plugin: str = ""

    @property
    def message(self) -> str:
        """The reasons in one line."""
        return ", ".join(self.reasons)


class Reads(Enum):
    """What a plugin's verdict on a node depends on, which decides when it must be asked again."""

    NODE = "the Node object"
    PODS = "the Node object and the pods on it"
    CLUSTER = "other nodes too"


class Group(NamedTuple):
    """Nodes that are alike for every plugin: one of them and how many there are."""

    node: NodeInfo
    size: int


class Event(NamedTuple):
    """A change of the cluster that may wake pods: which resource and what happened to it."""

    resource: str
    action: str


@dataclass(frozen=True, slots=True)
class Interest:
    """Which events may make a pod schedulable that a plugin refused."""

    resource: str
    actions: frozenset[str]
    hint: Callable[[HintContext], bool] | None = None
    """Whether the event is worth a retry; None: always."""


class HintContext(NamedTuple):
    """What a queueing hint sees: the waiting pod, the object before and after the event, and the cluster."""

    pod: PodInfo
    old: Any
    """The object before, None when it was added; a PodInfo or a Node."""
    new: Any
    """The object after, None when it was deleted."""
    snapshot: Snapshot


class CycleState:
    """What plugins note for one pod: their own data by plugin name, and the plugins that have nothing to do."""

    __slots__ = ("data", "skip_filter", "skip_score", "snapshot")

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.data: dict[str, Any] = {}
        self.skip_filter: set[str] = set()
        self.skip_score: set[str] = set()

    def clone(self) -> CycleState:
        """An independent copy, for what-if checks with pods added or removed."""
        twin = CycleState(self.snapshot)
        twin.data = {name: data.copy() if hasattr(data, "copy") else data for name, data in self.data.items()}
        twin.skip_filter = set(self.skip_filter)
        twin.skip_score = set(self.skip_score)
        return twin


SKIP = "Skip"
PreFilterResult = Status | frozenset[str] | str | None
"""A refusal, the only nodes that can do, SKIP (nothing to filter), or None (go on)."""


class Plugin:
    """One plugin; extension points that it does not have keep these defaults.

    Plugins are stateless. What they compute for one pod lives in the CycleState under their name.
    """

    name: ClassVar[str]
    reads: ClassVar[Reads] = Reads.NODE
    filters: ClassVar[bool] = False
    scores: ClassVar[bool] = False
    normalizes: ClassVar[bool] = False
    """Whether scores are compared across nodes before they are weighted."""
    interests: ClassVar[Sequence[Interest]] = ()

    def pre_enqueue(self, pod: PodInfo) -> Status | None:
        """Whether the pod may enter the active queue."""
        return None

    def pre_filter(self, state: CycleState, pod: PodInfo) -> PreFilterResult:
        """Look at the pod (and the cluster) once per cycle."""
        return None if self.filters else SKIP

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Whether the pod can run on the node: None, or a refusal."""
        return None

    def count(self, state: CycleState, pod: PodInfo) -> None:
        """Count over the whole cluster what `score` needs; kept up to date by `refresh`."""

    def pre_score(self, state: CycleState, pod: PodInfo, groups: Sequence[Group]) -> bool:
        """Prepare scoring of the feasible nodes; False: nothing to score for this pod."""
        return True

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The raw score of the node."""
        return 0

    def normalize(self, state: CycleState, scores: list[int]) -> list[int]:
        """Raw scores of the feasible nodes (or of one per group) brought to 0..100."""
        return scores

    def group(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Hashable:
        """For plugins that read the cluster: nodes with equal results get equal verdicts and raw scores."""
        return None

    def refresh(self, state: CycleState, pod: PodInfo, name: str, node: NodeInfo | None) -> bool:
        """Take over a changed node (None: removed) into the counts; True when groups must be formed anew."""
        return False


def normalize_to_max(scores: list[int], *, reverse: bool) -> list[int]:
    """Scores scaled so that the largest becomes 100; *reverse* turns them around.

    Source: kubernetes: plugins/helper/normalize_score.go DefaultNormalizeScore
    """
    highest = max(scores, default=0)
    if highest <= 0:
        return [MAX_NODE_SCORE] * len(scores) if reverse else scores
    if reverse:
        return [MAX_NODE_SCORE - MAX_NODE_SCORE * score // highest for score in scores]
    return [MAX_NODE_SCORE * score // highest for score in scores]


def interest(resource: str, *actions: str, hint: Callable[[HintContext], bool] | None = None) -> Interest:
    """Interest in *actions* on *resource* (Pod or Node)."""
    return Interest(resource, frozenset(actions), hint)
