"""Objects of a small world for the tests of this room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Object = dict[str, Any]


class Listing:
    """Objects kept in lists (networking.objects.Objects)."""

    def __init__(self, **resources: Sequence[Object]) -> None:
        self.kept = {name.replace("__", "."): list(objects) for name, objects in resources.items()}

    def get(self, resource: str, name: str, namespace: str = "") -> Object | None:
        for obj in self.list(resource, namespace):
            if obj["metadata"]["name"] == name:
                return obj
        return None

    def list(self, resource: str, namespace: str = "") -> list[Object]:
        kept = self.kept.get(resource, [])
        return [obj for obj in kept if not namespace or obj["metadata"].get("namespace", "") == namespace]


def named(name: str, namespace: str = "default", **fields: Any) -> Object:
    return {"metadata": {"name": name, "namespace": namespace}, **fields}


def service(name: str = "web", namespace: str = "default", address: str = "10.96.1.1", **spec: Any) -> Object:
    ports = spec.pop("ports", [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080}])
    found = {"type": "ClusterIP", "clusterIP": address, "clusterIPs": [address], "ports": ports, **spec}
    return named(name, namespace, spec=found)


def endpoint(
    address: str,
    *,
    ready: bool = True,
    serving: bool | None = None,
    terminating: bool = False,
    node: str = "n1",
    hostname: str = "",
) -> Object:
    serving = ready if serving is None else serving
    found: Object = {
        "addresses": [address],
        "conditions": {"ready": ready, "serving": serving, "terminating": terminating},
        "nodeName": node,
    }
    return {**found, "hostname": hostname} if hostname else found


def endpoint_slice(*endpoints: Object, owner: str = "web", namespace: str = "default", port: int = 8080) -> Object:
    labels = {"kubernetes.io/service-name": owner}
    ports = [{"name": "http", "port": port, "protocol": "TCP"}]
    metadata = {"name": f"{owner}-abcde", "namespace": namespace, "labels": labels}
    return {"metadata": metadata, "addressType": "IPv4", "endpoints": list(endpoints), "ports": ports}


def world(services: Sequence[Object] = (), slices: Sequence[Object] = (), **more: Sequence[Object]) -> Listing:
    namespaces = [{"metadata": {"name": name}} for name in ("default", "team")]
    return Listing(namespaces=namespaces, services=services, endpointslices__discovery__k8s__io=slices, **more)
