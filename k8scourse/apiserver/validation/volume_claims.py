"""Validation of what a claim for storage asks for.

Source: kubernetes pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaimSpec.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.label_selector import check_label_selector, check_labels
from k8scourse.apiserver.validation.object_meta import check_annotations
from k8scourse.apiserver.validation.support import NOT_POSITIVE, Errors, check
from k8scourse.machinery.field import forbidden, invalid, key, not_supported, required
from k8scourse.machinery.names import is_dns1123_subdomain
from k8scourse.machinery.quantity import parse_quantity

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
_TEMPLATE_METADATA = ("annotations", "labels", "creationTimestamp")


def check_claim_template(errors: Errors, template: Mapping[str, Any], path: str) -> None:
    """Check the template of a claim: metadata may hold labels and annotations only."""
    metadata = template.get("metadata") or {}
    check_annotations(errors, metadata.get("annotations") or {}, f"{path}.metadata.annotations")
    check_labels(errors, metadata.get("labels") or {}, f"{path}.metadata.labels")
    for field, value in metadata.items():
        if value and field not in _TEMPLATE_METADATA:
            errors.append(forbidden(f"{path}.metadata.{field}", "cannot be set"))
    check_claim_spec(errors, template.get("spec") or {}, f"{path}.spec")


def check_claim_spec(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check access modes, size, class and mode of a claim."""
    modes = spec.get("accessModes") or ()
    if not modes:
        errors.append(required(f"{path}.accessModes", "at least 1 access mode is required"))
    check_label_selector(errors, spec.get("selector"), f"{path}.selector")
    if modes:
        check_access_modes(errors, modes, f"{path}.accessModes")
    _check_size(errors, (spec.get("resources") or {}).get("requests") or {}, key(f"{path}.resources", "storage"))
    for field in ("storageClassName", "volumeAttributesClassName"):
        if spec.get(field):
            check(errors, f"{path}.{field}", spec[field], is_dns1123_subdomain)
    mode = spec.get("volumeMode")
    if mode is not None and mode not in VOLUME_MODES:
        errors.append(not_supported(f"{path}.volumeMode", mode, VOLUME_MODES))


def check_access_modes(errors: Errors, modes: Sequence[str], path: str) -> None:
    """Check the access modes of a volume or a claim: at least one, and ReadWriteOncePod on its own."""
    if not modes:
        errors.append(required(path))
    for mode in modes:
        if mode not in ACCESS_MODES:
            errors.append(not_supported(path, mode, ACCESS_MODES))
    if "ReadWriteOncePod" in modes and {*modes}.intersection(ACCESS_MODES[:3]):
        errors.append(forbidden(path, "may not use ReadWriteOncePod with other access modes"))


def _check_size(errors: Errors, requests: Mapping[str, Any], path: str) -> None:
    if "storage" not in requests:
        errors.append(required(path))
        return
    size = parse_quantity(requests["storage"])
    if size.milli_value() <= 0:
        errors.append(invalid(path, str(size), NOT_POSITIVE))
