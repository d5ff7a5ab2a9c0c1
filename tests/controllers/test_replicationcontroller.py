"""ReplicationControllers follow the rules of ReplicaSets (kubernetes: pkg/controller/replication)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster

Object = dict[str, Any]


def controller(replicas: int = 2, **spec: Any) -> Object:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    return {
        "apiVersion": "v1",
        "kind": "ReplicationController",
        "metadata": {"name": "web"},
        "spec": {"replicas": replicas, "template": template, **spec},
    }


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=2)


def test_it_keeps_as_many_pods_as_it_wants(cluster: Cluster):
    cluster.create(controller(2))
    assert len(cluster.list("pods")) == 2
    cluster.patch("rc", "web", {"spec": {"replicas": 1}})
    (pod,) = cluster.list("pods")
    assert pod["metadata"]["ownerReferences"][0]["kind"] == "ReplicationController"
    assert cluster.get("rc", "web")["status"] == {
        "replicas": 1,
        "fullyLabeledReplicas": 1,
        "readyReplicas": 1,
        "availableReplicas": 1,
        "observedGeneration": 2,
    }


def test_its_events_come_from_the_replication_controller(cluster: Cluster):
    cluster.create(controller(1))
    (event,) = [event for event in cluster.events() if event["reason"] == "SuccessfulCreate"]
    assert event["source"] == {"component": "replication-controller"}


def test_it_adopts_and_releases_by_plain_labels(cluster: Cluster):
    spec = {"containers": [{"name": "c", "image": "nginx"}]}
    metadata = {"name": "stray", "labels": {"app": "web", "more": "labels"}}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    cluster.create(controller(1))
    assert [pod["metadata"]["name"] for pod in cluster.list("pods")] == ["stray"]
    cluster.patch("pod", "stray", {"metadata": {"labels": {"app": "debug"}}})
    assert len(cluster.list("pods")) == 2
    assert "ownerReferences" not in cluster.get("pod", "stray")["metadata"]
