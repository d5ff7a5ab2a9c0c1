"""NoExecute taints over time (kubernetes: pkg/controller/tainteviction/taint_eviction_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster

Object = dict[str, Any]


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=["n1", "n2"])


def run_pod(cluster: Cluster, *tolerations: Object, name: str = "p") -> None:
    spec = {"nodeName": "n1", "containers": [{"name": "c", "image": "nginx:1.27"}], "tolerations": list(tolerations)}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})


def tolerate(key: str = "a", seconds: int | None = None) -> Object:
    toleration: Object = {"key": key, "operator": "Exists", "effect": "NoExecute"}
    if seconds is not None:
        toleration["tolerationSeconds"] = seconds
    return toleration


def names(cluster: Cluster) -> list[str]:
    return [pod["metadata"]["name"] for pod in cluster.list("pods")]


def messages(cluster: Cluster) -> list[str]:
    return [event["message"] for event in cluster.events() if event["reason"] == "TaintManagerEviction"]


def taint(cluster: Cluster, text: str) -> None:
    assert cluster.kubectl(f"taint nodes n1 {text}").exit_code == 0


def test_a_pod_without_toleration_goes_at_once(cluster: Cluster):
    run_pod(cluster)
    taint(cluster, "a=b:NoExecute")
    assert names(cluster) == []
    assert messages(cluster) == ["Marking for deletion Pod default/p"]


def test_the_reason_is_left_on_the_pod_before_it_goes():
    cluster = Cluster.from_world({"nodes": ["n1"], "images": {"nginx": {"ignores_sigterm": True}}})
    run_pod(cluster)
    taint(cluster, "a=b:NoExecute")
    conditions = {item["type"]: item for item in cluster.get("pod", "p")["status"]["conditions"]}
    assert conditions["DisruptionTarget"]["reason"] == "DeletionByTaintManager"
    assert conditions["DisruptionTarget"]["message"] == "Taint manager: deleting due to NoExecute taint"


@pytest.mark.parametrize("effect", ["NoSchedule", "PreferNoSchedule"])
def test_other_effects_leave_running_pods_alone(cluster: Cluster, effect: str):
    run_pod(cluster)
    taint(cluster, f"a=b:{effect}")
    cluster.run("1h")
    assert names(cluster) == ["p"]


def test_toleration_seconds_are_counted_from_the_taint(cluster: Cluster):
    run_pod(cluster, tolerate(seconds=60))
    cluster.run("100s")
    taint(cluster, "a=b:NoExecute")
    cluster.run("59s")
    assert names(cluster) == ["p"]
    cluster.run("1s")
    assert names(cluster) == []


def test_a_toleration_without_seconds_holds_for_ever(cluster: Cluster):
    run_pod(cluster, tolerate())
    taint(cluster, "a=b:NoExecute")
    cluster.run("7d")
    assert names(cluster) == ["p"]


@pytest.mark.parametrize("seconds", [0, -5])
def test_no_seconds_or_fewer_mean_at_once(cluster: Cluster, seconds: int):
    run_pod(cluster, tolerate(seconds=seconds))
    taint(cluster, "a=b:NoExecute")
    assert names(cluster) == []


def test_the_first_matching_toleration_counts_not_the_kindest(cluster: Cluster):
    run_pod(cluster, tolerate(seconds=10), tolerate())
    taint(cluster, "a=b:NoExecute")
    cluster.run("10s")
    assert names(cluster) == []


def test_of_several_taints_the_shortest_time_counts(cluster: Cluster):
    run_pod(cluster, tolerate("a", 100), tolerate("b", 10))
    taint(cluster, "a=1:NoExecute b=1:NoExecute")
    cluster.run("10s")
    assert names(cluster) == []


def test_a_running_timer_is_not_moved_by_a_change_of_the_pod(cluster: Cluster):
    run_pod(cluster, tolerate(seconds=20))
    taint(cluster, "a=b:NoExecute")
    change = [{"op": "replace", "path": "/spec/tolerations/0/tolerationSeconds", "value": 1}]
    cluster.patch("pod", "p", change, type="json")
    cluster.run("19s")
    assert names(cluster) == ["p"]
    cluster.run("1s")
    assert names(cluster) == []


def test_a_timer_ends_with_the_last_taint_and_says_so(cluster: Cluster):
    run_pod(cluster, tolerate(seconds=20))
    taint(cluster, "a=b:NoExecute")
    taint(cluster, "a-")
    cluster.run("1h")
    assert names(cluster) == ["p"]
    assert messages(cluster) == []  # events live for an hour
    taint(cluster, "a=b:NoExecute")
    taint(cluster, "a-")
    assert messages(cluster) == ["Cancelling deletion of Pod default/p"]


def test_a_pod_that_arrives_on_a_tainted_node_is_judged_too(cluster: Cluster):
    taint(cluster, "a=b:NoExecute")
    run_pod(cluster, tolerate(seconds=5))
    cluster.run("5s")
    assert names(cluster) == []


def test_budgets_do_not_protect_from_taints(cluster: Cluster):
    budget = {"minAvailable": 1, "selector": {}}
    cluster.create(
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": budget}
    )
    run_pod(cluster)
    taint(cluster, "a=b:NoExecute")
    assert names(cluster) == []


def test_the_journal_names_the_guilty_taint_and_the_field(cluster: Cluster):
    run_pod(cluster)
    taint(cluster, "a=b:NoExecute")
    decision = cluster.journal.last(("Pod", "default", "p"), component="taint-eviction-controller")
    assert decision is not None
    assert (decision.verdict, decision.field) == ("Evicted", "spec.tolerations")
    assert decision.detail == {"key": "a", "value": "b", "effect": "NoExecute"}
