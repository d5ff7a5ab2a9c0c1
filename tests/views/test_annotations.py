from __future__ import annotations

import pytest

from k8scourse import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.views.annotations import NOBODY, Row, inspect_annotations

COST = "controller.kubernetes.io/pod-deletion-cost"
MANIFEST = """apiVersion: v1
kind: Pod
metadata:
  name: probe
  annotations:
    example.com/flag: yes
    a b: x
    controller.kubernetes.io/pod-deletion-cost: "+10"
    scheduler.alpha.kubernetes.io/critical-pod: ""
    app.kubernetes.io/component: frontend
    prometheus.io/scrape: "true"
spec: {containers: [{name: main, image: "nginx:1.27"}]}
"""


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    made = Cluster(nodes=1)
    made.kubectl("create deployment web --image=nginx:1.27")
    made.kubectl("annotate deployment web kubernetes.io/change-cause=first kubectl.kubernetes.io/restartedAt=now")
    made.kubectl("rollout restart deployment/web")
    return made


def rows(cluster: Cluster, ref: str) -> dict[tuple[str, str], Row]:
    return {(row.place, row.key): row for row in inspect_annotations(cluster, ref).rows}


def test_the_same_key_is_read_in_a_template_and_dead_on_the_workload(cluster: Cluster) -> None:
    found = rows(cluster, "deployment/web")
    assert found["spec.template.metadata", "kubectl.kubernetes.io/restartedAt"].reader != NOBODY
    outside = found["metadata", "kubectl.kubernetes.io/restartedAt"]
    assert outside.reader == NOBODY
    assert "pod template" in outside.effect
    assert "kubectl rollout history" in found["metadata", "kubernetes.io/change-cause"].reader


def test_a_manifest_is_inspected_without_being_applied(cluster: Cluster) -> None:
    before = cluster.revision
    found = {row.key: row for row in inspect_annotations(cluster, MANIFEST).rows}
    assert cluster.revision == before
    assert "a boolean" in found["example.com/flag"].faults[0]
    assert "name part must consist" in found["a b"].faults[0]
    assert "32-bit" in found[COST].faults[0]
    assert found["scheduler.alpha.kubernetes.io/critical-pod"].reader == NOBODY
    assert found["app.kubernetes.io/component"].reader == NOBODY
    assert "label" in found["app.kubernetes.io/component"].effect
    assert not found["prometheus.io/scrape"].simulated


def test_text_and_html_say_readers_faults_and_budget_and_escape(cluster: Cluster) -> None:
    inspection = inspect_annotations(cluster, MANIFEST.replace("frontend", "<b>"))
    text, html = str(inspection), inspection._repr_html_()
    assert "of 262,144 bytes" in text
    assert "wrong: replicaset-controller" in text
    assert "(not simulated)" in text
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_too_many_bytes_are_said_to_be_refused(cluster: Cluster) -> None:
    big = {"kind": "ConfigMap", "metadata": {"name": "big", "annotations": {"a": "x" * 262_144}}}
    assert "too long" in str(inspect_annotations(cluster, big))
    assert "too long" not in str(inspect_annotations(cluster, MANIFEST))


def test_an_object_without_annotations_says_so(cluster: Cluster) -> None:
    assert str(inspect_annotations(cluster, {"kind": "Pod", "metadata": {"name": "p"}})) == "no annotations"


def test_what_is_not_there_is_an_api_error(cluster: Cluster) -> None:
    with pytest.raises(ApiError):
        inspect_annotations(cluster, "pod/nobody")
    with pytest.raises(ApiError):
        inspect_annotations(cluster, "gadget/nobody")
