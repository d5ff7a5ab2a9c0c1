"""One scheduling cycle as a pure function: a pod and a snapshot in, an outcome out.

`evaluate` looks at every node one by one; cached.py reaches the same outcomes faster.
Source: kubernetes: pkg/scheduler/schedule_one.go
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import SKIP, CycleState, Group, Reads, Status
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.plugins.dynamic_resources import DynamicResources
from k8scourse.scheduler.pod_info import Key, PodInfo
from k8scourse.scheduler.preemption import Preemption, preempt
from k8scourse.scheduler.profile import CLUSTER_FILTERS, DEFAULT_PROFILE, Profile
from k8scourse.scheduler.snapshot import Snapshot

_DYNAMIC_RESOURCES = DynamicResources()


class PluginScore(NamedTuple):
    """What one plugin gives a node."""

    raw: int
    normalized: int
    weighted: int


Scores = Mapping[str, Mapping[str, PluginScore]]
"""By node, by plugin; plugins that have nothing to score for the pod are left out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scheduling cycle decided."""

    pod: Key
    node: str | None
    """The chosen node, None when the pod does not fit."""
    total: int
    """How many nodes there are."""
    feasible: int = 0
    """How many nodes passed all filters."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """How many nodes were refused for which reason."""
    score: int | None = None
    """The chosen node's total score, None when only one node was feasible."""
    message: str = ""
    """The FailedScheduling text."""
    plugins: tuple[str, ...] = ()
    """The plugins that refused nodes; their hints decide which events wake the pod."""
    statuses: Mapping[str, Status] = field(default_factory=dict)
    """The refusal of each node."""
    scores: Scores = field(default_factory=dict)
    preemption: Preemption | None = None

    @property
    def nominated(self) -> str | None:
        """The node that victims leave for this pod; an empty text ends an older nomination, None leaves it."""
        if self.preemption is None:
            return "" if self.node is None and not self.total else None
        if self.preemption.candidate is not None:
            return self.preemption.candidate.node
        return "" if self.preemption.clears_nomination else None

    @property
    def victims(self) -> tuple[PodInfo, ...]:
        """The pods that must leave."""
        candidate = self.preemption.candidate if self.preemption else None
        return candidate.victims if candidate else ()


class PreFilterOutcome(NamedTuple):
    """What the PreFilter plugins said."""

    names: frozenset[str] | None
    """The only nodes to look at, None for all."""
    refusal: Status | None
    plugins: tuple[str, ...]
    """The plugins that narrowed the nodes."""


def run_pre_filter(state: CycleState, pod: PodInfo, profile: Profile) -> PreFilterOutcome:
    """Run all PreFilter plugins; a refusal ends it."""
    names: frozenset[str] | None = None
    plugins: list[str] = []
    for plugin in profile.filters:
        result = plugin.pre_filter(state, pod)
        if result == SKIP:
            state.skip_filter.add(plugin.name)
        elif isinstance(result, Status):
            return PreFilterOutcome(names, result, ())
        elif isinstance(result, frozenset):
            names = result if names is None else names & result
            plugins.append(plugin.name)
    return PreFilterOutcome(names, None, tuple(plugins))


def filter_node(state: CycleState, pod: PodInfo, node: NodeInfo, profile: Profile = DEFAULT_PROFILE) -> Status | None:
    """The first refusal in the order of the plugins, or None."""
    skipped = state.skip_filter
    for plugin in profile.filters:
        if plugin.name not in skipped:
            status = plugin.filter(state, pod, node)
            if status is not None:
                return status
    return None


def refresh(state: CycleState, pod: PodInfo, node: NodeInfo) -> None:
    """Have the plugins that count over the cluster see *node* as it is given."""
    for plugin in CLUSTER_FILTERS:
        if plugin.name in state.data:
            plugin.refresh(state, pod, node.name, node)


