"""Validation of ServiceAccounts.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateServiceAccount, ValidateServiceAccountUpdate.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.machinery.field import FieldError


def validate_service_account(account: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of a ServiceAccount: only its metadata is looked at."""
    return check_metadata(account["metadata"], namespaced=True)


def validate_service_account_update(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of changing the stored ServiceAccount *old* to *new*."""
    return check_metadata_update(new["metadata"], old["metadata"]) + validate_service_account(new)
