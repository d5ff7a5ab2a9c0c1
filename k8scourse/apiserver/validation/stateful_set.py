"""Validation of StatefulSets.

Source: kubernetes pkg/apis/apps/validation/validation.go ValidateStatefulSet, ValidateStatefulSetUpdate,
ValidateStatefulSetStatusUpdate.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.apps import NO_MATCH, check_always_running, compiled_selector, is_empty_selector
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.int_or_percent import amount, check_at_most_100_percent, check_int_or_percent
from k8scourse.apiserver.validation.internal_values import internal_value, label_selector_value
from k8scourse.apiserver.validation.label_selector import check_label_selector, check_labels
from k8scourse.apiserver.validation.object_meta import check_annotations, check_metadata, check_metadata_update
from k8scourse.apiserver.validation.pod import check_pod_annotations
from k8scourse.apiserver.validation.pod_template import check_pod_template
from k8scourse.apiserver.validation.support import Errors, check, check_nonnegative
from k8scourse.apiserver.validation.volume_claims import check_claim_spec
from k8scourse.machinery.field import FieldError, forbidden, invalid, not_supported, required
from k8scourse.machinery.names import is_dns1123_label

MANAGEMENT_POLICIES = ("OrderedReady", "Parallel")
UPDATE_TYPES = ("RollingUpdate", "OnDelete")
RETENTION_POLICIES = ("Retain", "Delete")
_FROZEN = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)
_MUTABLE = (
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
)
_COUNTS = ("replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas")

StatefulSet = Mapping[str, Any]
Spec = Mapping[str, Any]


def validate_stateful_set(stateful_set: StatefulSet) -> list[FieldError]:
    """Return the faults of a StatefulSet; its name is a DNS label, as it is part of its pods' host names."""
    errors = check_metadata(stateful_set["metadata"], namespaced=True, name_rule=is_dns1123_label)
    spec = stateful_set["spec"]
    _check_spec(errors, spec, is_new=True)
    return errors


def validate_stateful_set_update(new: StatefulSet, old: StatefulSet) -> list[FieldError]:
    """Return the faults of changing the stored StatefulSet *old* to *new*: claims, selector and service name stay."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    spec, before = new["spec"], old["spec"]
    old_errors: Errors = []
    _check_spec(old_errors, before, is_new=False)
    _check_spec(errors, spec, is_new=False, checks_template=not old_errors)
    fixed, fixed_before = ({k: v for k, v in item.items() if k not in _MUTABLE} for item in (spec, before))
    if not semantic_equal(fixed, fixed_before):
        errors.append(forbidden("spec", _FROZEN))
    return errors


def validate_stateful_set_status_update(new: StatefulSet, old: StatefulSet) -> list[FieldError]:
    """Return the faults of a StatefulSet's status: counts that contradict each other."""
    errors: Errors = []
    status, before = new.get("status") or {}, old.get("status") or {}
    for field in (*_COUNTS, "observedGeneration", "collisionCount"):
        check_nonnegative(errors, f"status.{field}", status.get(field))
    counts = {field: status.get(field) or 0 for field in _COUNTS}
    for field in _COUNTS[1:]:
        if counts[field] > counts["replicas"]:
            errors.append(invalid(f"status.{field}", counts[field], "cannot be greater than status.replicas"))
    if counts["availableReplicas"] > counts["readyReplicas"]:
        text = "cannot be greater than status.readyReplicas"
        errors.append(invalid("status.availableReplicas", counts["availableReplicas"], text))
    errors += check_metadata_update(new["metadata"], old["metadata"])
    collisions, known = status.get("collisionCount"), before.get("collisionCount")
    if known is not None and (collisions is None or collisions < known):
        errors.append(invalid("status.collisionCount", collisions or 0, "cannot be decremented"))
    return errors


