"""DaemonSets on a whole cluster (kubernetes: pkg/controller/daemon/{daemon_controller,update}_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster

Object = dict[str, Any]
SLOW = {"initialDelaySeconds": 5, "periodSeconds": 1, "tcpSocket": {"port": 80}}


def daemon_set(image: str = "nginx:1", *, slow: bool = False, strategy: Object | None = None, **pod: Any) -> Object:
    container: Object = {"name": "c", "image": image}
    if slow:
        container["readinessProbe"] = SLOW
    template = {"metadata": {"labels": {"app": "agent"}}, "spec": {"containers": [container], **pod}}
    spec: Object = {"selector": {"matchLabels": {"app": "agent"}}, "template": template}
    if strategy is not None:
        spec["updateStrategy"] = strategy
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec}


@pytest.fixture
def cluster() -> Cluster:
    control_plane = {"name": "cp", "taints": ["node-role.kubernetes.io/control-plane:NoSchedule"]}
    return Cluster.from_world({"nodes": ["n1", "n2", "n3", control_plane], "images": {"broken": {"ready": False}}})


def update(cluster: Cluster, image: str) -> None:
    cluster.patch("ds", "agent", {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}})


def images(cluster: Cluster) -> dict[str, str]:
    """The image of each node's pod that is not going; a second one is joined with +."""
    found: dict[str, list[str]] = {}
    for pod in cluster.list("pods"):
        if "deletionTimestamp" not in pod["metadata"]:
            found.setdefault(pod["spec"].get("nodeName", ""), []).append(pod["spec"]["containers"][0]["image"])
    return {node: "+".join(sorted(names)) for node, names in sorted(found.items())}


def status(cluster: Cluster) -> Object:
    return cluster.get("ds", "agent")["status"]


def told(cluster: Cluster, reason: str) -> list[str]:
    return [event["message"] for event in cluster.events() if event["reason"] == reason]


def taint(cluster: Cluster, text: str) -> None:
    assert cluster.kubectl(f"taint nodes {text}").exit_code == 0


def test_every_node_that_fits_gets_one_pod(cluster: Cluster):
    cluster.create(daemon_set())
    assert list(images(cluster)) == ["n1", "n2", "n3"]
    assert status(cluster) == {
        "currentNumberScheduled": 3,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": 3,
        "numberReady": 3,
        "observedGeneration": 1,
        "updatedNumberScheduled": 3,
        "numberAvailable": 3,
    }
    assert len(told(cluster, "SuccessfulCreate")) == 3


def test_a_pod_that_tolerates_everything_runs_on_the_control_plane_too(cluster: Cluster):
    cluster.create(daemon_set(tolerations=[{"operator": "Exists"}]))
    assert list(images(cluster)) == ["cp", "n1", "n2", "n3"]


def test_a_cordoned_node_gets_its_pod(cluster: Cluster):
    cluster.kubectl("cordon n1")
    cluster.create(daemon_set())
    assert list(images(cluster)) == ["n1", "n2", "n3"]


def test_a_new_noschedule_taint_leaves_the_running_pod_alone(cluster: Cluster):
    cluster.create(daemon_set())
    taint(cluster, "n1 gpu=yes:NoSchedule")
    cluster.run("1m")
    assert list(images(cluster)) == ["n1", "n2", "n3"]
    cluster.delete("pod", next(p["metadata"]["name"] for p in cluster.list("pods") if p["spec"]["nodeName"] == "n1"))
    cluster.run("1m")
    assert list(images(cluster)) == ["n2", "n3"]


def test_a_noexecute_taint_drives_the_pod_out_and_its_end_brings_one_back(cluster: Cluster):
    cluster.create(daemon_set())
    taint(cluster, "n1 gpu=yes:NoExecute")
    cluster.run("1m")
    assert list(images(cluster)) == ["n2", "n3"]
    assert status(cluster)["desiredNumberScheduled"] == 2
    taint(cluster, "n1 gpu-")
    assert list(images(cluster)) == ["n1", "n2", "n3"]


def test_a_node_that_gets_the_label_gets_a_pod(cluster: Cluster):
    cluster.create(daemon_set(nodeSelector={"gpu": "yes"}))
    assert images(cluster) == {}
    cluster.patch("node", "n2", {"metadata": {"labels": {"gpu": "yes"}}})
    assert list(images(cluster)) == ["n2"]
    cluster.patch("node", "n2", {"metadata": {"labels": {"gpu": None}}})
    assert images(cluster) == {}


def test_the_set_deletes_pods_from_nodes_that_do_not_fit_any_more(cluster: Cluster):
    cluster.create(daemon_set(nodeSelector={"kubernetes.io/os": "linux"}))
    cluster.patch("node", "n2", {"metadata": {"labels": {"kubernetes.io/os": "plan9"}}})
    assert list(images(cluster)) == ["n1", "n3"]
    assert len(told(cluster, "SuccessfulDelete")) == 1


def test_a_rolling_update_replaces_one_pod_after_the_other(cluster: Cluster):
    cluster.create(daemon_set(slow=True))
    cluster.run("10s")
    update(cluster, "nginx:2")
    assert sorted(images(cluster).values()) == ["nginx:1", "nginx:1", "nginx:2"]
    assert (status(cluster)["numberUnavailable"], status(cluster)["updatedNumberScheduled"]) == (1, 1)
    cluster.run("7s")
    assert sorted(images(cluster).values()) == ["nginx:1", "nginx:2", "nginx:2"]
    cluster.run("20s")
    assert set(images(cluster).values()) == {"nginx:2"}
    assert "numberUnavailable" not in status(cluster)


