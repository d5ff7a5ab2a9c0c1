from __future__ import annotations

from typing import Any

import pytest

from k8scourse.etcd.store import Change, Record
from k8scourse.views.timeline import change_text


def pod(**spec: Any) -> dict[str, Any]:
    return {"kind": "Pod", "metadata": {"name": "p", "namespace": "default"}, "spec": spec, "status": {}}


def node(**spec: Any) -> dict[str, Any]:
    return {"kind": "Node", "metadata": {"name": "n1"}, "spec": spec}


def text(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    records = [None if obj is None else Record(obj, 2, 3, 1) for obj in (before, after)]
    return change_text(Change(3, "/registry/x", records[1], records[0]))


RUNNING = pod(nodeName="n1") | {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}
WAITING = pod() | {"status": {"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]}}
STOPPING = pod() | {"metadata": {"name": "p", "namespace": "default", "deletionTimestamp": "2026-01-01T00:00:00Z"}}
TAINT = {"key": "gpu", "value": "true", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, pod(), "pod p created"),
        (pod(), None, "pod p is gone"),
        (pod(), pod(nodeName="n1"), "pod p: bound to n1"),
        (pod(nodeName="n1"), RUNNING, "pod p: is Running, ready"),
        (pod(), WAITING, "pod p: fits no node"),
        (pod(), STOPPING, "pod p: asked to stop"),
        (node(), node(taints=[TAINT]), "node n1: tainted gpu=true:NoSchedule"),
        (node(taints=[TAINT]), node(), "node n1: untainted gpu=true:NoSchedule"),
        (node(), node(unschedulable=True), "node n1: cordoned"),
        (node(), node(podCIDR="10.0.0.0/24"), "node n1: changed spec.podCIDR"),
    ],
)
def test_a_change_is_told_by_what_it_did(before: Any, after: Any, expected: str) -> None:
    assert text(before, after) == expected


def test_reports_and_system_objects_are_left_out() -> None:
    event = {"kind": "Event", "metadata": {"name": "e", "namespace": "default"}}
    lease = {"kind": "Lease", "metadata": {"name": "n1", "namespace": "kube-node-lease"}}
    system = pod() | {"metadata": {"name": "dns", "namespace": "kube-system"}}
    assert text(None, event) == text(None, lease) == text(None, system) == ""


def test_counting_of_controllers_is_left_out() -> None:
    before = {"kind": "ReplicaSet", "metadata": {"name": "r"}, "spec": {"replicas": 1}, "status": {"replicas": 0}}
    counted = before | {"status": {"replicas": 1}}
    scaled = before | {"spec": {"replicas": 2}}
    assert text(before, counted) == ""
    assert text(before, scaled) == "replicaset r: changed spec.replicas"
