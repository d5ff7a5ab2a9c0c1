"""Validation of ReplicationControllers.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateReplicationController and following.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.apps import NO_MATCH, check_always_running
from k8scourse.apiserver.validation.apps_status import check_replica_counts
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.pod_template import check_pod_template
from k8scourse.apiserver.validation.support import Errors, check_nonnegative
from k8scourse.machinery.field import FieldError, invalid, required

_COUNTS = ("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration")

Controller = Mapping[str, Any]


def validate_replication_controller(controller: Controller) -> list[FieldError]:
    """Return the faults of a ReplicationController."""
    errors = check_metadata(controller["metadata"], namespaced=True)
    _check_spec(errors, controller["spec"])
    return errors


def validate_replication_controller_update(new: Controller, old: Controller) -> list[FieldError]:
    """Return the faults of changing the stored controller *old* to *new*; unlike elsewhere the selector may change."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    _check_spec(errors, new["spec"])
    return errors


def validate_replication_controller_status_update(new: Controller, old: Controller) -> list[FieldError]:
    """Return the faults of a reported status."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    status = new.get("status") or {}
    for field in _COUNTS:
        check_nonnegative(errors, f"status.{field}", status.get(field))
    check_replica_counts(errors, status, "fullyLabeledReplicas")
    return errors


def _check_spec(errors: Errors, spec: Mapping[str, Any]) -> None:
    check_nonnegative(errors, "spec.minReadySeconds", spec.get("minReadySeconds"))
    selector = spec.get("selector") or {}
    if not selector:
        errors.append(required("spec.selector"))
    if spec.get("replicas") is None:
        errors.append(required("spec.replicas"))
    check_nonnegative(errors, "spec.replicas", spec.get("replicas"))
    template = spec.get("template")
    if template is None:
        errors.append(required("spec.template"))
        return
    labels = (template.get("metadata") or {}).get("labels")
    if not selector.items() <= (labels or {}).items():
        errors.append(invalid("spec.template.metadata.labels", labels, NO_MATCH))
    check_pod_template(errors, template, "spec.template")
    check_always_running(errors, template["spec"], "ReplicationController")
