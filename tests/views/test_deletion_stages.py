"""A deletion step by step, under each policy side by side."""

from __future__ import annotations

import pytest

from k8scourse.cluster import Cluster
from k8scourse.views import deletion_stages
from k8scourse.views.deletion_stages import Stages


@pytest.fixture(scope="module")
def found() -> Stages:
    cluster = Cluster(nodes=1)
    cluster.kubectl("create deployment web --image=nginx:1.27 --replicas=2")
    return deletion_stages.stages(cluster, "deployment/web")


def test_the_rows_are_a_tree_of_owners(found: Stages):
    assert [(depth, kind) for depth, (kind, _, _), _ in found.rows] == [
        (0, "Deployment"),
        (1, "ReplicaSet"),
        (2, "Pod"),
        (2, "Pod"),
    ]


def test_the_states_follow_the_steps(found: Stages):
    background, foreground, orphan = found.deletions
    assert set(deletion_stages.states(background, 1).values()) == {"gone"}
    assert set(deletion_stages.states(foreground, 1).values()) == {"terminating"}
    assert sorted(deletion_stages.states(orphan, 99).values()) == ["gone", "let go"]
    assert set(deletion_stages.states(foreground, 99).values()) == {"gone"}


def test_there_is_a_moment_before_and_one_for_each_step(found: Stages):
    moments = deletion_stages.moments(found)
    assert [moment["revision"] for moment in moments] == list(range(found.length + 1))
    assert moments[1]["text"].startswith("Background: Deployment web gone · Foreground: Deployment web terminating")


def test_each_picture_names_every_object_and_policy(found: Stages):
    for step in range(found.length + 1):
        html = deletion_stages.to_html(found, step)
        assert html.count("<tr>") == 5
        assert all(f">{policy}</th>" in html for policy in ("Background", "Foreground", "Orphan"))


def test_a_successor_is_not_there_before_it_is_made():
    cluster = Cluster(nodes=1)
    cluster.kubectl("create deployment web --image=nginx:1.27")
    pod = cluster.list("pods")[0]["metadata"]["name"]
    found = deletion_stages.stages(cluster, f"pod/{pod}")
    assert "not there yet" in deletion_stages.to_html(found, 0)
    assert "not there yet" not in deletion_stages.to_html(found, found.length)


def test_the_static_page_has_every_step(found: Stages):
    assert deletion_stages.static_html(found).count("<tr>") == 3 + sum(len(one.steps) for one in found.deletions)
    assert deletion_stages.to_text(found).count("Deleting Deployment default/web") == 3
