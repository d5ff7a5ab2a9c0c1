"""What the rules of this room read: Services, EndpointSlices, pods, nodes, Ingresses, from wherever they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Object = Mapping[str, Any]

SLICES = "endpointslices.discovery.k8s.io"
INGRESSES = "ingresses.networking.k8s.io"
INGRESS_CLASSES = "ingressclasses.networking.k8s.io"
SERVICE_NAME = "kubernetes.io/service-name"


class Objects(Protocol):
    """A reader of the cluster's objects; *resource* as in messages: services, ingresses.networking.k8s.io."""

    def get(self, resource: str, name: str, namespace: str = "") -> dict[str, Any] | None:
        """The object, or None."""
        ...

    def list(self, resource: str, namespace: str = "") -> Sequence[dict[str, Any]]:
        """The objects of a namespace, or of all."""
        ...


def slices_of(objects: Objects, namespace: str, name: str) -> list[Object]:
    """The EndpointSlices of a Service, whoever wrote them, in the order of their names."""
    found = [
        item
        for item in objects.list(SLICES, namespace)
        if (item["metadata"].get("labels") or {}).get(SERVICE_NAME) == name
    ]
    return sorted(found, key=lambda item: item["metadata"]["name"])


def condition(endpoint: Object, name: str) -> bool:
    """A condition of an endpoint; what is unknown counts as ready and serving, not as terminating."""
    value = (endpoint.get("conditions") or {}).get(name)
    if value is None and name == "serving":
        return condition(endpoint, "ready")
    return name != "terminating" if value is None else bool(value)
