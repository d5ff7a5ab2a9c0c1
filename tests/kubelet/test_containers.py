"""How containers start, fail, restart and stop (kubernetes: pkg/kubelet/kuberuntime)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster

from .nodes import container, make_pod, one_node, restarts, told

IMAGES: dict[str, Any] = {
    "sparse": {"files": {"/app": ""}, "entrypoint": ["/app"]},
    "empty": {"entrypoint": [], "cmd": []},
    "three": {"exits": {"code": 3, "after": "5s"}},
    "done": {"exits": {"code": 0, "after": "5s"}},
    "stubborn": {"ignores_sigterm": True},
    "named": {"user": "app"},
    "root": {},
    "missing": {"pull": "fails"},
}


def states(cluster: Cluster) -> list[str]:
    """The reasons for which the container waited, in order."""
    found: list[str] = []
    for change in cluster.store.changes(0):
        if change.key != "/registry/pods/default/p" or change.record is None:
            continue
        for status in change.record.value.get("status", {}).get("containerStatuses", ()):
            reason = status["state"].get("waiting", {}).get("reason", next(iter(status["state"])))
            if not found or found[-1] != reason:
                found.append(reason)
    return found


def test_an_image_that_cannot_be_pulled_goes_from_error_to_back_off():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="missing")
    assert states(cluster) == ["ContainerCreating", "ErrImagePull", "ImagePullBackOff"]
    waiting = container(cluster)["state"]["waiting"]
    assert waiting["message"].startswith('Back-off pulling image "missing": ErrImagePull: rpc error: code = NotFound')
    assert told(cluster, "BackOff") == ['Back-off pulling image "missing"']
    assert told(cluster, "Failed")[1:] == ["Error: ErrImagePull", "Error: ImagePullBackOff"]


def test_a_program_that_is_missing_is_a_start_error():
    """containerd: a container whose process can't be started ends with code 128 and reason StartError."""
    cluster = one_node(IMAGES)
    make_pod(cluster, image="sparse", command=["sh", "-c", "x"])
    end = container(cluster)["lastState"]["terminated"]
    assert (end["exitCode"], end["reason"], end["startedAt"]) == (128, "StartError", "1970-01-01T00:00:00Z")
    assert end["message"].endswith('exec: "sh": executable file not found in $PATH: unknown')
    assert states(cluster)[1:] == ["RunContainerError", "CrashLoopBackOff"]
    assert "Started" not in [event["reason"] for event in cluster.events()]


def test_a_start_error_that_is_not_tried_again_fails_the_pod():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="sparse", command=["sh"], spec={"restartPolicy": "Never"})
    assert cluster.get("pod", "p")["status"]["phase"] == "Failed"
    assert container(cluster)["state"]["terminated"]["reason"] == "StartError"


def test_an_image_without_any_command_cannot_be_created():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="empty")
    waiting = container(cluster)["state"]["waiting"]
    assert (waiting["reason"], waiting["message"].endswith("no command specified")) == ("CreateContainerError", True)


@pytest.mark.parametrize(
    ("image", "context", "message"),
    [
        ("root", {"runAsNonRoot": True}, "container has runAsNonRoot and image will run as root"),
        ("named", {"runAsNonRoot": True}, "container has runAsNonRoot and image has non-numeric user (app)"),
        ("root", {"runAsNonRoot": True, "runAsUser": 0}, "container's runAsUser breaks non-root policy"),
        ("root", {"runAsNonRoot": True, "runAsUser": 5}, ""),
        ("root", {"runAsUser": 0}, ""),
    ],
)
def test_who_must_not_be_root_is_not(image: str, context: dict[str, Any], message: str):
    cluster = one_node(IMAGES)
    make_pod(cluster, image=image, securityContext=context)
    state = container(cluster)["state"]
    assert ("running" in state) == (not message)
    assert not message or state["waiting"]["message"].startswith(message)


def test_rules_of_a_container_restart_it_for_some_codes():
    cluster = one_node(IMAGES)
    rule = {"action": "Restart", "exitCodes": {"operator": "In", "values": [3]}}
    spec = {"restartPolicy": "Never"}
    make_pod(cluster, image="three", restartPolicy="Never", restartPolicyRules=[rule], spec=spec)
    cluster.run("6s")
    assert (restarts(cluster), cluster.get("pod", "p")["status"]["phase"]) == (1, "Running")


