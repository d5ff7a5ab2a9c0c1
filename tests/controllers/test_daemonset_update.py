"""Steps of a DaemonSet's rolling update (kubernetes: pkg/controller/daemon/update_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.controllers.daemonset_nodes import surplus_pods
from k8scourse.controllers.daemonset_update import Changes, Update

Object = dict[str, Any]
READY_SINCE = "2026-01-01T00:00:00Z"


def daemon_set(surge: int | str = 0, unavailable: int | str = 1) -> Object:
    rolling = {"maxSurge": surge, "maxUnavailable": unavailable}
    return {"metadata": {"name": "d"}, "spec": {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": rolling}}}


def pod(name: str, digest: str, *, ready: bool = True, going: bool = False, created: int = 0) -> Object:
    conditions = [{"type": "Ready", "status": "True", "lastTransitionTime": READY_SINCE}] if ready else []
    metadata: Object = {
        "name": name,
        "labels": {"controller-revision-hash": digest},
        "creationTimestamp": f"2026-01-01T00:00:0{created}Z",
    }
    if going:
        metadata["deletionTimestamp"] = READY_SINCE
    return {"metadata": metadata, "spec": {"nodeName": "n"}, "status": {"conditions": conditions}}


def changes(owner: Object, pods: dict[str, list[Object]], *, leaving: tuple[str, ...] = ()) -> Changes:
    desired = len(pods) - len(leaving)
    return Update(owner, pods, "new", desired, 10**19).changes(lambda node: node not in leaving)


@pytest.mark.parametrize(
    ("unavailable", "delete"), [(1, ["p1"]), (2, ["p1", "p2"]), ("50%", ["p1", "p2"]), (9, ["p1", "p2", "p3"])]
)
def test_as_many_old_pods_go_as_may_be_unavailable(unavailable: int | str, delete: list[str]):
    pods = {f"n{i}": [pod(f"p{i}", "old")] for i in (1, 2, 3)}
    assert changes(daemon_set(0, unavailable), pods) == Changes([], delete)


def test_nodes_without_an_available_pod_use_the_limit_up():
    pods = {"n1": [pod("p1", "old")], "n2": [pod("p2", "new", ready=False)], "n3": []}
    assert changes(daemon_set(0, 2), pods) == Changes([], [])
    assert changes(daemon_set(0, 3), pods) == Changes([], ["p1"])


def test_old_pods_that_are_not_available_go_beyond_the_limit():
    pods = {"n1": [pod("p1", "old", ready=False)], "n2": [pod("p2", "old", ready=False)], "n3": [pod("p3", "old")]}
    assert changes(daemon_set(0, 1), pods) == Changes([], ["p1", "p2"])


def test_a_pod_that_is_going_leaves_its_node_unavailable():
    pods = {"n1": [pod("p1", "old", going=True)], "n2": [pod("p2", "old")]}
    assert changes(daemon_set(0, 1), pods) == Changes([], [])


def test_with_surge_nodes_get_a_second_pod_first():
    pods = {f"n{i}": [pod(f"p{i}", "old")] for i in (1, 2, 3)}
    assert changes(daemon_set(1, 0), pods) == Changes(["n1"], [])
    assert changes(daemon_set("50%", 0), pods) == Changes(["n1", "n2"], [])


def test_with_surge_an_old_pod_goes_once_the_new_one_is_available():
    waiting = {"n1": [pod("p1", "old"), pod("q1", "new", ready=False)], "n2": [pod("p2", "old")]}
    assert changes(daemon_set(1, 0), waiting) == Changes([], [])
    done = {"n1": [pod("p1", "old"), pod("q1", "new")], "n2": [pod("p2", "old")]}
    assert changes(daemon_set(1, 0), done) == Changes(["n2"], ["p1"])


def test_with_surge_old_pods_on_nodes_that_do_not_fit_any_more_go_while_enough_are_available():
    pods = {"n1": [pod("p1", "old")], "n2": [pod("p2", "old", ready=False)]}
    assert changes(daemon_set(1, 0), pods, leaving=("n2",)) == Changes(["n1"], ["p2"])
    pods = {"n1": [pod("p1", "old")], "n2": [pod("p2", "old")]}
    assert changes(daemon_set(1, 0), pods, leaving=("n2",)) == Changes(["n1"], ["p2"])
    pods = {"n1": [pod("p1", "old", ready=False)], "n2": [pod("p2", "old")]}
    assert changes(daemon_set(1, 0), pods, leaving=("n2",)) == Changes(["n1"], [])


def test_limits_of_zero_and_zero_percent_let_one_pod_go():
    pods = {"n1": [pod("p1", "old")], "n2": [pod("p2", "old")]}
    assert changes(daemon_set(0, "0%"), pods) == Changes([], ["p1"])


def test_without_surge_the_oldest_pod_of_a_node_stays():
    pods = [pod("late", "new", created=5), pod("early", "old", created=1)]
    assert surplus_pods(daemon_set(), pods, "new", 10**19) == ["late"]


@pytest.mark.parametrize(
    ("old_ready", "new_ready", "surplus"),
    [(True, False, []), (True, True, ["old"]), (False, False, ["old"]), (False, True, ["old"])],
)
def test_with_surge_two_pods_stay_until_the_new_one_can_take_over(old_ready: bool, new_ready: bool, surplus: list[str]):
    """TestSurgeDealsWithExistingPods and others: the table of podsShouldBeOnNode."""
    pods = [pod("old", "old", ready=old_ready), pod("new", "new", ready=new_ready, created=3)]
    assert surplus_pods(daemon_set(1, 0), pods, "new", 10**19) == surplus


def test_with_surge_a_third_pod_is_too_many():
    pods = [pod("old", "old"), pod("new", "new", ready=False, created=3), pod("newer", "new", ready=False, created=4)]
    assert surplus_pods(daemon_set(1, 0), pods, "new", 10**19) == ["newer"]
