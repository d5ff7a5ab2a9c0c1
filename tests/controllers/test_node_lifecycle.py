"""Silent nodes, their taints and the eviction brake (kubernetes: pkg/controller/nodelifecycle)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.controllers import node_health

Object = dict[str, Any]
SECOND = 1_000_000_000


def taints(cluster: Cluster, node: str) -> list[str]:
    found = cluster.get("node", node)["spec"].get("taints") or []
    return [f"{taint['key'].removeprefix('node.kubernetes.io/')}:{taint['effect']}" for taint in found]


def ready(cluster: Cluster, node: str) -> Object:
    return next(item for item in cluster.get("node", node)["status"]["conditions"] if item["type"] == "Ready")


def set_condition(cluster: Cluster, node: str, kind: str, status: str) -> None:
    patch = {"status": {"conditions": [{"type": kind, "status": status, "reason": "x"}]}}
    cluster.patch("node", node, patch, subresource="status")


def run_pod(cluster: Cluster, node: str, name: str = "p") -> None:
    spec = {"nodeName": node, "containers": [{"name": "c", "image": "nginx:1.27"}]}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})


@pytest.mark.parametrize(
    ("condition", "status", "taint"),
    [
        ("MemoryPressure", "True", "memory-pressure"),
        ("DiskPressure", "True", "disk-pressure"),
        ("PIDPressure", "True", "pid-pressure"),
        ("NetworkUnavailable", "True", "network-unavailable"),
        ("Ready", "False", "not-ready"),
        ("Ready", "Unknown", "unreachable"),
    ],
)
def test_a_condition_becomes_a_noschedule_taint_and_goes_with_it(condition: str, status: str, taint: str):
    cluster = Cluster(nodes=["n1", "n2"])
    set_condition(cluster, "n1", condition, status)
    assert taints(cluster, "n1") == [f"{taint}:NoSchedule"]
    set_condition(cluster, "n1", condition, "True" if condition == "Ready" else "False")
    assert taints(cluster, "n1") == []


def test_taints_of_people_stay_when_conditions_come_and_go():
    cluster = Cluster(nodes=["n1", "n2"])
    cluster.kubectl("taint nodes n1 gpu=true:NoSchedule")
    set_condition(cluster, "n1", "DiskPressure", "True")
    set_condition(cluster, "n1", "DiskPressure", "False")
    assert taints(cluster, "n1") == ["gpu:NoSchedule"]


def test_a_silent_node_is_unknown_after_the_grace_period_and_not_before():
    cluster = Cluster(nodes=["n1", "n2"])
    cluster.stop_kubelet("n1")
    cluster.run("50s")
    assert ready(cluster, "n1")["status"] == "True"
    cluster.run("5s")
    assert (ready(cluster, "n1")["status"], ready(cluster, "n1")["reason"]) == ("Unknown", "NodeStatusUnknown")
    assert ready(cluster, "n1")["message"] == "Kubelet stopped posting node status."
    assert taints(cluster, "n1") == ["unreachable:NoSchedule", "unreachable:NoExecute"]


def test_silence_is_noticed_however_long_the_node_was_well_before():
    cluster = Cluster(nodes=["n1", "n2"])
    cluster.run("7m")
    cluster.stop_kubelet("n1")
    cluster.run("1m")
    assert ready(cluster, "n1")["status"] == "Unknown"


def test_pods_of_a_silent_node_leave_after_fifty_and_three_hundred_seconds():
    cluster = Cluster(nodes=["n1", "n2"])
    run_pod(cluster, "n1")
    cluster.stop_kubelet("n1")
    cluster.run("354s")
    assert "deletionTimestamp" not in cluster.get("pod", "p")["metadata"]
    cluster.run("1s")
    assert "deletionTimestamp" in cluster.get("pod", "p")["metadata"]
    cluster.run("1h")
    assert cluster.get("pod", "p")["status"]["phase"] == "Running"  # nobody is there to say that it stopped


def test_pods_of_a_silent_node_are_not_ready():
    cluster = Cluster(nodes=["n1", "n2"])
    run_pod(cluster, "n1")
    cluster.stop_kubelet("n1")
    cluster.run("60s")
    conditions = {item["type"]: item["status"] for item in cluster.get("pod", "p")["status"]["conditions"]}
    assert conditions["Ready"] == "False"
    assert any(
        event["reason"] == "NodeNotReady" and event["message"] == "Node is not ready" for event in cluster.events()
    )


def test_a_node_that_comes_back_loses_its_taints_and_finishes_what_was_asked():
    cluster = Cluster(nodes=["n1", "n2"])
    run_pod(cluster, "n1")
    cluster.stop_kubelet("n1")
    cluster.run("400s")
    cluster.start_kubelet("n1")
    cluster.run("5s")
    assert (ready(cluster, "n1")["status"], taints(cluster, "n1")) == ("True", [])
    assert cluster.list("pods") == []


def test_a_short_silence_is_not_noticed():
    cluster = Cluster(nodes=["n1", "n2"])
    run_pod(cluster, "n1")
    revision = cluster.revision
    cluster.stop_kubelet("n1")
    cluster.run("30s")
    cluster.start_kubelet("n1")
    cluster.run("10m")
    assert taints(cluster, "n1") == []
    changed = {change.key for change in cluster.store.changes(revision) if "/pods/" in change.key}
    assert changed == set()


def test_where_every_node_is_silent_nothing_is_evicted():
    cluster = Cluster(nodes=["n1"])
    run_pod(cluster, "n1")
    cluster.stop_kubelet("n1")
    cluster.run("1h")
    assert taints(cluster, "n1") == ["unreachable:NoSchedule"]
    assert "deletionTimestamp" not in cluster.get("pod", "p")["metadata"]


def test_noexecute_taints_come_one_every_ten_seconds_in_a_zone():
    cluster = Cluster(nodes=8)
    for node in ("n1", "n2", "n3"):
        set_condition(cluster, node, "Ready", "False")
    tainted: list[int] = []
    for _ in range(30):
        cluster.run("1s")
        tainted.append(sum("not-ready:NoExecute" in taints(cluster, node) for node in ("n1", "n2", "n3")))
    assert [tainted.index(count) + 1 for count in (1, 2, 3)] == [5, 15, 25]


def test_a_small_zone_with_more_than_half_its_nodes_down_is_left_alone():
    cluster = Cluster(nodes=5)
    for node in ("n1", "n2", "n3"):
        set_condition(cluster, node, "Ready", "False")
    cluster.run("10m")
    assert sum("not-ready:NoExecute" in taints(cluster, f"n{number}") for number in range(1, 6)) <= 1


def test_a_node_that_never_had_a_kubelet_is_unknown_after_a_minute():
    cluster = Cluster(nodes=["n1"])
    cluster.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "ghost"}})
    assert taints(cluster, "ghost") == []  # without conditions nothing asks for the taint that admission put there
    cluster.run("70s")
    assert "unreachable:NoSchedule" in taints(cluster, "ghost")
    assert (ready(cluster, "ghost")["status"], ready(cluster, "ghost")["reason"]) == (
        "Unknown",
        "NodeStatusNeverUpdated",
    )


def test_a_quiet_cluster_costs_no_steps():
    cluster = Cluster(nodes=3)
    cluster.run("10s")
    revision = cluster.revision
    cluster.run("30m")
    assert cluster.revision == revision


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["True"], node_health.NORMAL),
        (["False"], node_health.FULL),
        (["Unknown", "False"], node_health.FULL),
        (["True", "False", "False"], node_health.NORMAL),
        (["True", "True", "False", "False", "False"], node_health.PARTIAL),
        (["True", "True", "True", "False", "False", "False"], node_health.NORMAL),
        ([], node_health.NORMAL),
    ],
)
def test_the_state_of_a_zone(statuses: list[str | None], state: str):
    assert node_health.zone_state(statuses) == state


def test_a_rate_limiter_has_room_for_one_token():
    limiter = node_health.RateLimiter(0.1)
    assert limiter.try_accept(0)
    assert not limiter.try_accept(10 * SECOND - 1)
    assert limiter.try_accept(10 * SECOND)
    assert not limiter.swap(0.0, 20 * SECOND).try_accept(100 * SECOND)
    drained = limiter.swap(0.01, 11 * SECOND)
    assert not drained.try_accept(12 * SECOND)
