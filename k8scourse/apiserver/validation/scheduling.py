"""Validation of PriorityClasses.

Source: kubernetes pkg/apis/scheduling/validation/validation.go, pkg/apis/scheduling/v1/helpers.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.pod import PREEMPTION_POLICIES
from k8scourse.apiserver.validation.support import check_choice, check_immutable
from k8scourse.machinery.field import FieldError, forbidden

HIGHEST_USER_PRIORITY = 1_000_000_000
SYSTEM_PREFIX = "system-"
SYSTEM_CLASSES = {"system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000}

PriorityClass = Mapping[str, Any]


def validate_priority_class(priority_class: PriorityClass) -> list[FieldError]:
    """Return the faults of a PriorityClass: users stay below 1000000000 and away from the prefix ``system-``."""
    errors = check_metadata(priority_class["metadata"], namespaced=False)
    name, value = priority_class["metadata"].get("name") or "", priority_class.get("value") or 0
    if name.startswith(SYSTEM_PREFIX):
        fault = _system_fault(name, value, priority_class.get("globalDefault") or False)
        if fault:
            text = (
                f"priority class names with '{SYSTEM_PREFIX}' prefix are reserved for system use only. error: {fault}"
            )
            errors.append(forbidden("metadata.name", text))
    elif value > HIGHEST_USER_PRIORITY:
        text = f"maximum allowed value of a user defined priority is {HIGHEST_USER_PRIORITY}"
        errors.append(forbidden("value", text))
    policy = priority_class.get("preemptionPolicy")
    if policy is not None and policy not in PREEMPTION_POLICIES:
        check_choice(errors, "preemptionPolicy", policy, PREEMPTION_POLICIES)
    return errors


def _system_fault(name: str, value: int, is_default: bool) -> str | None:
    expected = SYSTEM_CLASSES.get(name)
    if expected is None:
        return f"{name} is not a known system priority class"
    if value != expected:
        return f"value of {name} PriorityClass must be {expected}"
    return f"globalDefault of {name} PriorityClass must be false" if is_default else None


def validate_priority_class_update(new: PriorityClass, old: PriorityClass) -> list[FieldError]:
    """Return the faults of changing the stored class *old* to *new*: value and preemptionPolicy stay."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    if (new.get("value") or 0) != (old.get("value") or 0):
        errors.append(forbidden("value", "may not be changed in an update."))
    check_immutable(errors, "preemptionPolicy", new.get("preemptionPolicy"), old.get("preemptionPolicy"))
    return errors
