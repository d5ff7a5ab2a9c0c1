"""Small texts that several printers share: ages, container lists, selectors, roles.

Kubernetes: pkg/printers/internalversion/printers.go (helpers) and apimachinery's metav1.FormatLabelSelector.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8scourse.machinery import duration, labels, timestamps

NONE = "<none>"
UNKNOWN = "<unknown>"
UNSET = "<unset>"

_ROLE_LABEL_PREFIX = "node-role.kubernetes.io/"
_ROLE_LABEL = "kubernetes.io/role"


def age(timestamp: str | None, now: int) -> str:
    """How long ago *timestamp* (RFC 3339) was at *now* (ns), as in the AGE column; `<unknown>` without one."""
    if not timestamp:
        return UNKNOWN
    return duration.human_duration(now - timestamps.parse_time(timestamp))


def created(obj: Mapping[str, Any], now: int) -> str:
    """The AGE cell of *obj*."""
    return age(obj.get("metadata", {}).get("creationTimestamp"), now)


def container_cells(pod_spec: Mapping[str, Any]) -> list[str]:
    """The CONTAINERS and IMAGES cells."""
    containers = pod_spec.get("containers") or []
    return [",".join(c.get("name", "") for c in containers), ",".join(c.get("image", "") for c in containers)]


def template_spec(obj: Mapping[str, Any]) -> Mapping[str, Any]:
    """The pod spec of a workload's template, empty when there is none."""
    return (obj.get("spec", {}).get("template") or {}).get("spec") or {}


def label_map(values: Mapping[str, str] | None) -> str:
    """A plain label map as `a=b,c=d`, sorted; `<none>` when empty (labels.FormatLabels)."""
    if not values:
        return NONE
    return ",".join(f"{key}={values[key]}" for key in sorted(values))


def label_selector(selector: Mapping[str, Any] | None) -> str:
    """A LabelSelector in kubectl's words; `<none>` when it is empty (metav1.FormatLabelSelector)."""
    return str(labels.selector_from(dict(selector) if selector is not None else None)) or NONE


def node_roles(node: Mapping[str, Any]) -> list[str]:
    """The roles of a node, from the labels node-role.kubernetes.io/ROLE and kubernetes.io/role, sorted."""
    roles: dict[str, None] = {}
    for key, value in (node["metadata"].get("labels") or {}).items():
        if key.startswith(_ROLE_LABEL_PREFIX) and key != _ROLE_LABEL_PREFIX:
            roles[key.removeprefix(_ROLE_LABEL_PREFIX)] = None
        elif key == _ROLE_LABEL and value:
            roles[value] = None
    return sorted(roles)


def condition_status(conditions: Iterable[Mapping[str, Any]] | None, kind: str) -> str | None:
    """The status ("True", "False", "Unknown") of the condition *kind*, None when it is missing."""
    return next((c.get("status") for c in conditions or () if c.get("type") == kind), None)