def test_max_unavailable_lets_more_pods_go_at_once(cluster: Cluster):
    cluster.create(daemon_set(slow=True, strategy={"rollingUpdate": {"maxUnavailable": "50%"}}))
    cluster.run("10s")
    update(cluster, "nginx:2")
    assert sorted(images(cluster).values()) == ["nginx:1", "nginx:2", "nginx:2"]


def test_max_surge_brings_the_new_pod_before_the_old_one_goes(cluster: Cluster):
    cluster.create(daemon_set(slow=True, strategy={"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}))
    cluster.run("10s")
    update(cluster, "nginx:2")
    assert sorted(images(cluster).values()) == ["nginx:1", "nginx:1", "nginx:1+nginx:2"]
    lowest = 3
    for _ in range(30):
        cluster.run("1s")
        lowest = min(lowest, status(cluster)["numberAvailable"])
    assert lowest == 3
    assert set(images(cluster).values()) == {"nginx:2"}


def test_a_version_that_never_gets_ready_stops_the_update(cluster: Cluster):
    cluster.create(daemon_set())
    update(cluster, "broken:1")
    cluster.run("10m")
    assert sorted(images(cluster).values()) == ["broken:1", "nginx:1", "nginx:1"]


def test_on_delete_waits_for_somebody_to_delete_pods(cluster: Cluster):
    cluster.create(daemon_set(strategy={"type": "OnDelete"}))
    update(cluster, "nginx:2")
    cluster.run("1m")
    assert set(images(cluster).values()) == {"nginx:1"}
    assert "updatedNumberScheduled" not in status(cluster)
    cluster.delete("pod", cluster.list("pods")[0]["metadata"]["name"])
    assert sorted(images(cluster).values()) == ["nginx:1", "nginx:1", "nginx:2"]


def test_revisions_are_kept_and_used_again(cluster: Cluster):
    cluster.create(daemon_set())
    update(cluster, "nginx:2")
    cluster.run("1m")
    numbers = {item["metadata"]["name"]: item["revision"] for item in cluster.list("controllerrevisions")}
    assert sorted(numbers.values()) == [1, 2]
    update(cluster, "nginx:1")
    cluster.run("1m")
    again = {item["metadata"]["name"]: item["revision"] for item in cluster.list("controllerrevisions")}
    assert again.keys() == numbers.keys() and sorted(again.values()) == [2, 3]
    hashes = {pod["metadata"]["labels"]["controller-revision-hash"] for pod in cluster.list("pods")}
    newest = max(cluster.list("controllerrevisions"), key=lambda item: item["revision"])
    assert hashes == {newest["metadata"]["labels"]["controller-revision-hash"]}
    assert newest["data"]["spec"]["template"]["$patch"] == "replace"


def test_old_revisions_that_no_pod_follows_go(cluster: Cluster):
    cluster.create(daemon_set())
    cluster.patch("ds", "agent", {"spec": {"revisionHistoryLimit": 1}})
    for number in range(2, 6):
        update(cluster, f"nginx:{number}")
        cluster.run("1m")
    assert sorted(item["revision"] for item in cluster.list("controllerrevisions")) == [4, 5]


def fail(cluster: Cluster, node: str) -> str:
    pod = next(pod for pod in cluster.list("pods") if pod["spec"]["nodeName"] == node)
    cluster.patch("pod", pod["metadata"]["name"], {"status": {"phase": "Failed"}}, subresource="status")
    return pod["metadata"]["name"]


def test_a_failed_pod_is_killed_and_replaced(cluster: Cluster):
    cluster.create(daemon_set())
    name = fail(cluster, "n2")
    assert told(cluster, "FailedDaemonPod") == [
        f"Found failed daemon pod default/{name} on node n2, will try to kill it"
    ]
    assert list(images(cluster)) == ["n1", "n2", "n3"]


def test_pods_that_fail_again_and_again_are_killed_ever_more_slowly(cluster: Cluster):
    """The set waits 1 s, 2 s, 4 s, ... so that it does not fight with a kubelet (failedPodsBackoff)."""
    cluster.create(daemon_set())
    waits: list[int] = []
    for _ in range(4):
        name = fail(cluster, "n2")
        seconds = 0
        while any(pod["metadata"]["name"] == name for pod in cluster.list("pods")):
            cluster.run("1s")
            seconds += 1
        waits.append(seconds)
    assert waits == [0, 1, 2, 4]


def test_deleting_the_set_deletes_pods_and_revisions(cluster: Cluster):
    cluster.create(daemon_set())
    cluster.delete("ds", "agent")
    cluster.run("1m")
    assert cluster.list("pods") == [] and cluster.list("controllerrevisions") == []


def test_orphaned_pods_and_revisions_are_adopted(cluster: Cluster):
    cluster.create(daemon_set())
    before = {pod["metadata"]["uid"] for pod in cluster.list("pods")}
    cluster.delete("ds", "agent", propagationPolicy="Orphan")
    cluster.create(daemon_set())
    assert {pod["metadata"]["uid"] for pod in cluster.list("pods")} == before
    assert len(cluster.list("controllerrevisions")) == 1
    assert [decision for decision in cluster.journal if decision.verdict == "SyncFailed"] == []
