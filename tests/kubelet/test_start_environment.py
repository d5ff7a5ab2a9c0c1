"""What a process read from its pod's metadata when it started stays (pkg/kubelet/kubelet_pods.go)."""

from typing import Any

from k8scourse.cluster import Cluster

Object = dict[str, Any]


def test_a_changed_annotation_reaches_the_environment_with_the_next_start() -> None:
    cluster = Cluster.from_world({"nodes": 1, "images": {"flaky": {"exits": {"code": 1, "after": "30s"}}}})
    source = {"fieldRef": {"fieldPath": "metadata.annotations['team']"}}
    spec = {"containers": [{"name": "c", "image": "flaky", "env": [{"name": "TEAM", "valueFrom": source}]}]}
    metadata = {"name": "p", "annotations": {"team": "blue"}}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    kubelet: Any = cluster.component("kubelet")

    def team() -> str:
        return kubelet.queries.variables(cluster.get("pod", "p"), "c")["TEAM"]

    cluster.kubectl("annotate pod p team=green --overwrite")
    assert team() == "blue"
    cluster.run("31s")
    assert team() == "green"
