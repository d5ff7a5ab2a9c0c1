"""What the type and the traffic policy of a Service imply.

Source: kubernetes pkg/api/service/util.go, pkg/registry/core/service/strategy.go,
pkg/apis/core/validation/validation.go isHeadlessService.
"""

from collections.abc import Mapping
from typing import Any

CLUSTER_IP = "ClusterIP"
NODE_PORT = "NodePort"
LOAD_BALANCER = "LoadBalancer"
EXTERNAL_NAME = "ExternalName"
HEADLESS = "None"

Spec = Mapping[str, Any]


def is_headless(spec: Spec) -> bool:
    """Whether the Service has no address of its own (``clusterIPs: [None]``)."""
    return spec.get("clusterIPs") == [HEADLESS]


def needs_cluster_ip(spec: Spec) -> bool:
    """Whether clusterIP has a meaning for the type; ``None`` counts as a value."""
    return spec.get("type") != EXTERNAL_NAME


def needs_node_port(spec: Spec) -> bool:
    """Whether the ports of the Service are reachable at every node."""
    return spec.get("type") in (NODE_PORT, LOAD_BALANCER)


def needs_health_check_port(spec: Spec) -> bool:
    """Whether a load balancer has to find out which nodes have endpoints."""
    return spec.get("type") == LOAD_BALANCER and spec.get("externalTrafficPolicy") == "Local"


def is_externally_accessible(spec: Spec) -> bool:
    """Whether traffic from outside of the cluster may arrive."""
    return needs_node_port(spec) or (spec.get("type") == CLUSTER_IP and bool(spec.get("externalIPs")))
