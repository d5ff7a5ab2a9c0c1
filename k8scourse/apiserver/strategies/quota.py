"""The strategies of ResourceQuota and LimitRange.

Source: kubernetes pkg/registry/core/{resourcequota,limitrange}/strategy.go.
"""

from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy, keep
from k8scourse.apiserver.validation.limit_range import validate_limit_range, validate_limit_range_update
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.apiserver.validation.quota import (
    validate_resource_quota,
    validate_resource_quota_status_update,
    validate_resource_quota_update,
)
from k8scourse.component_helpers.pod_requests import parse_resources

_KNOWN = ("cpu", "memory", "storage", "ephemeral-storage")

Object = dict[str, Any]


def _prepare_quota(quota: Object) -> None:
    quota["status"] = {}


def _prepare_quota_update(new: Object, old: Object) -> None:
    keep(new, old, "status")


def _quota_warnings(quota: Object) -> list[str]:
    """Warn of a quota that allows more requests than limits."""
    hard = parse_resources((quota.get("spec") or {}).get("hard"))
    warnings: list[str] = []
    for name in _KNOWN:
        requested, limited = f"requests.{name}", f"limits.{name}"
        if requested not in hard and name in ("cpu", "memory"):
            requested = name
        if requested in hard and limited in hard and hard[requested] > hard[limited]:
            text = f"({hard[requested]}) should be less than {limited} ({hard[limited]})"
            warnings.append(f"ResourceQuota {requested} {text}")
    return warnings


RESOURCE_QUOTA = Strategy(
    prepare_for_create=_prepare_quota,
    prepare_for_update=_prepare_quota_update,
    validate=validate_resource_quota,
    validate_update=validate_resource_quota_update,
    validate_status_update=validate_resource_quota_status_update,
    warnings_on_create=_quota_warnings,
    has_status=True,
)

LIMIT_RANGE = Strategy(
    validate=validate_limit_range,
    validate_update=validate_limit_range_update,
    validate_status_update=validate_object_meta_update,
    allow_create_on_update=True,
)
