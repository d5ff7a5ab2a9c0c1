"""Preemption: which pods of lower priority must go, and on which node, so that a pod fits.

Source: kubernetes: plugins/defaultpreemption/default_preemption.go and framework/preemption/preemption.go
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from k8scourse.component_helpers.pod_status import pod_condition
from k8scourse.machinery.labels import selector_from
from k8scourse.scheduler import messages
from k8scourse.scheduler.framework import Code, CycleState, Status
from k8scourse.scheduler.node_info import NodeInfo
from k8scourse.scheduler.pod_info import PodInfo
from k8scourse.scheduler.snapshot import Snapshot

Object = dict[str, Any]
Fits = Callable[[CycleState, PodInfo, NodeInfo], Status | None]
"""Whether a pod fits on a node as it is given: None, or the first refusal."""
Refresh = Callable[[CycleState, PodInfo, NodeInfo], None]
"""Tell the counts of a cycle that a node holds other pods."""

_NO_VICTIMS = Status(Code.UNRESOLVABLE, (messages.NO_VICTIMS,), "DefaultPreemption")
_LATEST = "~"
"""Sorts after every timestamp: a pod that has not started counts as started last."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node and the pods that would have to leave it, the most important first."""

    node: str
    victims: tuple[PodInfo, ...]
    pdb_violations: int


@dataclass(frozen=True, slots=True)
class Preemption:
    """What preemption came to."""

    candidate: Candidate | None = None
    """The node and its victims, None when preemption does not help."""
    message: str = ""
    """Why it does not help."""
    clears_nomination: bool = False
    """Whether an older nomination of the pod ends."""
    statuses: Mapping[str, Status] | None = None
    """Why single nodes could not be used."""


def _start_time(pod: PodInfo) -> str:
    return (pod.pod.get("status") or {}).get("startTime") or _LATEST


def importance(pod: PodInfo) -> tuple[int, str, tuple[str, str]]:
    """A sort key, most important pod first: higher priority, then longer running, then by namespace and name."""
    return -pod.priority, _start_time(pod), pod.key


def ineligibility(pod: PodInfo, snapshot: Snapshot, nominated_status: Status | None) -> str:
    """Why the pod may not preempt others, or an empty text.

    *nominated_status* is the refusal of the node that it was nominated to. While a victim is leaving there, the pod
    waits, unless the node became impossible.
    """
    if pod.pod["spec"].get("preemptionPolicy") == "Never":
        return messages.PREEMPTION_NEVER
    nominated = snapshot.nodes.get(pod.nominated_node)
    if nominated is None or (nominated_status is not None and nominated_status.code is Code.UNRESOLVABLE):
        return ""
    if any(other.priority < pod.priority and _is_leaving(other) for other in nominated.pods.values()):
        return messages.VICTIM_TERMINATING
    return ""


def _is_leaving(pod: PodInfo) -> bool:
    if not pod.terminating:
        return False
    condition = pod_condition(pod.pod, "DisruptionTarget")
    return (
        condition is not None
        and condition.get("status") == "True"
        and condition.get("reason") == messages.REASON_PREEMPTION
    )


def split_by_budget(pods: Sequence[PodInfo], pdbs: Iterable[Object]) -> tuple[list[PodInfo], list[PodInfo]]:
    """*pods* whose removal would violate a PodDisruptionBudget, and the others; both keep their order."""
    budgets = [
        (
            pdb,
            selector_from((pdb.get("spec") or {}).get("selector")),
            (pdb.get("status") or {}).get("disruptedPods") or {},
        )
        for pdb in pdbs
    ]
    allowed = [(pdb.get("status") or {}).get("disruptionsAllowed") or 0 for pdb, _, _ in budgets]
    violating: list[PodInfo] = []
    others: list[PodInfo] = []
    for pod in pods:
        violates = False
        labels = pod.traits.labels
        for index, (pdb, selector, disrupted) in enumerate(budgets):
            if not labels or pdb["metadata"]["namespace"] != pod.traits.namespace:
                continue
            if selector.empty() or not selector.matches(labels) or pod.key[1] in disrupted:
                continue
            allowed[index] -= 1
            violates = violates or allowed[index] < 0
        (violating if violates else others).append(pod)
    return violating, others


