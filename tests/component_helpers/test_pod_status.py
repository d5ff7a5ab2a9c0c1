"""Claims about conditions and phases of pods (kubernetes: pkg/api/v1/pod/util.go)."""

import pytest

from k8scourse.component_helpers.pod_status import (
    is_pod_available,
    is_pod_ready,
    is_terminal,
    is_terminating,
    pod_priority,
    updated_condition,
    with_condition,
)

START = "2026-01-01T00:00:00Z"
LATER = "2026-01-01T00:01:00Z"
START_NS = 1_767_225_600 * 1_000_000_000


def pod(**status):
    return {"metadata": {}, "spec": {}, "status": status}


def ready(status="True"):
    return pod(conditions=[{"type": "Ready", "status": status, "lastTransitionTime": START}])


def test_ready_is_the_condition_ready():
    assert is_pod_ready(ready())
    assert not is_pod_ready(ready("Unknown"))
    assert not is_pod_ready(pod(phase="Running"))


def test_available_means_ready_for_long_enough():
    assert is_pod_available(ready(), 0, START_NS)
    assert not is_pod_available(ready(), 10, START_NS + 9_999_999_999)
    assert is_pod_available(ready(), 10, START_NS + 10_000_000_000)
    assert not is_pod_available(ready("False"), 0, START_NS)


@pytest.mark.parametrize(("phase", "ended"), [("Succeeded", True), ("Failed", True), ("Running", False), (None, False)])
def test_succeeded_and_failed_are_final(phase, ended):
    assert is_terminal(pod(phase=phase)) is ended


def test_a_deletion_timestamp_means_terminating():
    assert is_terminating({"metadata": {"deletionTimestamp": START}})
    assert not is_terminating(pod())


def test_a_pod_without_priority_has_priority_zero():
    assert pod_priority({"spec": {}}) == 0
    assert pod_priority({"spec": {"priority": -5}}) == -5


def test_the_transition_time_moves_only_with_the_status():
    waiting = pod(conditions=[{"type": "T", "status": "False", "reason": "A", "lastTransitionTime": START}])
    same = updated_condition(waiting, {"type": "T", "status": "False", "reason": "B"}, LATER)
    other = updated_condition(waiting, {"type": "T", "status": "True", "reason": "B"}, LATER)
    assert same is not None and same["lastTransitionTime"] == START
    assert other is not None and other["lastTransitionTime"] == LATER
    assert (
        updated_condition(waiting, {"type": "T", "status": "False", "reason": "A", "observedGeneration": 9}, LATER)
        is None
    )


def test_a_condition_takes_the_place_of_its_type():
    two = pod(conditions=[{"type": "A"}, {"type": "B"}])
    assert with_condition(two, {"type": "A", "status": "True"}) == [{"type": "A", "status": "True"}, {"type": "B"}]
    assert with_condition(pod(), {"type": "C"}) == [{"type": "C"}]
