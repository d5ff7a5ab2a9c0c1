"""Inter-pod affinity terms: which existing pods a term means (kubernetes: kube-scheduler/framework AffinityTerm)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from k8scourse.machinery.labels import Selector, selector_from

Labels = Mapping[str, str]
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


@dataclass(frozen=True, slots=True)
class AffinityTerm:
    """One term of podAffinity or podAntiAffinity, read for the pod that carries it."""

    topology_key: str
    namespaces: frozenset[str]
    namespace_selector: Selector | None
    """None when no namespace is selected by labels."""
    all_namespaces: bool
    """Whether namespaceSelector is empty, which selects every namespace."""
    selector: Selector
    weight: int = 0
    """For preferred terms, 1 to 100."""

    def matches(self, namespace: str, labels: Labels, namespace_labels: Labels) -> bool:
        """Whether the term means a pod with *labels* in *namespace*, which itself has *namespace_labels*."""
        if not (
            self.all_namespaces
            or namespace in self.namespaces
            or (self.namespace_selector is not None and self.namespace_selector.matches(namespace_labels))
        ):
            return False
        return self.selector.matches(labels)

    def unrolled(self, namespaces: Mapping[str, Labels]) -> AffinityTerm:
        """The same term with the namespaces that namespaceSelector selects written out.

        *namespaces* maps names to labels. The scheduler does this to the terms of the incoming pod.
        """
        if self.namespace_selector is None or self.all_namespaces:
            return self
        selected = frozenset(name for name, labels in namespaces.items() if self.namespace_selector.matches(labels))
        return replace(self, namespaces=self.namespaces | selected, namespace_selector=None)


@dataclass(frozen=True, slots=True)
class PodAffinityTerms:
    """All terms of one pod."""

    affinity: tuple[AffinityTerm, ...] = ()
    anti_affinity: tuple[AffinityTerm, ...] = ()
    preferred_affinity: tuple[AffinityTerm, ...] = ()
    preferred_anti_affinity: tuple[AffinityTerm, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the pod has no term at all."""
        return not (self.affinity or self.anti_affinity or self.preferred_affinity or self.preferred_anti_affinity)

    def unrolled(self, namespaces: Mapping[str, Labels]) -> PodAffinityTerms:
        """All terms with the namespaces that their namespaceSelectors select written out."""
        if self.is_empty:
            return self
        return PodAffinityTerms(
            *(
                tuple(term.unrolled(namespaces) for term in terms)
                for terms in (
                    self.affinity,
                    self.anti_affinity,
                    self.preferred_affinity,
                    self.preferred_anti_affinity,
                )
            )
        )


NO_TERMS = PodAffinityTerms()


def read_term(term: Mapping[str, Any], namespace: str, weight: int = 0) -> AffinityTerm:
    """Read one podAffinityTerm of a pod in *namespace*.

    Without namespaces and namespaceSelector the term means the pod's own namespace. matchLabelKeys and
    mismatchLabelKeys are merged into the selector by the API server when the pod is created.
    """
    names, selector = term.get("namespaces") or (), term.get("namespaceSelector")
    return AffinityTerm(
        topology_key=term["topologyKey"],
        namespaces=frozenset(names or (() if selector is not None else (namespace,))),
        namespace_selector=None if selector is None else selector_from(selector),
        all_namespaces=selector is not None
        and not selector.get("matchLabels")
        and not selector.get("matchExpressions"),
        selector=selector_from(term.get("labelSelector")),
        weight=weight,
    )


def pod_affinity_terms(pod: Mapping[str, Any]) -> PodAffinityTerms:
    """The terms of *pod*."""
    affinity = pod["spec"].get("affinity") or {}
    towards, away = affinity.get("podAffinity") or {}, affinity.get("podAntiAffinity") or {}
    if not towards and not away:
        return NO_TERMS
    namespace = pod["metadata"]["namespace"]
    return PodAffinityTerms(
        affinity=_required(towards.get(REQUIRED), namespace),
        anti_affinity=_required(away.get(REQUIRED), namespace),
        preferred_affinity=_preferred(towards.get(PREFERRED), namespace),
        preferred_anti_affinity=_preferred(away.get(PREFERRED), namespace),
    )


def _required(terms: Sequence[Mapping[str, Any]] | None, namespace: str) -> tuple[AffinityTerm, ...]:
    return tuple(read_term(term, namespace) for term in terms or ())


def _preferred(terms: Sequence[Mapping[str, Any]] | None, namespace: str) -> tuple[AffinityTerm, ...]:
    return tuple(read_term(term["podAffinityTerm"], namespace, term["weight"]) for term in terms or ())
