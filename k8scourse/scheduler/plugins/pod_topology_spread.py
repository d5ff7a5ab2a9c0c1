"""PodTopologySpread: keeps the domains of a topology evenly filled, as a demand or as a wish.

Source: kubernetes: plugins/podtopologyspread
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

from k8scourse.component_helpers.topology_spread import HOSTNAME, SpreadConstraint, default_constraints
from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import (
    MAX_NODE_SCORE,
    SKIP,
    Code,
    CycleState,
    Group,
    HintContext,
    Plugin,
    PreFilterResult,
    Reads,
    Status,
    interest,
)
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.plugins.default_selector import default_selector
from k8scourse.scheduler.pod_info import PodInfo, PodTraits
from k8scourse.scheduler.snapshot import Snapshot

NAME = "PodTopologySpread"
_SKEWED = Status(Code.UNSCHEDULABLE, (messages.TOPOLOGY_SPREAD,), NAME)
_NO_LABEL = Status(Code.UNRESOLVABLE, (messages.TOPOLOGY_SPREAD_LABEL,), NAME)
_IGNORED = -1


class DomainCounts:
    """How many pods one set of constraints counts in each domain."""

    def __init__(
        self, constraints: tuple[SpreadConstraint, ...], traits: PodTraits, *, require_all: bool, hostnames: bool
    ) -> None:
        self.constraints = constraints
        self.traits = traits
        self.require_all = require_all
        """Whether only nodes with the labels of all constraints count."""
        self.hostnames = hostnames
        """Whether domains of kubernetes.io/hostname are counted too; scoring looks at the node itself instead."""
        self.pods: list[dict[str, int]] = [{} for _ in constraints]
        """Pods by domain, for each constraint."""
        self.members: list[dict[str, int]] = [{} for _ in constraints]
        """Nodes by domain, for each constraint."""
        self._shares: dict[str, tuple[tuple[int, str, int], ...]] = {}
        self._counts: dict[tuple[int, PodTraits], bool] = {}
        self.weights: list[float] = []

    def copy(self) -> DomainCounts:
        """An independent copy."""
        twin = DomainCounts(self.constraints, self.traits, require_all=self.require_all, hostnames=self.hostnames)
        twin.pods = [counts.copy() for counts in self.pods]
        twin.members = [counts.copy() for counts in self.members]
        twin._shares = self._shares.copy()
        twin._counts = self._counts
        twin.weights = self.weights
        return twin

    def has_all_labels(self, node: NodeInfo) -> bool:
        """Whether the node has the topology label of every constraint."""
        return all(constraint.topology_key in node.labels for constraint in self.constraints)

    def pods_on(self, index: int, node: NodeInfo) -> int:
        """How many pods on the node constraint *index* counts: not terminating, in the pod's namespace, selected."""
        total = 0
        for (traits, terminating), number in node.kinds.items():
            if terminating or traits.namespace != self.traits.namespace:
                continue
            key = (index, traits)
            found = self._counts.get(key)
            if found is None:
                found = self._counts[key] = self.constraints[index].counts(traits.labels)
            if found:
                total += number
        return total

    def _share(self, node: NodeInfo) -> tuple[tuple[int, str, int], ...]:
        """What the node adds: (constraint, domain, pods)."""
        if self.require_all and not self.has_all_labels(node):
            return ()
        return tuple(
            (index, node.labels.get(constraint.topology_key, ""), self.pods_on(index, node))
            for index, constraint in enumerate(self.constraints)
            if (self.hostnames or constraint.topology_key != HOSTNAME)
            and constraint.includes(node.node, self.traits.required, self.traits.tolerations)
        )

    def set_node(self, name: str, node: NodeInfo | None) -> None:
        """Count the node's pods anew; None: the node is gone."""
        before = self._shares.pop(name, ())
        after = self._share(node) if node is not None else ()
        if after:
            self._shares[name] = after
        if before == after:
            return
        for index, domain, number in before:
            self.pods[index][domain] -= number
            self.members[index][domain] -= 1
            if not self.members[index][domain]:
                del self.members[index][domain], self.pods[index][domain]
        for index, domain, number in after:
            self.pods[index][domain] = self.pods[index].get(domain, 0) + number
            self.members[index][domain] = self.members[index].get(domain, 0) + 1

    def minimum(self, index: int) -> int:
        """The fewest pods in a domain; 0 while there are fewer domains than minDomains."""
        counts = self.pods[index]
        return min(counts.values()) if len(counts) >= self.constraints[index].min_domains else 0


