"""Defaults of the kinds of the core group other than Pod.

Source: kubernetes pkg/apis/core/v1/defaults.go.
"""

from typing import Any

from k8scourse.apiserver.defaults.resources import default_resource_list

NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"


def default_namespace(namespace: dict[str, Any]) -> None:
    """Set the label with the namespace's own name (once it has one) and the phase."""
    name = namespace.get("metadata", {}).get("name")
    if name:
        labels = namespace["metadata"].get("labels") or {}
        if labels.get(NAMESPACE_NAME_LABEL) != name:
            namespace["metadata"]["labels"] = {**labels, NAMESPACE_NAME_LABEL: name}
    namespace.setdefault("spec", {})
    status = namespace.setdefault("status", {})
    if not status.get("phase"):
        status["phase"] = "Active"


def default_node(node: dict[str, Any]) -> None:
    """Let allocatable be the capacity where a node reports none."""
    node.setdefault("spec", {})
    status = node.setdefault("status", {})
    for kind in ("capacity", "allocatable"):
        if status.get(kind):
            default_resource_list(status[kind])
    if status.get("allocatable") is None and status.get("capacity") is not None:
        status["allocatable"] = dict(status["capacity"])


def default_event(event: dict[str, Any]) -> None:
    """Write the empty structures that an Event of core/v1 always shows."""
    event.setdefault("involvedObject", {})
    event.setdefault("source", {})


def default_secret(secret: dict[str, Any]) -> None:
    """Let a Secret without type be Opaque."""
    if not secret.get("type"):
        secret["type"] = "Opaque"


def default_limit_range(limit_range: dict[str, Any]) -> None:
    """Let containers default to the maximum as limit, and to that limit (else the minimum) as request."""
    spec = limit_range.setdefault("spec", {})
    spec.setdefault("limits", None)
    for item in spec["limits"] or ():
        for kind in ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio"):
            if item.get(kind):
                default_resource_list(item[kind])
        if item.get("type") == "Container":
            limits = {**(item.get("max") or {}), **(item.get("default") or {})}
            requests = {**(item.get("min") or {}), **limits, **(item.get("defaultRequest") or {})}
            item.update({name: value for name, value in (("default", limits), ("defaultRequest", requests)) if value})


def default_resource_quota(quota: dict[str, Any]) -> None:
    """Bring the amounts of a ResourceQuota into their canonical form."""
    for part in (quota.setdefault("spec", {}), quota.setdefault("status", {})):
        for kind in ("hard", "used"):
            if part.get(kind):
                default_resource_list(part[kind])
