"""Probes: what they ask, when, and what follows (kubernetes: pkg/kubelet/prober, pkg/probe)."""

from __future__ import annotations

from typing import Any

import pytest

from .nodes import container, make_config_map, make_pod, one_node, output, ready, restarts, told

IMAGES: dict[str, Any] = {
    "web": {"listens": [8080]},
    "deaf": {"listens": []},
    "slow": {"ready": False, "listens": [8080]},
    "stubborn": {"listens": [], "ignores_sigterm": True},
    "sparse": {"files": {"/app": ""}, "entrypoint": ["/app"]},
}


def http(port: int | str = 8080, **fields: Any) -> dict[str, Any]:
    return {"httpGet": {"port": port}, **fields}


def test_a_probe_that_succeeds_makes_the_container_ready_while_the_cluster_settles():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="web", readinessProbe=http())
    assert ready(cluster)
    assert told(cluster, "Unhealthy") == []


@pytest.mark.parametrize(
    ("image", "probe", "message"),
    [
        ("deaf", http(), 'Get "http://10.244.1.2:8080/": dial tcp 10.244.1.2:8080: connect: connection refused'),
        ("deaf", {"tcpSocket": {"port": 9}}, "dial tcp 10.244.1.2:9: connect: connection refused"),
        (
            "deaf",
            {"grpc": {"port": 9}},
            'timeout: failed to connect service "10.244.1.2:9" within 1s: context deadline exceeded',
        ),
        ("slow", http(), "HTTP probe failed with statuscode: 503"),
        ("nginx:1.27", {"httpGet": {"port": 80, "path": "/healthz"}}, "HTTP probe failed with statuscode: 404"),
        ("app", {"exec": {"command": ["false"]}}, ""),
        (
            "app",
            {"exec": {"command": ["cat", "/tmp/healthy"]}},
            "cat: can't open '/tmp/healthy': No such file or directory\n",
        ),
        (
            "app",
            {"exec": {"command": ["sleep", "5"]}},
            'command timed out: "sleep 5" timed out after 1s',
        ),
    ],
)
def test_a_probe_that_fails_is_told_in_the_words_of_the_kubelet(image: str, probe: dict[str, Any], message: str):
    cluster = one_node(IMAGES)
    make_pod(cluster, image=image, readinessProbe=probe)
    assert not ready(cluster)
    assert told(cluster, "Unhealthy") == [f"Readiness probe failed: {message}"]


@pytest.mark.parametrize(
    ("image", "probe", "error"),
    [
        ("web", http("nowhere"), 'strconv.Atoi: parsing "nowhere": invalid syntax'),
        ("sparse", {"exec": {"command": ["sh"]}}, 'exec: "sh": executable file not found in $PATH: unknown'),
        ("sparse", {"exec": {"command": ["/bin/sh"]}}, "stat /bin/sh: no such file or directory: unknown"),
    ],
)
def test_a_probe_that_cannot_be_tried_changes_nothing(image: str, probe: dict[str, Any], error: str):
    """prober/worker.go doProbe: the result of a probe with an error is thrown away."""
    cluster = one_node(IMAGES)
    make_pod(cluster, image=image, livenessProbe={**probe, "failureThreshold": 1})
    cluster.run("5m")
    assert (ready(cluster), restarts(cluster)) == (True, 0)
    message = told(cluster, "Unhealthy")[0]
    assert message.startswith("Liveness probe errored and resulted in unknown state: ")
    assert message.endswith(error)


def test_a_probe_may_name_a_port_of_its_container():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="web", ports=[{"name": "http", "containerPort": 8080}], readinessProbe=http("http"))
    assert ready(cluster)


def test_a_probe_reaches_what_another_container_of_the_pod_listens_on():
    cluster = one_node(IMAGES)
    other = {"name": "other", "image": "web"}
    make_pod(
        cluster,
        image="deaf",
        readinessProbe=http(periodSeconds=5),
        spec={"initContainers": [{**other, "restartPolicy": "Always"}]},
    )
    assert ready(cluster)


def test_a_probe_notices_within_a_period_that_its_neighbour_stopped_listening():
    cluster = one_node({**IMAGES, "brief": {"listens": [8080], "exits": {"code": 0, "after": "12s"}}})
    probe = http(periodSeconds=5, failureThreshold=1)
    neighbour = {"name": "other", "image": "brief"}
    cluster.create(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "p"},
            "spec": {
                "restartPolicy": "Never",
                "containers": [{"name": "c", "image": "deaf", "readinessProbe": probe}, neighbour],
            },
        }
    )
    cluster.run("14s")
    assert ready(cluster)
    cluster.run("1s")
    assert not ready(cluster)


def test_later_tries_come_at_whole_periods_after_the_first():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="web", readinessProbe=http(initialDelaySeconds=7, periodSeconds=4, successThreshold=3))
    cluster.run("14s")
    assert not ready(cluster)
    cluster.run("1s")
    assert ready(cluster)


def test_a_failing_readiness_probe_never_restarts_anything():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="deaf", readinessProbe=http())
    cluster.run("10m")
    assert (ready(cluster), restarts(cluster)) == (False, 0)


