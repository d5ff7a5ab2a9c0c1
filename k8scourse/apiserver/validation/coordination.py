"""Validation of Leases.

Source: kubernetes pkg/apis/coordination/validation/validation.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import Errors
from k8scourse.machinery.field import FieldError, invalid

Lease = Mapping[str, Any]


def validate_lease(lease: Lease) -> list[FieldError]:
    """Return the faults of a Lease."""
    errors = check_metadata(lease["metadata"], namespaced=True)
    _check_spec(errors, lease.get("spec") or {})
    return errors


def validate_lease_update(new: Lease, old: Lease) -> list[FieldError]:
    """Return the faults of changing the stored Lease *old* to *new*."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    _check_spec(errors, new.get("spec") or {})
    return errors


def _check_spec(errors: Errors, spec: Mapping[str, Any]) -> None:
    duration, transitions = spec.get("leaseDurationSeconds"), spec.get("leaseTransitions")
    if duration is not None and duration <= 0:
        errors.append(invalid("spec.leaseDurationSeconds", duration, "must be greater than 0"))
    if transitions is not None and transitions < 0:
        errors.append(invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0"))
