"""ReplicaSets on a whole cluster (kubernetes: pkg/controller/replicaset/replica_set_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.controllers.replicaset_status import calculate_status, next_availability_check
from k8scourse.machinery.timestamps import parse_time

Object = dict[str, Any]
NOW = parse_time("2026-01-01T00:01:00Z")


def replica_set(replicas: int = 3, name: str = "web", image: str = "nginx", **spec: Any) -> Object:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": image}]}}
    selector = {"matchLabels": {"app": name}}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": name},
        "spec": {"replicas": replicas, "selector": selector, "template": template, **spec},
    }


def pod(name: str, **labels: str) -> Object:
    spec = {"containers": [{"name": "c", "image": "nginx"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels}, "spec": spec}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=3)


def names(cluster: Cluster) -> set[str]:
    return {item["metadata"]["name"] for item in cluster.list("pods")}


def status(cluster: Cluster) -> Object:
    return cluster.get("rs", "web")["status"]


def told(cluster: Cluster, reason: str) -> list[str]:
    return [event["message"] for event in cluster.events() if event["reason"] == reason]


def owner_of(cluster: Cluster, name: str) -> list[str]:
    return [ref["name"] for ref in cluster.get("pod", name)["metadata"].get("ownerReferences", [])]


def test_missing_pods_are_created_and_told_of(cluster: Cluster):
    cluster.create(replica_set(2))
    assert sorted(told(cluster, "SuccessfulCreate")) == sorted(f"Created pod: {name}" for name in names(cluster))
    assert status(cluster) == {
        "replicas": 2,
        "fullyLabeledReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "observedGeneration": 1,
        "terminatingReplicas": 0,
    }


def test_surplus_pods_are_deleted_and_told_of(cluster: Cluster):
    cluster.create(replica_set(3))
    before = names(cluster)
    cluster.patch("rs", "web", {"spec": {"replicas": 1}})
    assert len(names(cluster)) == 1
    assert sorted(told(cluster, "SuccessfulDelete")) == sorted(
        f"Deleted pod: {name}" for name in before - names(cluster)
    )


def test_a_pod_that_is_going_is_replaced_and_counted_as_terminating():
    cluster = Cluster.from_world({"nodes": 1, "images": {"nginx": {"ignores_sigterm": True}}})
    cluster.create(replica_set(1))
    (first,) = names(cluster)
    cluster.delete("pod", first)
    assert len(names(cluster)) == 2
    assert (status(cluster)["replicas"], status(cluster)["terminatingReplicas"]) == (1, 1)
    cluster.run("31s")
    assert len(names(cluster)) == 1 and first not in names(cluster)
    assert status(cluster)["terminatingReplicas"] == 0


def test_an_orphan_that_is_selected_is_adopted(cluster: Cluster):
    cluster.create(pod("stray", app="web"))
    cluster.create(replica_set(1))
    assert names(cluster) == {"stray"}
    assert owner_of(cluster, "stray") == ["web"]
    cluster.create(pod("late", app="web"))
    assert len(names(cluster)) == 1


def test_a_pod_with_other_labels_is_released_and_replaced(cluster: Cluster):
    cluster.create(replica_set(1))
    (first,) = names(cluster)
    cluster.patch("pod", first, {"metadata": {"labels": {"app": "debug"}}})
    assert owner_of(cluster, first) == []
    assert len(names(cluster)) == 2
    cluster.patch("pod", first, {"metadata": {"labels": {"app": "web"}}})
    assert len(names(cluster)) == 1


def test_pods_of_another_controller_are_left_alone(cluster: Cluster):
    cluster.create(replica_set(2, "web"))
    other = replica_set(1, "second")
    other["spec"]["selector"] = {"matchLabels": {"app": "web"}}
    other["spec"]["template"]["metadata"]["labels"] = {"app": "web"}
    cluster.create(other)
    assert len(names(cluster)) == 3
    assert sorted(owner_of(cluster, name)[0] for name in names(cluster)) == ["second", "web", "web"]


def test_a_failed_pod_is_replaced_but_not_deleted():
    cluster = Cluster.from_world({"nodes": [{"name": "n1", "allocatable": {"cpu": "1"}}]})
    wanted = replica_set(1)
    wanted["spec"]["template"]["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "1"}}
    cluster.create(wanted)
    (first,) = names(cluster)
    stored = cluster.get("pod", first)
    cluster.patch("pod", first, {"status": {"phase": "Failed"}}, subresource="status")
    assert first in names(cluster) and len(names(cluster)) == 2
    assert stored["metadata"]["uid"] in {item["metadata"]["uid"] for item in cluster.list("pods")}


def test_more_than_500_pods_come_in_bursts():
    cluster = Cluster.from_world({"nodes": [], "components": ["etcd", "kube-apiserver", "kube-controller-manager"]})
    cluster.create(replica_set(1100))
    assert len(cluster.list("pods")) == 1100
    bursts = [decision.detail["count"] for decision in cluster.journal if decision.verdict == "CreatePods"]
    assert bursts == [500, 500, 100]


def test_pods_that_are_refused_make_a_condition_that_goes_again(cluster: Cluster):
    refused = replica_set(2)
    refused["spec"]["template"]["spec"]["serviceAccountName"] = "nobody"
    cluster.create(refused)
    (condition,) = status(cluster)["conditions"]
    assert (condition["type"], condition["status"], condition["reason"]) == ("ReplicaFailure", "True", "FailedCreate")
    assert condition["message"] in {text.removeprefix("Error creating: ") for text in told(cluster, "FailedCreate")}
    cluster.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "nobody"}})
    cluster.run("20m")
    assert "conditions" not in status(cluster)
    assert status(cluster)["readyReplicas"] == 2


def test_names_do_not_depend_on_what_else_is_there():
    alone, crowded = Cluster(nodes=1), Cluster(nodes=1)
    crowded.create(replica_set(2, "db"))
    alone.create(replica_set(2))
    crowded.create(replica_set(2))
    assert names(alone) < names(crowded)


def ready_pod(since: str | None, **labels: str) -> Object:
    conditions = [{"type": "Ready", "status": "True", "lastTransitionTime": since}] if since else []
    return {"metadata": {"labels": labels}, "spec": {}, "status": {"conditions": conditions}}


def test_the_status_counts_labels_readiness_and_availability():
    """TestCalculateStatus."""
    owner = replica_set(4, minReadySeconds=30)
    owner["spec"]["template"]["metadata"]["labels"]["tier"] = "front"
    pods = [
        ready_pod("2026-01-01T00:00:00Z", app="web", tier="front"),
        ready_pod("2026-01-01T00:00:45Z", app="web", tier="front"),
        ready_pod(None, app="web"),
    ]
    status = calculate_status(owner, pods, None, None, NOW)
    assert (status["replicas"], status["fullyLabeledReplicas"]) == (3, 2)
    assert (status["readyReplicas"], status["availableReplicas"]) == (2, 1)
    assert "terminatingReplicas" not in status
    assert next_availability_check(pods, 30, NOW) == 15_000_000_000


@pytest.mark.parametrize(("count", "reason"), [(2, "FailedCreate"), (6, "FailedDelete")])
def test_a_failure_is_named_after_what_was_tried(count: int, reason: str):
    """TestCalculateStatusConditions."""
    pods = [ready_pod(None, app="web") for _ in range(count)]
    (condition,) = calculate_status(replica_set(4), pods, 0, "no", NOW)["conditions"]
    assert (condition["reason"], condition["message"]) == (reason, "no")


def test_a_failure_is_not_told_anew_while_it_lasts():
    owner = replica_set(4)
    owner["status"] = calculate_status(owner, [], 0, "first", NOW)
    again = calculate_status(owner, [], 0, "second", NOW + 60_000_000_000)
    assert again["conditions"] == owner["status"]["conditions"]
