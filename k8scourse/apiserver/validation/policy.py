"""Validation of PodDisruptionBudgets.

Source: kubernetes pkg/apis/policy/validation/validation.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.int_or_percent import check_at_most_100_percent, check_int_or_percent
from k8scourse.apiserver.validation.internal_values import internal_value
from k8scourse.apiserver.validation.label_selector import check_label_selector
from k8scourse.apiserver.validation.support import Errors, check_nonnegative
from k8scourse.machinery.field import FieldError, invalid, not_supported

_EVICTION_POLICIES = ("AlwaysAllow", "IfHealthyBudget")
_COUNTS = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")


def validate_pod_disruption_budget(budget: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of a PodDisruptionBudget; the same on creation and on update."""
    errors: Errors = []
    spec = budget.get("spec") or {}
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        text = "minAvailable and maxUnavailable cannot be both set"
        errors.append(invalid("spec", internal_value("PodDisruptionBudgetSpec", spec), text))
    for field in ("minAvailable", "maxUnavailable"):
        if spec.get(field) is not None:
            check_int_or_percent(errors, spec[field], f"spec.{field}")
            check_at_most_100_percent(errors, spec[field], f"spec.{field}")
    check_label_selector(errors, spec.get("selector"), "spec.selector")
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in _EVICTION_POLICIES:
        errors.append(not_supported("spec.unhealthyPodEvictionPolicy", policy, _EVICTION_POLICIES))
    return errors


def validate_pod_disruption_budget_update(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of changing the stored budget *old* to *new*: any valid spec will do."""
    return validate_pod_disruption_budget(new)


def validate_pod_disruption_budget_status_update(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of a reported status: its counts are not negative."""
    errors: Errors = []
    for field in _COUNTS:
        check_nonnegative(errors, f"status.{field}", (new.get("status") or {}).get(field))
    return errors
