"""Rows of nodes, namespaces, events, configuration, services and of kinds without a printer of their own.

Kubernetes: pkg/printers/internalversion/printers.go; the generic row: apiserver/pkg/registry/rest/table.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.printers.cells import (
    NONE,
    UNKNOWN,
    age,
    condition_status,
    container_cells,
    created,
    label_map,
    node_roles,
)

Object = Mapping[str, Any]


def node_row(obj: Object, now: int) -> list[Any]:
    """NAME STATUS ROLES AGE VERSION INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION CONTAINER-RUNTIME."""
    status = obj.get("status") or {}
    info = status.get("nodeInfo") or {}
    kernel = info.get("kernelVersion") or UNKNOWN
    if info.get("architecture"):
        kernel += f" ({info['architecture']})"
    return [
        obj["metadata"]["name"],
        node_status(obj),
        ",".join(node_roles(obj)) or NONE,
        created(obj, now),
        info.get("kubeletVersion", ""),
        _address(status, "InternalIP"),
        _address(status, "ExternalIP"),
        info.get("osImage") or UNKNOWN,
        kernel,
        info.get("containerRuntimeVersion") or UNKNOWN,
    ]


def node_status(obj: Object) -> str:
    """The STATUS cell of a node: Ready, NotReady or Unknown, and SchedulingDisabled when it is cordoned."""
    ready = condition_status((obj.get("status") or {}).get("conditions"), "Ready")
    word = "Unknown" if ready is None else "Ready" if ready == "True" else "NotReady"
    return word + ",SchedulingDisabled" if (obj.get("spec") or {}).get("unschedulable") else word


def _address(status: Object, kind: str) -> str:
    return next((a["address"] for a in status.get("addresses") or [] if a.get("type") == kind), NONE)


def namespace_row(obj: Object, now: int) -> list[Any]:
    """NAME STATUS AGE."""
    return [obj["metadata"]["name"], (obj.get("status") or {}).get("phase", ""), created(obj, now)]


def event_row(obj: Object, now: int) -> list[Any]:
    """LAST-SEEN TYPE REASON OBJECT SUBOBJECT SOURCE MESSAGE FIRST-SEEN COUNT NAME."""
    first = age(obj.get("firstTimestamp") or obj.get("eventTime"), now)
    last = age(obj["lastTimestamp"], now) if obj.get("lastTimestamp") else first
    count = obj.get("count") or 1
    series = obj.get("series")
    if series:
        last, count = age(series.get("lastObservedTime"), now), series.get("count") or 0
    involved = obj.get("involvedObject") or {}
    target = involved.get("kind", "").lower()
    return [
        last,
        obj.get("type", ""),
        obj.get("reason", ""),
        f"{target}/{involved['name']}" if involved.get("name") else target,
        involved.get("fieldPath", ""),
        _event_source(obj),
        obj.get("message", "").strip(),
        first,
        count,
        obj["metadata"]["name"],
    ]


def _event_source(obj: Object) -> str:
    source = obj.get("source") or {}
    component = source.get("component") or obj.get("reportingComponent") or ""
    instance = source.get("host") or obj.get("reportingInstance") or ""
    return f"{component}, {instance}" if instance else component


def config_map_row(obj: Object, now: int) -> list[Any]:
    """NAME DATA AGE."""
    return [obj["metadata"]["name"], len(obj.get("data") or {}) + len(obj.get("binaryData") or {}), created(obj, now)]


def secret_row(obj: Object, now: int) -> list[Any]:
    """NAME TYPE DATA AGE."""
    return [obj["metadata"]["name"], obj.get("type", ""), len(obj.get("data") or {}), created(obj, now)]


def name_and_age_row(obj: Object, now: int) -> list[Any]:
    """NAME AGE (ServiceAccount, custom resources)."""
    return [obj["metadata"]["name"], created(obj, now)]


def name_and_creation_row(obj: Object, now: int) -> list[Any]:
    """NAME CREATED-AT: every built-in kind without a printer of its own (Role, ClusterRole, LimitRange ...)."""
    return [obj["metadata"]["name"], obj["metadata"].get("creationTimestamp", "")]


def service_row(obj: Object, now: int) -> list[Any]:
    """NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE SELECTOR."""
    spec = obj["spec"]
    addresses = spec.get("clusterIPs") or []
    return [
        obj["metadata"]["name"],
        spec.get("type", ""),
        addresses[0] if addresses else NONE,
        _external_addresses(obj),
        ",".join(_service_port(port) for port in spec.get("ports") or []) or NONE,
        created(obj, now),
        label_map(spec.get("selector")),
    ]


def _service_port(port: Object) -> str:
    node_port = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port['port']}{node_port}/{port.get('protocol', '')}"


def _external_addresses(obj: Object) -> str:
    spec = obj["spec"]
    external = spec.get("externalIPs") or []
    match spec.get("type"):
        case "ClusterIP" | "NodePort":
            return ",".join(external) or NONE
        case "ExternalName":
            return spec.get("externalName", "")
        case "LoadBalancer":
            ingress = ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
            balancer = sorted({i.get("ip") or i.get("hostname") or "" for i in ingress} - {""})
            return ",".join([*balancer, *external]) or "<pending>"
        case _:
            return UNKNOWN


def resource_quota_row(obj: Object, now: int) -> list[Any]:
    """NAME REQUEST LIMIT AGE."""
    status = obj.get("status") or {}
    hard, used = status.get("hard") or {}, status.get("used") or {}
    texts = {name: f"{name}: {used.get(name, '0')}/{hard[name]}" for name in sorted(hard)}
    limits = [text for name, text in texts.items() if name.startswith("limits.")]
    requests = [text for name, text in texts.items() if not name.startswith("limits.")]
    return [obj["metadata"]["name"], ", ".join(requests), ", ".join(limits), created(obj, now)]


def pod_template_row(obj: Object, now: int) -> list[Any]:
    """NAME CONTAINERS IMAGES POD-LABELS."""
    template = obj.get("template") or {}
    labels = (template.get("metadata") or {}).get("labels")
    return [obj["metadata"]["name"], *container_cells(template.get("spec") or {}), label_map(labels)]
