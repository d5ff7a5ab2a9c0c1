"""Claims and volumes in use are held (kubernetes: pkg/controller/volume/{pvc,pv}protection/*_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]
SECOND = 1_000_000_000


def claim(name: str = "data") -> Object:
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "", "resources": {"requests": {"storage": "1Gi"}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def pod(name: str = "p", **spec: Any) -> Object:
    volumes = [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]
    found = {"containers": [{"name": "c", "image": "nginx"}], "volumes": volumes, **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": found}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world({"nodes": 1})


def test_an_unused_claim_goes_at_once(cluster: Cluster) -> None:
    cluster.create(claim())
    assert cluster.get("pvc", "data")["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    cluster.delete("pvc", "data")
    with pytest.raises(ApiError):
        cluster.get("pvc", "data")


def test_a_claim_stays_while_a_scheduled_pod_uses_it(cluster: Cluster) -> None:
    cluster.create(claim())
    cluster.create(pod(nodeName=cluster.list("nodes")[0]["metadata"]["name"]))
    cluster.delete("pvc", "data")
    assert "deletionTimestamp" in cluster.get("pvc", "data")["metadata"]
    cluster.delete("pod", "p")
    cluster.run("40s")
    with pytest.raises(ApiError):
        cluster.get("pvc", "data")


def test_a_pod_that_is_not_scheduled_holds_nothing(cluster: Cluster) -> None:
    cluster.create(claim())
    cluster.create(pod(schedulingGates=[{"name": "example.com/wait"}]))
    cluster.delete("pvc", "data")
    with pytest.raises(ApiError):
        cluster.get("pvc", "data")


def test_a_volume_without_claim_goes_at_once(cluster: Cluster) -> None:
    spec = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/x"}}
    cluster.create({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"}, "spec": spec})
    assert cluster.get("pv", "v")["metadata"]["finalizers"] == ["kubernetes.io/pv-protection"]
    cluster.delete("pv", "v")
    with pytest.raises(ApiError):
        cluster.get("pv", "v")
