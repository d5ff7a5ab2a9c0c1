"""Validation of Deployments, ReplicaSets and DaemonSets.

Source: kubernetes pkg/apis/apps/validation/validation.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.int_or_percent import amount, check_at_most_100_percent, check_int_or_percent
from k8scourse.apiserver.validation.internal_values import internal_value, label_selector_value
from k8scourse.apiserver.validation.label_selector import check_label_selector
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.pod_template import check_pod_template
from k8scourse.apiserver.validation.support import IMMUTABLE, Errors, check_nonnegative
from k8scourse.machinery.field import FieldError, forbidden, invalid, not_supported, required
from k8scourse.machinery.labels import Selector, SelectorError, selector_from

NO_MATCH = "`selector` does not match template `labels`"

Workload = Mapping[str, Any]
Spec = Mapping[str, Any]


def validate_deployment(deployment: Workload) -> list[FieldError]:
    """Return the faults of a Deployment."""
    errors = check_metadata(deployment["metadata"], namespaced=True)
    _check_deployment_spec(errors, deployment["spec"])
    return errors


def validate_deployment_update(new: Workload, old: Workload) -> list[FieldError]:
    """Return the faults of changing the stored Deployment *old* to *new*: the selector stays."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    _check_deployment_spec(errors, new["spec"])
    _check_same_selector(errors, new["spec"], old["spec"])
    return errors


def validate_replica_set(replica_set: Workload) -> list[FieldError]:
    """Return the faults of a ReplicaSet."""
    errors = check_metadata(replica_set["metadata"], namespaced=True)
    _check_replica_set_spec(errors, replica_set["spec"])
    return errors


def validate_replica_set_update(new: Workload, old: Workload) -> list[FieldError]:
    """Return the faults of changing the stored ReplicaSet *old* to *new*: the selector stays."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    _check_replica_set_spec(errors, new["spec"])
    _check_same_selector(errors, new["spec"], old["spec"])
    return errors


def validate_daemon_set(daemon_set: Workload) -> list[FieldError]:
    """Return the faults of a DaemonSet."""
    errors = check_metadata(daemon_set["metadata"], namespaced=True)
    _check_daemon_set_spec(errors, daemon_set["spec"])
    return errors


def validate_daemon_set_update(new: Workload, old: Workload) -> list[FieldError]:
    """Return the faults of changing the stored DaemonSet *old* to *new*: the selector stays."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    _check_same_selector(errors, new["spec"], old["spec"])
    _check_daemon_set_spec(errors, new["spec"])
    return errors


