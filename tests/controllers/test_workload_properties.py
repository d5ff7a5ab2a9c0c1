"""What holds for every workload and every rollout, whatever its numbers."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster
from k8scourse.controllers.deployment_rules import resolve_fenceposts

Object = dict[str, Any]

AMOUNTS = st.one_of(st.integers(0, 4), st.integers(0, 100).map(lambda percent: f"{percent}%"))
VERSIONS = st.lists(st.sampled_from(["nginx:1", "nginx:2", "broken:1", "slow:1"]), min_size=1, max_size=3)


def deployment(name: str, replicas: int, surge: int | str, unavailable: int | str, image: str, delay: int) -> Object:
    probe = {"initialDelaySeconds": delay, "periodSeconds": 1, "tcpSocket": {"port": 80}}
    container = {"name": "c", "image": image, "readinessProbe": probe}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "strategy": {"rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}},
        },
    }


def world() -> Cluster:
    return Cluster.from_world({"nodes": 3, "images": {"broken": {"ready": False}, "slow": {"ignores_sigterm": True}}})


def set_image(cluster: Cluster, image: str, name: str = "web") -> None:
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}}
    cluster.patch("deploy", name, patch)


def is_ready(pod: Object) -> bool:
    conditions = pod.get("status", {}).get("conditions") or ()
    return any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)


def pods_of(cluster: Cluster) -> tuple[int, int]:
    """How many pods are there, and how many of them are available; pods that are going count as neither."""
    pods = [pod for pod in cluster.informers.list("pods", "default") if "deletionTimestamp" not in pod["metadata"]]
    return len(pods), sum(is_ready(pod) for pod in pods)


def everything(cluster: Cluster) -> str:
    """All stored objects with their resourceVersions, as text."""
    return json.dumps([cluster.list(kind, namespace=None) for kind in ("deploy", "rs", "pods", "ds", "events")])


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 7), AMOUNTS, AMOUNTS, VERSIONS, st.integers(1, 4))
def test_a_rolling_update_keeps_to_its_limits_at_every_step(
    replicas: int, surge: int | str, unavailable: int | str, versions: list[str], delay: int
):
    """Never fewer than replicas - maxUnavailable pods available, never more than replicas + maxSurge there."""
    if resolve_fenceposts(surge, unavailable, 100) == (0, 1) and unavailable in (0, "0%"):
        unavailable = 1
    limits = resolve_fenceposts(surge, unavailable, replicas)
    cluster = world()
    cluster.create(deployment("web", replicas, surge, unavailable, "nginx:0", delay))
    cluster.run(f"{delay + 2}s")
    assert pods_of(cluster) == (replicas, replicas)
    for image in versions:
        with cluster.paused():
            set_image(cluster, image)
            while cluster.step() is not None:
                within(pods_of(cluster), replicas, limits)
        for _ in range(3 * delay):
            cluster.run("1s")
            within(pods_of(cluster), replicas, limits)


def within(found: tuple[int, int], replicas: int, limits: tuple[int, int]) -> None:
    there, available = found
    assert there <= replicas + limits[0]
    assert available >= replicas - min(limits[1], replicas)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 6), AMOUNTS, VERSIONS, st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_time_may_pass_in_any_portions(replicas: int, surge: int | str, versions: list[str], portions: list[int]):
    def story(times: list[int]) -> str:
        cluster = world()
        cluster.create(deployment("web", replicas, surge, 1, "nginx:0", 2))
        for image in versions:
            set_image(cluster, image)
            for seconds in times:
                cluster.run(f"{seconds}s")
        return everything(cluster)

    assert story(portions) == story([sum(portions)])


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 6), AMOUNTS, VERSIONS, st.integers(0, 9))
def test_a_fork_in_the_middle_goes_the_same_way(replicas: int, surge: int | str, versions: list[str], seconds: int):
    cluster = world()
    cluster.create(deployment("web", replicas, surge, 1, "nginx:0", 2))
    for image in versions:
        set_image(cluster, image)
        cluster.run(f"{seconds}s")
        twin = cluster.fork()
        for side in (cluster, twin):
            set_image(side, "nginx:9")
            side.run("7s")
        assert everything(twin) == everything(cluster)


@settings(deadline=None, max_examples=15)
@given(st.permutations(["web", "db", "cache"]), st.integers(1, 4))
def test_the_order_of_creation_does_not_change_what_comes_up(order: list[str], replicas: int):
    def names(workloads: list[str]) -> set[str]:
        cluster = world()
        for name in workloads:
            cluster.create(deployment(name, replicas, 1, 1, "nginx:1", 1))
        cluster.run("5s")
        return {pod["metadata"]["name"] for pod in cluster.list("pods")}

    assert names(order) == names(sorted(order))


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_scaling_back_and_forth_ends_at_the_last_size(sizes: list[int]):
    cluster = world()
    cluster.create(deployment("web", 3, 1, 1, "nginx:1", 1))
    for size in sizes:
        cluster.patch("deploy", "web", {"spec": {"replicas": size}})
        cluster.run("1s")
    cluster.run("1m")
    assert pods_of(cluster) == (sizes[-1], sizes[-1])
    assert [decision for decision in cluster.journal if decision.verdict == "SyncFailed"] == []


def busy_cluster() -> Cluster:
    """A cluster in the middle of everything that controllers wait for."""
    cluster = world()
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}})
    held = {"name": "held", "namespace": "team", "finalizers": ["example.com/hold"]}
    cluster.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": held})
    cluster.create(deployment("web", 4, 1, 1, "nginx:1", 3))
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "slow:1"}]}}
    spec = {"selector": {"matchLabels": {"app": "web"}}, "template": template}
    cluster.create({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec})
    budget = {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}}
    cluster.create(
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": budget}
    )
    cluster.run("10s")
    cluster.delete("ns", "team")
    cluster.delete("node", "n3")
    set_image(cluster, "nginx:2")
    cluster.delete("ds", "agent", propagationPolicy="Foreground")
    return cluster


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 70))
def test_a_fork_continues_all_that_controllers_wait_for(seconds: int):
    cluster = busy_cluster()
    cluster.run(f"{seconds}s")
    twin = cluster.fork()
    for side in (cluster, twin):
        side.run("30s")
        side.patch("cm", "held", {"metadata": {"finalizers": None}}, namespace="team", type="merge")
        side.run("3m")
    assert everything(twin) == everything(cluster)
    assert "team" not in [item["metadata"]["name"] for item in twin.list("ns")]
    assert [pod["spec"]["containers"][0]["image"] for pod in twin.list("pods")] == ["nginx:2"] * 4


def test_work_grows_with_the_number_of_pods_and_not_with_its_square():
    """One sync of a ReplicaSet follows many changes of its pods."""
    cluster = world()
    with cluster.paused():
        cluster.create(deployment("web", 300, 1, 1, "nginx:1", 0))
        steps = []
        while (step := cluster.step()) is not None:
            steps.append(step)
    assert sum(step.startswith("replicaset-controller") for step in steps) < 10
    assert sum(step.startswith("deployment-controller") for step in steps) < 10
