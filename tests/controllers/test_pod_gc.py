"""Pods that nobody else removes (kubernetes: pkg/controller/podgc/gc_controller_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.controllers.pod_gc import evicted_then_oldest

Object = dict[str, Any]


def world(threshold: int | None = None, **more: Any) -> Cluster:
    flags = {} if threshold is None else {"kube-controller-manager": {"terminated-pod-gc-threshold": threshold}}
    return Cluster.from_world({"nodes": ["n1", "n2"], "flags": flags, **more})


def pod(cluster: Cluster, name: str, *, node: str = "n1", image: str = "nginx", **spec: Any) -> None:
    body = {"containers": [{"name": "c", "image": image}], **({"nodeName": node} if node else {}), **spec}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": body})


def names(cluster: Cluster) -> list[str]:
    return [item["metadata"]["name"] for item in cluster.list("pods")]


def test_finished_pods_beyond_the_threshold_go_the_oldest_first():
    cluster = world(threshold=2)
    for number in range(5):
        pod(cluster, f"done-{number}", image="hello-world", restartPolicy="Never")
        cluster.run("1s")
    pod(cluster, "alive")
    cluster.run("14s")
    assert len(names(cluster)) == 6
    cluster.run("2s")
    assert names(cluster) == ["alive", "done-3", "done-4"]


@pytest.mark.parametrize("threshold", [0, -1])
def test_a_threshold_of_zero_or_less_keeps_every_finished_pod(threshold: int):
    cluster = world(threshold=threshold)
    for number in range(3):
        pod(cluster, f"done-{number}", image="hello-world", restartPolicy="Never")
    cluster.run("1h")
    assert len(names(cluster)) == 3


def test_evicted_pods_go_before_older_ones():
    """TestGCTerminated: evicted first, then by age, then by name."""

    def finished(name: str, second: int, **status: str) -> Object:
        created = f"2026-01-01T00:00:0{second}Z"
        return {"metadata": {"name": name, "creationTimestamp": created}, "status": {"phase": "Failed", **status}}

    pods = [finished("b", 1), finished("c", 1), finished("a", 2), finished("e", 9, reason="Evicted")]
    assert [item["metadata"]["name"] for item in sorted(pods, key=evicted_then_oldest)] == ["e", "b", "c", "a"]


def test_pods_of_a_node_that_is_gone_go_after_its_quarantine():
    cluster = world()
    pod(cluster, "p")
    cluster.run("7s")
    cluster.delete("node", "n1")
    cluster.run("50s")
    assert names(cluster) == ["p"]
    cluster.run("4s")
    assert names(cluster) == []
    decision = cluster.journal.last(("Pod", "default", "p"), component="pod-garbage-collector-controller")
    assert decision is not None and decision.rule == "the node no longer exists"


def test_a_node_that_comes_back_in_time_keeps_its_pods():
    cluster = world()
    pod(cluster, "p")
    node = cluster.get("node", "n1")
    cluster.run("7s")
    cluster.delete("node", "n1")
    cluster.run("30s")
    body = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}, "spec": node["spec"]}
    cluster.create(body)
    cluster.run("30s")
    assert names(cluster) == ["p"]


def test_an_orphan_is_marked_as_failed_with_the_reason():
    cluster = world()
    metadata = {"name": "p", "finalizers": ["x.io/hold"]}
    spec = {"nodeName": "n1", "containers": [{"name": "c", "image": "nginx"}]}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    cluster.delete("node", "n1")
    cluster.run("61s")
    stored = cluster.get("pod", "p")
    assert stored["status"]["phase"] == "Failed"
    condition = next(item for item in stored["status"]["conditions"] if item["type"] == "DisruptionTarget")
    assert (condition["status"], condition["reason"]) == ("True", "DeletionByPodGC")
    assert condition["message"] == "PodGC: node no longer exists"
    assert "deletionTimestamp" in stored["metadata"]


def test_terminating_pods_go_only_from_nodes_declared_out_of_service():
    cluster = world()
    pod(cluster, "p")
    cluster.run("5s")
    cluster.stop_kubelet("n1")
    cluster.run("2m")
    cluster.delete("pod", "p")
    cluster.run("10m")
    assert names(cluster) == ["p"]
    assert cluster.kubectl("taint nodes n1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute").exit_code == 0
    cluster.run("21s")
    assert names(cluster) == []


def test_out_of_service_means_nothing_while_the_node_is_ready():
    cluster = world(images={"nginx": {"ignores_sigterm": True}})
    pod(cluster, "p", terminationGracePeriodSeconds=300)
    cluster.delete("pod", "p")
    assert cluster.kubectl("taint nodes n1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute").exit_code == 0
    cluster.run("1m")
    assert names(cluster) == ["p"]


def test_beats_come_every_twenty_seconds_and_only_when_needed():
    cluster = world()
    pod(cluster, "p")
    cluster.run("2h")
    revision = cluster.revision
    cluster.run("7d")
    assert cluster.revision == revision
