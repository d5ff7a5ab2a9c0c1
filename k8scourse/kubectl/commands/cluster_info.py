"""`kubectl cluster-info`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.kube_config import SERVER
from k8scourse.kubectl.session import Session

Object = dict[str, Any]

_SYSTEM_SERVICES = "kubernetes.io/cluster-service=true"


def run(session: Session) -> None:
    """Print where the control plane and the cluster's own services are. Raises ApiError."""
    out = session.terminal
    namespace = session.namespace if session.namespace_given else "kube-system"
    found = session.api.list(session.resource_of("v1", "Service"), namespace, labelSelector=_SYSTEM_SERVICES)
    out.line(f"Kubernetes control plane is running at {SERVER}")
    for service in found.get("items") or []:
        metadata = service["metadata"]
        name = (metadata.get("labels") or {}).get("kubernetes.io/name") or metadata["name"]
        out.line(f"{name} is running at {_link(service)}")
    out.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")


def _link(service: Object) -> str:
    metadata, ports = service["metadata"], service["spec"].get("ports") or []
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    if ingress:
        host = ingress[0].get("ip") or ingress[0].get("hostname", "")
        return "".join(f"http://{host}:{port['port']} " for port in ports)
    name = metadata["name"]
    if ports:
        port_name = ports[0].get("name", "")
        scheme = "https" if port_name == "https" or ports[0]["port"] == 443 else ""
        if scheme or port_name:
            name = f"{scheme}:{name}:{port_name}" if scheme else f"{name}:{port_name}"
    return f"{SERVER}/api/v1/namespaces/{metadata['namespace']}/services/{name}/proxy"