class _State:
    """The counts of one pod: for filtering and for scoring."""

    def __init__(self) -> None:
        self.hard: DomainCounts | None = None
        self.soft: DomainCounts | None = None

    def copy(self) -> _State:
        twin = _State()
        twin.hard = self.hard.copy() if self.hard else None
        twin.soft = self.soft
        return twin


def _state(state: CycleState) -> _State:
    return state.data.setdefault(NAME, _State())


def hard_counts(state: CycleState) -> DomainCounts | None:
    """What `PodTopologySpread.filter` looks at, None when the pod has no such constraint."""
    return _state(state).hard


def soft_constraints(traits: PodTraits, snapshot: Snapshot) -> tuple[SpreadConstraint, ...]:
    """The constraints that only score: the pod's own, or the built-in ones for pods that bring none at all."""
    if traits.has_own_spread:
        return traits.soft_spread
    selector = default_selector(traits, snapshot)
    return default_constraints(selector, "ScheduleAnyway") if selector is not None else ()


class PodTopologySpread(Plugin):
    """Filters by constraints with DoNotSchedule, scores by those with ScheduleAnyway."""

    name = NAME
    reads = Reads.CLUSTER
    filters = True
    scores = True
    normalizes = True

    def pre_filter(self, state: CycleState, pod: PodInfo) -> PreFilterResult:
        """Count the pods that match each constraint, by domain."""
        constraints = pod.traits.hard_spread
        if not constraints:
            return SKIP
        counts = DomainCounts(constraints, pod.traits, require_all=True, hostnames=True)
        for name, node in state.snapshot.nodes.items():
            counts.set_node(name, node)
        _state(state).hard = counts
        return None

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse when (pods in the domain + this one if selected - fewest pods in a domain) > maxSkew."""
        counts = _state(state).hard
        if counts is None:
            return None
        for index, constraint in enumerate(counts.constraints):
            domain = node.labels.get(constraint.topology_key)
            if domain is None:
                return _NO_LABEL
            own = 1 if constraint.selector.matches(pod.traits.labels) else 0
            if counts.pods[index].get(domain, 0) + own - counts.minimum(index) > constraint.max_skew:
                return _SKEWED
        return None

    def count(self, state: CycleState, pod: PodInfo) -> None:
        """Count the pods that match each soft constraint, by domain."""
        constraints = soft_constraints(pod.traits, state.snapshot)
        if not constraints:
            return
        counts = DomainCounts(constraints, pod.traits, require_all=pod.traits.has_own_spread, hostnames=False)
        for name, node in state.snapshot.nodes.items():
            counts.set_node(name, node)
        _state(state).soft = counts

    def pre_score(self, state: CycleState, pod: PodInfo, groups: Sequence[Group]) -> bool:
        """Weigh each constraint by the number of its domains among the feasible nodes: ln(domains + 2)."""
        counts = _state(state).soft
        if counts is None:
            return False
        scored = [group for group in groups if not self._is_ignored(counts, group.node)]
        counts.weights = [
            math.log(
                2
                + (
                    sum(group.size for group in scored)
                    if constraint.topology_key == HOSTNAME
                    else len({group.node.labels.get(constraint.topology_key, "") for group in scored})
                )
            )
            for constraint in counts.constraints
        ]
        return True

    @staticmethod
    def _is_ignored(counts: DomainCounts, node: NodeInfo) -> bool:
        return counts.require_all and not counts.has_all_labels(node)

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The weighted number of matching pods in the node's domains: more is worse; -1 for a node left out."""
        counts = _state(state).soft
        if counts is None:
            return 0
        if self._is_ignored(counts, node):
            return _IGNORED
        total = 0.0
        for index, constraint in enumerate(counts.constraints):
            domain = node.labels.get(constraint.topology_key)
            if domain is None:
                continue
            if constraint.topology_key == HOSTNAME:
                number = counts.pods_on(index, node)
            else:
                number = counts.pods[index].get(domain, 0)
            total += number * counts.weights[index] + (constraint.max_skew - 1)
        whole = math.floor(total)
        return whole + 1 if total - whole >= 0.5 else whole

    def normalize(self, state: CycleState, scores: list[int]) -> list[int]:
        """The emptiest domain gets 100, the others less in proportion; nodes left out get 0."""
        counted = [score for score in scores if score != _IGNORED]
        highest, lowest = max(counted, default=0), min(counted, default=0)
        if highest == 0:
            return [0 if score == _IGNORED else MAX_NODE_SCORE for score in scores]
        return [0 if score == _IGNORED else MAX_NODE_SCORE * (highest + lowest - score) // highest for score in scores]

    def group(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Hashable:
        """The node's domains; for the host name the number of pods, since hardly two nodes share one."""
        own = _state(state)
        labels = node.labels
        key: list[Hashable] = []
        for counts in (own.hard, own.soft):
            if counts is None:
                continue
            for index, constraint in enumerate(counts.constraints):
                domain = labels.get(constraint.topology_key)
                if constraint.topology_key != HOSTNAME or domain is None:
                    key.append(domain)
                elif not counts.hostnames:
                    key.append(counts.pods_on(index, node))
                else:
                    alone = state.snapshot.is_alone(HOSTNAME, domain)
                    key.append(counts.pods[index].get(domain, 0) if alone else domain)
        return tuple(key)

    def refresh(self, state: CycleState, pod: PodInfo, name: str, node: NodeInfo | None) -> bool:
        """Count the node anew."""
        own = _state(state)
        for counts in (own.hard, own.soft):
            if counts is not None:
                counts.set_node(name, node)
        return False


def _takes_part(other: PodInfo, pod: PodInfo) -> bool:
    if other.uid == pod.uid:
        return True
    return bool(other.node_name or other.nominated_node) and other.traits.namespace == pod.traits.namespace


def _pod_change_matters(context: HintContext) -> bool:
    pod, old, new = context.pod, context.old, context.new
    if any(other is not None and not _takes_part(other, pod) for other in (old, new)):
        return False
    constraints = pod.traits.hard_spread

    def is_counted(other: PodInfo) -> list[bool]:
        return [constraint.selector.matches(other.traits.labels) for constraint in constraints]

    if old is None or new is None:
        return any(True in is_counted(other) for other in (old, new) if other is not None)
    if (
        new.uid == pod.uid
        and new.traits.tolerations != old.traits.tolerations
        and any(constraint.honor_taints for constraint in constraints)
    ):
        return True
    return is_counted(old) != is_counted(new)


def _node_change_matters(context: HintContext) -> bool:
    keys = [constraint.topology_key for constraint in context.pod.traits.hard_spread]

    def labels_of(node: dict[str, dict[str, dict[str, str]]] | None) -> dict[str, str]:
        return (node["metadata"].get("labels") or {}) if node is not None else {}

    old, new = labels_of(context.old), labels_of(context.new)
    was = context.old is not None and all(key in old for key in keys)
    is_in = context.new is not None and all(key in new for key in keys)
    if context.old is None or context.new is None:
        return was or is_in
    if was != is_in:
        return True
    taints_changed = (context.old["spec"].get("taints") or []) != (context.new["spec"].get("taints") or [])
    return is_in and (taints_changed or any(old.get(key) != new.get(key) for key in keys))


PodTopologySpread.interests = (
    interest("Pod", "Add", "UpdatePodLabel", "UpdatePodToleration", "Delete", hint=_pod_change_matters),
    interest("Node", "Add", "Delete", "UpdateNodeLabel", "UpdateNodeTaint", hint=_node_change_matters),
)
