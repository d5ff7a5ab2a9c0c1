"""Defaults of the volumes of a pod.

Source: kubernetes pkg/apis/core/v1/defaults.go (SetDefaults_Volume and following) and zz_generated.defaults.go.
"""

from collections.abc import Callable
from typing import Any

from k8scourse.apiserver.defaults.resources import default_resource_list
from k8scourse.images.reference import default_pull_policy

READABLE_BY_ALL = 0o644


def default_volumes(volumes: list[dict[str, Any]]) -> None:
    """Fill the fields of volumes; a volume without source becomes an emptyDir."""
    for volume in volumes:
        is_empty = True
        for name, source in volume.items():
            if name == "name" or source is None:
                continue
            is_empty = False
            default = _SOURCES.get(name)
            if default is not None:
                default(source)
        if is_empty:
            volume["emptyDir"] = {}


def _fixed(**values: Any) -> Callable[[dict[str, Any]], None]:
    """Return a function that fills absent (or empty) fields with *values*."""

    def fill(source: dict[str, Any]) -> None:
        for field, value in values.items():
            if source.get(field) is None or (value and source[field] == ""):
                source[field] = value

    return fill


def _files(source: dict[str, Any]) -> None:
    if source.get("defaultMode") is None:
        source["defaultMode"] = READABLE_BY_ALL


def _downward_api(source: dict[str, Any]) -> None:
    _files(source)
    _downward_items(source)


def _downward_items(source: dict[str, Any]) -> None:
    for item in source.get("items") or ():
        field_ref = item.get("fieldRef")
        if field_ref is not None and not field_ref.get("apiVersion"):
            field_ref["apiVersion"] = "v1"
        resource_ref = item.get("resourceFieldRef")
        if resource_ref is not None and resource_ref.get("divisor") is None:
            resource_ref["divisor"] = "0"


def _projected(source: dict[str, Any]) -> None:
    _files(source)
    for projection in source.get("sources") or ():
        if projection.get("downwardAPI"):
            _downward_items(projection["downwardAPI"])
        token = projection.get("serviceAccountToken")
        if token is not None and token.get("expirationSeconds") is None:
            token["expirationSeconds"] = 3600


def _image(source: dict[str, Any]) -> None:
    if not source.get("pullPolicy"):
        source["pullPolicy"] = default_pull_policy(source.get("reference") or "")


def _ephemeral(source: dict[str, Any]) -> None:
    template = source.get("volumeClaimTemplate")
    if template is None:
        return
    claim = template.setdefault("spec", {})
    if claim.get("volumeMode") is None:
        claim["volumeMode"] = "Filesystem"
    resources = claim.setdefault("resources", {})
    for kind in ("limits", "requests"):
        if resources.get(kind):
            default_resource_list(resources[kind])


_SOURCES: dict[str, Callable[[dict[str, Any]], None]] = {
    "configMap": _files,
    "secret": _files,
    "downwardAPI": _downward_api,
    "projected": _projected,
    "image": _image,
    "ephemeral": _ephemeral,
    "hostPath": _fixed(type=""),
    "iscsi": _fixed(iscsiInterface="default"),
    "rbd": _fixed(pool="rbd", user="admin", keyring="/etc/ceph/keyring"),
    "azureDisk": _fixed(cachingMode="ReadWrite", fsType="ext4", readOnly=False, kind="Shared"),
    "scaleIO": _fixed(storageMode="ThinProvisioned", fsType="xfs"),
}
