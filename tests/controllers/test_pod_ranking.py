"""Which pods go first (kubernetes: pkg/controller/controller_utils_test.go TestSortingActivePodsWithRanks)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from k8scourse.controllers.pod_ranking import DELETION_COST, deletion_cost, pods_to_delete
from k8scourse.machinery.timestamps import parse_time

Object = dict[str, Any]
NOW = parse_time("2026-01-01T12:00:00Z")


def pod(
    name: str,
    *,
    node: str = "n1",
    phase: str = "Running",
    ready: str | None = "2026-01-01T00:00:00Z",
    created: str = "2026-01-01T00:00:00Z",
    restarts: int = 0,
    cost: str | None = None,
) -> Object:
    conditions = [{"type": "Ready", "status": "True", "lastTransitionTime": ready}] if ready else []
    containers = [{"name": "c", "restartCount": restarts}]
    metadata: Object = {"name": name, "uid": name, "creationTimestamp": created}
    if cost is not None:
        metadata["annotations"] = {DELETION_COST: cost}
    status = {"phase": phase, "conditions": conditions, "containerStatuses": containers}
    return {"metadata": metadata, "spec": {"nodeName": node} if node else {}, "status": status}


IN_ORDER = [
    pod("unassigned", node="", phase="Pending", ready=None),
    pod("pending", phase="Pending", ready=None),
    pod("unknown", phase="Unknown", ready=None),
    pod("not-ready", ready=None),
    pod("cheap", cost="-5"),
    pod("crowded", node="n2"),
    pod("ready-lately", ready="2026-01-01T11:59:00Z"),
    pod("restarted", restarts=3),
    pod("young", created="2026-01-01T11:00:00Z"),
    pod("plain"),
    pod("dear", cost="7"),
]
RELATED = [pod(f"other-{i}", node="n2") for i in range(20)]


def names(pods: list[Object]) -> list[str]:
    return [item["metadata"]["name"] for item in pods]


def test_the_most_dispensable_pods_go_first():
    """Adjacent pods differ in one property each; the order they come in does not matter."""
    for first in range(len(IN_ORDER) - 1):
        for pair in permutations(IN_ORDER[first : first + 2]):
            doomed = pods_to_delete(list(pair), [*pair, *RELATED], 1, NOW)
            assert names(doomed) == [IN_ORDER[first]["metadata"]["name"]]


def test_many_pods_are_ranked_whatever_their_order():
    assert names(pods_to_delete(IN_ORDER[::-1], RELATED, 10, NOW)) == names(IN_ORDER[:10])


def test_ages_are_compared_in_powers_of_two():
    """LogarithmicScaleDown: ages of the same magnitude are alike, then the uid decides."""
    a = pod("a", ready="2026-01-01T11:00:00Z")
    b = pod("b", ready="2026-01-01T11:10:00Z")
    assert names(pods_to_delete([b, a], [], 1, NOW)) == ["a"]
    c = pod("c", ready="2026-01-01T11:58:00Z")
    assert names(pods_to_delete([a, c], [], 1, NOW)) == ["c"]


def test_pods_that_are_going_do_not_crowd_a_node():
    going = [{**item, "status": {"phase": "Succeeded"}} for item in RELATED]
    young, crowded = pod("a", created="2026-01-01T11:00:00Z"), pod("b", node="n2")
    assert names(pods_to_delete([crowded, young], going, 1, NOW)) == ["a"]
    assert names(pods_to_delete([young, crowded], RELATED, 1, NOW)) == ["b"]


def test_all_pods_go_without_ranking_when_all_must():
    assert names(pods_to_delete(IN_ORDER[::-1], [], 11, NOW)) == names(IN_ORDER[::-1])


def test_a_cost_that_is_no_integer_counts_as_none():
    assert [deletion_cost(pod("p", cost=text)) for text in ("12", "-3", "+5", "007", "x", "2147483648")] == [
        12,
        -3,
        0,
        0,
        0,
        0,
    ]