def test_a_rule_may_restart_all_containers():
    cluster = one_node(IMAGES)
    rule = {"action": "RestartAllContainers", "exitCodes": {"operator": "In", "values": [3]}}
    three = {"name": "t", "image": "three", "restartPolicy": "Never", "restartPolicyRules": [rule]}
    spec = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "app"}, three]}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
    cluster.run("5s")
    both = cluster.get("pod", "p")["status"]["containerStatuses"]
    assert [(item["restartCount"], "running" in item["state"]) for item in both] == [(1, True), (1, True)]
    assert both[0]["lastState"]["terminated"]["reason"] == "RestartingAllContainers"


def test_an_image_that_changes_restarts_its_container():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="nginx:1.26")
    cluster.kubectl("set image pod/p c=nginx:1.27")
    assert (restarts(cluster), container(cluster)["image"]) == (1, "docker.io/library/nginx:1.27")
    assert told(cluster, "Killing") == ["Container c definition changed, will be restarted"]


@pytest.mark.parametrize(("image", "phase"), [("nginx:1.27", "Succeeded"), ("app", "Failed")])
def test_the_code_after_sigterm_depends_on_the_image(image: str, phase: str):
    cluster = one_node(IMAGES)
    body = {"name": "p", "finalizers": ["example.com/wait"]}
    spec = {"containers": [{"name": "c", "image": image}]}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": body, "spec": spec})
    cluster.delete("pod", "p")
    assert cluster.get("pod", "p")["status"]["phase"] == phase


def test_sidecars_stop_after_the_others_in_reverse_order():
    cluster = one_node(IMAGES)
    inits = [{"name": name, "image": "app", "restartPolicy": "Always"} for name in ("one", "two")]
    hook = {"preStop": {"sleep": {"seconds": 5}}}
    make_pod(cluster, lifecycle=hook, spec={"initContainers": inits})
    cluster.delete("pod", "p")
    assert told(cluster, "Killing") == ["Stopping container c"]
    cluster.run("5s")
    assert told(cluster, "Killing") == [f"Stopping container {name}" for name in ("c", "two", "one")]
    assert cluster.list("pods") == []


@pytest.mark.parametrize(
    ("hook", "seconds", "fails"),
    [
        ({"exec": {"command": ["sleep", "3"]}}, 3, False),
        ({"exec": {"command": ["false"]}}, 0, True),
        ({"httpGet": {"port": 80}}, 0, True),
        ({"exec": {"command": ["nginx", "-s", "quit"]}}, 0, False),
        ({"sleep": {"seconds": 6}}, 6, False),
        ({"exec": {"command": ["sleep", "20"]}}, 7, False),
    ],
)
def test_a_pre_stop_hook_takes_its_time_within_the_grace_period(hook: dict[str, Any], seconds: int, fails: bool):
    cluster = one_node(IMAGES)
    ports = [{"containerPort": 1}]
    make_pod(cluster, lifecycle={"preStop": hook}, ports=ports, spec={"terminationGracePeriodSeconds": 7})
    cluster.delete("pod", "p")
    assert told(cluster, "FailedPreStopHook") == (["PreStopHook failed"] if fails else [])
    cluster.run(f"{seconds}s")
    assert cluster.list("pods") == []


def test_a_post_start_hook_that_fails_stops_the_container():
    cluster = one_node(IMAGES)
    make_pod(cluster, lifecycle={"postStart": {"exec": {"command": ["false"]}}})
    assert told(cluster, "FailedPostStartHook") == ["PostStartHook failed"]
    assert restarts(cluster) > 0


def test_a_pod_that_was_active_for_too_long_fails():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="stubborn", spec={"activeDeadlineSeconds": 20, "terminationGracePeriodSeconds": 5})
    cluster.run("20s")
    status = cluster.get("pod", "p")["status"]
    text = "Pod was active on the node longer than the specified deadline"
    assert (status["phase"], status["reason"], status["message"]) == ("Failed", "DeadlineExceeded", text)
    assert "running" in container(cluster)["state"]
    cluster.run("5s")
    assert container(cluster)["state"]["terminated"]["exitCode"] == 137
    assert told(cluster, "DeadlineExceeded") == [text]


