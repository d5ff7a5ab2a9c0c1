"""Deployments on a whole cluster (kubernetes: pkg/controller/deployment; figures measured on a real control plane)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]
SLOW = {"readinessProbe": {"initialDelaySeconds": 5, "periodSeconds": 1, "tcpSocket": {"port": 80}}}
BROKEN = "broken:1"


def deployment(image: str = "nginx:1", replicas: int = 10, container: Object | None = None, **spec: Any) -> Object:
    template = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "c", "image": image, **(container or {})}]},
    }
    selector = {"matchLabels": {"app": "web"}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"replicas": replicas, "selector": selector, "template": template, **spec},
    }


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.from_world({"nodes": 3, "images": {"broken": {"ready": False}}})


def edit(cluster: Cluster, **spec: Any) -> Object:
    return cluster.patch("deploy", "web", {"spec": spec})


def roll(cluster: Cluster, image: str) -> None:
    edit(cluster, template={"spec": {"containers": [{"name": "c", "image": image}]}})


def sizes(cluster: Cluster) -> dict[str, int]:
    return {
        rs["spec"]["template"]["spec"]["containers"][0]["image"]: rs["spec"]["replicas"] for rs in cluster.list("rs")
    }


def status(cluster: Cluster) -> Object:
    return cluster.get("deploy", "web")["status"]


def condition(cluster: Cluster, kind: str = "Progressing") -> tuple[str, str, str]:
    found = next(item for item in status(cluster)["conditions"] if item["type"] == kind)
    return found["status"], found["reason"], found["message"]


def scalings(cluster: Cluster) -> list[str]:
    return [event["message"] for event in cluster.events() if event["reason"] == "ScalingReplicaSet"]


def only_set(cluster: Cluster) -> str:
    return cluster.list("rs")[0]["metadata"]["name"]


def revisions(cluster: Cluster) -> dict[str, str]:
    return {
        rs["spec"]["template"]["spec"]["containers"][0]["image"]: rs["metadata"]["annotations"][
            "deployment.kubernetes.io/revision"
        ]
        for rs in cluster.list("rs")
    }


def test_a_new_deployment_comes_up(cluster: Cluster):
    cluster.create(deployment(replicas=3))
    name = only_set(cluster)
    assert status(cluster) == {
        "observedGeneration": 1,
        "replicas": 3,
        "updatedReplicas": 3,
        "readyReplicas": 3,
        "availableReplicas": 3,
        "terminatingReplicas": 0,
        "conditions": status(cluster)["conditions"],
    }
    assert condition(cluster) == (
        "True",
        "NewReplicaSetAvailable",
        f'ReplicaSet "{name}" has successfully progressed.',
    )
    assert condition(cluster, "Available") == (
        "True",
        "MinimumReplicasAvailable",
        "Deployment has minimum availability.",
    )
    assert scalings(cluster) == [f"Scaled up replica set {name} from 0 to 3"]
    rs = cluster.get("rs", name)
    assert rs["metadata"]["annotations"] == {
        "deployment.kubernetes.io/desired-replicas": "3",
        "deployment.kubernetes.io/max-replicas": "4",
        "deployment.kubernetes.io/revision": "1",
    }
    digest = rs["metadata"]["labels"]["pod-template-hash"]
    assert name == f"web-{digest}"
    assert rs["spec"]["selector"] == {"matchLabels": {"app": "web", "pod-template-hash": digest}}
    assert {pod["metadata"]["labels"]["pod-template-hash"] for pod in cluster.list("pods")} == {digest}
    assert cluster.get("deploy", "web")["metadata"]["annotations"] == {"deployment.kubernetes.io/revision": "1"}


def test_pods_that_are_not_ready_yet_are_counted_as_unavailable(cluster: Cluster):
    cluster.create(deployment(replicas=2, container=SLOW))
    assert status(cluster)["unavailableReplicas"] == 2
    assert condition(cluster, "Available") == (
        "False",
        "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.",
    )
    assert condition(cluster)[1] == "ReplicaSetUpdated"
    cluster.run("7s")
    assert "unavailableReplicas" not in status(cluster)
    assert condition(cluster)[1] == "NewReplicaSetAvailable"


def test_a_rolling_update_goes_by_surge_and_unavailable(cluster: Cluster):
    cluster.create(deployment(container=SLOW))
    cluster.run("10s")
    roll(cluster, "nginx:2")
    assert sizes(cluster) == {"nginx:1": 8, "nginx:2": 5}
    cluster.run("20s")
    assert sizes(cluster) == {"nginx:1": 0, "nginx:2": 10}
    assert condition(cluster)[1] == "NewReplicaSetAvailable"
    assert revisions(cluster) == {"nginx:1": "1", "nginx:2": "2"}


@pytest.mark.parametrize(
    ("replicas", "rolling", "old", "new"),
    [
        (3, {}, 3, 1),
        (1, {}, 1, 1),
        (10, {}, 8, 5),
        (4, {"maxSurge": 0, "maxUnavailable": 1}, 3, 1),
        (7, {}, 6, 3),
    ],
)
def test_a_version_that_never_gets_ready_stops_the_update(
    cluster: Cluster, replicas: int, rolling: Object, old: int, new: int
):
    cluster.create(deployment(replicas=replicas, strategy={"type": "RollingUpdate", "rollingUpdate": rolling}))
    roll(cluster, BROKEN)
    cluster.run("5m")
    assert sizes(cluster) == {"nginx:1": old, BROKEN: new}


def test_a_stuck_rollout_is_told_after_the_deadline_and_never_rolled_back(cluster: Cluster):
    cluster.create(deployment(replicas=3, progressDeadlineSeconds=60))
    cluster.run("10s")
    roll(cluster, BROKEN)
    cluster.run("60s")
    assert condition(cluster)[1] == "ReplicaSetUpdated"
    cluster.run("2s")
    name = next(rs["metadata"]["name"] for rs in cluster.list("rs") if rs["spec"]["replicas"] == 1)
    assert condition(cluster) == (
        "False",
        "ProgressDeadlineExceeded",
        f'ReplicaSet "{name}" has timed out progressing.',
    )
    cluster.run("1h")
    assert sizes(cluster) == {"nginx:1": 3, BROKEN: 1}


def test_a_template_that_was_there_before_is_the_same_set_with_a_new_revision(cluster: Cluster):
    cluster.create(deployment(replicas=2))
    roll(cluster, "nginx:2")
    roll(cluster, "nginx:1")
    assert sizes(cluster) == {"nginx:1": 2, "nginx:2": 0}
    assert revisions(cluster) == {"nginx:1": "3", "nginx:2": "2"}
    histories = [
        rs["metadata"]["annotations"].get("deployment.kubernetes.io/revision-history") for rs in cluster.list("rs")
    ]
    assert sorted(histories, key=str) == ["1", None]


def test_old_sets_beyond_the_limit_go_once_the_rollout_is_complete(cluster: Cluster):
    cluster.create(deployment(replicas=1, revisionHistoryLimit=2))
    for number in range(2, 6):
        roll(cluster, f"nginx:{number}")
    assert revisions(cluster) == {"nginx:3": "3", "nginx:4": "4", "nginx:5": "5"}
    roll(cluster, BROKEN)
    assert len(cluster.list("rs")) == 4


def test_scaling_a_stuck_rollout_keeps_the_proportions(cluster: Cluster):
    cluster.create(deployment(strategy={"rollingUpdate": {"maxSurge": 3, "maxUnavailable": 2}}))
    roll(cluster, BROKEN)
    assert sizes(cluster) == {"nginx:1": 8, BROKEN: 5}
    edit(cluster, replicas=15)
    assert sizes(cluster) == {"nginx:1": 11, BROKEN: 7}
    assert set(revisions(cluster).values()) == {"1", "2"}


def test_scaling_to_zero_and_back(cluster: Cluster):
    cluster.create(deployment(replicas=3))
    edit(cluster, replicas=0)
    assert cluster.list("pods") == []
    edit(cluster, replicas=2)
    assert len(cluster.list("pods")) == 2
    name = only_set(cluster)
    assert scalings(cluster) == [
        f"Scaled up replica set {name} from 0 to 3",
        f"Scaled down replica set {name} from 3 to 0",
        f"Scaled up replica set {name} from 0 to 2",
    ]


def test_a_paused_deployment_scales_but_does_not_roll(cluster: Cluster):
    cluster.create(deployment(replicas=2))
    edit(cluster, paused=True)
    assert condition(cluster) == ("Unknown", "DeploymentPaused", "Deployment is paused")
    roll(cluster, "nginx:2")
    edit(cluster, replicas=3)
    assert sizes(cluster) == {"nginx:1": 3}
    edit(cluster, paused=None)
    assert sizes(cluster) == {"nginx:1": 0, "nginx:2": 3}
    assert condition(cluster)[1] == "NewReplicaSetAvailable"


def test_recreate_waits_until_the_last_old_pod_is_gone():
    cluster = Cluster.from_world({"nodes": 2, "images": {"nginx": {"ignores_sigterm": True}}})
    cluster.create(deployment(replicas=2, strategy={"type": "Recreate"}))
    roll(cluster, "nginx:2")
    cluster.run("29s")
    assert sizes(cluster) == {"nginx:1": 0}
    assert len(cluster.list("pods")) == 2
    cluster.run("2s")
    assert sizes(cluster) == {"nginx:1": 0, "nginx:2": 2}
    assert {pod["spec"]["containers"][0]["image"] for pod in cluster.list("pods")} == {"nginx:2"}


def test_min_ready_seconds_hold_the_rollout_back(cluster: Cluster):
    cluster.create(deployment(replicas=2, minReadySeconds=30))
    assert status(cluster)["readyReplicas"] == 2
    assert "availableReplicas" not in status(cluster)
    cluster.run("31s")
    assert status(cluster)["availableReplicas"] == 2
    roll(cluster, "nginx:2")
    cluster.run("20s")
    assert sizes(cluster)["nginx:1"] == 2
    cluster.run("1m")
    assert sizes(cluster) == {"nginx:1": 0, "nginx:2": 2}


def test_pods_that_are_refused_make_the_deployment_fail(cluster: Cluster):
    broken = deployment(replicas=2)
    broken["spec"]["template"]["spec"]["serviceAccountName"] = "nobody"
    cluster.create(broken)
    kind, reason, message = condition(cluster, "ReplicaFailure")
    assert (kind, reason) == ("True", "FailedCreate")
    assert 'serviceaccount "nobody" not found' in message
    assert any(event["reason"] == "FailedCreate" for event in cluster.events())
    cluster.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "nobody"}})
    cluster.run("20m")
    assert [item["type"] for item in status(cluster)["conditions"]] == ["Available", "Progressing"]
    assert status(cluster)["availableReplicas"] == 2


def test_a_taken_name_changes_the_hash(cluster: Cluster):
    cluster.create(deployment(replicas=1))
    name = only_set(cluster)
    cluster.delete("deploy", "web", propagationPolicy="Orphan")
    foreign = cluster.get("rs", name)
    template = {**foreign["spec"]["template"], "metadata": {"labels": {"app": "other"}}}
    cluster.delete("rs", name)
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": "other"}}, "template": template}
    cluster.create({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": name}, "spec": spec})
    cluster.create(deployment(replicas=1))
    assert status(cluster)["collisionCount"] == 1
    assert len(cluster.list("rs")) == 2
    assert len(cluster.list("pods")) == 1


def test_a_deployment_adopts_orphans_of_its_predecessor(cluster: Cluster):
    cluster.create(deployment(replicas=3))
    before = {pod["metadata"]["uid"] for pod in cluster.list("pods")}
    cluster.delete("deploy", "web", propagationPolicy="Orphan")
    cluster.create(deployment(replicas=3))
    assert {pod["metadata"]["uid"] for pod in cluster.list("pods")} == before
    assert len(cluster.list("rs")) == 1


def test_the_current_set_comes_back_when_it_is_deleted(cluster: Cluster):
    cluster.create(deployment(replicas=2))
    name, uid = only_set(cluster), cluster.list("rs")[0]["metadata"]["uid"]
    cluster.delete("rs", name)
    assert only_set(cluster) == name
    assert cluster.list("rs")[0]["metadata"]["uid"] != uid
    assert len(cluster.list("pods")) == 2


def test_a_cluster_with_deployments_is_quiet(cluster: Cluster):
    cluster.create(deployment(replicas=3))
    cluster.run("2h")
    revision = cluster.revision
    cluster.run("7d")
    assert cluster.revision == revision


def test_nothing_is_refused_behind_the_scenes(cluster: Cluster):
    cluster.create(deployment(container=SLOW))
    roll(cluster, "nginx:2")
    edit(cluster, replicas=4)
    cluster.run("1m")
    cluster.delete("deploy", "web")
    cluster.run("1m")
    assert [decision for decision in cluster.journal if decision.verdict == "SyncFailed"] == []
    with pytest.raises(ApiError):
        cluster.get("deploy", "web")


def test_a_deployment_that_waits_past_its_deadline_after_completion_comes_to_rest():
    cluster = Cluster(nodes=1, budget=5000)
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": template, "progressDeadlineSeconds": 60}
    cluster.create({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": spec})
    cluster.kubectl("cordon n1")
    cluster.kubectl("delete pod -l a=b")
    cluster.run("1h")  # without rest it would need more steps than its budget allows
    assert cluster.get("deployment", "d")["status"]["unavailableReplicas"] == 1
