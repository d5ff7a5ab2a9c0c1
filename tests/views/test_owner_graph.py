"""The object graph: owners, selections, and its forms."""

from __future__ import annotations

import pytest

from k8scourse.cluster import Cluster
from k8scourse.views.owner_graph import MOST_OBJECTS, owner_graph, owner_picture, to_dot


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    cluster = Cluster(nodes=2)
    cluster.kubectl("create deployment web --image=nginx:1.27 --replicas=2")
    cluster.kubectl("expose deployment web --port=80")
    return cluster


def arrows(cluster: Cluster, how: str) -> list[tuple[str, str]]:
    kinds = [(edge["from"].partition("/")[0], edge["to"].partition("/")[0])
             for edge in owner_graph(cluster)["edges"] if edge["how"] == how]  # fmt: skip
    return sorted(kinds)


def test_a_deployment_owns_replica_sets_and_they_own_pods(cluster: Cluster) -> None:
    assert arrows(cluster, "owns") == [
        ("Deployment", "ReplicaSet"),
        ("ReplicaSet", "Pod"),
        ("ReplicaSet", "Pod"),
        ("Service", "EndpointSlice"),
    ]


def test_a_service_selects_pods_and_owns_none(cluster: Cluster) -> None:
    assert arrows(cluster, "selects") == [("Service", "Pod"), ("Service", "Pod")]


def test_housekeeping_is_left_out(cluster: Cluster) -> None:
    kinds = {node["kind"] for node in owner_graph(cluster)["nodes"]}
    assert kinds == {"Deployment", "ReplicaSet", "Pod", "Service", "EndpointSlice"}


def test_the_past_can_be_drawn() -> None:
    cluster = Cluster(nodes=1)
    before = cluster.revision
    cluster.kubectl("run one --image=nginx:1.27")
    assert owner_graph(cluster, at=before)["nodes"] == []
    assert [node["key"] for node in owner_graph(cluster)["nodes"]] == ["Pod/one"]


def test_dot_has_every_arrow_and_dashes_selections(cluster: Cluster) -> None:
    dot = to_dot(owner_graph(cluster))
    assert dot.count("->") == 6 and dot.count("style=dashed") == 2
    assert dot == to_dot(owner_graph(cluster))


def test_text_and_html_say_the_same(cluster: Cluster) -> None:
    picture = owner_picture(cluster)
    lines = str(picture).splitlines()
    assert lines[1] == "Deployment web  2 of 2 ready"
    assert lines[2].startswith("  ReplicaSet web-") and lines[3].startswith("    Pod web-")
    assert "The same as a table" in picture.html


def test_names_are_escaped_and_large_namespaces_counted() -> None:
    cluster = Cluster(nodes=0)
    for number in range(MOST_OBJECTS + 5):
        cluster.kubectl(f"create configmap c-{number:03}")
    data = owner_graph(cluster)
    assert (len(data["nodes"]), data["more"]) == (MOST_OBJECTS, 5)
