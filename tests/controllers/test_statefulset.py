"""StatefulSets on a whole cluster (kubernetes: pkg/controller/statefulset/stateful_set_control_test.go)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.cluster import Cluster

Object = dict[str, Any]
IMAGES = {"broken": {"ready": False}, "slow": {"ignores_sigterm": True}}


def stateful_set(replicas: int = 3, image: str = "nginx", **spec: Any) -> Object:
    template = {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": [{"name": "c", "image": image}]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "db"},
        "spec": {
            "replicas": replicas,
            "serviceName": "db",
            "selector": {"matchLabels": {"app": "db"}},
            "template": template,
            **spec,
        },
    }


def claim_template(name: str = "data") -> Object:
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "none", "resources": {"requests": {"storage": "1Gi"}}}
    return {"metadata": {"name": name}, "spec": spec}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world({"nodes": 3, "images": IMAGES})


def names(cluster: Cluster, kind: str = "pods") -> list[str]:
    return sorted(item["metadata"]["name"] for item in cluster.list(kind))


def going(cluster: Cluster) -> list[str]:
    return sorted(pod["metadata"]["name"] for pod in cluster.list("pods") if "deletionTimestamp" in pod["metadata"])


def images(cluster: Cluster) -> dict[str, str]:
    return {pod["metadata"]["name"]: pod["spec"]["containers"][0]["image"] for pod in cluster.list("pods")}


def set_image(cluster: Cluster, image: str) -> None:
    cluster.patch("sts", "db", {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}})


def scale(cluster: Cluster, replicas: int) -> None:
    cluster.patch("sts", "db", {"spec": {"replicas": replicas}})


def status(cluster: Cluster) -> Object:
    return cluster.get("sts", "db")["status"]


def told(cluster: Cluster, reason: str) -> list[str]:
    return [event["message"] for event in cluster.events() if event["reason"] == reason]


def test_pods_have_names_labels_and_host_names_of_their_own(cluster: Cluster):
    cluster.create(stateful_set(2))
    assert names(cluster) == ["db-0", "db-1"]
    pod = cluster.get("pod", "db-1")
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("db-1", "db")
    assert pod["metadata"]["labels"] == {
        "app": "db",
        "apps.kubernetes.io/pod-index": "1",
        "controller-revision-hash": status(cluster)["updateRevision"],
        "statefulset.kubernetes.io/pod-name": "db-1",
    }
    assert told(cluster, "SuccessfulCreate") == [
        "Create Pod db-0 in StatefulSet db successful",
        "Create Pod db-1 in StatefulSet db successful",
    ]


def test_the_status_counts_what_is_there(cluster: Cluster):
    cluster.create(stateful_set(2))
    found = status(cluster)
    assert found["currentRevision"] == found["updateRevision"]
    assert {field: value for field, value in found.items() if not field.endswith("Revision")} == {
        "observedGeneration": 1,
        "replicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "currentReplicas": 2,
        "updatedReplicas": 2,
        "collisionCount": 0,
    }


def test_a_pod_waits_until_those_before_it_are_ready(cluster: Cluster):
    cluster.create(stateful_set(3, "broken"))
    assert names(cluster) == ["db-0"]


def test_min_ready_seconds_make_the_next_pod_wait_longer(cluster: Cluster):
    cluster.create(stateful_set(3, minReadySeconds=10))
    assert names(cluster) == ["db-0"]
    cluster.run("10s")
    assert names(cluster) == ["db-0", "db-1"]
    cluster.run("20s")
    assert names(cluster) == ["db-0", "db-1", "db-2"]
    assert status(cluster)["availableReplicas"] == 3


def test_parallel_pods_wait_for_nobody(cluster: Cluster):
    cluster.create(stateful_set(3, "broken", podManagementPolicy="Parallel"))
    assert names(cluster) == ["db-0", "db-1", "db-2"]


def test_ordinals_begin_where_the_set_says(cluster: Cluster):
    cluster.create(stateful_set(2, ordinals={"start": 5}))
    assert names(cluster) == ["db-5", "db-6"]
    cluster.patch("sts", "db", {"spec": {"ordinals": {"start": 6}}})
    assert names(cluster) == ["db-6", "db-7"]


def test_the_highest_pod_goes_first_and_alone(cluster: Cluster):
    cluster.create(stateful_set(3, "slow"))
    scale(cluster, 1)
    cluster.run("1s")
    assert going(cluster) == ["db-2"]
    cluster.run("30s")
    assert going(cluster) == ["db-1"]
    cluster.run("31s")
    assert names(cluster) == ["db-0"]


def test_parallel_pods_go_together(cluster: Cluster):
    cluster.create(stateful_set(3, "slow", podManagementPolicy="Parallel"))
    scale(cluster, 1)
    assert going(cluster) == ["db-1", "db-2"]


def test_a_deleted_pod_comes_back_once_it_is_gone():
    cluster = Cluster.from_world({"nodes": 1, "images": IMAGES})
    cluster.create(stateful_set(2, "slow"))
    before = cluster.get("pod", "db-0")["metadata"]["uid"]
    cluster.delete("pod", "db-0")
    assert going(cluster) == ["db-0"]
    cluster.run("31s")
    assert names(cluster) == ["db-0", "db-1"]
    assert cluster.get("pod", "db-0")["metadata"]["uid"] != before


def test_a_pod_that_has_ended_is_replaced(cluster: Cluster):
    cluster.create(stateful_set(1))
    before = cluster.get("pod", "db-0")["metadata"]["uid"]
    cluster.patch("pod", "db-0", {"status": {"phase": "Failed"}}, subresource="status")
    assert cluster.get("pod", "db-0")["metadata"]["uid"] != before


def test_an_update_goes_from_the_highest_ordinal_down(cluster: Cluster):
    cluster.create(stateful_set(3))
    cluster.events()
    with cluster.paused():
        set_image(cluster, "nginx:2")
        while cluster.step() is not None:
            pass
    assert set(images(cluster).values()) == {"nginx:2"}
    assert told(cluster, "SuccessfulDelete") == [
        f"Delete Pod db-{ordinal} in StatefulSet db successful" for ordinal in (2, 1, 0)
    ]
    assert status(cluster)["currentRevision"] == status(cluster)["updateRevision"]


def test_an_update_stops_at_a_pod_that_does_not_get_ready(cluster: Cluster):
    cluster.create(stateful_set(3))
    set_image(cluster, "broken")
    assert images(cluster) == {"db-0": "nginx", "db-1": "nginx", "db-2": "broken"}
    found = status(cluster)
    assert found["currentRevision"] != found["updateRevision"]
    assert (found["currentReplicas"], found["updatedReplicas"], found["readyReplicas"]) == (2, 1, 2)


def test_a_broken_update_stays_stuck_until_its_pod_is_deleted(cluster: Cluster):
    """kubernetes: docs, "Forced rollback"."""
    cluster.create(stateful_set(3))
    set_image(cluster, "broken")
    set_image(cluster, "nginx")
    cluster.run("10m")
    assert images(cluster)["db-2"] == "broken"
    cluster.delete("pod", "db-2")
    assert set(images(cluster).values()) == {"nginx"}


def test_pods_below_the_partition_keep_and_regain_the_old_revision(cluster: Cluster):
    cluster.create(stateful_set(3, updateStrategy={"rollingUpdate": {"partition": 2}}))
    set_image(cluster, "nginx:2")
    assert images(cluster) == {"db-0": "nginx", "db-1": "nginx", "db-2": "nginx:2"}
    cluster.delete("pod", "db-1")
    assert images(cluster)["db-1"] == "nginx"
    cluster.patch("sts", "db", {"spec": {"updateStrategy": {"rollingUpdate": {"partition": 0}}}})
    assert set(images(cluster).values()) == {"nginx:2"}


def test_on_delete_pods_are_replaced_when_somebody_deletes_them(cluster: Cluster):
    cluster.create(stateful_set(2, updateStrategy={"type": "OnDelete"}))
    set_image(cluster, "nginx:2")
    assert set(images(cluster).values()) == {"nginx"}
    cluster.delete("pod", "db-1")
    assert images(cluster) == {"db-0": "nginx", "db-1": "nginx:2"}


def test_revisions_beyond_the_limit_are_forgotten(cluster: Cluster):
    cluster.create(stateful_set(1, revisionHistoryLimit=1))
    for number in range(4):
        set_image(cluster, f"nginx:{number}")
    revisions = sorted(revision["revision"] for revision in cluster.list("controllerrevisions"))
    assert revisions == [4, 5]


def test_a_template_that_comes_back_gets_the_highest_number(cluster: Cluster):
    cluster.create(stateful_set(1))
    first = status(cluster)["updateRevision"]
    set_image(cluster, "nginx:2")
    set_image(cluster, "nginx")
    assert status(cluster)["updateRevision"] == first
    numbers = {item["metadata"]["name"]: item["revision"] for item in cluster.list("controllerrevisions")}
    assert numbers[first] == 3 and len(numbers) == 2


def test_each_pod_has_claims_that_outlive_it(cluster: Cluster):
    cluster.create(stateful_set(2, volumeClaimTemplates=[claim_template()], podManagementPolicy="Parallel"))
    assert names(cluster, "pvc") == ["data-db-0", "data-db-1"]
    (volume, *_) = cluster.get("pod", "db-1")["spec"]["volumes"]
    assert volume == {"name": "data", "persistentVolumeClaim": {"claimName": "data-db-1"}}
    assert cluster.get("pvc", "data-db-1")["metadata"]["labels"] == {"app": "db"}
    assert "Create Claim data-db-0 Pod db-0 in StatefulSet db success" in told(cluster, "SuccessfulCreate")
    scale(cluster, 0)
    cluster.delete("sts", "db")
    assert names(cluster, "pvc") == ["data-db-0", "data-db-1"]


@pytest.mark.parametrize(
    ("deleted", "scaled", "after_scaling", "after_deletion"),
    [
        ("Retain", "Retain", ["data-db-0", "data-db-1"], ["data-db-0", "data-db-1"]),
        ("Delete", "Retain", ["data-db-0", "data-db-1"], []),
        ("Retain", "Delete", ["data-db-0"], ["data-db-0"]),
        ("Delete", "Delete", ["data-db-0"], []),
    ],
)
def test_claims_go_by_the_retention_policy(
    cluster: Cluster, deleted: str, scaled: str, after_scaling: list[str], after_deletion: list[str]
):
    """TestIsClaimOwnerUpToDate, TestUpdateClaimOwnerRefForSetAndPod."""
    policy = {"whenDeleted": deleted, "whenScaled": scaled}
    spec = {"volumeClaimTemplates": [claim_template()], "persistentVolumeClaimRetentionPolicy": policy}
    cluster.create(stateful_set(2, podManagementPolicy="Parallel", **spec))
    scale(cluster, 1)
    assert names(cluster, "pvc") == after_scaling
    cluster.delete("sts", "db")
    assert names(cluster, "pvc") == after_deletion


def test_only_pods_with_a_member_name_are_adopted(cluster: Cluster):
    spec = {"containers": [{"name": "c", "image": "nginx"}]}
    for name in ("db-1", "stray"):
        metadata = {"name": name, "labels": {"app": "db"}}
        cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    cluster.create(stateful_set(1))
    assert names(cluster) == ["db-0", "stray"]


def test_a_refused_pod_is_told_of_and_tried_again(cluster: Cluster):
    refused = stateful_set(1)
    refused["spec"]["template"]["spec"]["serviceAccountName"] = "nobody"
    cluster.create(refused)
    (text,) = set(told(cluster, "FailedCreate"))
    assert text.startswith('Create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden')
    cluster.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "nobody"}})
    cluster.run("20m")
    assert names(cluster) == ["db-0"]


ACTIONS = st.lists(
    st.one_of(
        st.integers(0, 4),
        st.sampled_from(["nginx:1", "nginx:2", "broken", "slow"]),
        st.sampled_from(["delete db-0", "delete db-1"]),
    ),
    min_size=1,
    max_size=5,
)


def act(cluster: Cluster, action: int | str) -> None:
    if isinstance(action, int):
        scale(cluster, action)
    elif action.startswith("delete "):
        if action.removeprefix("delete ") in names(cluster):
            cluster.delete("pod", action.removeprefix("delete "))
    else:
        set_image(cluster, action)


def everything(cluster: Cluster) -> str:
    return json.dumps([cluster.list(kind) for kind in ("sts", "pods", "controllerrevisions", "events")])


@settings(deadline=None, max_examples=15)
@given(ACTIONS, st.integers(0, 40))
def test_a_fork_in_the_middle_goes_the_same_way(actions: list[int | str], seconds: int):
    cluster = Cluster.from_world({"nodes": 2, "images": IMAGES})
    cluster.create(stateful_set(2, minReadySeconds=3))
    for action in actions:
        act(cluster, action)
        cluster.run(f"{seconds}s")
        twin = cluster.fork()
        for side in (cluster, twin):
            act(side, "nginx:9")
            side.run("5s")
        assert everything(twin) == everything(cluster)


@settings(deadline=None, max_examples=15)
@given(ACTIONS, st.lists(st.integers(1, 20), min_size=1, max_size=3))
def test_time_may_pass_in_any_portions(actions: list[int | str], portions: list[int]):
    def story(times: list[int]) -> str:
        cluster = Cluster.from_world({"nodes": 2, "images": IMAGES})
        cluster.create(stateful_set(2, minReadySeconds=2))
        for action in actions:
            act(cluster, action)
            for seconds in times:
                cluster.run(f"{seconds}s")
        return everything(cluster)

    assert story(portions) == story([sum(portions)])


@settings(deadline=None, max_examples=25)
@given(ACTIONS)
def test_ordered_pods_never_leave_a_gap_while_nobody_deletes_any(actions: list[int | str]):
    """At every step the ordinals are 0, 1, 2, ... but for the one that is being replaced."""
    cluster = Cluster.from_world({"nodes": 2, "images": IMAGES})
    cluster.create(stateful_set(3))
    for action in actions:
        if isinstance(action, str) and action.startswith("delete"):
            continue
        with cluster.paused():
            act(cluster, action)
            while cluster.step() is not None:
                present = {int(name.removeprefix("db-")) for name in names(cluster)}
                assert len(set(range(max(present, default=-1) + 1)) - present) <= 1
                assert len(going(cluster)) <= 1
        cluster.run("1m")
