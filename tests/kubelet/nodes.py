"""What tests of the kubelet share: a small cluster, pods with one container, and short ways to look at them."""

from __future__ import annotations

from typing import Any

from k8scourse.cluster import Cluster

Object = dict[str, Any]


def one_node(images: Object | None = None, **node: Any) -> Cluster:
    return Cluster.from_world({"nodes": [{"name": "n1", **node}], "images": images or {}})


def make_pod(cluster: Cluster, name: str = "p", image: str = "app", spec: Object | None = None, **fields: Any) -> None:
    """A pod with one container, named c, of *image*; *fields* are those of the container, *spec* the pod's others."""
    body = {"containers": [{"name": "c", "image": image, **fields}], **(spec or {})}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": body})


def make_config_map(cluster: Cluster, name: str = "conf", **data: str) -> None:
    cluster.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})


def container(cluster: Cluster, name: str = "p", field: str = "containerStatuses", index: int = 0) -> Object:
    return cluster.get("pod", name)["status"][field][index]


def ready(cluster: Cluster, name: str = "p") -> bool:
    return container(cluster, name)["ready"]


def restarts(cluster: Cluster, name: str = "p") -> int:
    return container(cluster, name)["restartCount"]


def told(cluster: Cluster, reason: str) -> list[str]:
    """The messages of the events with *reason*, oldest first."""
    return [event["message"] for event in cluster.events() if event["reason"] == reason]


def output(cluster: Cluster, command: str) -> str:
    """What kubectl prints."""
    found = cluster.kubectl(command)
    return found.stdout + found.stderr
