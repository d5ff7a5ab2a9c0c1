"""The strategies of PodDisruptionBudget, PriorityClass and Lease.

Source: kubernetes pkg/registry/{policy/poddisruptionbudget,scheduling/priorityclass,coordination/lease}/strategy.go.
"""

from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy, cluster_object_fields, keep
from k8scourse.apiserver.validation.coordination import validate_lease, validate_lease_update
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.apiserver.validation.policy import (
    validate_pod_disruption_budget,
    validate_pod_disruption_budget_status_update,
    validate_pod_disruption_budget_update,
)
from k8scourse.apiserver.validation.scheduling import validate_priority_class, validate_priority_class_update

_BUDGET_STATUS = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")

Object = dict[str, Any]


def _prepare_budget(budget: Object) -> None:
    budget["status"] = dict.fromkeys(_BUDGET_STATUS, 0)
    budget["metadata"]["generation"] = 1


def _prepare_budget_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    if not semantic_equal(new.get("spec"), old.get("spec")):
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


POD_DISRUPTION_BUDGET = Strategy(
    prepare_for_create=_prepare_budget,
    prepare_for_update=_prepare_budget_update,
    validate=validate_pod_disruption_budget,
    validate_update=validate_pod_disruption_budget_update,
    validate_status_update=validate_pod_disruption_budget_status_update,
    has_status=True,
    allow_unconditional_update=False,
)


def _prepare_priority_class(priority_class: Object) -> None:
    priority_class["metadata"]["generation"] = 1


PRIORITY_CLASS = Strategy(
    prepare_for_create=_prepare_priority_class,
    validate=validate_priority_class,
    validate_update=validate_priority_class_update,
    validate_status_update=validate_object_meta_update,
    selectable_fields=cluster_object_fields,
)


def _drop_coordinated_election(lease: Object) -> None:
    """Remove what belongs to coordinated leader election (gate CoordinatedLeaderElection, off)."""
    for name in ("strategy", "preferredHolder"):
        (lease.get("spec") or {}).pop(name, None)


LEASE = Strategy(
    prepare_for_create=_drop_coordinated_election,
    prepare_for_update=lambda new, old: _drop_coordinated_election(new),
    validate=validate_lease,
    validate_update=validate_lease_update,
    validate_status_update=validate_object_meta_update,
    allow_create_on_update=True,
    allow_unconditional_update=False,
)
