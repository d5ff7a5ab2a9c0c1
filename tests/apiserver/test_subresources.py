"""Subresources with rules of their own. Sources: pkg/registry/core/{pod,namespace}/storage/storage_test.go."""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.request import STRATEGIC_MERGE_PATCH, Request, Response
from k8scourse.cluster import Cluster

Object = dict[str, Any]
POD = "/api/v1/namespaces/default/pods/p"


def send(cluster: Cluster, method: str, path: str, body: Any = None, **more: Any) -> Response:
    return cluster.handle(Request(method, path, body=body, **more))


def with_pod() -> Cluster:
    cluster = Cluster(nodes=1)
    spec = {"containers": [{"name": "c", "image": "nginx:1.27"}]}
    cluster.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
    return cluster


def test_containers_for_debugging_are_added_to_a_pod_that_runs():
    cluster = with_pod()
    debugger = {"name": "d", "image": "busybox:1.36", "targetContainerName": "c"}
    patch = {"spec": {"ephemeralContainers": [debugger]}}
    answer = send(cluster, "PATCH", f"{POD}/ephemeralcontainers", patch, content_type=STRATEGIC_MERGE_PATCH)
    assert answer.code == 200
    assert [one["name"] for one in answer.body["spec"]["ephemeralContainers"]] == ["d"]


def test_the_subresource_for_debugging_changes_nothing_else():
    cluster = with_pod()
    pod = cluster.get("pod", "p")
    changed = {
        **pod,
        "spec": {**pod["spec"], "activeDeadlineSeconds": 5},
        "metadata": {**pod["metadata"], "labels": {}},
    }
    answer = send(cluster, "PUT", f"{POD}/ephemeralcontainers", changed)
    assert answer.code == 200
    assert "activeDeadlineSeconds" not in answer.body["spec"]


def test_an_ephemeral_container_stays():
    cluster = with_pod()
    patch = {"spec": {"ephemeralContainers": [{"name": "d", "image": "busybox:1.36"}]}}
    pod = send(cluster, "PATCH", f"{POD}/ephemeralcontainers", patch, content_type=STRATEGIC_MERGE_PATCH).body
    gone = {**pod, "spec": {key: value for key, value in pod["spec"].items() if key != "ephemeralContainers"}}
    answer = send(cluster, "PUT", f"{POD}/ephemeralcontainers", {**gone, "metadata": {"name": "p"}})
    assert answer.code == 422
    assert "existing ephemeral containers" in answer.body["message"]


def test_the_finalizers_of_a_namespace_are_those_it_names():
    cluster = Cluster(nodes=0)
    cluster.kubectl("create namespace n")
    namespace = cluster.get("ns", "n")
    body = {**namespace, "spec": {"finalizers": ["kubernetes", "nope"]}}
    answer = send(cluster, "PUT", "/api/v1/namespaces/n/finalize", body)
    assert answer.code == 422
    body = {**namespace, "spec": {"finalizers": ["kubernetes", "example.com/mine"]}}
    assert send(cluster, "PUT", "/api/v1/namespaces/n/finalize", body).code == 200
    cluster.delete("ns", "n")
    assert cluster.get("ns", "n")["status"]["phase"] == "Terminating"
    body = {**cluster.get("ns", "n"), "spec": {"finalizers": []}}
    assert send(cluster, "PUT", "/api/v1/namespaces/n/finalize", body).code == 200
    assert cluster.handle(Request("GET", "/api/v1/namespaces/n")).code == 404
