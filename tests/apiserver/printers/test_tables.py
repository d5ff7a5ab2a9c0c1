"""kubernetes: pkg/printers/internalversion/printers_test.go and apiserver's response_test.go (asTable)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from k8scourse.apiserver.printers import printer_for, table
from k8scourse.machinery.status import ApiError

NOW = 1_767_225_600_000_000_000
CREATED = "2025-12-31T23:58:00Z"


@dataclass(frozen=True)
class Kind:
    group: str
    kind: str


def cells(group: str, kind: str, obj: dict[str, Any]) -> list[Any]:
    obj = {"metadata": {"name": "x", "creationTimestamp": CREATED, **obj.pop("metadata", {})}, **obj}
    return table(Kind(group, kind), [obj], NOW)["rows"][0]["cells"]


TEMPLATE = {
    "spec": {
        "containers": [{"name": "a", "image": "i:1"}, {"name": "b", "image": "j:2"}],
        "nodeSelector": {"z": "1", "a": "2"},
    }
}
SELECTOR = {"matchLabels": {"app": "x"}}


@pytest.mark.parametrize(
    ("group", "kind", "obj", "expected"),
    [
        (
            "apps",
            "Deployment",
            {
                "spec": {"replicas": 3, "template": TEMPLATE, "selector": SELECTOR},
                "status": {"readyReplicas": 1, "updatedReplicas": 2, "availableReplicas": 1},
            },
            ["x", "1/3", 2, 1, "2m", "a,b", "i:1,j:2", "app=x"],
        ),
        (
            "apps",
            "ReplicaSet",
            {"spec": {"replicas": 3, "template": TEMPLATE, "selector": SELECTOR}, "status": {"replicas": 2}},
            ["x", 3, 2, 0, "2m", "a,b", "i:1,j:2", "app=x"],
        ),
        (
            "apps",
            "DaemonSet",
            {"spec": {"template": TEMPLATE, "selector": SELECTOR}, "status": {"desiredNumberScheduled": 2}},
            ["x", 2, 0, 0, 0, 0, "a=2,z=1", "2m", "a,b", "i:1,j:2", "app=x"],
        ),
        ("", "Namespace", {"status": {"phase": "Active"}}, ["x", "Active", "2m"]),
        ("", "ConfigMap", {"data": {"a": "", "b": ""}, "binaryData": {"c": ""}}, ["x", 3, "2m"]),
        ("", "ServiceAccount", {}, ["x", "2m"]),
        (
            "policy",
            "PodDisruptionBudget",
            {"spec": {"minAvailable": "50%"}, "status": {"disruptionsAllowed": 2}},
            ["x", "50%", "N/A", 2, "2m"],
        ),
        (
            "scheduling.k8s.io",
            "PriorityClass",
            {"value": 7, "preemptionPolicy": "Never"},
            ["x", 7, False, "2m", "Never"],
        ),
        ("coordination.k8s.io", "Lease", {"spec": {"holderIdentity": "n1"}}, ["x", "n1", "2m"]),
        ("rbac.authorization.k8s.io", "Role", {}, ["x", CREATED]),
        ("example.com", "Widget", {}, ["x", "2m"]),
        ("batch", "Job", {"spec": {"parallelism": 3, "template": TEMPLATE}, "status": {"succeeded": 1}}, None),
    ],
)
def test_each_kind_has_its_columns(group: str, kind: str, obj: dict[str, Any], expected: list[Any] | None) -> None:
    found = cells(group, kind, obj)
    assert len(found) == len(printer_for(Kind(group, kind)).columns)
    if expected is not None:
        assert found == expected


def node(**more: Any) -> dict[str, Any]:
    return {"status": {"conditions": [{"type": "Ready", "status": more.pop("ready", "True")}]}, "spec": {}, **more}


@pytest.mark.parametrize(
    ("obj", "status", "roles"),
    [
        (node(), "Ready", "<none>"),
        (node(ready="False"), "NotReady", "<none>"),
        (node(ready="Unknown"), "NotReady", "<none>"),
        (node(spec={"unschedulable": True}), "Ready,SchedulingDisabled", "<none>"),
        ({"status": {}, "spec": {}}, "Unknown", "<none>"),
        (node(metadata={"labels": {"node-role.kubernetes.io/b": "", "kubernetes.io/role": "a"}}), "Ready", "a,b"),
        (node(metadata={"labels": {"node-role.kubernetes.io/": ""}}), "Ready", "<none>"),
    ],
)
def test_a_node_shows_its_state_and_roles(obj: dict[str, Any], status: str, roles: str) -> None:
    assert cells("", "Node", obj)[1:3] == [status, roles]


def test_the_architecture_follows_the_kernel() -> None:
    info = {"kernelVersion": "6.6", "architecture": "arm64"}
    assert cells("", "Node", {"spec": {}, "status": {"nodeInfo": info}})[8] == "6.6 (arm64)"


def event(**more: Any) -> dict[str, Any]:
    return {"type": "Normal", "reason": "R", "message": " m \n", "involvedObject": {"kind": "Pod", "name": "p"}, **more}


@pytest.mark.parametrize(
    ("obj", "last", "first", "count"),
    [
        (event(firstTimestamp="2025-12-31T23:50:00Z", lastTimestamp=CREATED, count=3), "2m", "10m", 3),
        (event(eventTime="2025-12-31T23:59:00.000000Z"), "60s", "60s", 1),
        (
            event(eventTime=CREATED, series={"count": 9, "lastObservedTime": "2025-12-31T23:59:59.000000Z"}),
            "1s",
            "2m",
            9,
        ),
        (event(), "<unknown>", "<unknown>", 1),
    ],
)
def test_events_show_when_they_were_last_seen(obj: dict[str, Any], last: str, first: str, count: int) -> None:
    found = cells("", "Event", obj)
    assert (found[0], found[3], found[6], found[7], found[8]) == (last, "pod/p", "m", first, count)


def test_the_source_of_an_event_falls_back_to_the_reporter() -> None:
    reported = event(reportingComponent="kubelet", reportingInstance="n1")
    assert cells("", "Event", reported)[5] == "kubelet, n1"
    assert cells("", "Event", event(source={"component": "scheduler"}))[5] == "scheduler"


def test_rows_carry_metadata_objects_or_nothing() -> None:
    obj = {"metadata": {"name": "x", "creationTimestamp": CREATED}, "data": {"a": "b"}}
    kind = Kind("", "ConfigMap")
    assert table(kind, [obj], NOW)["rows"][0]["object"]["kind"] == "PartialObjectMetadata"
    assert table(kind, [obj], NOW, include_object="Object")["rows"][0]["object"] == obj
    assert table(kind, [obj], NOW, include_object="None")["rows"][0]["object"] is None
    with pytest.raises(ApiError, match='unrecognized includeObject value: "All"'):
        table(kind, [obj], NOW, include_object="All")


def test_a_table_keeps_the_metadata_of_its_list() -> None:
    found = table(Kind("", "Pod"), [], NOW, list_metadata={"resourceVersion": "7", "continue": "", "selfLink": "x"})
    assert found["metadata"] == {"resourceVersion": "7"}
    assert [column["name"] for column in found["columnDefinitions"] if not column["priority"]] == [
        "Name",
        "Ready",
        "Status",
        "Restarts",
        "Age",
    ]
    assert table(Kind("", "Pod"), [], NOW, headers=False)["columnDefinitions"] == []
