"""Validation of topologySpreadConstraints.

Source: kubernetes pkg/apis/core/validation/validation.go validateTopologySpreadConstraints.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.label_selector import check_label_selector
from k8scourse.apiserver.validation.match_label_keys import check_match_label_keys
from k8scourse.apiserver.validation.support import NOT_POSITIVE, Errors
from k8scourse.machinery.field import duplicate, invalid, not_supported, required

DO_NOT_SCHEDULE = "DoNotSchedule"
_ACTIONS = (DO_NOT_SCHEDULE, "ScheduleAnyway")
_NODE_POLICIES = ("Honor", "Ignore")

Constraint = Mapping[str, Any]


def check_topology_spread(errors: Errors, constraints: Sequence[Constraint], path: str) -> None:
    """Check the constraints of a pod; the pair of topologyKey and whenUnsatisfiable must be unique."""
    for index, constraint in enumerate(constraints):
        _check_constraint(errors, constraint, constraints[index + 1 :], f"{path}[{index}]")


def _check_constraint(errors: Errors, constraint: Constraint, others: Sequence[Constraint], path: str) -> None:
    skew = constraint.get("maxSkew") or 0
    if skew <= 0:
        errors.append(invalid(f"{path}.maxSkew", skew, NOT_POSITIVE))
    key, action = constraint.get("topologyKey") or "", constraint.get("whenUnsatisfiable") or ""
    if not key:
        errors.append(required(f"{path}.topologyKey", "can not be empty"))
    if action not in _ACTIONS:
        errors.append(not_supported(f"{path}.whenUnsatisfiable", action, _ACTIONS))
    if any((other.get("topologyKey"), other.get("whenUnsatisfiable")) == (key, action) for other in others):
        errors.append(duplicate(f"{path}.{{topologyKey, whenUnsatisfiable}}", f"{{{key}, {action}}}"))
    _check_min_domains(errors, constraint.get("minDomains"), action, f"{path}.minDomains")
    for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
        policy = constraint.get(name)
        if policy is not None and policy not in _NODE_POLICIES:
            errors.append(not_supported(f"{path}.{name}", policy, _NODE_POLICIES))
    selector = constraint.get("labelSelector")
    check_match_label_keys(errors, constraint.get("matchLabelKeys"), None, selector, path)
    check_label_selector(errors, selector, f"{path}.labelSelector")


def _check_min_domains(errors: Errors, minimum: int | None, action: str, path: str) -> None:
    if minimum is None:
        return
    if minimum <= 0:
        errors.append(invalid(path, minimum, NOT_POSITIVE))
    if action != DO_NOT_SCHEDULE:
        text = f"can only use minDomains if whenUnsatisfiable={DO_NOT_SCHEDULE}, not {action}"
        errors.append(invalid(path, minimum, text))
