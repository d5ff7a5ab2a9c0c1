"""Rules behind kubectl's commands that have many cases."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.kubectl.describe.endpoints import endpoints_text
from k8scourse.kubectl.environment import updated
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.generators.name_hash import hashed
from k8scourse.kubectl.history import equal_ignoring_hash
from k8scourse.kubectl.label_selectors import parse_label_selector
from k8scourse.kubectl.last_applied import ANNOTATION
from k8scourse.kubectl.pod_templates import matches_wildcard, with_containers, with_pod_spec
from k8scourse.kubectl.rollout_progress import progress
from k8scourse.kubectl.server_side_apply import handed_over


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("abc", "*", True),
        ("abc", "abc", True),
        ("abc", "ab", False),
        ("abc", "*c", True),
        ("abc", "a*", True),
        ("abc", "b*", True),
        ("abc", "*b", False),
        ("abc", "a*c", True),
        ("abc", "*d*", False),
    ],
)
def test_wildcards_match_as_upstream_does(name: str, pattern: str, fits: bool) -> None:
    """kubernetes: kubectl/pkg/cmd/set/helper.go selectString; a pattern may start inside the name."""
    assert matches_wildcard(name, pattern) is fits


def test_containers_of_both_sorts_change_and_the_pod_spec_stays_whole() -> None:
    spec = {"containers": [{"name": "a"}, {"name": "b"}], "initContainers": [{"name": "a"}], "x": 1}
    changed, count = with_containers(spec, lambda name: name == "a", lambda each: {**each, "image": "i"})
    assert count == 2
    assert changed["containers"] == [{"name": "a", "image": "i"}, {"name": "b"}]
    assert changed["initContainers"] == [{"name": "a", "image": "i"}]
    assert spec["containers"] == [{"name": "a"}, {"name": "b"}]


def test_the_pod_spec_of_a_cron_job_is_deep_inside() -> None:
    changed = with_pod_spec({"apiVersion": "batch/v1", "kind": "CronJob"}, lambda spec: {**spec, "x": 1})
    assert changed["spec"]["jobTemplate"]["spec"]["template"]["spec"] == {"x": 1}
    with pytest.raises(KubectlError, match=r"the object is not a pod .*: \*v1\.Node"):
        with_pod_spec({"apiVersion": "v1", "kind": "Node"}, lambda spec: spec)


def test_variables_keep_their_places_and_removal_wins() -> None:
    """kubernetes: kubectl/pkg/cmd/set/helper.go updateEnv."""
    present = [{"name": "a", "value": "1"}, {"name": "b"}, {"name": "a", "value": "2"}, {"name": "c"}]
    variables = [{"name": "d"}, {"name": "a", "value": "3"}, {"name": "c", "value": "4"}]
    assert updated(present, variables, ["c"]) == [{"name": "a", "value": "3"}, {"name": "b"}, {"name": "d"}]


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [
        ("ConfigMap", {}, "x-42745tchd9"),
        ("ConfigMap", {"one": ""}, "x-9g67k2htb6"),
        ("ConfigMap", {"two": "2", "one": "", "three": "3"}, "x-f5h7t85m9b"),
    ],
)
def test_name_hashes_are_upstreams(kind: str, data: dict[str, str], name: str) -> None:
    """kubernetes: kubectl/pkg/util/hash/hash_test.go TestConfigMapHash (names are empty there)."""
    obj = {"kind": kind, "metadata": {"name": ""}, "data": data}
    assert hashed(obj)["metadata"]["name"] == name.removeprefix("x")


def test_label_selectors_turn_equalities_into_labels() -> None:
    assert parse_label_selector("a=b,c==d,e in (g,f),!h,i") == {
        "matchLabels": {"a": "b", "c": "d"},
        "matchExpressions": [
            {"key": "e", "operator": "In", "values": ["f", "g"]},
            {"key": "h", "operator": "DoesNotExist"},
            {"key": "i", "operator": "Exists"},
        ],
    }
    with pytest.raises(KubectlError, match="isn't supported in label selectors"):
        parse_label_selector("a>1")


def test_templates_are_equal_whatever_their_hash_and_empty_fields() -> None:
    left = {"metadata": {"labels": {"a": "b", "pod-template-hash": "x"}}, "spec": {"containers": []}}
    assert equal_ignoring_hash(left, {"metadata": {"labels": {"a": "b"}, "annotations": {}}, "spec": {}})
    assert not equal_ignoring_hash(left, {"metadata": {"labels": {"a": "c"}}})


def _slice(count: int, *, ready: bool | None = None) -> dict[str, Any]:
    conditions = {} if ready is None else {"ready": ready}
    endpoints = [{"addresses": [f"10.0.0.{i}"], "conditions": conditions} for i in range(count)]
    return {"ports": [{"name": "", "port": 80}], "endpoints": endpoints}


@pytest.mark.parametrize(
    ("slices", "text"),
    [
        ([], "<none>"),
        ([_slice(2)], "10.0.0.0:80,10.0.0.1:80"),
        ([_slice(2, ready=False)], ""),
        ([_slice(5)], "10.0.0.0:80,10.0.0.1:80,10.0.0.2:80 + 2 more..."),
        ([{**_slice(1), "ports": []}], "10.0.0.0"),
        ([{**_slice(1), "ports": [{"name": "other", "port": 1}]}], ""),
    ],
)
def test_ready_endpoints_stand_in_one_line(slices: list[Any], text: str) -> None:
    """kubernetes: kubectl/pkg/describe/describe.go formatEndpointSlices."""
    assert endpoints_text(slices, "") == text


def _workload(kind: str, spec: dict[str, Any], status: dict[str, Any], generation: int = 1) -> dict[str, Any]:
    metadata = {"name": "foo", "generation": generation}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": spec, "status": status}


_ROLLING = {"updateStrategy": {"type": "RollingUpdate"}}


@pytest.mark.parametrize(
    ("obj", "line", "complete"),
    [
        (
            _workload("Deployment", {"replicas": 1}, {"observedGeneration": 1, "replicas": 1}),
            'Waiting for deployment "foo" rollout to finish: 0 out of 1 new replicas have been updated...',
            False,
        ),
        (
            _workload("Deployment", {"replicas": 1}, {"observedGeneration": 1, "replicas": 2, "updatedReplicas": 1}),
            'Waiting for deployment "foo" rollout to finish: 1 old replicas are pending termination...',
            False,
        ),
        (
            _workload("Deployment", {"replicas": 2}, {"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2}),
            'Waiting for deployment "foo" rollout to finish: 0 of 2 updated replicas are available...',
            False,
        ),
        (
            _workload("Deployment", {"replicas": 1}, {"observedGeneration": 1}, generation=2),
            "Waiting for deployment spec update to be observed...",
            False,
        ),
        (
            _workload("StatefulSet", {**_ROLLING, "replicas": 3}, {"observedGeneration": 1, "readyReplicas": 1}),
            "Waiting for 2 pods to be ready...",
            False,
        ),
        (
            _workload(
                "StatefulSet",
                {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}, "replicas": 10},
                {"observedGeneration": 1, "readyReplicas": 10, "updatedReplicas": 2},
            ),
            "Waiting for partitioned roll out to finish: 2 out of 8 new pods have been updated...",
            False,
        ),
        (
            _workload(
                "StatefulSet",
                {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}, "replicas": 10},
                {"observedGeneration": 1, "readyReplicas": 10, "updatedReplicas": 8},
            ),
            "partitioned roll out complete: 8 new pods have been updated...",
            True,
        ),
        (
            _workload("DaemonSet", _ROLLING, {"observedGeneration": 1, "desiredNumberScheduled": 1}),
            'Waiting for daemon set "foo" rollout to finish: 0 out of 1 new pods have been updated...',
            False,
        ),
    ],
)
def test_progress_has_upstreams_words(obj: dict[str, Any], line: str, complete: bool) -> None:
    """kubernetes: kubectl/pkg/polymorphichelpers/rollout_status_test.go."""
    assert progress(obj, 0) == (line, complete)


def test_progress_needs_rolling_updates() -> None:
    with pytest.raises(KubectlError, match="only available for RollingUpdate strategy type"):
        progress(_workload("StatefulSet", {"updateStrategy": {"type": "OnDelete"}}, {}), 0)


def test_client_side_apply_hands_its_fields_over() -> None:
    """kubernetes: client-go/util/csaupgrade/upgrade_test.go."""
    annotation = {"f:metadata": {"f:annotations": {f"f:{ANNOTATION}": {}}}}
    old = {"manager": "csa", "operation": "Update", "fieldsV1": {**annotation, "f:data": {"f:a": {}}}}
    applied = {"manager": "kubectl", "operation": "Apply", "fieldsV1": {"f:data": {"f:b": {}}}}
    other = {"manager": "c", "operation": "Update", "fieldsV1": {"f:data": {"f:c": {}}}}
    assert handed_over([old, other, applied], "kubectl") == [
        {**applied, "fieldsV1": {**annotation, "f:data": {"f:a": {}, "f:b": {}}}},
        other,
    ]
    assert handed_over([other, applied], "kubectl") is None
