"""Validation of ControllerRevisions, the history that StatefulSets and DaemonSets keep.

Source: kubernetes pkg/apis/apps/validation/validation.go ValidateControllerRevisionCreate and following.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import check_immutable, check_nonnegative
from k8scourse.machinery.field import FieldError, required

Revision = Mapping[str, Any]


def validate_controller_revision(revision: Revision) -> list[FieldError]:
    """Return the faults of a ControllerRevision: its data is an object."""
    errors = _errors(revision)
    data = revision.get("data")
    if data is None:
        errors.append(required("data", "data is mandatory"))
    elif not isinstance(data, dict):
        errors.append(required("data", "data must be a valid JSON object"))
    return errors


def validate_controller_revision_update(new: Revision, old: Revision) -> list[FieldError]:
    """Return the faults of changing the stored revision *old* to *new*: its data stays."""
    errors = check_metadata_update(new["metadata"], old["metadata"]) + _errors(new)
    check_immutable(errors, "data", new.get("data"), old.get("data"))
    return errors


def _errors(revision: Revision) -> list[FieldError]:
    errors = check_metadata(revision["metadata"], namespaced=True)
    check_nonnegative(errors, "revision", revision.get("revision"))
    return errors