def _check_spec(errors: Errors, spec: Spec, *, is_new: bool, checks_template: bool = True) -> None:
    """Check a spec; claims and the service name, which never change, are looked at once (*is_new*)."""
    policy = spec.get("podManagementPolicy")
    if not policy:
        errors.append(required("spec.podManagementPolicy"))
    elif policy not in MANAGEMENT_POLICIES:
        errors.append(invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"))
    _check_update_strategy(errors, spec.get("updateStrategy") or {})
    retention = spec.get("persistentVolumeClaimRetentionPolicy") or {}
    for field in ("whenDeleted", "whenScaled") if retention else ():
        if retention.get(field) not in RETENTION_POLICIES:
            path = f"spec.persistentVolumeClaimRetentionPolicy.{field}"
            errors.append(not_supported(path, retention.get(field) or "", RETENTION_POLICIES))
    for index, claim in enumerate((spec.get("volumeClaimTemplates") or ()) if is_new else ()):
        check_claim_spec(errors, claim.get("spec") or {}, f"spec.volumeClaimTemplates[{index}].spec")
    check_nonnegative(errors, "spec.replicas", spec.get("replicas"))
    check_nonnegative(errors, "spec.minReadySeconds", spec.get("minReadySeconds"))
    check_nonnegative(errors, "spec.ordinals.start", (spec.get("ordinals") or {}).get("start"))
    if is_new and spec.get("serviceName"):
        check(errors, "spec.serviceName", spec["serviceName"], is_dns1123_label)
    _check_selector_and_template(errors, spec, checks_template=checks_template)
    check_always_running(errors, spec["template"]["spec"], "StatefulSet")


def _check_update_strategy(errors: Errors, strategy: Mapping[str, Any]) -> None:
    kind, rolling, path = strategy.get("type"), strategy.get("rollingUpdate"), "spec.updateStrategy"
    if not kind:
        errors.append(required(path))
    elif kind not in UPDATE_TYPES:
        shown = internal_value("StatefulSetUpdateStrategy", strategy)
        errors.append(invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'"))
    elif rolling is not None and kind == "OnDelete":
        shown = internal_value("RollingUpdateStatefulSetStrategy", rolling)
        text = "only allowed for updateStrategy 'RollingUpdate'"
        errors.append(invalid(f"{path}.rollingUpdate", shown, text))
    elif rolling is not None:
        _check_rolling(errors, rolling, f"{path}.rollingUpdate")


def _check_rolling(errors: Errors, rolling: Mapping[str, Any], path: str) -> None:
    check_nonnegative(errors, f"{path}.partition", rolling.get("partition"))
    unavailable = rolling.get("maxUnavailable")
    if unavailable is None:
        return
    path = f"{path}.maxUnavailable"
    check_int_or_percent(errors, unavailable, path)
    if amount(unavailable) == 0:
        errors.append(invalid(path, unavailable, "cannot be 0"))
    check_at_most_100_percent(errors, unavailable, path)


def _check_selector_and_template(errors: Errors, spec: Spec, *, checks_template: bool) -> None:
    selector = spec.get("selector")
    shown = label_selector_value(selector)
    if selector is None:
        errors.append(required("spec.selector"))
    else:
        check_label_selector(errors, selector, "spec.selector")
        if is_empty_selector(selector):
            errors.append(invalid("spec.selector", shown, "empty selector is invalid for statefulset"))
    compiled = compiled_selector(selector)
    if compiled is None:
        errors.append(invalid("spec.selector", shown, ""))
        return
    template, path = _template_as_run(spec), "spec.template"
    metadata = template.get("metadata") or {}
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    if not is_empty_selector(selector) and not compiled.matches(labels):
        errors.append(invalid(f"{path}.metadata.labels", metadata.get("labels"), NO_MATCH))
    if checks_template:
        check_pod_template(errors, template, path)
    check_labels(errors, labels, f"{path}.labels")
    check_annotations(errors, annotations, f"{path}.annotations")
    check_pod_annotations(errors, annotations, template["spec"], f"{path}.annotations")


def _template_as_run(spec: Spec) -> Mapping[str, Any]:
    """Return the template with what its pods get from the StatefulSet: names, and volumes for the claims."""
    template = spec["template"]
    pod = {name: value for name, value in template["spec"].items() if name not in ("subdomain", "hostname")}
    names = [(claim.get("metadata") or {}).get("name") or "" for claim in spec.get("volumeClaimTemplates") or ()]
    if names:
        volumes = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in dict.fromkeys(names)]
        pod["volumes"] = volumes + [volume for volume in pod.get("volumes") or () if volume.get("name") not in names]
    return {**template, "spec": pod}
