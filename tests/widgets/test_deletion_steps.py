"""The widget that steps through a deletion."""

from __future__ import annotations

import pytest

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.widgets.base import update_all
from k8scourse.widgets.deletion_steps import DeletionSteps


@pytest.fixture
def cluster() -> Cluster:
    cluster = Cluster(nodes=1)
    cluster.kubectl("create deployment web --image=nginx:1.27")
    return cluster


def test_it_says_what_it_shows(cluster: Cluster):
    widget = DeletionSteps(cluster, "deployment/web")
    assert repr(widget) == "<DeletionSteps Deployment default/web, 6 steps>"
    assert (widget.title, widget.unit, len(widget.moments)) == ("Deletion", "Step", 7)
    assert "Deleting Deployment default/web (Orphan)" in widget.describe()


def test_each_step_has_its_picture(cluster: Cluster):
    widget = DeletionSteps(cluster, "deployment/web")
    answer = widget._at({"kind": "at", "revision": 0, "pod": ""})
    assert answer is not None
    assert "after step 0 of 6" in answer["html"]


def test_it_follows_its_cluster_and_keeps_the_picture_of_what_is_gone(cluster: Cluster):
    widget = DeletionSteps(cluster, "deployment/web")
    cluster.kubectl("scale deployment web --replicas=2")
    update_all()
    assert len(widget.moments) == 9
    cluster.kubectl("delete deployment web")
    update_all()
    assert len(widget.moments) == 9


def test_nothing_is_deleted(cluster: Cluster):
    before = cluster.revision
    DeletionSteps(cluster, "deployment/web")
    assert cluster.revision == before


def test_there_is_no_deletion_of_what_is_not_there(cluster: Cluster):
    with pytest.raises(ApiError):
        DeletionSteps(cluster, "deployment/none")
