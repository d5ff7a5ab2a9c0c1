"""Defaults of volumes that outlive pods, and of the claims on them.

Source: kubernetes pkg/apis/core/v1/defaults.go, pkg/apis/storage/v1/defaults.go.
"""

from typing import Any

from k8scourse.apiserver.defaults.resources import default_resource_list


def default_claim(claim: dict[str, Any]) -> None:
    """Fill a PersistentVolumeClaim: a file system, phase Pending."""
    spec = claim.setdefault("spec", {})
    if spec.get("volumeMode") is None:
        spec["volumeMode"] = "Filesystem"
    resources = spec.setdefault("resources", {})
    for kind in ("limits", "requests"):
        if resources.get(kind):
            default_resource_list(resources[kind])
    status = claim.setdefault("status", {})
    if not status.get("phase"):
        status["phase"] = "Pending"
    for kind in ("capacity", "allocatedResources"):
        if status.get(kind):
            default_resource_list(status[kind])


def default_persistent_volume(volume: dict[str, Any]) -> None:
    """Fill a PersistentVolume: it is retained, holds a file system and is pending."""
    spec = volume.setdefault("spec", {})
    if not spec.get("persistentVolumeReclaimPolicy"):
        spec["persistentVolumeReclaimPolicy"] = "Retain"
    if spec.get("volumeMode") is None:
        spec["volumeMode"] = "Filesystem"
    if spec.get("capacity"):
        default_resource_list(spec["capacity"])
    if spec.get("hostPath") is not None and spec["hostPath"].get("type") is None:
        spec["hostPath"]["type"] = ""
    status = volume.setdefault("status", {})
    if not status.get("phase"):
        status["phase"] = "Pending"


def default_storage_class(storage_class: dict[str, Any]) -> None:
    """Fill a StorageClass: volumes are deleted with their claims, and made at once."""
    if storage_class.get("reclaimPolicy") is None:
        storage_class["reclaimPolicy"] = "Delete"
    if storage_class.get("volumeBindingMode") is None:
        storage_class["volumeBindingMode"] = "Immediate"