def test_an_init_container_is_not_run_again_while_the_others_run():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="three", spec={"initContainers": [{"name": "i", "image": "busybox:1.36"}]})
    cluster.run("10m")
    assert container(cluster, field="initContainerStatuses")["restartCount"] == 0
    assert container(cluster, field="initContainerStatuses")["ready"]


def test_a_container_reports_what_it_was_given():
    """kubelet_pods.go convertToAPIContainerStatuses of 1.36: resources, mounts and user are part of the status."""
    cluster = one_node(IMAGES)
    resources = {"requests": {"cpu": "100m"}, "limits": {"memory": "1Gi"}}
    make_pod(cluster, resources=resources, securityContext={"runAsUser": 7})
    found = container(cluster)
    assert found["resources"] == {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
    assert found["allocatedResources"] == {"cpu": "100m", "memory": "1Gi"}
    assert found["user"] == {"linux": {"uid": 7, "gid": 0, "supplementalGroups": [0]}}
    assert found["volumeMounts"][0]["recursiveReadOnly"] == "Disabled"
    assert found["imageID"].startswith("docker.io/library/app@sha256:")


def test_processes_end_on_a_node_that_is_cut_off_and_are_reported_later():
    cluster = one_node(IMAGES)
    make_pod(cluster, image="done", spec={"restartPolicy": "Never"})
    cluster.stop_kubelet("n1")
    cluster.run("10s")
    assert cluster.get("pod", "p")["status"]["phase"] == "Running"
    cluster.start_kubelet("n1")
    assert cluster.get("pod", "p")["status"]["phase"] == "Succeeded"
    assert container(cluster)["state"]["terminated"]["finishedAt"] == "2026-01-01T00:00:05Z"


def test_a_deadline_that_passed_while_the_node_was_cut_off_counts_afterwards():
    cluster = one_node(IMAGES)
    make_pod(cluster, spec={"activeDeadlineSeconds": 20})
    cluster.stop_kubelet("n1")
    cluster.run("30s")
    assert cluster.get("pod", "p")["status"]["phase"] == "Running"
    cluster.start_kubelet("n1")
    assert cluster.get("pod", "p")["status"]["reason"] == "DeadlineExceeded"


def test_a_readiness_gate_of_others_is_heeded_when_it_opens():
    cluster = one_node(IMAGES)
    make_pod(cluster, spec={"readinessGates": [{"conditionType": "example.com/lb"}]})

    def is_ready() -> str:
        conditions = cluster.get("pod", "p")["status"]["conditions"]
        return next(item["status"] for item in conditions if item["type"] == "Ready")

    assert is_ready() == "False"
    patch = {"status": {"conditions": [{"type": "example.com/lb", "status": "True"}]}}
    cluster.patch("pod", "p", patch, subresource="status")
    assert is_ready() == "True"


def test_an_ephemeral_container_is_started_once_in_a_running_pod():
    cluster = one_node(IMAGES)
    make_pod(cluster)
    pod = cluster.get("pod", "p")
    spec = {**pod["spec"], "ephemeralContainers": [{"name": "debug", "image": "done"}]}
    cluster._server.storage.write("pods", {**pod, "spec": spec})
    cluster.settle()
    found = container(cluster, field="ephemeralContainerStatuses")
    assert ("running" in found["state"], found["restartCount"]) == (True, 0)
    cluster.run("10m")
    found = container(cluster, field="ephemeralContainerStatuses")
    assert (found["state"]["terminated"]["exitCode"], found["restartCount"]) == (0, 0)
    assert cluster.get("pod", "p")["status"]["phase"] == "Running"


def test_a_phase_that_others_wrote_ends_the_pod():
    """kubelet_pods.go generateAPIPodStatus: nothing leaves a terminal phase."""
    cluster = one_node(IMAGES)
    make_pod(cluster)
    cluster.patch("pod", "p", {"status": {"phase": "Failed", "reason": "Evicted"}}, subresource="status")
    cluster.run("5m")
    status = cluster.get("pod", "p")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "Evicted")
    assert "terminated" in container(cluster)["state"]
