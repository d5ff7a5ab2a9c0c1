"""The objects that an API server makes for itself when it starts.

Sources: pkg/controlplane/controller/systemnamespaces, pkg/apis/scheduling/v1/helpers.go (system priority classes),
pkg/controlplane/controller/kubernetesservice
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.request import PROTOBUF, Request, resource_path
from k8scourse.apiserver.server import APIServer
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

SYSTEM_NAMESPACES = ("kube-system", "kube-public", "kube-node-lease", "default")
API_SERVER_USER = "system:apiserver"
SERVICE_ADDRESS = "10.96.0.1"
_PRIORITY_CLASSES = (
    (
        "system-node-critical",
        2_000_001_000,
        "Used for system critical pods that must not be moved from their current node.",
    ),
    (
        "system-cluster-critical",
        2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ),
)


def bootstrap(server: APIServer) -> None:
    """Create the system namespaces, the system priority classes and the service `kubernetes`.

    Watches can begin where this ends: the watch caches of a server know nothing from before its start.
    """
    for name in SYSTEM_NAMESPACES:
        _create(server, "", "v1", "namespaces", {"metadata": {"name": name}})
    for name, value, description in _PRIORITY_CLASSES:
        body = {"metadata": {"name": name}, "value": value, "description": description}
        _create(server, "scheduling.k8s.io", "v1", "priorityclasses", body)
    _create(server, "", "v1", "services", _kubernetes_service(), "default")
    server.storage.store.compact(server.storage.revision)


def _kubernetes_service() -> Object:
    return {
        "metadata": {
            "name": "kubernetes",
            "namespace": "default",
            "labels": {"component": "apiserver", "provider": "kubernetes"},
        },
        "spec": {
            "clusterIP": SERVICE_ADDRESS,
            "clusterIPs": [SERVICE_ADDRESS],
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}],
            "sessionAffinity": "None",
            "type": "ClusterIP",
        },
        "status": {"loadBalancer": {}},
    }


def _create(server: APIServer, group: str, version: str, plural: str, body: Object, namespace: str = "") -> None:
    path = resource_path(group, version, plural, namespace)
    groups = ("system:masters", "system:authenticated")
    request = Request("POST", path, body=body, content_type=PROTOBUF, user=API_SERVER_USER, groups=groups)
    response = server.handle(request)
    if not response.ok:
        raise ApiError(response.body)
