"""The configuration with which kubectl reaches the simulated cluster: one cluster, one user, one context."""

from __future__ import annotations

from typing import Any

SERVER = "https://kubernetes.default.svc"
"""The address of the API server."""
CLUSTER = "kubernetes"


def config(user: str, namespace: str = "") -> dict[str, Any]:
    """The kubeconfig of *user*, in the form of `kubectl config view`."""
    context = {"cluster": CLUSTER, "user": user, **({"namespace": namespace} if namespace else {})}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"cluster": {"certificate-authority-data": "DATA+OMITTED", "server": SERVER}, "name": CLUSTER}],
        "contexts": [{"context": context, "name": context_name(user)}],
        "current-context": context_name(user),
        "users": [
            {
                "name": user,
                "user": {"client-certificate-data": "DATA+OMITTED", "client-key-data": "DATA+OMITTED"},
            }
        ],
    }


def context_name(user: str) -> str:
    """The name of the only context, as kubeadm forms it."""
    return f"{user}@{CLUSTER}"
