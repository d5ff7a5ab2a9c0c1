"""What becomes of dependents when the one who deletes says nothing.

kubernetes: pkg/registry/batch/job/strategy.go (DefaultGarbageCollectionPolicy) and storage/storage.go (Delete),
pkg/registry/core/replicationcontroller/strategy.go
"""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.request import Request
from k8scourse.cluster import Cluster

WARNING = (
    "child pods are preserved by default when jobs are deleted; "
    "set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"
)
JOBS = "/apis/batch/v1/namespaces/default/jobs"


@pytest.fixture
def cluster() -> Cluster:
    cluster = Cluster(nodes=1)
    cluster.kubectl("create job j --image=nginx:1.27")
    return cluster


def pods(cluster: Cluster) -> list[bool]:
    """For each pod whether it has an owner."""
    return ["ownerReferences" in pod["metadata"] for pod in cluster.list("pods")]


@pytest.mark.parametrize("path", [f"{JOBS}/j", JOBS])
def test_a_job_deleted_without_a_policy_leaves_its_pods_and_warns(cluster: Cluster, path: str):
    assert cluster.handle(Request("DELETE", path)).warnings == (WARNING,)
    assert pods(cluster) == [False]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({"propagationPolicy": "Background"}, []),
        ({"propagationPolicy": "Foreground"}, []),
        ({"propagationPolicy": "Orphan"}, [False]),
        ({"orphanDependents": True}, [False]),
        ({"orphanDependents": False}, []),
    ],
)
def test_whoever_chooses_is_not_warned(cluster: Cluster, options: dict[str, Any], left: list[bool]):
    assert not cluster.handle(Request("DELETE", f"{JOBS}/j", body=options)).warnings
    assert pods(cluster) == left


def test_a_replication_controller_leaves_its_pods_without_a_word():
    cluster = Cluster(nodes=1)
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]}}
    meta = {"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": "rc"}}
    cluster.create({**meta, "spec": {"replicas": 1, "selector": {"a": "b"}, "template": template}})
    path = "/api/v1/namespaces/default/replicationcontrollers/rc"
    assert not cluster.handle(Request("DELETE", path)).warnings
    assert pods(cluster) == [False]


def test_kubectl_always_says_background(cluster: Cluster):
    cluster.kubectl("delete job j")
    assert pods(cluster) == []
