"""The conditions of a Job's status.

Source: kubernetes pkg/apis/batch/validation/validation.go IsConditionTrue and following.
"""

from collections.abc import Mapping
from typing import Any

Status = Mapping[str, Any]


def is_true(status: Status, kind: str) -> bool:
    """Whether the condition *kind* is True."""
    return has_status(status, kind, "True")


def has_status(status: Status, kind: str, value: str) -> bool:
    """Whether there is a condition *kind* with the status *value*."""
    return any(item.get("type") == kind and item.get("status") == value for item in status.get("conditions") or ())


def is_finished(status: Status) -> bool:
    """Whether the Job is complete or failed."""
    return is_true(status, "Complete") or is_true(status, "Failed")
