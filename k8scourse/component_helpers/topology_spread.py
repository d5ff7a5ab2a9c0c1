"""Topology spread constraints as the scheduler reads them (kubernetes: plugins/podtopologyspread/common.go)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from k8scourse.component_helpers.node_affinity import RequiredNodeAffinity
from k8scourse.component_helpers.tolerations import Toleration, find_untolerated_taint
from k8scourse.machinery.labels import Selector, selector_from

HOSTNAME = "kubernetes.io/hostname"
ZONE = "topology.kubernetes.io/zone"
Labels = Mapping[str, str]

SYSTEM_DEFAULT_CONSTRAINTS: tuple[Mapping[str, Any], ...] = (
    {"topologyKey": HOSTNAME, "whenUnsatisfiable": "ScheduleAnyway", "maxSkew": 3},
    {"topologyKey": ZONE, "whenUnsatisfiable": "ScheduleAnyway", "maxSkew": 5},
)
"""Used for pods of a Service, ReplicaSet, ReplicationController or StatefulSet that bring no constraint."""


@dataclass(frozen=True, slots=True)
class SpreadConstraint:
    """One constraint with its defaults filled in."""

    max_skew: int
    topology_key: str
    selector: Selector
    selects_everything: bool
    """Whether the selector is empty: it then matches the incoming pod, but no pod is counted."""
    min_domains: int = 1
    honor_affinity: bool = True
    """nodeAffinityPolicy Honor: nodes that the pod's nodeSelector and nodeAffinity exclude do not count."""
    honor_taints: bool = False
    """nodeTaintsPolicy Honor: nodes with a taint that the pod does not tolerate do not count."""

    def counts(self, labels: Labels) -> bool:
        """Whether a pod with *labels* counts in its domain."""
        return not self.selects_everything and self.selector.matches(labels)

    def includes(
        self, node: Mapping[str, Any], required: RequiredNodeAffinity, tolerations: Sequence[Toleration]
    ) -> bool:
        """Whether *node* takes part, for a pod with these demands and tolerations."""
        if self.honor_affinity and not required.is_empty and not required.matches(node):
            return False
        if not self.honor_taints:
            return True
        return find_untolerated_taint(node.get("spec", {}).get("taints") or (), tolerations) is None


def read_constraints(
    constraints: Iterable[Mapping[str, Any]], pod_labels: Labels, action: str
) -> tuple[SpreadConstraint, ...]:
    """The constraints whose whenUnsatisfiable is *action* (DoNotSchedule or ScheduleAnyway)."""
    return tuple(
        _read(constraint, pod_labels) for constraint in constraints if constraint.get("whenUnsatisfiable") == action
    )


def _read(constraint: Mapping[str, Any], pod_labels: Labels) -> SpreadConstraint:
    selector = _with_match_label_keys(constraint, pod_labels)
    return SpreadConstraint(
        max_skew=constraint["maxSkew"],
        topology_key=constraint["topologyKey"],
        selector=selector_from(selector),
        selects_everything=is_everything(selector),
        min_domains=constraint.get("minDomains") or 1,
        honor_affinity=constraint.get("nodeAffinityPolicy") != "Ignore",
        honor_taints=constraint.get("nodeTaintsPolicy") == "Honor",
    )


def is_everything(selector: Mapping[str, Any] | None) -> bool:
    """Whether a label selector is present but empty."""
    return selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions")


def _with_match_label_keys(constraint: Mapping[str, Any], pod_labels: Labels) -> Mapping[str, Any] | None:
    """The labelSelector and the values that the pod has for matchLabelKeys; a missing selector stays missing."""
    selector = constraint.get("labelSelector")
    keys = [key for key in constraint.get("matchLabelKeys") or () if key in pod_labels]
    if selector is None or not keys:
        return selector
    own = [{"key": key, "operator": "In", "values": [pod_labels[key]]} for key in keys]
    return {**selector, "matchExpressions": [*(selector.get("matchExpressions") or ()), *own]}


def default_constraints(selector: Mapping[str, Any], action: str) -> tuple[SpreadConstraint, ...]:
    """The built-in constraints for *action*, with the label *selector* of the pod's Services and owner."""
    return read_constraints(
        ({**constraint, "labelSelector": selector} for constraint in SYSTEM_DEFAULT_CONSTRAINTS), {}, action
    )
