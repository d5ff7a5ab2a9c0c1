"""The same decisions as cycle.evaluate, for many similar pods on many nodes.

Per kind of pod a `View` remembers what the plugins said about each node and sorts the nodes into groups that are alike
for every plugin. Binding a pod changes one node, so one node is looked at again; the choice is made among groups, whose
number depends on how different the nodes are and not on how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from k8scourse.scheduler.cycle import (
    Outcome,
    PreFilterOutcome,
    evaluate,
    filter_with_nominated,
    refused,
    run_pre_filter,
)
from k8scourse.scheduler.framework import CycleState, Group, Reads, Status
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.plugins.pod_topology_spread import soft_constraints
from k8scourse.scheduler.pod_info import PodInfo, PodTraits
from k8scourse.scheduler.profile import DEFAULT_PROFILE, Profile
from k8scourse.scheduler.snapshot import Snapshot

Rank = tuple[int, str]
"""(number of pods, name): among equal nodes the smallest wins."""
KEPT_RECORDS = 100_000
"""How many nodes all kept views may know together."""


@dataclass(slots=True)
class _Record:
    """What a view knows of one node."""

    info: NodeInfo
    status: Status | None
    """The first refusal of a plugin that looks at this node only."""
    bucket: _Bucket | None = None
    rank: Rank = (0, "")


class _Bucket:
    """Nodes that are alike, the one to choose first."""

    __slots__ = ("fixed", "heap", "key", "ranks", "raw")

    def __init__(self, key: Hashable, raw: tuple[int, ...], fixed: int) -> None:
        self.key = key
        self.raw = raw
        """Raw scores of the local plugins that normalize, in the order of the view."""
        self.fixed = fixed
        """The weighted sum of the local plugins that do not."""
        self.ranks: set[Rank] = set()
        self.heap: list[Rank] = []

    def add(self, rank: Rank) -> None:
        self.ranks.add(rank)
        heappush(self.heap, rank)

    def first(self) -> Rank:
        """The member to choose; the heap still holds members that left."""
        while self.heap[0] not in self.ranks:
            heappop(self.heap)
        return self.heap[0]


class View:
    """All nodes as pods of one kind see them, kept up to date with a snapshot; not for pods that name their nodes."""

    def __init__(self, pod: PodInfo, snapshot: Snapshot, profile: Profile) -> None:
        self.pod = pod
        self.profile = profile
        self.snapshot = snapshot
        self._build()

    def _build(self) -> None:
        snapshot, pod, profile = self.snapshot, self.pod, self.profile
        self.structure = snapshot.structure
        self.workloads_version = snapshot.workloads_version
        self.reads = self._reads()
        self.position = snapshot.first_change + len(snapshot.changes)
        self.state = CycleState(snapshot)
        self.pre_filter: PreFilterOutcome = run_pre_filter(self.state, pod, profile)
        self.records: dict[str, _Record] = {}
        self.buckets: dict[Hashable, _Bucket] = {}
        self.refused: dict[str, Status] = {}
        self.refusals: Counter[Status] = Counter()
        skipped = self.state.skip_filter
        self.local_filters = [p for p in profile.filters if p.reads is not Reads.CLUSTER and p.name not in skipped]
        self.cluster_filters = [p for p in profile.filters if p.reads is Reads.CLUSTER]
        self.cluster = [p for p in profile.plugins if p.reads is Reads.CLUSTER]
        for plugin in self.cluster:
            plugin.count(self.state, pod)
        scorers = [plugin for plugin in profile.scorers if plugin.reads is Reads.CLUSTER or self._scores(plugin.name)]
        self.fixed = [p for p in scorers if p.reads is not Reads.CLUSTER and not p.normalizes]
        self.relative = [p for p in scorers if p.reads is not Reads.CLUSTER and p.normalizes]
        self.cluster_scorers = [p for p in scorers if p.reads is Reads.CLUSTER]
        for name, info in snapshot.nodes.items():
            self._place(name, info)

    def _scores(self, name: str) -> bool:
        return self.profile.plugin(name).pre_score(self.state, self.pod, ())

    # keeping up

    def sync(self) -> None:
        """Take over what changed in the snapshot since the last time."""
        snapshot = self.snapshot
        end = snapshot.first_change + len(snapshot.changes)
        if self.structure != snapshot.structure or self.position < snapshot.first_change or self._reads_differ():
            self._build()
            return
        if self.position == end:
            return
        changed = snapshot.changes[self.position - snapshot.first_change :]
        self.position = end
        regroup = False
        for name in changed if len(changed) == 1 else dict.fromkeys(changed):
            regroup = self._refresh(name, snapshot.nodes[name]) or regroup
        if regroup:
            self._build()

    def _reads(self) -> tuple[object, object]:
        """What else the plugins read for this kind of pod: labels of namespaces, and selectors for spreading."""
        return dict(self.snapshot.namespaces), soft_constraints(self.pod.traits, self.snapshot)

    def _reads_differ(self) -> bool:
        if self.workloads_version == self.snapshot.workloads_version:
            return False
        self.workloads_version = self.snapshot.workloads_version
        return self.reads != self._reads()

    def _refresh(self, name: str, info: NodeInfo) -> bool:
        record = self.records[name]
        if record.info.stamp is info.stamp:
            record.info = info
            return False
        regroup = False
        for plugin in self.cluster:
            regroup = plugin.refresh(self.state, self.pod, name, info) or regroup
        self._leave(name, record)
        self._place(name, info)
        return regroup

    def _leave(self, name: str, record: _Record) -> None:
        bucket = record.bucket
        if bucket is not None:
            bucket.ranks.discard(record.rank)
            if not bucket.ranks:
                del self.buckets[bucket.key]
        elif record.status is not None:
            del self.refused[name]
            self.refusals[record.status] -= 1

    def _place(self, name: str, info: NodeInfo) -> None:
        state, pod = self.state, self.pod
        status = None
        for plugin in self.local_filters:
            status = plugin.filter(state, pod, info)
            if status is not None:
                break
        record = self.records[name] = _Record(info, status)
        if status is not None:
            self.refused[name] = status
            self.refusals[status] += 1
            return
        weights = self.profile.weights
        fixed = 0
        for plugin in self.fixed:
            fixed += weights[plugin.name] * plugin.score(state, pod, info)
        raw = tuple([plugin.score(state, pod, info) for plugin in self.relative])
        key = (fixed, raw, tuple([plugin.group(state, pod, info) for plugin in self.cluster]))
        bucket = self.buckets.get(key)
        if bucket is None:
            bucket = self.buckets[key] = _Bucket(key, raw, fixed)
        record.bucket = bucket
        record.rank = (len(info.pods), name)
        bucket.add(record.rank)

    # deciding

    def decide(self, pod: PodInfo) -> Outcome:
        """The outcome for *pod*, which is of this view's kind and meets no nominated pods."""
        records = self.records
        state = self.state
        feasible: list[_Bucket] = []
        groups: list[Group] = []
        late: list[tuple[_Bucket, Status]] = []
        for bucket in self.buckets.values():
            info = records[bucket.first()[1]].info
            for plugin in self.cluster_filters:
                status = plugin.filter(state, pod, info)
                if status is not None:
                    late.append((bucket, status))
                    break
            else:
                feasible.append(bucket)
                groups.append(Group(info, len(bucket.ranks)))
        count = sum(group.size for group in groups)
        if not count:
            return refused(state, pod, self._statuses(late), self.pre_filter)
        reasons = self._reasons(late)
        total = len(records)
        if count == 1:
            return Outcome(pod.key, groups[0].node.name, total, 1, reasons)
        scores = self._score(pod, feasible, groups)
        best = max(scores)
        name = min(bucket.first() for bucket, score in zip(feasible, scores, strict=True) if score == best)[1]
        return Outcome(pod.key, name, total, count, reasons, best)

    def _score(self, pod: PodInfo, feasible: list[_Bucket], groups: list[Group]) -> list[int]:
        """The total score of each bucket."""
        state, weights = self.state, self.profile.weights
        totals = [bucket.fixed for bucket in feasible]
        if len(feasible) == 1 and not self.cluster_scorers:
            return totals
        for index, plugin in enumerate(self.relative):
            weight = weights[plugin.name]
            for row, score in enumerate(plugin.normalize(state, [bucket.raw[index] for bucket in feasible])):
                totals[row] += weight * score
        for plugin in self.cluster_scorers:
            if not plugin.pre_score(state, pod, groups):
                continue
            weight = weights[plugin.name]
            raw = [plugin.score(state, pod, group.node) for group in groups]
            for row, score in enumerate(plugin.normalize(state, raw)):
                totals[row] += weight * score
        return totals

    def _reasons(self, late: list[tuple[_Bucket, Status]]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for status, number in self._counted(late):
            for reason in status.reasons:
                counts[reason] += number
        return counts

    def _counted(self, late: list[tuple[_Bucket, Status]]) -> Iterator[tuple[Status, int]]:
        for status, number in self.refusals.items():
            if number:
                yield status, number
        for bucket, status in late:
            yield status, len(bucket.ranks)

    def _statuses(self, late: list[tuple[_Bucket, Status]]) -> dict[str, Status]:
        statuses = dict(self.refused)
        for bucket, status in late:
            for _, name in sorted(bucket.ranks):
                statuses[name] = status
        return statuses


class Evaluator:
    """Decides for one pod after the other on one snapshot, remembering views of the kinds of pods it met last."""

    def __init__(self, snapshot: Snapshot, profile: Profile = DEFAULT_PROFILE) -> None:
        self.snapshot = snapshot
        self.profile = profile
        self._views: dict[PodTraits, View] = {}

    def evaluate(self, pod: PodInfo) -> Outcome:
        """The outcome that cycle.evaluate gives; statuses and scores of single nodes may be left out of it."""
        snapshot = self.snapshot
        is_narrow = pod.node_name or pod.traits.only_nodes is not None
        if not snapshot.nodes or is_narrow or self._meets_nominated(pod):
            return evaluate(pod, snapshot, self.profile)
        view = self._view(pod)
        nominated = snapshot.nodes.get(pod.nominated_node)
        if nominated is not None and filter_with_nominated(view.state, pod, nominated) is None:
            return Outcome(pod.key, nominated.name, len(snapshot.nodes), 1)
        return view.decide(pod)

    def _meets_nominated(self, pod: PodInfo) -> bool:
        return any(
            other.priority >= pod.priority and other.uid != pod.uid
            for pods in self.snapshot.nominated.values()
            for other in pods.values()
        )

    def _view(self, pod: PodInfo) -> View:
        view = self._views.pop(pod.traits, None)
        if view is None:
            if len(self._views) * len(self.snapshot.nodes) >= KEPT_RECORDS:
                del self._views[next(iter(self._views))]
            view = View(pod, self.snapshot, self.profile)
        else:
            view.sync()
        self._views[pod.traits] = view
        return view
