"""Validation of Namespaces.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateNamespace and following.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.object_meta import (
    FOREGROUND_FINALIZER,
    ORPHAN_FINALIZER,
    check_metadata,
    check_metadata_update,
)
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import FieldError, invalid
from k8scourse.machinery.names import is_dns1123_label, is_qualified_name

KUBERNETES_FINALIZER = "kubernetes"
_STANDARD_FINALIZERS = (KUBERNETES_FINALIZER, ORPHAN_FINALIZER, FOREGROUND_FINALIZER)
_NOT_STANDARD = "name is neither a standard finalizer name nor is it fully qualified"

Namespace = Mapping[str, Any]


def validate_namespace(namespace: Namespace) -> list[FieldError]:
    """Return the faults of a Namespace by itself: its name is a DNS label."""
    errors = check_metadata(namespace["metadata"], namespaced=False, name_rule=is_dns1123_label)
    for finalizer in (namespace.get("spec") or {}).get("finalizers") or ():
        _check_finalizer(errors, finalizer, "spec.finalizers")
    return errors


def validate_namespace_update(new: Namespace, old: Namespace) -> list[FieldError]:
    """Return the faults of changing the stored Namespace *old* to *new*."""
    return validate_namespace(new) + check_metadata_update(new["metadata"], old["metadata"])


def validate_namespace_status_update(new: Namespace, old: Namespace) -> list[FieldError]:
    """Return the faults of a reported phase: Terminating exactly while the namespace is being deleted."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    phase = (new.get("status") or {}).get("phase") or ""
    if not new["metadata"].get("deletionTimestamp"):
        if phase != "Active":
            text = "may only be 'Active' if `deletionTimestamp` is empty"
            errors.append(invalid("status.Phase", phase, text))
    elif phase != "Terminating":
        text = "may only be 'Terminating' if `deletionTimestamp` is not empty"
        errors.append(invalid("status.Phase", phase, text))
    return errors


def validate_namespace_finalize_update(new: Namespace, old: Namespace) -> list[FieldError]:
    """Return the faults of a change through the finalize subresource."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    for index, finalizer in enumerate((new.get("spec") or {}).get("finalizers") or ()):
        _check_finalizer(errors, finalizer, f"spec.finalizers[{index}]")
    return errors


def _check_finalizer(errors: Errors, finalizer: str, path: str) -> None:
    check(errors, path, finalizer, is_qualified_name)
    if "/" not in finalizer and finalizer not in _STANDARD_FINALIZERS:
        errors.append(invalid(path, finalizer, _NOT_STANDARD))
