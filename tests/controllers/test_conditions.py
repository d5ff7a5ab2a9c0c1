"""Lists of conditions (kubernetes: pkg/controller/deployment/util/deployment_util_test.go TestSetCondition)."""

from typing import Any

from k8scourse.controllers.conditions import find_condition, set_condition, without_condition

Object = dict[str, Any]


def condition(kind: str, status: str = "True", reason: str = "A", time: str = "1", message: str = "") -> Object:
    return {"type": kind, "status": status, "reason": reason, "lastTransitionTime": time, "message": message}


def test_a_condition_of_another_type_is_added_at_the_end():
    assert [item["type"] for item in set_condition([condition("X")], condition("Y"))] == ["X", "Y"]


def test_the_same_status_and_reason_change_nothing():
    before = [condition("X", message="old")]
    assert set_condition(before, condition("X", time="2", message="new")) == before


def test_another_reason_keeps_the_time_of_the_transition():
    (found,) = set_condition([condition("X")], condition("X", reason="B", time="2"))
    assert (found["reason"], found["lastTransitionTime"]) == ("B", "1")


def test_another_status_is_a_transition():
    (found,) = set_condition([condition("X")], condition("X", status="False", time="2"))
    assert (found["status"], found["lastTransitionTime"]) == ("False", "2")


def test_finding_and_removing():
    before = [condition("X"), condition("Y")]
    assert find_condition(before, "Y") is before[1]
    assert find_condition(None, "Y") is None
    assert without_condition(before, "X") == [before[1]]
