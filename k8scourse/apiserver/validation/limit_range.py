"""Validation of LimitRanges.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateLimitRange.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.object_meta import check_metadata
from k8scourse.apiserver.validation.resources import check_container_resource_name, check_resource_name
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.component_helpers.pod_requests import Resources, parse_resources
from k8scourse.component_helpers.resource_names import is_overcommit_allowed
from k8scourse.machinery.field import FieldError, duplicate, forbidden, invalid, key, required
from k8scourse.machinery.names import is_qualified_name
from k8scourse.machinery.quantity import Quantity

TYPES = ("Pod", "Container", "PersistentVolumeClaim")
_KINDS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
_DEFAULTS = ("default", "defaultRequest")
_MILLI_IN_FLOAT = 1000

LimitRange = Mapping[str, Any]
Item = Mapping[str, Any]


def validate_limit_range(limit_range: LimitRange) -> list[FieldError]:
    """Return the faults of a LimitRange: bounds and defaults that contradict each other."""
    errors = check_metadata(limit_range["metadata"], namespaced=True)
    seen: set[str] = set()
    for index, item in enumerate((limit_range.get("spec") or {}).get("limits") or ()):
        path, kind = f"spec.limits[{index}]", item.get("type") or ""
        _check_type(errors, kind, f"{path}.type")
        if kind in seen:
            errors.append(duplicate(f"{path}.type", kind))
        seen.add(kind)
        _check_item(errors, item, kind, path)
    return errors


def validate_limit_range_update(new: LimitRange, old: LimitRange) -> list[FieldError]:
    """Return the faults of a changed LimitRange: it is looked at by itself."""
    return validate_limit_range(new)


def _check_type(errors: Errors, kind: str, path: str) -> None:
    count = len(errors)
    check(errors, path, kind, is_qualified_name)
    if len(errors) == count and "/" not in kind and kind not in TYPES:
        errors.append(invalid(path, kind, "must be a standard limit type or fully qualified"))


def _check_item(errors: Errors, item: Item, kind: str, path: str) -> None:
    check_name = check_container_resource_name if kind in TYPES[:2] else check_resource_name
    amounts: dict[str, Resources] = {name: parse_resources(item.get(name)) for name in _KINDS}
    for field in _KINDS:
        if field == "maxLimitRequestRatio" and kind == "PersistentVolumeClaim":
            _check_storage(errors, amounts, path)
        if kind == "Pod" and field in _DEFAULTS:
            if amounts[field]:
                errors.append(forbidden(f"{path}.{field}", "may not be specified when `type` is 'Pod'"))
            amounts[field] = {}
        for name in amounts[field]:
            check_name(errors, name, key(f"{path}.{field}", name))
    for name in sorted({name for values in amounts.values() for name in values}):
        _check_bounds(errors, {field: values[name] for field, values in amounts.items() if name in values}, name, path)


def _check_storage(errors: Errors, amounts: Mapping[str, Resources], path: str) -> None:
    if "storage" not in amounts["min"] and "storage" not in amounts["max"]:
        text = "either minimum or maximum storage value is required, but neither was provided"
        errors.append(required(f"{path}.limits", text))


def _check_bounds(errors: Errors, bounds: Mapping[str, Quantity], name: str, path: str) -> None:
    """Check the amounts given for one resource against each other, in the order of Kubernetes."""
    rules = (
        ("min", "max", "min", "min value {} is greater than max value {}"),
        ("min", "defaultRequest", "defaultRequest", "min value {} is greater than default request value {}"),
        ("defaultRequest", "max", "defaultRequest", "default request value {} is greater than max value {}"),
        (
            "defaultRequest",
            "default",
            "defaultRequest",
            "default request value {} is greater than default limit value {}",
        ),
        ("min", "default", "default", "min value {} is greater than default value {}"),
        ("default", "max", "default", "default value {} is greater than max value {}"),
    )
    for low, high, field, text in rules:
        if low in bounds and high in bounds and bounds[low] > bounds[high]:
            # For defaults upstream shows the bound that is violated, not the default.
            shown = {("min", "default"): "min", ("default", "max"): "max"}.get((low, high), field)
            fault = text.format(bounds[low], bounds[high])
            errors.append(invalid(key(f"{path}.{field}", name), str(bounds[shown]), fault))
    _check_ratio(errors, bounds, key(f"{path}.maxLimitRequestRatio", name))
    both = [bounds.get(field) for field in _DEFAULTS]
    if not is_overcommit_allowed(name) and None not in both and both[0] != both[1]:
        fault = f"default value {both[0]} must equal to defaultRequest value {both[1]} in {name}"
        errors.append(invalid(key(f"{path}.defaultRequest", name), str(both[1]), fault))


def _check_ratio(errors: Errors, bounds: Mapping[str, Quantity], path: str) -> None:
    ratio = bounds.get("maxLimitRequestRatio")
    if ratio is None:
        return
    if ratio < Quantity.of(1):
        errors.append(invalid(path, str(ratio), f"ratio {ratio} is less than 1"))
    low, high = bounds.get("min"), bounds.get("max")
    if low is None or high is None:
        return
    allowed = high.milli_value() / low.milli_value() if low else float("inf")
    if ratio.milli_value() / _MILLI_IN_FLOAT > allowed:
        errors.append(invalid(path, str(ratio), f"ratio {ratio} is greater than max/min = {allowed:f}"))
