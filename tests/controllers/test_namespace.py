"""Deleting namespaces (kubernetes: pkg/controller/namespace/deletion/namespaced_resources_deleter_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster(nodes=1)
    found.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}})
    return found


def make(cluster: Cluster, kind: str = "ConfigMap", name: str = "x", **parts: Any) -> None:
    metadata = {"name": name, "namespace": "team", **parts.pop("metadata", {})}
    cluster.create({"apiVersion": "v1", "kind": kind, "metadata": metadata, **parts})


def pod(cluster: Cluster, name: str = "p", image: str = "nginx") -> None:
    make(cluster, "Pod", name, spec={"containers": [{"name": "c", "image": image}]})


def exists(cluster: Cluster) -> bool:
    return any(item["metadata"]["name"] == "team" for item in cluster.list("ns"))


def conditions(cluster: Cluster) -> dict[str, tuple[str, str, str]]:
    found = cluster.get("ns", "team")["status"]["conditions"]
    return {item["type"]: (item["status"], item["reason"], item["message"]) for item in found}


def test_the_content_goes_five_seconds_after_the_deletion(cluster: Cluster):
    make(cluster)
    cluster.delete("ns", "team")
    assert cluster.get("ns", "team")["status"]["phase"] == "Terminating"
    cluster.run("4s")
    assert cluster.get("cm", "x", namespace="team")
    cluster.run("2s")
    assert not exists(cluster)
    with pytest.raises(ApiError) as refusal:
        cluster.get("cm", "x", namespace="team")
    assert refusal.value.code == 404


def test_all_kinds_of_content_go(cluster: Cluster):
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    spec = {"replicas": 2, "selector": {"matchLabels": {"a": "b"}}, "template": template}
    metadata = {"name": "web", "namespace": "team"}
    cluster.create({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec})
    make(cluster, "Secret")
    make(cluster, "ServiceAccount")
    cluster.delete("ns", "team")
    cluster.run("2m")
    assert not exists(cluster)
    assert cluster.list("pods", namespace=None) == []
    assert cluster.list("rs", namespace=None) == []
    assert [item["metadata"]["namespace"] for item in cluster.list("sa", namespace=None)].count("team") == 0


def test_pods_go_before_anything_else():
    cluster = Cluster.from_world({"nodes": 1, "images": {"stubborn": {"ignores_sigterm": True}}})
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}})
    make(cluster)
    pod(cluster, image="stubborn")
    cluster.run("1s")
    cluster.delete("ns", "team")
    cluster.run("30s")
    assert cluster.get("cm", "x", namespace="team")
    assert conditions(cluster)["NamespaceContentRemaining"][0] == "False"
    cluster.run("30s")
    assert not exists(cluster)


def test_finalizers_of_content_are_told_and_waited_for(cluster: Cluster):
    make(cluster, metadata={"finalizers": ["example.com/hold"]})
    make(cluster, name="y")
    cluster.delete("ns", "team")
    cluster.run("1h")
    assert conditions(cluster) == {
        "NamespaceDeletionDiscoveryFailure": ("False", "ResourcesDiscovered", "All resources successfully discovered"),
        "NamespaceDeletionGroupVersionParsingFailure": (
            "False",
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed",
        ),
        "NamespaceDeletionContentFailure": (
            "False",
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization",
        ),
        "NamespaceContentRemaining": (
            "True",
            "SomeResourcesRemain",
            "Some resources are remaining: configmaps. has 1 resource instances",
        ),
        "NamespaceFinalizersRemaining": (
            "True",
            "SomeFinalizersRemain",
            "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
        ),
    }
    cluster.patch("cm", "x", {"metadata": {"finalizers": None}}, namespace="team", type="merge")
    cluster.run("8s")
    assert not exists(cluster)


def test_a_pod_on_a_dead_node_holds_the_namespace(cluster: Cluster):
    pod(cluster)
    cluster.run("1s")
    cluster.stop_kubelet("n1")
    cluster.delete("ns", "team")
    cluster.run("10m")
    kind, reason, message = conditions(cluster)["NamespaceDeletionContentFailure"]
    assert (kind, reason) == ("True", "ContentDeletionFailed")
    assert message == (
        "Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: team for gvr: "
        "/v1, Resource=pods"
    )
    cluster.delete("pod", "p", namespace="team", gracePeriodSeconds=0)
    cluster.run("61s")
    assert not exists(cluster)


def test_finalizers_of_the_namespace_itself_are_left_to_others(cluster: Cluster):
    cluster.patch("ns", "team", {"metadata": {"finalizers": ["example.com/hold"]}}, type="merge")
    cluster.delete("ns", "team")
    cluster.run("1m")
    assert exists(cluster)
    assert "finalizers" not in cluster.get("ns", "team")["spec"]
    cluster.patch("ns", "team", {"metadata": {"finalizers": None}}, type="merge")
    assert not exists(cluster)


def test_a_stuck_namespace_costs_nothing(cluster: Cluster):
    make(cluster, metadata={"finalizers": ["example.com/hold"]})
    cluster.delete("ns", "team")
    cluster.run("2h")
    revision = cluster.revision
    cluster.run("7d")
    assert cluster.revision == revision


def test_other_namespaces_keep_their_content(cluster: Cluster):
    cluster.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}})
    cluster.delete("ns", "team")
    cluster.run("1m")
    assert cluster.get("cm", "x")


def test_events_of_a_terminating_namespace_do_not_stop_anybody(cluster: Cluster):
    pod(cluster)
    cluster.delete("ns", "team")
    cluster.run("1m")
    assert not exists(cluster)
    assert [decision for decision in cluster.journal if decision.verdict == "SyncFailed"] == []