def select_victims(
    state: CycleState, pod: PodInfo, node: NodeInfo, snapshot: Snapshot, fits: Fits, refresh: Refresh
) -> Candidate | Status:
    """The fewest pods that must leave *node*: all of lower priority go, then the important ones come back if they can.

    Pods whose removal violates a budget are given back first. *state* is changed; pass a copy.
    """
    potential = sorted((other for other in node.pods.values() if other.priority < pod.priority), key=importance)
    if not potential:
        return _NO_VICTIMS
    for other in potential:
        node = node.without_pod(other.key)
    refresh(state, pod, node)
    refusal = fits(state, pod, node)
    if refusal is not None:
        return refusal
    violating, others = split_by_budget(potential, (snapshot.pdbs[key] for key in sorted(snapshot.pdbs)))
    victims: list[PodInfo] = []
    violations = 0
    for index, other in enumerate((*violating, *others)):
        trial = node.with_pod(other)
        refresh(state, pod, trial)
        if fits(state, pod, trial) is None:
            node = trial
            continue
        refresh(state, pod, node)
        victims.append(other)
        violations += index < len(violating)
    return Candidate(node.name, tuple(sorted(victims, key=importance)), violations)


def _earliest_start(candidate: Candidate) -> str:
    """When the first of the most important victims started."""
    highest = candidate.victims[0].priority
    return min(_start_time(pod) for pod in candidate.victims if pod.priority == highest)


def choose(candidates: Sequence[Candidate]) -> Candidate:
    """The candidate that hurts least: each criterion only decides what the ones before left open."""
    remaining = sorted(candidates, key=lambda candidate: candidate.node)
    criteria: tuple[Callable[[Candidate], int], ...] = (
        lambda candidate: candidate.pdb_violations,
        lambda candidate: candidate.victims[0].priority,
        lambda candidate: sum(pod.priority + 2**31 for pod in candidate.victims),
        lambda candidate: len(candidate.victims),
    )
    for criterion in criteria:
        best = min(map(criterion, remaining))
        remaining = [candidate for candidate in remaining if criterion(candidate) == best]
    latest = max(map(_earliest_start, remaining))
    return next(candidate for candidate in remaining if _earliest_start(candidate) == latest)


def preempt(
    state: CycleState,
    pod: PodInfo,
    snapshot: Snapshot,
    statuses: Mapping[str, Status],
    fits: Fits,
    refresh: Refresh,
) -> Preemption:
    """Look for room for *pod*, which no node admits; *statuses* has the refusal of each node that was looked at."""
    reason = ineligibility(pod, snapshot, statuses.get(pod.nominated_node))
    if reason:
        return Preemption(message=messages.PREEMPTION_PREFIX + reason)
    open_nodes = sorted(name for name, status in statuses.items() if status.code is Code.UNSCHEDULABLE)
    lowest = snapshot.lowest_priority()
    results: dict[str, Candidate | Status] = {}
    if lowest is None or lowest >= pod.priority:
        results = dict.fromkeys(open_nodes, _NO_VICTIMS)
    else:
        for name in open_nodes:
            results[name] = select_victims(state.clone(), pod, snapshot.nodes[name], snapshot, fits, refresh)
    candidates = [result for result in results.values() if isinstance(result, Candidate) and result.victims]
    if candidates:
        return Preemption(candidate=choose(candidates))
    refusals = {name: result for name, result in results.items() if isinstance(result, Status)}
    return Preemption(message=_explain(refusals, len(snapshot.nodes)), clears_nomination=True, statuses=refusals)


def _explain(refusals: Mapping[str, Status], total: int) -> str:
    counts: Counter[str] = Counter()
    for status, number in Counter(refusals.values()).items():
        for reason in status.reasons:
            counts[reason] += number
    counts[messages.PREEMPTION_NOT_HELPFUL] += total - len(refusals)
    return messages.PREEMPTION_PREFIX + messages.nodes_are_available(total, counts)
