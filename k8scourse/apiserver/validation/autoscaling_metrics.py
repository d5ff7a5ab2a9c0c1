"""Validation of what an autoscaler looks at.

Source: kubernetes pkg/apis/autoscaling/validation/validation.go validateMetricSpec and following.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.validation.resources import check_container_resource_name
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import forbidden, invalid, not_supported, required
from k8scourse.machinery.names import is_dns1123_label, is_path_segment_name
from k8scourse.machinery.quantity import parse_quantity

SOURCES = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
"""Type of a metric -> the field that describes it."""

TARGETS = ("Utilization", "Value", "AverageValue")
_RAW_OR_USE = "a target raw value or a target utilization"

Source = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looseness:
    """What the version of a referenced object may be: that of the core group, or anything at all."""

    empty_group: bool = False
    anything: bool = False


def check_reference(errors: Errors, reference: Mapping[str, Any], path: str, looseness: Looseness) -> None:
    """Check a reference to an object that may be of any version."""
    for name in ("kind", "name"):
        if reference.get(name):
            check(errors, f"{path}.{name}", reference[name], is_path_segment_name)
        else:
            errors.append(required(f"{path}.{name}"))
    version = reference.get("apiVersion") or ""
    if looseness.anything:
        return
    if version.count("/") > 1:
        errors.append(invalid(f"{path}.apiVersion", version, f"unexpected GroupVersion string: {version}"))
    elif not looseness.empty_group and not version.rpartition("/")[0]:
        errors.append(invalid(f"{path}.apiVersion", version, "apiVersion must specify API group"))


def check_metric(errors: Errors, metric: Mapping[str, Any], path: str, looseness: Looseness) -> None:
    """Check one metric: its type and the one source that goes with it."""
    kind = metric.get("type") or ""
    if not kind:
        errors.append(required(f"{path}.type", "must specify a metric source type"))
    if kind not in SOURCES:
        errors.append(not_supported(f"{path}.type", kind, SOURCES))
    present = [name for name in _CHECKS if metric.get(name) is not None]
    if metric.get("object") is not None:
        described = metric["object"].get("describedObject") or {}
        check_reference(errors, described, f"{path}.object.describedObject", looseness)
    if present:
        _CHECKS[present[0]](errors, metric[present[0]], f"{path}.{present[0]}")
    expected = SOURCES.get(kind)
    if expected is None:
        errors.append(not_supported(f"{path}.type", kind, SOURCES))
    elif expected not in present:
        errors.append(required(f"{path}.{expected}", "must populate information for the given metric source"))
    if len(present) != 1:
        others = (name for name in present if name != expected)
        errors.extend(forbidden(f"{path}.{name}", "must populate the given metric source only") for name in others)


def _check_object(errors: Errors, source: Source, path: str) -> None:
    target = _check_named(errors, source, path)
    if target.get("value") is None and target.get("averageValue") is None:
        errors.append(required(f"{path}.target.averageValue", "must set either a target value or averageValue"))


def _check_external(errors: Errors, source: Source, path: str) -> None:
    target = _check_named(errors, source, path)
    both = "a target value for metric and a per-pod target"
    if target.get("value") is None and target.get("averageValue") is None:
        text = "must set either a target value for metric or a per-pod target"
        errors.append(required(f"{path}.target.averageValue", text))
    if target.get("value") is not None and target.get("averageValue") is not None:
        errors.append(forbidden(f"{path}.target.value", f"may not set both {both}"))


def _check_pods(errors: Errors, source: Source, path: str) -> None:
    target = _check_named(errors, source, path)
    if target.get("averageValue") is None:
        errors.append(required(f"{path}.target.averageValue", "must specify a positive target averageValue"))


def _check_resource(errors: Errors, source: Source, path: str) -> None:
    if not source.get("name"):
        errors.append(required(f"{path}.name", "must specify a resource name"))
    _check_use(errors, source, path)


def _check_container_resource(errors: Errors, source: Source, path: str) -> None:
    if not source.get("name"):
        errors.append(required(f"{path}.name", "must specify a resource name"))
    else:
        check_container_resource_name(errors, source["name"], f"{path}.name")
    if not source.get("container"):
        errors.append(required(f"{path}.container", "must specify a container"))
    else:
        check(errors, f"{path}.container", source["container"], is_dns1123_label)
    _check_use(errors, source, path)


def _check_use(errors: Errors, source: Source, path: str) -> None:
    target = _check_target(errors, source, path)
    if target.get("averageUtilization") is None and target.get("averageValue") is None:
        errors.append(required(f"{path}.target.averageUtilization", f"must set either {_RAW_OR_USE}"))
    if target.get("averageUtilization") is not None and target.get("averageValue") is not None:
        text = f"may not set both {_RAW_OR_USE.replace(' or ', ' and ')}"
        errors.append(forbidden(f"{path}.target.averageValue", text))


def _check_named(errors: Errors, source: Source, path: str) -> Mapping[str, Any]:
    name = (source.get("metric") or {}).get("name")
    if name:
        check(errors, f"{path}.metric.name", name, is_path_segment_name)
    else:
        errors.append(required(f"{path}.metric.name", "must specify a metric name"))
    return _check_target(errors, source, path)


def _check_target(errors: Errors, source: Source, path: str) -> Mapping[str, Any]:
    target, path = source.get("target") or {}, f"{path}.target"
    kind = target.get("type") or ""
    if not kind:
        errors.append(required(f"{path}.type", "must specify a metric target type"))
    if kind not in TARGETS:
        errors.append(invalid(f"{path}.type", kind, "must be either Utilization, Value, or AverageValue"))
    for name in ("value", "averageValue"):
        if target.get(name) is not None:
            amount = parse_quantity(target[name])
            if amount <= parse_quantity("0"):
                errors.append(invalid(f"{path}.{name}", str(amount), "must be positive"))
    use = target.get("averageUtilization")
    if use is not None and use < 1:
        errors.append(invalid(f"{path}.averageUtilization", use, "must be greater than 0"))
    return target


_CHECKS: dict[str, Callable[[Errors, Source, str], None]] = {
    "object": _check_object,
    "external": _check_external,
    "pods": _check_pods,
    "resource": _check_resource,
    "containerResource": _check_container_resource,
}