def test_a_failing_liveness_probe_restarts_the_container_after_its_threshold():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="deaf", livenessProbe=http(periodSeconds=3, failureThreshold=2, initialDelaySeconds=4))
    cluster.run("6s")
    assert (restarts(cluster), ready(cluster)) == (0, True)
    cluster.run("1s")
    assert restarts(cluster) == 1
    assert told(cluster, "Killing") == ["Container c failed liveness probe, will be restarted"]
    assert container(cluster)["lastState"]["terminated"]["exitCode"] == 143


def test_liveness_restarts_back_off_from_the_end_of_the_container_before():
    """kuberuntime_manager.go doBackOff: at the time of the kill it knows only the container before."""
    cluster = one_node(IMAGES)
    make_pod(cluster, image="deaf", livenessProbe=http(periodSeconds=10))
    seen, last = [], 0
    for second in range(1, 200):
        cluster.run("1s")
        if restarts(cluster) > last:
            last = restarts(cluster)
            seen.append(second)
    assert seen[:5] == [20, 40, 60, 80, 140]


def test_a_killed_container_has_its_grace_period():
    cluster = one_node(IMAGES)
    probe = http(periodSeconds=1, failureThreshold=1, terminationGracePeriodSeconds=4)
    make_pod(cluster, image="stubborn", livenessProbe=probe, spec={"terminationGracePeriodSeconds": 60})
    cluster.run("3s")
    assert restarts(cluster) == 0
    cluster.run("1s")
    assert restarts(cluster) == 1
    assert container(cluster)["lastState"]["terminated"]["exitCode"] == 137


def test_a_container_whose_pod_is_never_restarted_stays_killed():
    cluster = one_node(IMAGES)
    probe = http(periodSeconds=1, failureThreshold=1)
    make_pod(cluster, image="deaf", livenessProbe=probe, spec={"restartPolicy": "Never"})
    assert told(cluster, "Killing") == ["Container c failed liveness probe"]
    assert cluster.get("pod", "p")["status"]["phase"] == "Failed"


def test_a_startup_probe_holds_the_others_back():
    cluster = one_node(IMAGES)
    script = "sleep 12; touch /tmp/up; sleep 1000"
    startup = {"exec": {"command": ["cat", "/tmp/up"]}, "periodSeconds": 5, "failureThreshold": 10}
    make_pod(
        cluster,
        image="busybox:1.36",
        command=["sh", "-c", script],
        startupProbe=startup,
        livenessProbe={"exec": {"command": ["cat", "/tmp/up"]}, "periodSeconds": 1, "failureThreshold": 1},
    )
    cluster.run("14s")
    assert (container(cluster)["started"], ready(cluster), restarts(cluster)) == (False, False, 0)
    cluster.run("1s")
    assert (container(cluster)["started"], ready(cluster), restarts(cluster)) == (True, True, 0)


def test_a_startup_probe_that_fails_too_often_restarts_the_container():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="deaf", startupProbe=http(periodSeconds=2, failureThreshold=3))
    cluster.run("4s")
    assert restarts(cluster) == 1
    assert told(cluster, "Killing") == ["Container c failed startup probe, will be restarted"]


def test_a_command_sees_what_the_process_has_done_by_then():
    """The example of the documentation: healthy for 30 s, then killed at the third failure."""
    cluster = one_node(IMAGES)
    script = "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"
    probe = {"exec": {"command": ["cat", "/tmp/healthy"]}, "initialDelaySeconds": 5, "periodSeconds": 5}
    make_pod(cluster, image="busybox:1.36", args=["/bin/sh", "-c", script], livenessProbe=probe)
    cluster.run("29s")
    assert told(cluster, "Unhealthy") == []
    cluster.run("10s")
    assert (restarts(cluster), len(told(cluster, "Unhealthy"))) == (0, 1)
    cluster.run("1s")
    assert restarts(cluster) == 1


def test_a_command_sees_a_changed_volume_after_the_next_sync():
    cluster = one_node(IMAGES)
    make_config_map(cluster, on="yes")
    probe = {"exec": {"command": ["cat", "/etc/conf/on"]}, "periodSeconds": 1, "failureThreshold": 1}
    make_pod(
        cluster,
        readinessProbe=probe,
        volumeMounts=[{"name": "v", "mountPath": "/etc/conf"}],
        spec={"volumes": [{"name": "v", "configMap": {"name": "conf"}}]},
    )
    cluster.patch("configmap", "conf", {"data": {"on": None}}, type="merge")
    assert ready(cluster)
    cluster.run("91s")
    assert not ready(cluster)


def test_probes_of_healthy_containers_cost_nothing():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="web", readinessProbe=http(periodSeconds=1), livenessProbe=http(periodSeconds=1))
    cluster.run("2h")  # until the events are gone
    before = cluster._engine.steps
    revision = cluster.revision
    cluster.run("6h")
    assert (cluster._engine.steps - before, cluster.revision) == (0, revision)


def test_probes_are_shown_where_people_look():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="deaf", readinessProbe=http())
    assert output(cluster, "get pod p --no-headers").split()[:3] == ["p", "0/1", "Running"]
    assert "Warning  Unhealthy" in output(cluster, "describe pod p")


def test_a_kubelet_that_was_cut_off_goes_on_probing():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="deaf", livenessProbe=http(periodSeconds=10))
    cluster.run("5s")
    cluster.stop_kubelet("n1")
    cluster.run("30s")
    assert (restarts(cluster), len(cluster.events())) == (0, len(cluster.events()))
    cluster.start_kubelet("n1")
    cluster.run("25s")
    assert restarts(cluster) == 1
