"""Policies of Jobs (kubernetes: pkg/controller/job/{pod_failure_policy,success_policy}_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.controllers.job_indexes import Indexes
from k8scourse.controllers.job_policies import Failure, judge_failure, judge_success

Object = dict[str, Any]


def pod(*codes: int, init: tuple[int, ...] = (), **conditions: str) -> Object:
    def statuses(prefix: str, found: tuple[int, ...]) -> list[Object]:
        return [{"name": f"{prefix}{i}", "state": {"terminated": {"exitCode": code}}} for i, code in enumerate(found)]

    status = {
        "containerStatuses": statuses("c", codes),
        "initContainerStatuses": statuses("i", init),
        "conditions": [{"type": kind, "status": value} for kind, value in conditions.items()],
    }
    return {"metadata": {"name": "p", "namespace": "default"}, "status": status}


def codes(action: str, operator: str, *values: int, container: str | None = None) -> Object:
    requirement: Object = {"operator": operator, "values": list(values)}
    if container is not None:
        requirement["containerName"] = container
    return {"action": action, "onExitCodes": requirement}


def condition(action: str, kind: str, status: str = "True") -> Object:
    return {"action": action, "onPodConditions": [{"type": kind, "status": status}]}


@pytest.mark.parametrize(
    ("rules", "failed", "expected"),
    [
        ([], pod(1), Failure(None, True, None)),
        ([codes("Ignore", "In", 1, 2)], pod(2), Failure(None, False, "Ignore")),
        ([codes("Ignore", "In", 1)], pod(3), Failure(None, True, None)),
        ([codes("Count", "NotIn", 1)], pod(3), Failure(None, True, "Count")),
        ([codes("Count", "NotIn", 1)], pod(0), Failure(None, True, None)),
        ([codes("FailIndex", "In", 1)], pod(1), Failure(None, True, "FailIndex")),
        ([codes("Ignore", "In", 1, container="c1")], pod(1, 0), Failure(None, True, None)),
        ([codes("Ignore", "In", 1, container="c1")], pod(0, 1), Failure(None, False, "Ignore")),
        ([codes("Ignore", "In", 7)], pod(0, init=(7,)), Failure(None, False, "Ignore")),
        ([condition("Ignore", "DisruptionTarget")], pod(1, DisruptionTarget="True"), Failure(None, False, "Ignore")),
        ([condition("Ignore", "DisruptionTarget")], pod(1, DisruptionTarget="False"), Failure(None, True, None)),
        ([codes("Count", "In", 1), codes("Ignore", "In", 1)], pod(1), Failure(None, True, "Count")),
    ],
)
def test_the_first_rule_that_matches_decides(rules: list[Object], failed: Object, expected: Failure):
    """TestMatchPodFailurePolicy."""
    assert judge_failure({"rules": rules}, failed) == expected


def test_the_message_names_what_failed_the_job():
    rules = [codes("Ignore", "In", 9), codes("FailJob", "In", 42)]
    assert judge_failure({"rules": rules}, pod(0, 42)).message == (
        "Container c1 for pod default/p failed with exit code 42 matching FailJob rule at index 1"
    )
    rules = [condition("FailJob", "ConfigIssue")]
    assert judge_failure({"rules": rules}, pod(1, ConfigIssue="True")).message == (
        "Pod default/p has condition ConfigIssue matching FailJob rule at index 0"
    )


@pytest.mark.parametrize(
    ("rules", "succeeded", "expected"),
    [
        ([{"succeededIndexes": "0-2"}], "0-2,5", 0),
        ([{"succeededIndexes": "0-2"}], "0,1", None),
        ([{"succeededIndexes": "0-2", "succeededCount": 2}], "0,2", 0),
        ([{"succeededIndexes": "0-2", "succeededCount": 2}], "0,5", None),
        ([{"succeededCount": 3}], "1,4,7", 0),
        ([{"succeededIndexes": "9"}, {"succeededCount": 1}], "3", 1),
        ([{"succeededCount": 1}], "", None),
    ],
)
def test_enough_indexes_are_enough(rules: list[Object], succeeded: str, expected: int | None):
    """TestMatchSuccessPolicy."""
    found = judge_success({"rules": rules}, 10, Indexes.parse(succeeded, 10))
    assert found == (None if expected is None else f"Matched rules at index {expected}")
