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
