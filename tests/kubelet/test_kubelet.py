"""What happens to a pod on its node (kubernetes: pkg/kubelet)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster

Object = dict[str, Any]
IMAGES: Object = {
    "done": {"exits": 0},
    "crash": {"exits": 1},
    "flaky": {"exits": {"code": 3, "after": "30s"}},
    "sick": {"ready": False},
    "stubborn": {"ignores_sigterm": True},
    "missing": {"pull": "fails"},
}


def cluster_with(**node: Any) -> Cluster:
    return Cluster.from_world({"nodes": [{"name": "n1", **node}], "images": IMAGES})


def create(cluster: Cluster, image: str = "nginx:1.27", name: str = "p", **spec: Any) -> Object:
    body = {"containers": [{"name": "c", "image": image}], **spec}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": body})
    return cluster.get("pod", name)


def container(cluster: Cluster, name: str = "p") -> Object:
    return cluster.get("pod", name)["status"]["containerStatuses"][0]


def reasons(cluster: Cluster) -> list[str]:
    return [event["reason"] for event in cluster.events() if event["involvedObject"]["kind"] == "Pod"]


def test_a_pod_gets_an_address_runs_and_is_ready():
    cluster = cluster_with(address="172.18.0.9", podCIDR="10.9.0.0/24")
    status = create(cluster)["status"]
    assert (status["phase"], status["podIP"], status["hostIP"]) == ("Running", "10.9.0.2", "172.18.0.9")
    assert {item["type"]: item["status"] for item in status["conditions"]} == {
        "PodReadyToStartContainers": "True",
        "Initialized": "True",
        "Ready": "True",
        "ContainersReady": "True",
        "PodScheduled": "True",
    }
    assert reasons(cluster) == ["Scheduled", "Pulling", "Pulled", "Created", "Started"]


def test_a_pod_is_seen_as_pending_before_its_containers_run():
    cluster = cluster_with()
    start = cluster.revision
    create(cluster)
    seen = [
        (
            change.record.value["status"]["phase"],
            change.record.value["status"].get("containerStatuses", [{}])[0].get("state"),
        )
        for change in cluster.store.changes(start)
        if change.key == "/registry/pods/default/p" and change.record is not None
    ]
    assert seen[-2] == ("Pending", {"waiting": {"reason": "ContainerCreating"}})
    assert seen[-1][0] == "Running"


def test_an_image_is_pulled_once_per_node_unless_the_policy_says_always():
    cluster = cluster_with()
    create(cluster, name="a")
    create(cluster, name="b")
    create(cluster, "nginx", name="c")
    create(cluster, "nginx", name="d")
    pulls = [event["involvedObject"]["name"] for event in cluster.events() if event["reason"] == "Pulling"]
    assert pulls == ["a", "c", "d"]


@pytest.mark.parametrize(
    ("policy", "image", "phase", "restarts"),
    [
        ("Never", "done", "Succeeded", 0),
        ("Never", "crash", "Failed", 0),
        ("OnFailure", "done", "Succeeded", 0),
        ("OnFailure", "crash", "Running", 1),
        ("Always", "done", "Running", 1),
    ],
)
def test_the_restart_policy_decides_what_the_end_of_a_container_means(
    policy: str, image: str, phase: str, restarts: int
):
    cluster = cluster_with()
    create(cluster, image, restartPolicy=policy)
    assert (cluster.get("pod", "p")["status"]["phase"], container(cluster)["restartCount"]) == (phase, restarts)


def test_restarts_back_off_from_ten_seconds_to_five_minutes():
    cluster = cluster_with()
    create(cluster, "crash")
    assert container(cluster)["state"]["waiting"]["reason"] == "CrashLoopBackOff"
    times, last = [], container(cluster)["restartCount"]
    for second in range(1, 1001):
        cluster.run("1s")
        if container(cluster)["restartCount"] > last:
            times.append(second)
            last = container(cluster)["restartCount"]
    assert [after - before for before, after in zip([0, *times], times, strict=False)] == [
        10,
        20,
        40,
        80,
        160,
        300,
        300,
    ]


def test_a_crash_loop_is_described_in_the_words_of_the_kubelet():
    cluster = cluster_with()
    uid = create(cluster, "crash")["metadata"]["uid"]
    waiting = container(cluster)["state"]["waiting"]
    assert waiting["message"] == f"back-off 10s restarting failed container=c pod=p_default({uid})"
    backoff = next(event for event in cluster.events() if event["reason"] == "BackOff")
    assert backoff["message"] == f"Back-off restarting failed container c in pod p_default({uid})"
    assert container(cluster)["lastState"]["terminated"]["exitCode"] == 1


def test_a_back_off_is_forgotten_after_ten_quiet_minutes():
    cluster = Cluster.from_world({"nodes": 1, "images": {"slow": {"exits": {"code": 1, "after": "11m"}}}})
    create(cluster, "slow")
    cluster.run("11m")
    assert container(cluster)["restartCount"] == 1
    cluster.run("11m")
    assert container(cluster)["restartCount"] == 2  # at once again


def test_a_container_that_ends_later_runs_until_then():
    cluster = cluster_with()
    create(cluster, "flaky")
    cluster.run("29s")
    assert "running" in container(cluster)["state"]
    cluster.run("1s")
    assert container(cluster)["lastState"]["terminated"]["exitCode"] == 3


def test_a_container_that_is_never_ready_keeps_its_pod_unready():
    cluster = cluster_with()
    conditions = {item["type"]: item for item in create(cluster, "sick")["status"]["conditions"]}
    assert conditions["Ready"]["status"] == "False"
    assert conditions["Ready"]["message"] == "containers with unready status: [c]"


def test_a_readiness_probe_delays_readiness():
    cluster = cluster_with()
    probe = {"httpGet": {"port": 80}, "initialDelaySeconds": 20}
    create(cluster, containers=[{"name": "c", "image": "nginx:1.27", "readinessProbe": probe}])
    cluster.run("19s")
    assert not container(cluster)["ready"]
    cluster.run("1s")
    assert container(cluster)["ready"]


def test_init_containers_run_one_after_the_other():
    cluster = cluster_with()
    inits = [{"name": "one", "image": "flaky"}, {"name": "two", "image": "done"}]
    create(cluster, initContainers=[{"name": "one", "image": "done"}, *inits[1:]])
    assert cluster.get("pod", "p")["status"]["phase"] == "Running"
    create(cluster, name="q", initContainers=inits, restartPolicy="Never")
    assert str(cluster.kubectl("get pod q --no-headers")).split()[2] == "Init:0/2"
    cluster.run("30s")
    assert cluster.get("pod", "q")["status"]["phase"] == "Failed"


def test_a_sidecar_runs_beside_and_ends_with_its_pod():
    cluster = cluster_with()
    sidecar = {"name": "s", "image": "nginx:1.27", "restartPolicy": "Always"}
    create(cluster, "flaky", initContainers=[sidecar], restartPolicy="OnFailure")
    status = cluster.get("pod", "p")["status"]
    assert (status["phase"], status["initContainerStatuses"][0]["ready"]) == ("Running", True)
    create(cluster, "done", name="q", initContainers=[sidecar], restartPolicy="Never")
    status = cluster.get("pod", "q")["status"]
    assert status["phase"] == "Succeeded"
    assert "terminated" in status["initContainerStatuses"][0]["state"]


def test_an_image_that_cannot_be_pulled_is_tried_again_with_back_off():
    cluster = cluster_with()
    create(cluster, "missing")
    assert container(cluster)["state"]["waiting"]["reason"] == "ImagePullBackOff"
    assert cluster.get("pod", "p")["status"]["phase"] == "Pending"
    pulls = []
    for second in range(1, 100):
        cluster.run("1s")
        count = sum(event["count"] for event in cluster.events() if event["reason"] == "Pulling")
        if count > len(pulls) + 1:
            pulls.append(second)
    assert pulls == [10, 30, 70]


def test_a_missing_config_map_keeps_a_container_from_being_created():
    cluster = cluster_with()
    source = {"configMapRef": {"name": "settings"}}
    create(cluster, containers=[{"name": "c", "image": "nginx:1.27", "envFrom": [source]}])
    waiting = container(cluster)["state"]["waiting"]
    assert waiting == {"reason": "CreateContainerConfigError", "message": 'configmap "settings" not found'}
    cluster.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}})
    cluster.run("10s")
    assert cluster.get("pod", "p")["status"]["phase"] == "Running"


def test_a_missing_volume_source_is_a_failed_mount():
    cluster = cluster_with()
    create(cluster, volumes=[{"name": "v", "configMap": {"name": "settings"}}])
    assert container(cluster)["state"]["waiting"]["reason"] == "ContainerCreating"
    event = next(event for event in cluster.events() if event["reason"] == "FailedMount")
    assert event["message"] == 'MountVolume.SetUp failed for volume "v" : configmap "settings" not found'


def test_a_stubborn_container_is_killed_at_the_end_of_its_grace_period():
    cluster = cluster_with()
    create(cluster, "stubborn", terminationGracePeriodSeconds=7)
    cluster.delete("pod", "p")
    cluster.run("6s")
    assert cluster.get("pod", "p")["metadata"]["deletionTimestamp"]
    cluster.run("1s")
    assert cluster.list("pods") == []


def test_a_pre_stop_sleep_holds_a_pod_within_its_grace_period():
    cluster = cluster_with()
    hook = {"preStop": {"sleep": {"seconds": 5}}}
    create(cluster, containers=[{"name": "c", "image": "nginx:1.27", "lifecycle": hook}])
    cluster.delete("pod", "p")
    cluster.run("4s")
    assert len(cluster.list("pods")) == 1
    cluster.run("1s")
    assert cluster.list("pods") == []


# what a kubelet checks before it runs a pod (pkg/kubelet/lifecycle/predicate.go)


def test_a_handwritten_node_name_passes_a_noschedule_taint():
    cluster = cluster_with(taints=["a=b:NoSchedule"])
    assert create(cluster, nodeName="n1")["status"]["phase"] == "Running"


def test_a_pod_with_noexecute_taint_is_rejected_with_the_words_of_the_predicate():
    cluster = Cluster.from_world(
        {"nodes": [{"name": "n1", "taints": ["a=b:NoExecute"]}], "components": ["etcd", "kube-apiserver", "kubelet"]}
    )
    cluster.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}})
    status = create(cluster, nodeName="n1")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "TaintToleration")
    text = "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate"
    assert status["message"] == f"Pod was rejected: {text}"


def test_a_pod_that_needs_more_than_is_left_is_rejected():
    cluster = cluster_with(allocatable={"cpu": 2})
    spec = {"containers": [{"name": "c", "image": "nginx:1.27", "resources": {"requests": {"cpu": "3"}}}]}
    status = create(cluster, nodeName="n1", **spec)["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "OutOfcpu")
    text = "Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000"
    assert status["message"] == f"Pod was rejected: {text}"


def test_a_pod_whose_selector_does_not_fit_is_rejected():
    cluster = cluster_with()
    status = create(cluster, nodeName="n1", nodeSelector={"disk": "ssd"})["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "NodeAffinity")


def test_a_pod_with_a_given_status_is_held_in_it():
    cluster = cluster_with()
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "status": {"phase": "Failed"}}
    body["spec"] = {"nodeName": "n1", "containers": [{"name": "c", "image": "nginx:1.27"}]}
    cluster.given(body)
    cluster.run("1h")
    assert cluster.get("pod", "p")["status"]["phase"] == "Failed"
    assert "containerStatuses" not in cluster.get("pod", "p")["status"]
