"""Validation of the status that controllers report for workloads.

Source: kubernetes pkg/apis/apps/validation/validation.go ValidateDeploymentStatus, ValidateReplicaSetStatus,
validateDaemonSetStatus.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.object_meta import check_metadata_update
from k8scourse.apiserver.validation.support import Errors, check_nonnegative
from k8scourse.machinery.field import FieldError, invalid

_DEPLOYMENT = (
    "observedGeneration",
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
    "terminatingReplicas",
    "collisionCount",
)
_REPLICA_SET = (
    "replicas",
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
    "observedGeneration",
    "terminatingReplicas",
)
_DAEMON_SET = (
    "currentNumberScheduled",
    "numberMisscheduled",
    "desiredNumberScheduled",
    "numberReady",
    "observedGeneration",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberUnavailable",
    "collisionCount",
)

Workload = Mapping[str, Any]


def validate_deployment_status_update(new: Workload, old: Workload) -> list[FieldError]:
    """Return the faults of a Deployment's status: counts that contradict each other."""
    errors = _numbers(new, old, _DEPLOYMENT)
    check_replica_counts(errors, new.get("status") or {}, "updatedReplicas")
    _check_collisions(errors, new, old)
    return errors


def validate_replica_set_status_update(new: Workload, old: Workload) -> list[FieldError]:
    """Return the faults of a ReplicaSet's status."""
    errors = _numbers(new, old, _REPLICA_SET)
    check_replica_counts(errors, new.get("status") or {}, "fullyLabeledReplicas")
    return errors


def validate_daemon_set_status_update(new: Workload, old: Workload) -> list[FieldError]:
    """Return the faults of a DaemonSet's status."""
    errors = _numbers(new, old, _DAEMON_SET)
    _check_collisions(errors, new, old)
    return errors


def _numbers(new: Workload, old: Workload, fields: Sequence[str]) -> list[FieldError]:
    errors = check_metadata_update(new["metadata"], old["metadata"])
    status = new.get("status") or {}
    for field in fields:
        check_nonnegative(errors, f"status.{field}", status.get(field))
    return errors


def check_replica_counts(errors: Errors, status: Mapping[str, Any], first: str) -> None:
    """Check that no count (*first* is the first one) exceeds the replicas, and that available pods are ready."""
    counts = {name: status.get(name) or 0 for name in (first, "readyReplicas", "availableReplicas")}
    for name, count in counts.items():
        if count > (status.get("replicas") or 0):
            errors.append(invalid(f"status.{name}", count, "cannot be greater than status.replicas"))
    if counts["availableReplicas"] > counts["readyReplicas"]:
        text = "cannot be greater than readyReplicas"
        errors.append(invalid("status.availableReplicas", counts["availableReplicas"], text))


def _check_collisions(errors: Errors, new: Workload, old: Workload) -> None:
    count, before = ((workload.get("status") or {}).get("collisionCount") for workload in (new, old))
    if before is not None and (count is None or count < before):
        errors.append(invalid("status.collisionCount", count or 0, "cannot be decremented"))
