"""Why not on this node: Kubernetes' text and the taint, the label, the amount or the pod behind it."""

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.views.why_not import node_verdicts


def pod(name: str = "report", **spec: Any) -> dict[str, Any]:
    container = {"name": "main", "image": "nginx", **spec.pop("container", {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def asked(cpu: str) -> dict[str, Any]:
    return {"resources": {"requests": {"cpu": cpu}}}


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({}, "node(s) had untolerated taint(s): gpu=true:NoSchedule"),
        (
            {"nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}]},
            "node(s) didn't match Pod's node affinity/selector: no label disk=ssd",
        ),
        (
            {"container": asked("3"), "tolerations": [{"operator": "Exists"}]},
            "Insufficient cpu: 3 asked for, 500m of 2 free",
        ),
    ],
)
def test_a_reason_on_one_node_names_what_is_behind_it(spec: dict[str, Any], reason: str) -> None:
    cluster = Cluster(
        nodes=[
            {"name": "n1", "allocatable": {"cpu": "2", "memory": "4Gi", "pods": "9"}, "taints": ["gpu=true:NoSchedule"]}
        ]
    )
    cluster.apply(pod("first", container=asked("1500m"), tolerations=[{"operator": "Exists"}]))
    cluster.apply(pod(**spec))
    assert node_verdicts(cluster, "default/report") == {"n1": [reason]}


def test_a_taken_port_names_its_pod() -> None:
    cluster = Cluster(nodes=1)
    port = {"ports": [{"containerPort": 80, "hostPort": 80}]}
    cluster.apply(pod("first", container=port))
    cluster.apply(pod(container=port))
    (reason,) = (node_verdicts(cluster, "default/report") or {})["n1"]
    assert reason.endswith(": port 80/TCP is taken by pod default/first")


def test_a_node_that_is_full_of_pods_says_how_many_it_takes() -> None:
    cluster = Cluster(nodes=[{"name": "n1", "allocatable": {"cpu": "2", "memory": "4Gi", "pods": "1"}}])
    cluster.apply(pod("first"))
    cluster.apply(pod())
    assert node_verdicts(cluster, "default/report") == {"n1": ["Too many pods: 1 asked for, 0 of 1 free"]}


def test_a_node_without_objections_has_none_and_a_pod_that_is_not_there_no_verdict() -> None:
    cluster = Cluster(nodes=1)
    cluster.apply(pod())
    assert node_verdicts(cluster, "default/report") == {"n1": []}
    assert node_verdicts(cluster, "default/other") is None
