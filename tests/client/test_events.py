"""What components tell (client-go: tools/record/event_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.client.events import EventRecorder
from k8scourse.cluster import Cluster

Object = dict[str, Any]


@pytest.fixture
def cluster() -> Cluster:
    found = Cluster.from_world({"nodes": [], "components": ["etcd", "kube-apiserver", "kube-scheduler"]})
    found.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}})
    return found


@pytest.fixture
def recorder(cluster: Cluster) -> EventRecorder:
    return cluster.component("kube-scheduler").recorder


def thing(name: str = "p", namespace: str = "default") -> Object:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}}


def told(cluster: Cluster, namespace: str = "default") -> list[tuple[str, int]]:
    return [(event["message"], event["count"]) for event in cluster.events(namespace=namespace)]


def test_the_same_event_again_is_counted(cluster: Cluster, recorder: EventRecorder):
    for _ in range(3):
        recorder.event(thing(), "Normal", "Waiting", "for nothing")
    assert told(cluster) == [("for nothing", 3)]


def test_pods_of_one_name_in_two_namespaces_are_two_objects(cluster: Cluster, recorder: EventRecorder):
    recorder.event(thing(), "Normal", "Waiting", "x")
    recorder.event(thing(namespace="team"), "Normal", "Waiting", "x")
    assert (told(cluster), told(cluster, "team")) == ([("x", 1)], [("x", 1)])


def test_many_similar_events_become_one_with_the_newest_message(cluster: Cluster, recorder: EventRecorder):
    for number in range(12):
        recorder.event(thing(), "Normal", "Created", f"pod {number}")
    assert told(cluster)[:9] == [(f"pod {number}", 1) for number in range(9)]
    assert told(cluster)[9:] == [("(combined from similar events): pod 11", 3)]


def test_a_flood_is_cut_off(cluster: Cluster, recorder: EventRecorder):
    for _ in range(100):
        recorder.event(thing(), "Warning", "Failed", "again")
    assert told(cluster) == [("again", 25)]
    cluster.run("5m")
    recorder.event(thing(), "Warning", "Failed", "again")
    assert told(cluster) == [("again", 101)]


def test_an_event_that_is_refused_stops_nobody(cluster: Cluster, recorder: EventRecorder):
    cluster.delete("ns", "team")
    recorder.event(thing(namespace="team"), "Normal", "Waiting", "x")
    assert told(cluster, "team") == []