def filter_with_nominated(state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
    """As `filter_node`, but the pod must also fit beside the pods that were nominated to the node before it.

    Source: kubernetes: framework/runtime/framework.go RunFilterPluginsWithNominatedPods
    """
    nominated = state.snapshot.nominated.get(node.name)
    ahead = [other for other in (nominated or {}).values() if other.priority >= pod.priority and other.uid != pod.uid]
    if ahead:
        trial, trial_state = node, state.clone()
        for other in ahead:
            trial = trial.with_pod(other)
        refresh(trial_state, pod, trial)
        status = filter_node(trial_state, pod, trial)
        if status is not None:
            return status
    return filter_node(state, pod, node)


def score_nodes(state: CycleState, pod: PodInfo, nodes: Sequence[NodeInfo], profile: Profile) -> Scores:
    """The scores of *nodes*, normalized among them."""
    groups = [Group(node, 1) for node in nodes]
    table: dict[str, dict[str, PluginScore]] = {node.name: {} for node in nodes}
    for plugin in profile.scorers:
        if plugin.reads is Reads.CLUSTER:
            plugin.count(state, pod)
        if not plugin.pre_score(state, pod, groups):
            continue
        raw = [plugin.score(state, pod, node) for node in nodes]
        weight = profile.weights[plugin.name]
        for node, before, after in zip(nodes, raw, plugin.normalize(state, raw), strict=True):
            table[node.name][plugin.name] = PluginScore(before, after, after * weight)
    return table


def total_score(scores: Mapping[str, PluginScore]) -> int:
    """The sum that decides."""
    return sum(score.weighted for score in scores.values())


def _best(nodes: Iterable[NodeInfo], scores: Scores) -> NodeInfo:
    """Highest score, then fewest pods, then first by name."""
    return min(nodes, key=lambda node: (-total_score(scores[node.name]), len(node.pods), node.name))


def count_reasons(statuses: Mapping[str, Status]) -> Counter[str]:
    """How many nodes give each reason."""
    counts: Counter[str] = Counter()
    for status, number in Counter(statuses.values()).items():
        for reason in status.reasons:
            counts[reason] += number
    return counts


def evaluate(pod: PodInfo, snapshot: Snapshot, profile: Profile = DEFAULT_PROFILE) -> Outcome:
    """Decide where *pod* goes in the cluster of *snapshot*.

    Pure: the same arguments give the same outcome, whatever the order of nodes and pods in them.
    """
    total = len(snapshot.nodes)
    if not total:
        return Outcome(pod.key, None, 0, message=messages.NO_NODES)
    state = CycleState(snapshot)
    pre_filter = run_pre_filter(state, pod, profile)
    if pre_filter.refusal is not None:
        return refused_by_pre_filter(pod, total, pre_filter.refusal)
    nominated = snapshot.nodes.get(pod.nominated_node)
    if nominated is not None and filter_with_nominated(state, pod, nominated) is None:
        return Outcome(pod.key, nominated.name, total, 1)
    statuses: dict[str, Status] = {}
    feasible: list[NodeInfo] = []
    for node in candidates(snapshot, pre_filter.names):
        status = filter_with_nominated(state, pod, node)
        if status is None:
            feasible.append(node)
        else:
            statuses[node.name] = status
    if not feasible:
        return refused(state, pod, statuses, pre_filter)
    reasons = count_reasons(statuses)
    if len(feasible) == 1:
        return Outcome(pod.key, feasible[0].name, total, 1, reasons, statuses=statuses)
    scores = score_nodes(state, pod, feasible, profile)
    best = _best(feasible, scores)
    score = total_score(scores[best.name])
    return Outcome(pod.key, best.name, total, len(feasible), reasons, score, statuses=statuses, scores=scores)


def candidates(snapshot: Snapshot, names: frozenset[str] | None) -> list[NodeInfo]:
    """The nodes to look at, by name."""
    if names is None:
        return list(snapshot.ordered())
    return [snapshot.nodes[name] for name in sorted(names) if name in snapshot.nodes]


def refused_by_pre_filter(pod: PodInfo, total: int, refusal: Status) -> Outcome:
    """The outcome when a PreFilter plugin refuses the pod for all nodes.

    DynamicResources then has no state of its own and its PostFilter fails with the text that ends the message.
    """
    message = messages.fit_error(total, {}, pre_filter=refusal.message, post_filter=messages.NO_STATE)
    return Outcome(pod.key, None, total, message=message, plugins=(refusal.plugin,))


def refused(state: CycleState, pod: PodInfo, statuses: Mapping[str, Status], pre_filter: PreFilterOutcome) -> Outcome:
    """The outcome when no node admits the pod: try preemption and put the message together."""
    snapshot = state.snapshot
    total = len(snapshot.nodes)
    preemption = preempt(state, pod, snapshot, statuses, filter_with_nominated, refresh)
    reasons = count_reasons(statuses)
    if pre_filter.plugins:
        text = messages.NOT_IN_PRE_FILTER_RESULT.format(plugins=" ".join(pre_filter.plugins))
        reasons[text] += total - len(statuses)
    post_filter = ""
    if preemption.candidate is None:
        post_filter = messages.post_filter_message((_DYNAMIC_RESOURCES.post_filter_reason(), preemption.message))
    return Outcome(
        pod.key,
        None,
        total,
        reasons=+reasons,
        message=messages.fit_error(total, reasons, post_filter=post_filter),
        plugins=tuple(sorted({*(status.plugin for status in statuses.values()), *pre_filter.plugins})),
        statuses=statuses,
        preemption=preemption,
    )


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every filter plugin's verdict on every node; a real cycle stops at the first refusal of a node."""

    plugins: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Status | None]]
    """By node, by plugin: a refusal, or None."""
    skipped: frozenset[str]
    """The plugins that have nothing to check for this pod."""
    refusal: Status | None = None
    """What a PreFilter plugin refused the pod with, for all nodes."""
    names: frozenset[str] | None = None
    """The only nodes that PreFilter leaves, None for all."""

    def first(self, node: str) -> Status | None:
        """The refusal that the scheduler reports for *node*, or None."""
        return next((self.rows[node][plugin] for plugin in self.plugins if self.rows[node][plugin] is not None), None)