def _check_deployment_spec(errors: Errors, spec: Spec) -> None:
    check_nonnegative(errors, "spec.replicas", spec.get("replicas"))
    _check_selector_and_template(errors, spec)
    _check_deployment_strategy(errors, spec.get("strategy") or {}, "spec.strategy")
    check_nonnegative(errors, "spec.minReadySeconds", spec.get("minReadySeconds"))
    check_nonnegative(errors, "spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))
    deadline = spec.get("progressDeadlineSeconds")
    if deadline is not None:
        check_nonnegative(errors, "spec.progressDeadlineSeconds", deadline)
        if deadline <= (spec.get("minReadySeconds") or 0):
            text = "must be greater than minReadySeconds"
            errors.append(invalid("spec.progressDeadlineSeconds", deadline, text))


def _check_replica_set_spec(errors: Errors, spec: Spec) -> None:
    check_nonnegative(errors, "spec.replicas", spec.get("replicas"))
    check_nonnegative(errors, "spec.minReadySeconds", spec.get("minReadySeconds"))
    _check_selector_and_template(errors, spec)


def _check_selector_and_template(errors: Errors, spec: Spec) -> None:
    """Check what Deployments and ReplicaSets share (upstream's text says deployment for both)."""
    selector = spec.get("selector")
    if selector is None:
        errors.append(required("spec.selector"))
    else:
        check_label_selector(errors, selector, "spec.selector")
        if is_empty_selector(selector):
            text = "empty selector is invalid for deployment"
            errors.append(invalid("spec.selector", label_selector_value(selector), text))
    compiled = compiled_selector(selector)
    if compiled is None:
        errors.append(invalid("spec.selector", label_selector_value(selector), "invalid label selector"))
        return
    template = spec["template"]
    labels = (template.get("metadata") or {}).get("labels")
    if not is_empty_selector(selector) and not compiled.matches(labels):
        errors.append(invalid("spec.template.metadata.labels", labels, NO_MATCH))
    check_pod_template(errors, template, "spec.template")
    check_always_running(errors, template["spec"], "ReplicaSet")


def is_empty_selector(selector: Mapping[str, Any] | None) -> bool:
    """Whether a selector selects everything; an absent one selects nothing."""
    return selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions")


def compiled_selector(selector: Mapping[str, Any] | None) -> Selector | None:
    """Return the selector, or None for one that is malformed."""
    try:
        return selector_from(selector)
    except SelectorError:
        return None


def check_always_running(errors: Errors, pod_spec: Spec, kind: str) -> None:
    """Check that the pods of a workload of *kind* never end by themselves."""
    policy = pod_spec.get("restartPolicy") or ""
    if policy != "Always":
        errors.append(not_supported("spec.template.spec.restartPolicy", policy, ("Always",)))
    if pod_spec.get("activeDeadlineSeconds") is not None:
        path = "spec.template.spec.activeDeadlineSeconds"
        errors.append(forbidden(path, f"activeDeadlineSeconds in {kind} is not Supported"))


def _check_deployment_strategy(errors: Errors, strategy: Mapping[str, Any], path: str) -> None:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "Recreate":
        if rolling is not None:
            text = "may not be specified when strategy `type` is 'Recreate'"
            errors.append(forbidden(f"{path}.rollingUpdate", text))
    elif kind == "RollingUpdate":
        if rolling is None:
            errors.append(required(f"{path}.rollingUpdate", "this should be defaulted and never be nil"))
        else:
            _check_rolling_deployment(errors, rolling, f"{path}.rollingUpdate")
    else:
        shown = internal_value("DeploymentStrategy", strategy)
        errors.append(not_supported(path, shown, ("Recreate", "RollingUpdate")))


def _check_rolling_deployment(errors: Errors, rolling: Mapping[str, Any], path: str) -> None:
    unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    check_int_or_percent(errors, unavailable, f"{path}.maxUnavailable")
    check_int_or_percent(errors, surge, f"{path}.maxSurge")
    if amount(unavailable) == 0 and amount(surge) == 0:
        text = "may not be 0 when `maxSurge` is 0"
        errors.append(invalid(f"{path}.maxUnavailable", unavailable, text))
    check_at_most_100_percent(errors, unavailable, f"{path}.maxUnavailable")


def _check_daemon_set_spec(errors: Errors, spec: Spec) -> None:
    selector, template = spec.get("selector"), spec["template"]
    check_label_selector(errors, selector, "spec.selector")
    compiled = compiled_selector(selector)
    labels = (template.get("metadata") or {}).get("labels")
    if compiled is not None and not compiled.matches(labels):
        errors.append(invalid("spec.template.metadata.labels", labels, NO_MATCH))
    if selector is not None and is_empty_selector(selector):
        text = "empty selector is invalid for daemonset"
        errors.append(invalid("spec.selector", label_selector_value(selector), text))
    check_pod_template(errors, template, "spec.template")
    check_always_running(errors, template["spec"], "DaemonSet")
    check_nonnegative(errors, "spec.minReadySeconds", spec.get("minReadySeconds"))
    _check_daemon_set_strategy(errors, spec.get("updateStrategy") or {}, "spec.updateStrategy")
    check_nonnegative(errors, "spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))


def _check_daemon_set_strategy(errors: Errors, strategy: Mapping[str, Any], path: str) -> None:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "RollingUpdate":
        if rolling is None:
            errors.append(required(f"{path}.rollingUpdate"))
        else:
            _check_rolling_daemon_set(errors, rolling, f"{path}.rollingUpdate")
    elif kind != "OnDelete":
        shown = internal_value("DaemonSetUpdateStrategy", strategy)
        errors.append(not_supported(path, shown, ("RollingUpdate", "OnDelete")))


def _check_rolling_daemon_set(errors: Errors, rolling: Mapping[str, Any], path: str) -> None:
    limits = {name: rolling.get(name, 0) for name in ("maxUnavailable", "maxSurge")}
    for name, value in limits.items():
        check_int_or_percent(errors, value, f"{path}.{name}")
    for name, value in limits.items():
        check_at_most_100_percent(errors, value, f"{path}.{name}")
    unavailable, surge = map(amount, limits.values())
    if unavailable and surge:
        text = "may not be set when maxUnavailable is non-zero"
        errors.append(invalid(f"{path}.maxSurge", limits["maxSurge"], text))
    elif not unavailable and not surge:
        errors.append(required(f"{path}.maxUnavailable", "cannot be 0 when maxSurge is 0"))


def _check_same_selector(errors: Errors, new: Spec, old: Spec) -> None:
    if not semantic_equal(new.get("selector"), old.get("selector")):
        errors.append(invalid("spec.selector", label_selector_value(new.get("selector")), IMMUTABLE))
