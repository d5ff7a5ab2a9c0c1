"""Validation of PersistentVolumeClaims.

Source: kubernetes pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaim,
ValidatePersistentVolumeClaimUpdate, ValidatePersistentVolumeClaimStatusUpdate.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.internal_values import internal_diff, internal_value
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import Errors, check_immutable
from k8scourse.apiserver.validation.volume_claims import check_claim_spec
from k8scourse.machinery.field import FieldError, forbidden, invalid, key, required
from k8scourse.machinery.quantity import Quantity, parse_quantity

CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"
_FIXED = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
_ATTRIBUTES = "volumeAttributesClassName"
_STORAGE = "spec.resources.requests.storage"

Claim = Mapping[str, Any]


def validate_claim(claim: Claim) -> list[FieldError]:
    """Return the faults of a PersistentVolumeClaim."""
    errors = check_metadata(claim["metadata"], namespaced=True)
    check_claim_spec(errors, claim["spec"], "spec")
    return errors


def validate_claim_update(new: Claim, old: Claim) -> list[FieldError]:
    """Return the faults of changing the stored claim *old* to *new*: a bound one may grow, the rest stays."""
    errors = check_metadata_update(new["metadata"], old["metadata"]) + validate_claim(new)
    if not _takes_class_from_annotation(new, old):
        _check_class_annotation(errors, new, old)
    spec, before = _comparable(new, old)
    if not semantic_equal(spec, before):
        shown = (internal_value("PersistentVolumeClaimSpec", item) for item in (before, spec))
        errors.append(forbidden("spec", f"{_FIXED}\n{internal_diff(*shown)}"))
    size, least = _request(new), _request(old)
    if size < least and size <= parse_quantity(((old.get("status") or {}).get("capacity") or {}).get("storage", "0")):
        errors.append(forbidden(_STORAGE, "field can not be less than status.capacity"))
    check_immutable(errors, "volumeMode", new["spec"].get("volumeMode"), old["spec"].get("volumeMode"))
    _check_attributes_class(errors, new, old)
    return errors


def validate_claim_status_update(new: Claim, old: Claim) -> list[FieldError]:
    """Return the faults of the status that a controller reports."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    if not new["spec"].get("accessModes"):
        errors.append(required("Spec.accessModes"))
    for name, amount in ((new.get("status") or {}).get("capacity") or {}).items():
        value = parse_quantity(amount).value()
        if value < 0:
            errors.append(invalid(key("status.capacity", name), value, "must be a valid resource quantity"))
    return errors


def _request(claim: Claim) -> Quantity:
    return parse_quantity(((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0"))


def _annotated_class(claim: Claim) -> str | None:
    return (claim["metadata"].get("annotations") or {}).get(CLASS_ANNOTATION)


def _takes_class_from_annotation(new: Claim, old: Claim) -> bool:
    """Whether the class that an annotation gave moves to its field."""
    before, name = _annotated_class(old), new["spec"].get("storageClassName")
    return (
        None not in (before, name)
        and old["spec"].get("storageClassName") is None
        and name == before
        and _annotated_class(new) in (None, before)
    )


def _check_class_annotation(errors: Errors, new: Claim, old: Claim) -> None:
    after, before = _annotated_class(new) or "", _annotated_class(old) or ""
    if after != before:
        path = f"metadata.annotations[{CLASS_ANNOTATION}]"
        errors.append(invalid(path, after, "field is immutable"))


def _comparable(new: Claim, old: Claim) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two specs, without the differences that are allowed."""
    spec, before = dict(new["spec"]), dict(old["spec"])
    if not before.get("volumeName") and spec.get("volumeName"):
        before["volumeName"] = spec["volumeName"]
    name, annotated = spec.get("storageClassName"), _annotated_class(old)
    if name is not None and before.get("storageClassName") is None and annotated in (None, name):
        del spec["storageClassName"]
    if (new.get("status") or {}).get("phase") != "Bound":
        return spec, before
    resources = spec.get("resources") or {}
    if resources.get("requests") is not None:
        wanted = ((before.get("resources") or {}).get("requests") or {}).get("storage")
        spec["resources"] = {**resources, "requests": {**resources["requests"], "storage": wanted}}
    spec.pop(_ATTRIBUTES, None)
    if _ATTRIBUTES in before:
        spec[_ATTRIBUTES] = before[_ATTRIBUTES]
    return spec, before


def _check_attributes_class(errors: Errors, new: Claim, old: Claim) -> None:
    name = new["spec"].get(_ATTRIBUTES)
    if name == old["spec"].get(_ATTRIBUTES):
        return
    if (old.get("status") or {}).get("currentVolumeAttributesClassName") is None or name:
        return
    what = "nil" if name is None else "empty string"
    text = f"update to {what} is forbidden when status.currentVolumeAttributesClassName is not nil"
    errors.append(forbidden(f"spec.{_ATTRIBUTES}", text))
