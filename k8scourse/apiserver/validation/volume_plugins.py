"""Validation of volumes that a storage system provides.

Of the many drivers of the past only the ones still in use are looked into; for the others the source's presence counts.
Source: kubernetes pkg/apis/core/validation/validation.go validateVolumeSource (order), validateNFSVolumeSource,
validateCSIVolumeSource, validateGitRepoVolumeSource.
"""

from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.apiserver.validation.paths import check_descending
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import invalid, required, too_long
from k8scourse.machinery.names import is_dns1123_subdomain

# The order in which sources are looked at: of several, the first one counts.
SOURCE_ORDER = (
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
)
_DRIVER_NAME_LIMIT = 63


def _check_git_repo(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    if not source.get("repository"):
        errors.append(required(f"{path}.repository"))
    check_descending(errors, source.get("directory") or "", f"{path}.directory")


def _check_nfs(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    for field in ("server", "path"):
        if not source.get(field):
            errors.append(required(f"{path}.{field}"))
    if not (source.get("path") or "").startswith("/"):
        errors.append(invalid(f"{path}.path", source.get("path") or "", "must be an absolute path"))


def _check_csi(errors: Errors, source: Mapping[str, Any], path: str) -> None:
    driver = source.get("driver") or ""
    if not driver:
        errors.append(required(f"{path}.driver"))
    else:
        if len(driver) > _DRIVER_NAME_LIMIT:
            errors.append(too_long(f"{path}.driver", "", _DRIVER_NAME_LIMIT))
        for message in is_dns1123_subdomain(driver.lower()):
            errors.append(invalid(f"{path}.driver", driver, message))
    secret = source.get("nodePublishSecretRef")
    if secret is None:
        return
    if not secret.get("name"):
        errors.append(required(f"{path}.nodePublishSecretRef.name"))
    else:
        check(errors, f"{path}.name", secret["name"], is_dns1123_subdomain)


PLUGIN_SOURCES: dict[str, Callable[[Errors, Mapping[str, Any], str], None]] = {
    "gitRepo": _check_git_repo,
    "nfs": _check_nfs,
    "csi": _check_csi,
}
