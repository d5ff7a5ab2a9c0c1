"""The strategies of StorageClasses, PersistentVolumes and PersistentVolumeClaims.

Source: kubernetes pkg/registry/storage/storageclass/strategy.go, pkg/registry/core/{persistentvolume,
persistentvolumeclaim}/strategy.go, pkg/api/{persistentvolume,persistentvolumeclaim}/util.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy, cluster_object_fields, keep
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.apiserver.validation.persistent_volume import (
    validate_persistent_volume,
    validate_persistent_volume_update,
)
from k8scourse.apiserver.validation.persistent_volume_claim import (
    validate_claim,
    validate_claim_status_update,
    validate_claim_update,
)
from k8scourse.apiserver.validation.storage_class import validate_storage_class, validate_storage_class_update
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.quantity import parse_quantity

CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"
_OLD_ANNOTATIONS = {
    CLASS_ANNOTATION: 'deprecated since v1.8; use "storageClassName" attribute instead',
    "volume.beta.kubernetes.io/mount-options": 'deprecated since v1.31; use "mountOptions" attribute instead',
}
_RECYCLE = (
    "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach "
    "is to use dynamic provisioning."
)

Object = dict[str, Any]


def _prepare_volume(volume: Object) -> None:
    created = volume["metadata"].get("creationTimestamp")
    volume["status"] = {"phase": "Pending", **({"lastPhaseTransitionTime": created} if created else {})}


def _keep_status(new: Object, old: Object) -> None:
    keep(new, old, "status")


def _annotation_warnings(obj: Object, names: tuple[str, ...]) -> list[str]:
    annotations = obj["metadata"].get("annotations") or {}
    return [f"metadata.annotations[{name}]: {_OLD_ANNOTATIONS[name]}" for name in names if name in annotations]


def _volume_warnings(volume: Object) -> list[str]:
    warnings = _annotation_warnings(volume, tuple(_OLD_ANNOTATIONS))
    if volume["spec"].get("persistentVolumeReclaimPolicy") == "Recycle":
        warnings.append(_RECYCLE)
    return warnings


def _prepare_claim(claim: Object) -> None:
    claim["status"] = {"phase": "Pending"}
    _complete_source(claim["spec"])


def _prepare_claim_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    _complete_source(new["spec"])


def _complete_source(spec: Object) -> None:
    """Let dataSource and dataSourceRef, the old and the later field for the same, say the same."""
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    if source is not None and reference is None:
        spec["dataSourceRef"] = dict(source)
    elif reference is not None and source is None and not reference.get("namespace"):
        spec["dataSource"] = {name: value for name, value in reference.items() if name != "namespace"}


def _claim_warnings(claim: Object) -> list[str]:
    warnings = _annotation_warnings(claim, (CLASS_ANNOTATION,))
    resources = claim["spec"].get("resources") or {}
    for kind in ("requests", "limits"):
        amount = (resources.get(kind) or {}).get("storage")
        if amount is not None and parse_quantity(amount).milli_value() % 1000:
            text = f"fractional byte value {go_quote(str(parse_quantity(amount)))} is invalid, must be an integer"
            warnings.append(f"spec.resources.{kind}[storage]: {text}")
    return warnings


def _volume_fields(volume: Mapping[str, Any]) -> dict[str, str]:
    return {**cluster_object_fields(volume), "name": volume["metadata"].get("name") or ""}


STORAGE_CLASS = Strategy(
    validate=validate_storage_class,
    validate_update=validate_storage_class_update,
    validate_status_update=validate_object_meta_update,
    selectable_fields=cluster_object_fields,
)

PERSISTENT_VOLUME = Strategy(
    prepare_for_create=_prepare_volume,
    prepare_for_update=_keep_status,
    validate=validate_persistent_volume,
    validate_update=validate_persistent_volume_update,
    validate_status_update=validate_object_meta_update,
    warnings_on_create=_volume_warnings,
    warnings_on_update=lambda new, old: _volume_warnings(new),
    selectable_fields=_volume_fields,
    has_status=True,
)

PERSISTENT_VOLUME_CLAIM = Strategy(
    prepare_for_create=_prepare_claim,
    prepare_for_update=_prepare_claim_update,
    validate=validate_claim,
    validate_update=validate_claim_update,
    validate_status_update=validate_claim_status_update,
    warnings_on_create=_claim_warnings,
    warnings_on_update=lambda new, old: _claim_warnings(new),
    has_status=True,
)