def matrix(pod: PodInfo, snapshot: Snapshot, profile: Profile = DEFAULT_PROFILE) -> Matrix:
    """Ask every filter plugin about every node, without stopping at refusals and without nominated pods."""
    state = CycleState(snapshot)
    refusal: Status | None = None
    names: frozenset[str] | None = None
    for plugin in profile.filters:
        result = plugin.pre_filter(state, pod)
        if result == SKIP:
            state.skip_filter.add(plugin.name)
        elif isinstance(result, Status):
            refusal = refusal or result
        elif isinstance(result, frozenset):
            names = result
    rows = {
        node.name: {
            plugin.name: None if plugin.name in state.skip_filter else plugin.filter(state, pod, node)
            for plugin in profile.filters
        }
        for node in snapshot.ordered()
    }
    return Matrix(tuple(plugin.name for plugin in profile.filters), rows, frozenset(state.skip_filter), refusal, names)


def score_table(
    pod: PodInfo, snapshot: Snapshot, also: Iterable[str] = (), profile: Profile = DEFAULT_PROFILE
) -> Scores:
    """The scores of the feasible nodes and of the nodes named in *also*, normalized among them all.

    The scheduler itself scores only when two nodes or more are feasible.
    """
    state = CycleState(snapshot)
    pre_filter = run_pre_filter(state, pod, profile)
    extra = set(also)
    nodes = [
        node
        for node in snapshot.ordered()
        if node.name in extra
        or (
            pre_filter.refusal is None
            and (pre_filter.names is None or node.name in pre_filter.names)
            and filter_with_nominated(state, pod, node) is None
        )
    ]
    return score_nodes(state, pod, nodes, profile)
