"""InterPodAffinity: pods that want to be near other pods, or away from them; demands of running pods count as well.

Source: kubernetes: plugins/interpodaffinity
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from k8scourse.component_helpers.pod_affinity import AffinityTerm, PodAffinityTerms
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
from k8scourse.scheduler.pod_info import PodInfo, PodTraits
from k8scourse.scheduler.snapshot import Labels

NAME = "InterPodAffinity"
HARD_POD_AFFINITY_WEIGHT = 1
"""What a required affinity term of a running pod counts in scores (InterPodAffinityArgs.hardPodAffinityWeight)."""
_NOT_NEAR = Status(Code.UNRESOLVABLE, (messages.POD_AFFINITY,), NAME)
_TOO_NEAR = Status(Code.UNSCHEDULABLE, (messages.POD_ANTI_AFFINITY,), NAME)
_UNWANTED = Status(Code.UNSCHEDULABLE, (messages.EXISTING_ANTI_AFFINITY,), NAME)

Pair = tuple[str, str]
"""(topology key, domain)"""
Share = tuple[tuple[int, Pair, int], ...]

_NEAR, _AWAY, _EXISTING, _SCORE = range(4)


class Matches:
    """Which running pods matter to one incoming pod, by topology domain."""

    def __init__(self, traits: PodTraits, namespaces: dict[str, Labels]) -> None:
        self.traits = traits
        self.namespaces = namespaces
        self.terms: PodAffinityTerms = traits.terms.unrolled(namespaces)
        self.own_namespace: Labels = namespaces.get(traits.namespace, {})
        self.counts: tuple[Counter[Pair], ...] = (Counter(), Counter(), Counter(), Counter())
        """Pods that match all own affinity terms; pods that match own anti-affinity terms; anti-affinity terms of
        running pods that match this one; and, for scoring, the sum of weights."""
        self.keys: dict[str, None] = dict.fromkeys(
            term.topology_key for term in (*self.terms.affinity, *self.terms.anti_affinity)
        )
        """The topology keys that filtering and scoring look at."""
        self.scoring = False
        self._shares: dict[str, Share] = {}
        self._effects: dict[PodTraits, tuple[tuple[int, str, int], ...]] = {}

    def copy(self) -> Matches:
        """An independent copy."""
        twin = Matches(self.traits, self.namespaces)
        twin.terms, twin.own_namespace, twin.scoring = self.terms, self.own_namespace, self.scoring
        twin.counts = (
            self.counts[_NEAR].copy(),
            self.counts[_AWAY].copy(),
            self.counts[_EXISTING].copy(),
            self.counts[_SCORE].copy(),
        )
        twin.keys = self.keys.copy()
        twin._shares = self._shares.copy()
        twin._effects = self._effects
        return twin

    def _means(self, term: AffinityTerm, other: PodTraits) -> bool:
        """Whether a term of the incoming pod means *other*; its namespaceSelector is unrolled already."""
        return term.matches(other.namespace, other.labels, {})

    def _means_us(self, term: AffinityTerm) -> bool:
        return term.matches(self.traits.namespace, self.traits.labels, self.own_namespace)

    def _effect(self, other: PodTraits) -> Iterator[tuple[int, str, int]]:
        """What one running pod adds: (which count, topology key, amount)."""
        if self.matches_all(other):
            for term in self.terms.affinity:
                yield _NEAR, term.topology_key, 1
        for term in self.terms.anti_affinity:
            if self._means(term, other):
                yield _AWAY, term.topology_key, 1
        theirs = other.terms
        for term in theirs.anti_affinity:
            if self._means_us(term):
                yield _EXISTING, term.topology_key, 1
        for sign, own_terms, their_terms in (
            (1, self.terms.preferred_affinity, theirs.preferred_affinity),
            (-1, self.terms.preferred_anti_affinity, theirs.preferred_anti_affinity),
        ):
            for term in own_terms:
                if self._means(term, other):
                    yield _SCORE, term.topology_key, sign * term.weight
            for term in their_terms:
                if self._means_us(term):
                    yield _SCORE, term.topology_key, sign * term.weight
        for term in theirs.affinity:
            if self._means_us(term):
                yield _SCORE, term.topology_key, HARD_POD_AFFINITY_WEIGHT

    def matches_all(self, other: PodTraits) -> bool:
        """Whether *other* matches every affinity term (False without terms)."""
        terms = self.terms.affinity
        return bool(terms) and all(self._means(term, other) for term in terms)

    def _share(self, node: NodeInfo) -> Share:
        total: Counter[tuple[int, Pair]] = Counter()
        labels = node.labels
        for (traits, _), number in node.kinds.items():
            effects = self._effects.get(traits)
            if effects is None:
                effects = self._effects[traits] = tuple(self._effect(traits))
            for which, key, amount in effects:
                if key in labels:
                    total[(which, (key, labels[key]))] += amount * number
        return tuple((which, pair, amount) for (which, pair), amount in total.items())

    def set_node(self, name: str, node: NodeInfo | None) -> bool:
        """Count the node's pods anew (None: gone); True when a topology key matters that did not before."""
        before = self._shares.pop(name, ())
        after = self._share(node) if node is not None else ()
        if after:
            self._shares[name] = after
        if before == after:
            return False
        for which, pair, amount in before:
            self.counts[which][pair] -= amount
            if not self.counts[which][pair]:
                del self.counts[which][pair]
        added = False
        for which, pair, amount in after:
            self.counts[which][pair] += amount
            if not self.counts[which][pair]:
                del self.counts[which][pair]
            if pair[0] not in self.keys:
                self.keys[pair[0]] = None
                added = True
        return added


