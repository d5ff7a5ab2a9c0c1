"""Validation of PersistentVolumes.

Of the many drivers of the past only the ones still in use are looked into; for the others the source's presence counts.
Source: kubernetes pkg/apis/core/validation/validation.go ValidatePersistentVolume, ValidatePersistentVolumeUpdate;
pkg/volume/validation/pv_validation.go.
"""

import posixpath
from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.affinity import check_node_selector
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.internal_values import internal_diff, internal_value
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.paths import check_no_backsteps
from k8scourse.apiserver.validation.support import NOT_POSITIVE, Errors, check, check_immutable
from k8scourse.apiserver.validation.volume_claims import VOLUME_MODES, check_access_modes
from k8scourse.apiserver.validation.volume_plugins import PLUGIN_SOURCES
from k8scourse.apiserver.validation.volumes import check_host_path
from k8scourse.machinery.field import FieldError, forbidden, invalid, key, not_supported, required
from k8scourse.machinery.names import is_dns1123_subdomain
from k8scourse.machinery.quantity import parse_quantity

RECLAIM_POLICIES = ("Delete", "Recycle", "Retain")
MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options"
# The order in which sources are looked at: of several, the first one counts.
SOURCE_ORDER = (
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
)
_SECOND_SOURCE_PATHS = {"cephfs": "cephFS"}
_WITHOUT_MOUNT_OPTIONS = frozenset({"hostPath", "flocker", "fc", "flexVolume", "portworxVolume", "scaleIO"}) | {
    "local",
    "storageos",
    "csi",
}
_FIXED_SOURCE = "spec.persistentvolumesource is immutable after creation"

Volume = Mapping[str, Any]


def validate_persistent_volume(volume: Volume) -> list[FieldError]:
    """Return the faults of a PersistentVolume."""
    errors = check_metadata(volume["metadata"], namespaced=False)
    spec = volume["spec"]
    check_access_modes(errors, spec.get("accessModes") or (), "spec.accessModes")
    _check_capacity(errors, spec.get("capacity") or {})
    policy = spec.get("persistentVolumeReclaimPolicy")
    if policy and policy not in RECLAIM_POLICIES:
        errors.append(not_supported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM_POLICIES))
    affinity = spec.get("nodeAffinity")
    if affinity is not None and affinity.get("required") is None:
        errors.append(required("spec.nodeAffinity.required", "must specify required node constraints"))
    elif affinity is not None:
        check_node_selector(errors, affinity["required"], "spec.nodeAffinity.required")
    _check_source(errors, spec)
    _check_class_and_mode(errors, spec)
    given = _sources(spec)
    if MOUNT_OPTIONS in (volume["metadata"].get("annotations") or {}) and _WITHOUT_MOUNT_OPTIONS.issuperset(given):
        text = "may not specify mount options for this volume type"
        errors.append(forbidden(f"metadata.annotations.{MOUNT_OPTIONS}", text))
    return errors


def validate_persistent_volume_update(new: Volume, old: Volume) -> list[FieldError]:
    """Return the faults of changing the stored PersistentVolume *old* to *new*: where its data is stays."""
    errors = validate_persistent_volume(new) + check_metadata_update(new["metadata"], old["metadata"])
    spec, before = new["spec"], old["spec"]
    sources, known = ({name: item[name] for name in _sources(item)} for item in (spec, before))
    if sources.get("csi") and known.get("csi") and not known["csi"].get("controllerExpandSecretRef"):
        csi = {name: value for name, value in sources["csi"].items() if name != "controllerExpandSecretRef"}
        sources = {**sources, "csi": csi}
    if not semantic_equal(sources, known):
        shown = (internal_value("PersistentVolumeSource", item) for item in (known, sources))
        errors.append(forbidden("spec.persistentvolumesource", f"{_FIXED_SOURCE}\n{internal_diff(*shown)}"))
    check_immutable(errors, "volumeMode", spec.get("volumeMode"), before.get("volumeMode"))
    if before.get("nodeAffinity") is not None and not semantic_equal(spec.get("nodeAffinity"), before["nodeAffinity"]):
        errors.append(invalid("nodeAffinity", spec.get("nodeAffinity"), "field is immutable"))
    name = "volumeAttributesClassName"
    if before.get(name) is not None and spec.get(name) is None:
        errors.append(forbidden(f"spec.{name}", "update from non-nil value to nil is forbidden"))
    return errors


def _sources(spec: Mapping[str, Any]) -> list[str]:
    return [name for name in SOURCE_ORDER if spec.get(name) is not None]


def _check_capacity(errors: Errors, capacity: Mapping[str, Any]) -> None:
    if not capacity:
        errors.append(required("spec.capacity"))
    if "storage" not in capacity or len(capacity) > 1:
        shown = {name: str(parse_quantity(amount)) for name, amount in capacity.items()} or None
        errors.append(not_supported("spec.capacity", shown, ("storage",)))
    for name, amount in capacity.items():
        quantity, path = parse_quantity(amount), key("spec.capacity", name)
        if quantity.value() < 0:
            errors.append(invalid(path, quantity.value(), "must be a valid resource quantity"))
        if quantity.milli_value() <= 0:
            errors.append(invalid(path, str(quantity), NOT_POSITIVE))


def _check_source(errors: Errors, spec: Mapping[str, Any]) -> None:
    given = _sources(spec)
    if not given:
        errors.append(required("spec", "must specify a volume type"))
        return
    first = given[0]
    source, path = spec[first], f"spec.{first}"
    if first == "hostPath":
        check_host_path(errors, source, path)
    elif first == "local":
        _check_local(errors, source, path)
        if spec.get("nodeAffinity") is None:
            errors.append(required("spec.nodeAffinity", "Local volume requires node affinity"))
    elif first == "csi":
        PLUGIN_SOURCES["csi"](errors, {"driver": source.get("driver")}, path)
        if not source.get("volumeHandle"):
            errors.append(required(f"{path}.volumeHandle"))
    elif first in PLUGIN_SOURCES:
        PLUGIN_SOURCES[first](errors, source, path)
    for name in given[1:]:
        shown = _SECOND_SOURCE_PATHS.get(name, name)
        errors.append(forbidden(f"spec.{shown}", "may not specify more than 1 volume type"))
    root = (spec.get("hostPath") or {}).get("path")
    if root and posixpath.normpath(root) == "/" and spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        text = "may not be 'recycle' for a hostPath mount of '/'"
        errors.append(forbidden("spec.persistentVolumeReclaimPolicy", text))


def _check_local(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    if not source.get("path"):
        errors.append(required(f"{path}.path"))
    else:
        check_no_backsteps(errors, source["path"], f"{path}.path")


def _check_class_and_mode(errors: Errors, spec: Mapping[str, Any]) -> None:
    if spec.get("storageClassName"):
        check(errors, "spec.storageClassName", spec["storageClassName"], is_dns1123_subdomain)
    mode, attributes = spec.get("volumeMode"), spec.get("volumeAttributesClassName")
    if mode is not None and mode not in VOLUME_MODES:
        errors.append(not_supported("spec.volumeMode", mode, VOLUME_MODES))
    if attributes is None:
        return
    if not attributes:
        errors.append(required("spec.volumeAttributesClassName", "an empty string is disallowed"))
    else:
        check(errors, "spec.volumeAttributesClassName", attributes, is_dns1123_subdomain)
    if spec.get("csi") is None:
        errors.append(required("spec.csi", "has to be specified when using volumeAttributesClassName"))
