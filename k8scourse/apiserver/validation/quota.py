"""Validation of ResourceQuotas.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateResourceQuota and following.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.resources import check_amount, check_resource_name
from k8scourse.apiserver.validation.support import IMMUTABLE, Errors
from k8scourse.component_helpers import resource_names
from k8scourse.component_helpers.quota import CLAIM_RESOURCES
from k8scourse.machinery.field import FieldError, invalid, key, required

_POD_COUNT = ("pods",)
_POD_COMPUTE = ("cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory")
_SCOPE_RESOURCES = {
    "Terminating": _POD_COUNT + _POD_COMPUTE,
    "NotTerminating": _POD_COUNT + _POD_COMPUTE,
    "BestEffort": _POD_COUNT,
    "NotBestEffort": _POD_COUNT + _POD_COMPUTE,
    "PriorityClass": _POD_COUNT + _POD_COMPUTE,
    "CrossNamespacePodAffinity": _POD_COUNT + _POD_COMPUTE,
    "VolumeAttributesClass": CLAIM_RESOURCES,
}
_YES_OR_NO = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity")
_OPPOSITES = (("BestEffort", "NotBestEffort"), ("NotTerminating", "Terminating"))
_EXISTS_ONLY = (
    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
    "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)
_UNSUITED = "unsupported scope applied to resource"

Quota = Mapping[str, Any]
Spec = Mapping[str, Any]


def validate_resource_quota(quota: Quota) -> list[FieldError]:
    """Return the faults of a ResourceQuota."""
    errors = check_metadata(quota["metadata"], namespaced=True)
    _check_spec(errors, quota.get("spec") or {})
    return errors


def validate_resource_quota_update(new: Quota, old: Quota) -> list[FieldError]:
    """Return the faults of changing the stored quota *old* to *new*: the scopes stay."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    _check_spec(errors, spec)
    scopes = spec.get("scopes")
    if set(scopes or ()) != set(before.get("scopes") or ()):
        errors.append(invalid("spec.scopes", scopes, IMMUTABLE))
    return errors


def validate_resource_quota_status_update(new: Quota, old: Quota) -> list[FieldError]:
    """Return the faults of a reported status."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    for kind in ("hard", "used"):
        _check_amounts(errors, (new.get("status") or {}).get(kind) or {}, f"status.{kind}")
    return errors


def _check_spec(errors: Errors, spec: Spec) -> None:
    hard = spec.get("hard") or {}
    _check_amounts(errors, hard, "spec.hard")
    scopes: Sequence[str] = spec.get("scopes") or ()
    for scope in scopes:
        if scope not in _SCOPE_RESOURCES:
            errors.append(invalid("spec.scopes", list(scopes), "unsupported scope"))
        for _ in _unsuited(scope, hard):
            errors.append(invalid("spec.scopes", list(scopes), _UNSUITED))
    _check_opposites(errors, scopes, spec, "spec.scopes")
    selector = spec.get("scopeSelector")
    if selector is not None:
        _check_selector(errors, selector, spec)


def _check_amounts(errors: Errors, amounts: Mapping[str, Any], path: str) -> None:
    for name, amount in amounts.items():
        where = key(path, name)
        check_resource_name(errors, name, where)
        if "/" not in name and not resource_names.is_standard_for_quota(name):
            errors.append(invalid(where, name, "must be a standard resource for quota"))
        check_amount(errors, name, amount, where)


def _unsuited(scope: str, hard: Mapping[str, Any]) -> list[str]:
    """Return the limited resources that a scope has nothing to do with."""
    suited = _SCOPE_RESOURCES.get(scope)
    if suited is None:
        return []
    return [name for name in sorted(hard) if resource_names.is_standard_for_quota(name) and name not in suited]


def _check_opposites(errors: Errors, scopes: Sequence[str], spec: Spec, path: str) -> None:
    for first, second in _OPPOSITES:
        if first in scopes and second in scopes:
            errors.append(invalid(path, spec.get("scopes"), "conflicting scopes"))


def _check_selector(errors: Errors, selector: Mapping[str, Any], spec: Spec) -> None:
    path = "spec.scopeSelector.matchExpressions"
    expressions = selector.get("matchExpressions") or ()
    for expression in expressions:
        scope, operator = expression.get("scopeName") or "", expression.get("operator") or ""
        values = expression.get("values") or ()
        if scope not in _SCOPE_RESOURCES:
            errors.append(invalid(f"{path}.scopeName", scope, "unsupported scope"))
        for _ in _unsuited(scope, spec.get("hard") or {}):
            errors.append(invalid(path, _selector_value(expressions), _UNSUITED))
        if scope in _YES_OR_NO and operator != "Exists":
            errors.append(invalid(f"{path}.operator", operator, _EXISTS_ONLY))
        if operator in ("In", "NotIn"):
            if not values:
                text = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
                errors.append(required(f"{path}.values", text))
        elif operator in ("Exists", "DoesNotExist"):
            if values:
                text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
                errors.append(invalid(f"{path}.values", list(values), text))
        else:
            errors.append(invalid(f"{path}.operator", operator, "not a valid selector operator"))
    _check_opposites(errors, [item.get("scopeName") or "" for item in expressions], spec, path)


def _selector_value(expressions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the selector with the field names of the internal type."""
    return {
        "MatchExpressions": [
            {
                "ScopeName": item.get("scopeName") or "",
                "Operator": item.get("operator") or "",
                "Values": item.get("values"),
            }
            for item in expressions
        ]
    }
