"""Defaults of Services and endpoints.

Source: kubernetes pkg/apis/core/v1/defaults.go, zz_generated.defaults.go; pkg/apis/discovery/v1/defaults.go. Addresses
and node ports are allocated later, when the object is stored.
"""

from typing import Any

from k8scourse.component_helpers.services import (
    CLUSTER_IP,
    LOAD_BALANCER,
    is_externally_accessible,
    needs_node_port,
)

AFFINITY_SECONDS = 10800


def default_service(service: dict[str, Any]) -> None:
    """Fill a Service: type, protocol and target of its ports, affinity and traffic policies."""
    spec = service.setdefault("spec", {})
    _default_affinity(spec)
    if not spec.get("type"):
        spec["type"] = CLUSTER_IP
    for port in spec.get("ports") or ():
        if not port.get("protocol"):
            port["protocol"] = "TCP"
        if port.get("targetPort") in (None, 0, ""):
            port["targetPort"] = port.get("port") or 0
    if is_externally_accessible(spec) and not spec.get("externalTrafficPolicy"):
        spec["externalTrafficPolicy"] = "Cluster"
    has_address = needs_node_port(spec) or spec["type"] == CLUSTER_IP
    if spec.get("internalTrafficPolicy") is None and has_address:
        spec["internalTrafficPolicy"] = "Cluster"
    if spec["type"] == LOAD_BALANCER:
        if spec.get("allocateLoadBalancerNodePorts") is None:
            spec["allocateLoadBalancerNodePorts"] = True
        for item in ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ():
            if item.get("ip") and item.get("ipMode") is None:
                item["ipMode"] = "VIP"
    service.setdefault("status", {}).setdefault("loadBalancer", {})


def _default_affinity(spec: dict[str, Any]) -> None:
    if not spec.get("sessionAffinity"):
        spec["sessionAffinity"] = "None"
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        client = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        if client.get("timeoutSeconds") is None:
            spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": AFFINITY_SECONDS}}


def default_endpoints(endpoints: dict[str, Any]) -> None:
    """Let ports of Endpoints be TCP."""
    for subset in endpoints.get("subsets") or ():
        for port in subset.get("ports") or ():
            if not port.get("protocol"):
                port["protocol"] = "TCP"


def default_endpoint_slice(endpoint_slice: dict[str, Any]) -> None:
    """Give ports of an EndpointSlice an empty name and TCP; ``endpoints`` and ``ports`` are shown even if empty."""
    for field in ("endpoints", "ports"):
        endpoint_slice.setdefault(field, None)
    for port in endpoint_slice["ports"] or ():
        if port.get("name") is None:
            port["name"] = ""
        if port.get("protocol") is None:
            port["protocol"] = "TCP"
