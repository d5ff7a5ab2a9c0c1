"""Static binding of claims and volumes (kubernetes: pkg/controller/volume/persistentvolume/binder_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster

Object = dict[str, Any]


def volume(name: str, size: str = "1Gi", *modes: str, labels: Object | None = None, **spec: Any) -> Object:
    base = {"accessModes": list(modes) or ["ReadWriteOnce"], "hostPath": {"path": "/x"}, "storageClassName": "manual"}
    metadata = {"name": name, "labels": labels or {}}
    spec = {"capacity": {"storage": size}, **base, **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata, "spec": spec}


def claim(name: str = "c", size: str = "1Gi", **spec: Any) -> Object:
    base = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    spec = {**base, "storageClassName": "manual", **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def storage_class(mode: str) -> Object:
    head = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "manual"}}
    return {**head, "provisioner": "example.com/x", "volumeBindingMode": mode}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world({"nodes": 0})


def bound(cluster: Cluster, name: str = "c") -> str | None:
    return cluster.get("pvc", name)["spec"].get("volumeName")


def phases(cluster: Cluster) -> dict[str, str]:
    return {one["metadata"]["name"]: one["status"]["phase"] for one in cluster.list("pv")}


def reasons(cluster: Cluster) -> list[tuple[str, str]]:
    return [(one["reason"], one["message"]) for one in cluster.list("events")]


def test_a_claim_and_a_volume_point_at_each_other(cluster: Cluster) -> None:
    cluster.create(volume("v", "2Gi"))
    assert phases(cluster) == {"v": "Available"}
    cluster.create(claim())
    found, other = cluster.get("pvc", "c"), cluster.get("pv", "v")
    assert found["status"] == {"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "2Gi"}}
    assert found["metadata"]["annotations"] == {
        "pv.kubernetes.io/bind-completed": "yes",
        "pv.kubernetes.io/bound-by-controller": "yes",
    }
    assert other["metadata"]["annotations"] == {"pv.kubernetes.io/bound-by-controller": "yes"}
    assert other["status"]["phase"] == "Bound"
    assert other["spec"]["claimRef"]["uid"] == found["metadata"]["uid"]


def test_the_smallest_volume_with_the_fewest_modes_is_taken(cluster: Cluster) -> None:
    cluster.create(volume("a", "1Gi", "ReadWriteOnce", "ReadOnlyMany"))
    cluster.create(volume("b", "5Gi"))
    cluster.create(volume("c", "3Gi"))
    cluster.create(volume("d", "3Gi", storageClassName="other"))
    cluster.create(claim("one", "2Gi"))
    cluster.create(claim("two"))
    cluster.create(claim("three"))
    assert [bound(cluster, name) for name in ("one", "two", "three")] == ["c", "b", "a"]


def test_a_selector_counts(cluster: Cluster) -> None:
    cluster.create(volume("a"))
    cluster.create(volume("b", labels={"tier": "gold"}))
    cluster.create(claim(selector={"matchLabels": {"tier": "gold"}}))
    assert bound(cluster) == "b"


def test_a_reserved_volume_is_for_its_claim_alone(cluster: Cluster) -> None:
    cluster.create(volume("a", claimRef={"namespace": "default", "name": "mine"}))
    cluster.create(claim("other"))
    cluster.create(claim("mine"))
    assert (bound(cluster, "other"), bound(cluster, "mine")) == (None, "a")
    assert "pv.kubernetes.io/bound-by-controller" not in (cluster.get("pv", "a")["metadata"].get("annotations") or {})


def test_a_volume_asked_for_by_name_must_suit(cluster: Cluster) -> None:
    cluster.create(volume("small"))
    cluster.create(claim(size="2Gi", volumeName="small"))
    assert ("VolumeMismatch", 'Cannot bind to requested volume "small": requested PV is too small') in reasons(cluster)
    assert cluster.get("pvc", "c")["status"]["phase"] == "Pending"


def test_a_claim_waits_for_a_volume_that_comes_later(cluster: Cluster) -> None:
    cluster.create(claim(storageClassName=""))
    text = "no persistent volumes available for this claim and no storage class is set"
    assert ("FailedBinding", text) in reasons(cluster)
    cluster.create(volume("v", storageClassName=""))
    assert bound(cluster) == "v"


def test_a_class_that_waits_binds_nothing_by_itself(cluster: Cluster) -> None:
    cluster.create(storage_class("WaitForFirstConsumer"))
    cluster.create(volume("v"))
    cluster.create(claim())
    assert bound(cluster) is None
    assert ("WaitForFirstConsumer", "waiting for first consumer to be created before binding") in reasons(cluster)


def test_a_provisioner_is_asked_and_a_missing_class_is_told(cluster: Cluster) -> None:
    cluster.create(claim("early"))
    assert ("ProvisioningFailed", 'storageclass.storage.k8s.io "manual" not found') in reasons(cluster)
    cluster.create(storage_class("Immediate"))
    cluster.create(claim("late"))
    annotations = cluster.get("pvc", "late")["metadata"]["annotations"]
    assert annotations["volume.kubernetes.io/storage-provisioner"] == "example.com/x"
    assert "ExternalProvisioning" in [reason for reason, _ in reasons(cluster)]


@pytest.mark.parametrize(("policy", "phase"), [("Retain", "Released"), ("Delete", "Failed")])
def test_a_volume_is_released_when_its_claim_is_gone(cluster: Cluster, policy: str, phase: str) -> None:
    cluster.create(volume("v", persistentVolumeReclaimPolicy=policy))
    cluster.create(claim())
    cluster.delete("pvc", "c")
    assert phases(cluster) == {"v": phase}
    cluster.create(claim())
    assert bound(cluster) is None


def test_a_volume_below_tmp_is_deleted_with_its_claim(cluster: Cluster) -> None:
    cluster.create(volume("v", persistentVolumeReclaimPolicy="Delete", hostPath={"path": "/tmp/x"}))
    cluster.create(claim())
    cluster.delete("pvc", "c")
    assert phases(cluster) == {}


def test_a_bound_claim_that_lost_its_volume_says_so(cluster: Cluster) -> None:
    cluster.create(claim())
    patch = {"metadata": {"annotations": {"pv.kubernetes.io/bind-completed": "yes"}}, "spec": {"volumeName": "gone"}}
    cluster.patch("pvc", "c", patch)
    assert cluster.get("pvc", "c")["status"]["phase"] == "Lost"
    assert "ClaimLost" in [reason for reason, _ in reasons(cluster)]
