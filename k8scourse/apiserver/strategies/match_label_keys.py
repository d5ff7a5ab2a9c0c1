"""matchLabelKeys: the API server turns them into requirements with the pod's own label values.

Source: kubernetes pkg/registry/core/pod/strategy.go mutatePodAffinity, mutateTopologySpreadConstraints (gates
MatchLabelKeysInPodAffinity and MatchLabelKeysInPodTopologySpreadSelectorMerge, on in 1.36).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Object = dict[str, Any]


def merge_match_label_keys(spec: Object, labels: Mapping[str, str]) -> None:
    """Add the requirements to the selectors of affinity terms and spread constraints, in place."""
    for term in _terms(spec.get("affinity") or {}):
        _merge(term, "matchLabelKeys", "In", labels)
        _merge(term, "mismatchLabelKeys", "NotIn", labels)
    for constraint in spec.get("topologySpreadConstraints") or ():
        _merge(constraint, "matchLabelKeys", "In", labels)


def _terms(affinity: Mapping[str, Any]) -> Iterator[Object]:
    for kind in ("podAffinity", "podAntiAffinity"):
        group = affinity.get(kind) or {}
        for weighted in group.get("preferredDuringSchedulingIgnoredDuringExecution") or ():
            yield weighted.get("podAffinityTerm") or {}
        yield from group.get("requiredDuringSchedulingIgnoredDuringExecution") or ()


def _merge(holder: Object, field: str, operator: str, labels: Mapping[str, str]) -> None:
    keys: Sequence[str] = holder.get(field) or ()
    selector = holder.get("labelSelector")
    if not keys or selector is None:
        return
    added = [{"key": key, "operator": operator, "values": [labels[key]]} for key in keys if key in labels]
    if added:
        selector["matchExpressions"] = [*(selector.get("matchExpressions") or ()), *added]
