"""The Volumes section of pods and pod templates.

Kubernetes: staging/src/k8s.io/kubectl/pkg/describe/describe.go describeVolumes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.kubectl.describe.common import NONE
from k8scourse.kubectl.describe.writer import Page
from k8scourse.kubectl.errors import NotSimulated
from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.quantity import canonical, parse_quantity

Object = Mapping[str, Any]

_TYPES = {
    "hostPath": "HostPath (bare host directory volume)",
    "emptyDir": "EmptyDir (a temporary directory that shares a pod's lifetime)",
    "secret": "Secret (a volume populated by a Secret)",
    "configMap": "ConfigMap (a volume populated by a ConfigMap)",
    "nfs": "NFS (an NFS mount that lasts the lifetime of a pod)",
    "persistentVolumeClaim": ("PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)"),
    "downwardAPI": "DownwardAPI (a volume populated by information about the pod)",
    "projected": "Projected (a volume that contains injected data from multiple sources)",
}
_FIELDS = {
    "hostPath": (("Path", "path", ""), ("HostPathType", "type", NONE)),
    "secret": (("SecretName", "secretName", ""), ("Optional", "optional", False)),
    "configMap": (("Name", "name", ""), ("Optional", "optional", False)),
    "nfs": (("Server", "server", ""), ("Path", "path", ""), ("ReadOnly", "readOnly", False)),
    "persistentVolumeClaim": (("ClaimName", "claimName", ""), ("ReadOnly", "readOnly", False)),
}


def volumes(page: Page, listed: Sequence[Object], indent: str = "") -> None:
    """The Volumes section; *indent* is that of a template. Raises NotSimulated for a rare type of volume."""
    if not listed:
        page.field(f"{indent}Volumes", NONE)
        return
    page.line(0, f"{indent}Volumes:")
    for volume in listed:
        page.line(1, f"{' ' if indent else ''}{volume['name']}:")
        kind = next((name for name in volume if name != "name"), None)
        if kind is None:
            page.line(1, "<unknown>")
        elif kind not in _TYPES:
            raise NotSimulated(f"describing a volume of type {kind}")
        else:
            page.field("Type", _TYPES[kind], 2)
            _source(page, kind, volume[kind])


def _source(page: Page, kind: str, source: Object) -> None:
    if kind == "emptyDir":
        limit = source.get("sizeLimit")
        page.field("Medium", source.get("medium", ""), 2)
        page.field("SizeLimit", canonical(limit) if limit and not parse_quantity(limit).is_zero() else "<unset>", 2)
    elif kind == "downwardAPI":
        page.line(2, "Items:")
        for item in source.get("items") or []:
            reference = (item.get("fieldRef") or {}).get("fieldPath") or (item.get("resourceFieldRef") or {})[
                "resource"
            ]
            page.line(3, f"{reference} -> {item['path']}")
    elif kind == "projected":
        for part in source.get("sources") or []:
            _projected(page, part)
    else:
        for title, name, default in _FIELDS[kind]:
            page.field(title, go_value(source.get(name, default)), 2)


def _projected(page: Page, part: Object) -> None:
    for word, name in (("SecretName", "secret"), ("ConfigMapName", "configMap")):
        if part.get(name) is not None:
            page.field(word, part[name].get("name", ""), 2)
            page.field("Optional", go_value(bool(part[name].get("optional"))), 2)
            return
    if part.get("downwardAPI") is not None:
        page.field("DownwardAPI", "true", 2)
    elif part.get("serviceAccountToken") is not None:
        page.field("TokenExpirationSeconds", part["serviceAccountToken"].get("expirationSeconds", 0), 2)
