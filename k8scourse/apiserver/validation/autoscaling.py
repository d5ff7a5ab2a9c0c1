"""Validation of HorizontalPodAutoscalers.

Source: kubernetes pkg/apis/autoscaling/validation/validation.go; which references may be loose:
pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go validationOptionsForHorizontalPodAutoscaler.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.validation.autoscaling_metrics import Looseness, check_metric, check_reference
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import NOT_NEGATIVE, NOT_POSITIVE, Errors, check_nonnegative
from k8scourse.machinery.field import FieldError, forbidden, invalid, not_supported, required
from k8scourse.machinery.quantity import parse_quantity

MAX_PERIOD_SECONDS = 1800
MAX_STABILIZATION_SECONDS = 3600
SELECT_POLICIES = ("Disabled", "Max", "Min")
POLICY_TYPES = ("Percent", "Pods")
_SCALES_TO_ZERO = ("Object", "External")
_ZERO_NEEDS = "must specify at least one Object or External metric to support scaling to zero replicas"

Autoscaler = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Options:
    lowest: int
    target: Looseness
    described: Looseness


def validate_autoscaler(autoscaler: Autoscaler) -> list[FieldError]:
    """Return the faults of a HorizontalPodAutoscaler that is to be created."""
    spec = autoscaler["spec"]
    options = _Options(lowest=1, target=_target_looseness(spec), described=Looseness(empty_group=True))
    return check_metadata(autoscaler["metadata"], namespaced=True) + _spec_errors(spec, options)


def validate_autoscaler_update(new: Autoscaler, old: Autoscaler) -> list[FieldError]:
    """Return the faults of changing the stored autoscaler *old* to *new*; old mistakes in references may stay."""
    before = old["spec"]
    is_same = all(_target(new["spec"]).get(name) == _target(before).get(name) for name in ("apiVersion", "kind"))
    options = _Options(
        lowest=0 if before.get("minReplicas") == 0 else 1,
        target=Looseness(anything=True) if is_same else _target_looseness(new["spec"]),
        described=Looseness(empty_group=True, anything=_describes_wrongly(before)),
    )
    return check_metadata_update(new["metadata"], old["metadata"]) + _spec_errors(new["spec"], options)


def validate_autoscaler_status_update(new: Autoscaler, old: Autoscaler) -> list[FieldError]:
    """Return the faults of the status that a controller reports."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    status = new.get("status") or {}
    for name in ("currentReplicas", "desiredReplicas"):
        check_nonnegative(errors, f"status.{name}", status.get(name))
    return errors


def _target(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    return spec.get("scaleTargetRef") or {}


def _target_looseness(spec: Mapping[str, Any]) -> Looseness:
    return Looseness(empty_group=_target(spec).get("kind") == "ReplicationController")


def _describes_wrongly(spec: Mapping[str, Any]) -> bool:
    """Whether a stored metric is about an object whose version cannot be read."""
    sources = (metric["object"] for metric in spec.get("metrics") or () if metric.get("object") is not None)
    return any(((source.get("describedObject") or {}).get("apiVersion") or "").count("/") > 1 for source in sources)


def _spec_errors(spec: Mapping[str, Any], options: _Options) -> list[FieldError]:
    errors: Errors = []
    lowest, highest = spec.get("minReplicas"), spec.get("maxReplicas") or 0
    if lowest is not None and lowest < options.lowest:
        errors.append(invalid("spec.minReplicas", lowest, f"must be greater than or equal to {options.lowest}"))
    if highest == 0:
        errors.append(required("spec.maxReplicas", "must be set and greater than 0"))
    elif highest < 0:
        errors.append(invalid("spec.maxReplicas", highest, "must be greater than or equal to 1"))
    if lowest is not None and highest < lowest:
        errors.append(invalid("spec.maxReplicas", highest, "must be greater than or equal to `minReplicas`"))
    check_reference(errors, _target(spec), "spec.scaleTargetRef", options.target)
    metrics = spec.get("metrics") or ()
    for index, metric in enumerate(metrics):
        check_metric(errors, metric, f"spec.metrics[{index}]", options.described)
    if lowest == 0 and not any(metric.get("type") in _SCALES_TO_ZERO for metric in metrics):
        errors.append(forbidden("spec.metrics", _ZERO_NEEDS))
    for name in ("scaleUp", "scaleDown"):
        rules = (spec.get("behavior") or {}).get(name)
        if rules is not None:
            _check_rules(errors, rules, f"spec.behavior.{name}")
    return errors


def _check_rules(errors: Errors, rules: Mapping[str, Any], path: str) -> None:
    window, choice = rules.get("stabilizationWindowSeconds"), rules.get("selectPolicy")
    where = f"{path}.stabilizationWindowSeconds"
    if window is not None and window < 0:
        errors.append(invalid(where, window, "must be greater than or equal to zero"))
    if window is not None and window > MAX_STABILIZATION_SECONDS:
        errors.append(invalid(where, window, f"must be less than or equal to {MAX_STABILIZATION_SECONDS}"))
    if choice is not None and choice not in SELECT_POLICIES:
        errors.append(not_supported(f"{path}.selectPolicy", choice, SELECT_POLICIES))
    if not rules.get("policies"):
        errors.append(required(f"{path}.policies", "must specify at least one Policy"))
    for index, policy in enumerate(rules.get("policies") or ()):
        _check_policy(errors, policy, f"{path}.policies[{index}]")
    if rules.get("tolerance") is not None:
        tolerance = parse_quantity(rules["tolerance"])
        if tolerance < parse_quantity("0"):
            errors.append(invalid(f"{path}.tolerance", str(tolerance), NOT_NEGATIVE))


def _check_policy(errors: Errors, policy: Mapping[str, Any], path: str) -> None:
    kind, value, period = policy.get("type") or "", policy.get("value") or 0, policy.get("periodSeconds") or 0
    if kind not in POLICY_TYPES:
        errors.append(not_supported(f"{path}.type", kind, POLICY_TYPES))
    if value <= 0:
        errors.append(invalid(f"{path}.value", value, NOT_POSITIVE))
    if period <= 0:
        errors.append(invalid(f"{path}.periodSeconds", period, NOT_POSITIVE))
    if period > MAX_PERIOD_SECONDS:
        errors.append(invalid(f"{path}.periodSeconds", period, f"must be less than or equal to {MAX_PERIOD_SECONDS}"))
