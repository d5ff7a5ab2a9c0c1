"""Every active namespace gets a service account `default` and the cluster's certificate authority.

Sources: pkg/controller/serviceaccount/serviceaccounts_controller.go,
pkg/controller/certificates/rootcacertpublisher/publisher.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.informers import Key, Object
from k8scourse.client.workqueue import Controller

ROOT_CA = "kube-root-ca.crt"
ROOT_CA_NOTE = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the "
    "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes "
    "clusters."
)
_CERTIFICATE = (
    "-----BEGIN CERTIFICATE-----\n(the certificate authority of a simulated cluster)\n-----END CERTIFICATE-----\n"
)


class _PerNamespace(Controller):
    """Keeps one object in each active namespace."""

    kept: str
    kept_name: str

    def start(self) -> None:
        """Watch namespaces and the kept objects."""
        self.informers.subscribe("namespaces", self.name, "enqueue_object")
        self.informers.subscribe(self.kept, self.name, "kept_changed")

    def kept_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a kept object that went away comes back."""
        obj = new or old
        if obj is not None and obj["metadata"]["name"] == self.kept_name:
            self.enqueue(("", obj["metadata"]["namespace"]))

    def sync(self, key: Key) -> None:
        """Create the object where it is missing."""
        namespace = self.informers.get("namespaces", key[1])
        if namespace is None or namespace.get("status", {}).get("phase") == "Terminating":
            return
        if self.informers.get(self.kept, self.kept_name, key[1]) is None:
            self.client.create(self.kept, self.body(key[1]), key[1])

    def body(self, namespace: str) -> dict[str, Any]:
        """The object to create."""
        raise NotImplementedError


class ServiceAccountController(_PerNamespace):
    """Creates the service account `default`."""

    name = "serviceaccount-controller"
    user = "system:serviceaccount:kube-system:service-account-controller"
    resource = "namespaces"
    kept = "serviceaccounts"
    kept_name = "default"

    def body(self, namespace: str) -> dict[str, Any]:
        """The service account."""
        return {"metadata": {"name": self.kept_name, "namespace": namespace}}


class RootCACertPublisher(_PerNamespace):
    """Publishes the certificate authority that pods check the API server with."""

    name = "root-ca-certificate-publisher-controller"
    user = "system:serviceaccount:kube-system:root-ca-cert-publisher"
    resource = "namespaces"
    kept = "configmaps"
    kept_name = ROOT_CA

    def body(self, namespace: str) -> dict[str, Any]:
        """The config map."""
        annotations = {"kubernetes.io/description": ROOT_CA_NOTE}
        return {
            "metadata": {"name": ROOT_CA, "namespace": namespace, "annotations": annotations},
            "data": {"ca.crt": _CERTIFICATE},
        }
