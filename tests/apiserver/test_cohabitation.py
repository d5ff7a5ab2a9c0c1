"""APIs that share objects. Sources: pkg/apis/{events,autoscaling}/v1/conversion_test.go."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.request import MERGE_PATCH, Request, Response
from k8scourse.cluster import Cluster

Object = dict[str, Any]
EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events"
CORE_EVENTS = "/api/v1/namespaces/default/events"
V1 = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers"
V2 = V1.replace("/v1/", "/v2/")


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=0)


def send(cluster: Cluster, method: str, path: str, body: Any = None, **more: Any) -> Response:
    return cluster.handle(Request(method, path, body=body, **more))


def event() -> Object:
    return {
        "metadata": {"name": "e"},
        "eventTime": "2026-01-01T00:00:00.000000Z",
        "reportingController": "example.com/c",
        "reportingInstance": "c-1",
        "action": "Look",
        "reason": "Seen",
        "note": "a note",
        "type": "Normal",
        "regarding": {"kind": "Pod", "namespace": "default", "name": "p"},
    }


def test_an_event_of_either_api_is_read_in_both(cluster: Cluster):
    assert send(cluster, "POST", EVENTS, event()).body["note"] == "a note"
    core = send(cluster, "GET", f"{CORE_EVENTS}/e").body
    assert (core["apiVersion"], core["message"], core["involvedObject"]["name"]) == ("v1", "a note", "p")
    found = send(cluster, "GET", EVENTS, query={"fieldSelector": "regarding.name=p"}).body
    assert found["apiVersion"] == "events.k8s.io/v1"
    assert [item["regarding"]["kind"] for item in found["items"]] == ["Pod"]
    assert send(cluster, "GET", EVENTS, query={"fieldSelector": "regarding.name=q"}).body["items"] == []


def test_events_of_the_younger_api_have_to_say_more(cluster: Cluster):
    incomplete = {name: value for name, value in event().items() if name != "reportingController"}
    answer = send(cluster, "POST", EVENTS, incomplete)
    assert answer.code == 422
    assert "reportingController" in answer.body["message"]


def test_watches_and_patches_speak_the_requests_api(cluster: Cluster):
    query = {"watch": "1", "resourceVersion": str(cluster.revision)}
    stream = send(cluster, "GET", EVENTS, query=query).body
    send(cluster, "POST", EVENTS, event())
    assert [change["object"]["note"] for change in stream.poll()] == ["a note"]
    patch = {"metadata": {"labels": {"a": "b"}}}
    answer = send(cluster, "PATCH", f"{EVENTS}/e", patch, content_type=MERGE_PATCH)
    assert (answer.body["apiVersion"], answer.body["metadata"]["labels"]) == ("events.k8s.io/v1", {"a": "b"})


def test_the_cpu_target_of_an_old_autoscaler_is_a_metric_of_the_new_one(cluster: Cluster):
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": reference, "maxReplicas": 5, "targetCPUUtilizationPercentage": 60}
    assert send(cluster, "POST", V1, {"metadata": {"name": "h"}, "spec": spec}).code == 201
    metric = send(cluster, "GET", f"{V2}/h").body["spec"]["metrics"][0]
    assert metric["resource"] == {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}
    answer = send(cluster, "PATCH", f"{V1}/h", {"spec": {"maxReplicas": 7}}, content_type=MERGE_PATCH)
    assert answer.body["apiVersion"] == "autoscaling/v1"
    assert answer.body["spec"]["targetCPUUtilizationPercentage"] == 60
    assert send(cluster, "GET", f"{V2}/h").body["spec"]["maxReplicas"] == 7
