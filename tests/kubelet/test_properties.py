"""Properties of pods on nodes: time may be split anywhere, and a fork has the same future."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster

from .nodes import make_config_map, one_node

IMAGES: dict[str, Any] = {
    "web": {"listens": [8080]},
    "deaf": {"listens": []},
    "flaky": {"exits": {"code": 3, "after": "7s"}},
    "stubborn": {"ignores_sigterm": True, "listens": []},
    "missing": {"pull": "fails"},
}
SCRIPT = "touch /tmp/ok; sleep 11; rm /tmp/ok; sleep 1000"
ASK = st.sampled_from(
    [
        {"httpGet": {"port": 8080}},
        {"tcpSocket": {"port": 8080}},
        {"exec": {"command": ["cat", "/tmp/ok"]}},
        {"exec": {"command": ["cat", "/etc/conf/a"]}},
    ]
)


@st.composite
def probes(draw: st.DrawFn) -> dict[str, Any]:
    numbers = st.integers(1, 4)
    return {
        **draw(ASK),
        "initialDelaySeconds": draw(st.integers(0, 5)),
        "periodSeconds": draw(numbers),
        "failureThreshold": draw(numbers),
    }


@st.composite
def pods(draw: st.DrawFn) -> dict[str, Any]:
    container: dict[str, Any] = {
        "name": "c",
        "image": draw(st.sampled_from([*IMAGES, "busybox:1.36"])),
        "volumeMounts": [{"name": "v", "mountPath": "/etc/conf"}],
    }
    if container["image"].startswith("busybox"):
        container["command"] = ["sh", "-c", SCRIPT]
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        if draw(st.booleans()):
            container[name] = draw(probes())
    spec: dict[str, Any] = {
        "containers": [container, {"name": "d", "image": draw(st.sampled_from(["web", "flaky"]))}],
        "volumes": [{"name": "v", "configMap": {"name": "conf"}}],
        "restartPolicy": draw(st.sampled_from(["Always", "OnFailure", "Never"])),
        "terminationGracePeriodSeconds": draw(st.integers(0, 6)),
    }
    if draw(st.booleans()):
        spec["activeDeadlineSeconds"] = draw(st.integers(5, 60))
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}


def begin(pod: dict[str, Any]) -> Cluster:
    cluster = one_node(IMAGES)
    make_config_map(cluster, a="1")
    cluster.create(pod)
    cluster.run("10s")
    cluster.patch("configmap", "conf", {"data": {"a": None, "b": "2"}}, type="merge")
    return cluster


def dump(cluster: Cluster) -> list[Any]:
    return [*cluster.list("pods"), *cluster.events()]


@settings(max_examples=60, deadline=None)
@given(pods(), st.lists(st.integers(1, 70), min_size=1, max_size=4))
def test_time_may_be_split_anywhere(pod: dict[str, Any], pieces: list[int]):
    whole, split = begin(pod), begin(pod)
    whole.run(f"{sum(pieces)}s")
    for piece in pieces:
        split.run(f"{piece}s")
    assert dump(whole) == dump(split)


@settings(max_examples=60, deadline=None)
@given(pods(), st.integers(0, 90), st.integers(1, 90))
def test_a_fork_has_the_same_future_and_leaves_its_origin_alone(pod: dict[str, Any], before: int, after: int):
    cluster = begin(pod)
    cluster.run(f"{before}s")
    twin = cluster.fork()
    seen = dump(cluster)
    twin.run(f"{after}s")
    assert dump(cluster) == seen
    cluster.run(f"{after}s")
    assert dump(cluster) == dump(twin)


@settings(max_examples=60, deadline=None)
@given(pods(), st.integers(0, 90))
def test_a_deleted_pod_is_gone_after_its_grace_period(pod: dict[str, Any], before: int):
    cluster = begin(pod)
    cluster.run(f"{before}s")
    cluster.delete("pod", "p")
    cluster.run("6s")
    assert cluster.list("pods") == []