def _matches(state: CycleState) -> Matches:
    return state.data[NAME]


class InterPodAffinity(Plugin):
    """Required terms filter, preferred terms score; terms of running pods count where they mean this pod."""

    name = NAME
    reads = Reads.CLUSTER
    filters = True
    scores = True
    normalizes = True

    def pre_filter(self, state: CycleState, pod: PodInfo) -> PreFilterResult:
        """Count the running pods that matter, by topology domain."""
        snapshot = state.snapshot
        matches = Matches(pod.traits, dict(snapshot.namespaces))
        names = snapshot.affinity_nodes if pod.traits.terms.is_empty else snapshot.nodes
        for name in names:
            matches.set_node(name, snapshot.nodes[name])
        state.data[NAME] = matches
        if not matches.counts[_EXISTING] and not matches.terms.affinity and not matches.terms.anti_affinity:
            return SKIP
        return None

    def filter(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Status | None:
        """Refuse for the pod's affinity, then its anti-affinity, then the anti-affinity of running pods."""
        matches = _matches(state)
        labels = node.labels
        terms = matches.terms
        _, away, existing, _ = matches.counts
        if terms.affinity and not self._is_near(matches, labels):
            return _NOT_NEAR
        if away and any(
            away.get((term.topology_key, labels.get(term.topology_key, "")), 0) > 0
            for term in terms.anti_affinity
            if term.topology_key in labels
        ):
            return _TOO_NEAR
        if existing and any(existing.get(pair, 0) > 0 for pair in labels.items()):
            return _UNWANTED
        return None

    @staticmethod
    def _is_near(matches: Matches, labels: Labels) -> bool:
        near = matches.counts[_NEAR]
        found = True
        for term in matches.terms.affinity:
            domain = labels.get(term.topology_key)
            if domain is None:
                return False
            found = found and near.get((term.topology_key, domain), 0) > 0
        return found or (not near and matches.matches_all(matches.traits))

    def pre_score(self, state: CycleState, pod: PodInfo, groups: Sequence[Group]) -> bool:
        """Score only when some preference is about some running pod."""
        return bool(_matches(state).counts[_SCORE])

    def score(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> int:
        """The sum of the weights in the node's domains; anti-affinity counts negative."""
        weights = _matches(state).counts[_SCORE]
        return sum(weights.get(pair, 0) for pair in node.labels.items()) if weights else 0

    def normalize(self, state: CycleState, scores: list[int]) -> list[int]:
        """The lowest sum gets 0, the highest 100."""
        lowest, highest = min(scores, default=0), max(scores, default=0)
        if highest == lowest:
            return [0] * len(scores)
        span = highest - lowest
        return [int(MAX_NODE_SCORE * ((score - lowest) / span)) for score in scores]

    def group(self, state: CycleState, pod: PodInfo, node: NodeInfo) -> Hashable:
        """What is counted in the node's domains."""
        matches = _matches(state)
        if not matches.keys:
            return ()
        labels = node.labels
        alone = state.snapshot.is_alone
        key: list[Hashable] = []
        for topology_key in matches.keys:
            domain = labels.get(topology_key)
            if domain is None or not alone(topology_key, domain):
                key.append(domain)
            else:
                pair = (topology_key, domain)
                key.append(tuple(counts.get(pair, 0) for counts in matches.counts))
        return tuple(key)

    def refresh(self, state: CycleState, pod: PodInfo, name: str, node: NodeInfo | None) -> bool:
        """Count the node anew."""
        return _matches(state).set_node(name, node)


def _is_placed(pod: PodInfo | None) -> bool:
    return pod is None or bool(pod.node_name or pod.nominated_node)


def _all_match(terms: Sequence[AffinityTerm], pod: PodInfo) -> bool:
    """Whether *pod* matches all of *terms*, read without the labels of its namespace (False without terms)."""
    traits = pod.traits
    return bool(terms) and all(term.matches(traits.namespace, traits.labels, {}) for term in terms)


def _pod_change_matters(context: HintContext) -> bool:
    pod, old, new = context.pod, context.old, context.new
    if old is not None and new is not None and new.uid == pod.uid:
        return True
    if not _is_placed(old) or not _is_placed(new):
        return False
    near, away = pod.traits.terms.affinity, pod.traits.terms.anti_affinity
    if old is not None and new is not None:
        return (not _all_match(near, old) and _all_match(near, new)) or (
            _all_match(away, old) and not _all_match(away, new)
        )
    if new is not None or old is None:
        return new is not None and _all_match(near, new)
    return _all_match(away, old) or _all_match(old.traits.terms.anti_affinity, pod)


def _node_change_matters(context: HintContext) -> bool:
    terms = context.pod.traits.terms
    new = context.new["metadata"].get("labels") or {}
    if context.old is None:
        return bool(terms.anti_affinity) or any(term.topology_key in new for term in terms.affinity)
    old = context.old["metadata"].get("labels") or {}

    def moved(key: str) -> bool:
        return key in old and key in new and old[key] != new[key]

    near = [term.topology_key for term in terms.affinity]
    away = [term.topology_key for term in terms.anti_affinity]
    return any(moved(key) for key in (*near, *away)) or (
        any(key not in old and key in new for key in near) or any(key in old and key not in new for key in away)
    )


InterPodAffinity.interests = (
    interest("Pod", "Add", "UpdatePodLabel", "Delete", hint=_pod_change_matters),
    interest("Node", "Add", "UpdateNodeLabel", hint=_node_change_matters),
)
