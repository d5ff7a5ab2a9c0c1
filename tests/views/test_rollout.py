"""The rollout timeline: what the history says about ready and all pods."""

from __future__ import annotations

import pytest

from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.views.rollout import rollout, rollout_picture

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: main
        image: "nginx:1.27"
        readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 20}
"""


@pytest.fixture(scope="module")
def rolled() -> tuple[Cluster, int]:
    cluster = Cluster(nodes=2)
    cluster.apply(DEPLOYMENT)
    cluster.run("1m")
    before = cluster.revision
    cluster.kubectl("set image deployment/web main=nginx:1.28")
    cluster.run("5m")
    return cluster, before


def test_a_rolling_update_of_three_never_has_fewer_ready_nor_more_than_four(rolled: tuple[Cluster, int]) -> None:
    cluster, before = rolled
    moments = rollout(cluster, "web", after=before)["moments"]
    assert min(moment["least"] for moment in moments) == 3
    assert max(moment["most"] for moment in moments) == 4
    old, new = moments[-1]["sets"].values()
    assert (old, new) == ([0, 0], [3, 3])
    assert [moment["elapsed"] for moment in moments] == sorted({moment["elapsed"] for moment in moments})


def test_the_whole_story_begins_with_nothing_ready(rolled: tuple[Cluster, int]) -> None:
    first, second, *_ = rollout(rolled[0], "web")["moments"]
    assert (first["time"], first["together"]) == ("00:00:00", [0, 3])
    assert (second["time"], second["together"]) == ("00:00:20", [3, 3])


def test_sets_are_named_by_revision_and_image(rolled: tuple[Cluster, int]) -> None:
    labels = [one["label"] for one in rollout(rolled[0], "web")["sets"]]
    assert labels[0].endswith("(revision 1, nginx:1.27)") and labels[1].endswith("(revision 2, nginx:1.28)")


def test_the_picture_has_a_text_a_table_and_an_alternative(rolled: tuple[Cluster, int]) -> None:
    cluster, before = rolled
    picture = rollout_picture(cluster, "web", after=before)
    summary = "Deployment web, 00:01:00 to"
    assert f'role="img" aria-label="{summary}' in picture.html and "<table>" in picture.html
    assert str(picture).splitlines()[2].split() == ["time", "set", "1", "set", "2", "together", "fewest", "ready",
                                                    "most", "pods"]  # fmt: skip
    assert picture == rollout_picture(cluster, "web", after=before)


def test_what_is_no_deployment_is_refused(rolled: tuple[Cluster, int]) -> None:
    with pytest.raises(ApiError, match=r'deployments\.apps "other" not found'):
        rollout(rolled[0], "other")
