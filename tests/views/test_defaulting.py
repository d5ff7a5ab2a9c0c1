"""The defaulting lens: which line of a stored object is whose."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.apiserver.authentication import UserInfo
from k8scourse.apiserver.creation import creation_stages
from k8scourse.apiserver.storage import Storage
from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.simulation.names import Names
from k8scourse.views.defaulting import defaulting, lens

POD = """apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers: [{name: main, image: nginx, resources: {requests: {cpu: 0.5}}}]
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: a}, ports: [{port: 80}]}\n"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "nginx:1.27"}]}
"""


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return Cluster(nodes=1)


def who(data: dict[str, Any], text: str) -> str:
    return next(line["who"] for line in data["lines"] if line["text"].strip(" -").startswith(text))


@pytest.mark.parametrize(
    ("manifest", "line", "expected"),
    [
        (POD, "name: p", "you"),
        (POD, "imagePullPolicy: Always", "default"),
        (POD, "uid:", "API server"),
        (POD, "resourceVersion:", "API server"),
        (POD, "kubectl.kubernetes.io/last-applied-configuration", "kubectl apply"),
        (POD, "serviceAccountName: default", "admission: ServiceAccount"),
        (POD, "tolerationSeconds: 300", "admission: DefaultTolerationSeconds"),
        (POD, "priority: 0", "admission: Priority"),
        (POD, "nodeName: n1", "scheduler"),
        (SERVICE, "targetPort: 80", "default"),
        (SERVICE, "clusterIP:", "API server"),
        (SERVICE, "ipFamilyPolicy: SingleStack", "API server"),
        (DEPLOYMENT, "replicas: 1", "default"),
        (DEPLOYMENT, "maxSurge: 25%", "default"),
        (DEPLOYMENT, 'deployment.kubernetes.io/revision: "1"', "controller"),
    ],
)
def test_every_line_is_ascribed_to_whoever_added_it(cluster: Cluster, manifest: str, line: str, expected: str) -> None:
    assert who(defaulting(cluster, manifest), line) == expected


def test_a_value_in_another_form_stays_yours(cluster: Cluster) -> None:
    line = next(line for line in defaulting(cluster, POD)["lines"] if line["text"].strip() == "cpu: 500m")
    assert line == {"text": line["text"], "who": "you", "note": "you wrote 0.5"}


def test_a_manifest_is_tried_on_a_fork(cluster: Cluster) -> None:
    before = cluster.revision
    lens(cluster, POD)
    assert cluster.revision == before


def test_an_applied_object_is_compared_with_its_manifest() -> None:
    cluster = Cluster(nodes=1)
    cluster.apply(DEPLOYMENT)
    tried, applied = defaulting(Cluster(nodes=1), DEPLOYMENT), defaulting(cluster, "deployment/web")
    assert [line["who"] for line in applied["lines"]] == [line["who"] for line in tried["lines"]]
    cluster.kubectl("create configmap c")
    with pytest.raises(ApiError, match="made without a manifest"):
        lens(cluster, "configmap/c")


def test_the_text_marks_what_was_added(cluster: Cluster) -> None:
    text = str(lens(cluster, POD))
    assert "+   dnsPolicy: ClusterFirst" in text
    assert "\n    name: p\n" in text
    assert "you wrote 8 of" in text.splitlines()[0] or "you wrote 11 of" in text.splitlines()[0]


@pytest.mark.parametrize("manifest", [POD, SERVICE, DEPLOYMENT])
def test_the_last_stage_is_what_the_api_server_keeps(manifest: str) -> None:
    """Apart from addresses, which storage hands out, and from what names are generated from."""
    cluster = Cluster(nodes=0)
    stored = cluster.get(*_reference(cluster.create(manifest)))
    stages = creation_stages(
        _written(manifest),
        cluster.registry.kind(stored["apiVersion"], stored["kind"]),
        "default",
        schemas=cluster.schemas,
        storage=Storage(cluster.store),
        names=Names(),
        now=cluster.now,
        user=UserInfo("kubernetes-admin"),
    )
    last, kept = stages[-1][1], cluster.at(stored_revision(cluster, stored)).get(*_reference(stored))
    assert kept is not None
    missing = {name for name in kept["spec"] if name not in last["spec"]}
    assert missing <= {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}
    assert {name for name in last["spec"] if name not in kept["spec"]} == set()


def stored_revision(cluster: Cluster, obj: dict[str, Any]) -> int:
    uid = obj["metadata"]["uid"]
    return next(
        change.revision
        for change in cluster.store.changes()
        if change.record is not None and change.record.value["metadata"].get("uid") == uid
    )


def _reference(obj: dict[str, Any]) -> tuple[str, str]:
    return obj["kind"], obj["metadata"]["name"]


def _written(manifest: str) -> dict[str, Any]:
    from k8scourse.machinery.yaml import read_documents

    return read_documents(manifest)[0].value
