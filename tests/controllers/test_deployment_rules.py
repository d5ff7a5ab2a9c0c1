"""The arithmetic of Deployments (kubernetes: pkg/controller/deployment/util/deployment_util_test.go)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.controllers import deployment_rules as rules

Object = dict[str, Any]


def deployment(replicas: int = 10, surge: int | str = "25%", unavailable: int | str = "25%", **metadata: Any) -> Object:
    rolling = {"maxSurge": surge, "maxUnavailable": unavailable}
    spec = {"replicas": replicas, "strategy": {"type": "RollingUpdate", "rollingUpdate": rolling}, "template": {}}
    return {"metadata": {"name": "web", **metadata}, "spec": spec}


def replica_set(replicas: int, *, name: str = "rs", available: int = 0, **annotations: str) -> Object:
    metadata = {"name": name, "creationTimestamp": "2026-01-01T00:00:00Z", "annotations": annotations}
    return {"metadata": metadata, "spec": {"replicas": replicas}, "status": {"availableReplicas": available}}


@pytest.mark.parametrize(
    ("surge", "unavailable", "desired", "expected"),
    [
        ("0%", "0%", 0, (0, 1)),
        ("39%", "39%", 10, (4, 3)),
        (5, 1, 10, (5, 1)),
        ("25%", "25%", 10, (3, 2)),
        ("25%", "25%", 1, (1, 0)),
        (0, "25%", 1, (0, 1)),
    ],
)
def test_surge_is_rounded_up_and_unavailable_down(
    surge: int | str, unavailable: int | str, desired: int, expected: tuple[int, int]
):
    """TestResolveFenceposts."""
    assert rules.resolve_fenceposts(surge, unavailable, desired) == expected


@pytest.mark.parametrize(
    ("replicas", "unavailable", "expected"),
    [(10, 5, 5), (10, 15, 10), (0, 15, 0), (0, 0, 0), (10, "50%", 5), (10, "30%", 3), (10, "0%", 1)],
)
def test_no_more_pods_can_be_unavailable_than_there_are(replicas: int, unavailable: int | str, expected: int):
    """TestMaxUnavailable."""
    assert rules.max_unavailable(deployment(replicas, 0, unavailable)) == expected


def test_recreate_knows_no_limits():
    recreate = {"metadata": {}, "spec": {"replicas": 50, "strategy": {"type": "Recreate"}}}
    assert (rules.max_unavailable(recreate), rules.max_surge(recreate)) == (0, 0)


@pytest.mark.parametrize(("replicas", "surge", "present", "expected"), [(10, 1, 0, 10), (6, 5, 0, 6), (1, 3, 0, 1)])
def test_the_new_set_gets_what_fits_under_the_limit(replicas: int, surge: int, present: int, expected: int):
    """TestNewRSNewReplicas."""
    new = replica_set(present)
    assert rules.new_replicas(deployment(replicas, surge), [new], new) == expected


def test_old_pods_count_against_the_limit():
    new, old = replica_set(1), replica_set(9)
    assert rules.new_replicas(deployment(10, 3), [old, new], new) == 4
    assert rules.new_replicas(deployment(10, 0, 1), [old, new], new) == 1


def test_replicas_to_add_are_shared_by_size():
    """Sizes 8 + 5, maxSurge 25 %, at most 13 before and 19 after; what is rounded away is left over."""
    sets = [replica_set(8, **{rules.MAX_REPLICAS: "13"}), replica_set(5, **{rules.MAX_REPLICAS: "13"})]
    wanted = deployment(15)
    to_add, added, sizes = 19 - 13, 0, []
    for item in sets:
        share = rules.proportion(wanted, item, to_add, added)
        added += share
        sizes.append(item["spec"]["replicas"] + share)
    assert sizes == [12, 7] and added == 6


def test_a_revision_left_behind_goes_into_the_history():
    old = replica_set(0, **{rules.REVISION: "3", rules.REVISION_HISTORY: "1,2"})
    annotations = rules.new_annotations(deployment(), old, 5)
    assert (annotations[rules.REVISION], annotations[rules.REVISION_HISTORY]) == ("5", "1,2,3")


def test_a_revision_never_goes_back():
    assert rules.new_annotations(deployment(), replica_set(0, **{rules.REVISION: "7"}), 5)[rules.REVISION] == "7"


def test_a_history_too_long_loses_its_beginning():
    history = ",".join(str(number) for number in range(100_000, 100_000 + 285))
    assert len(history) == 1994
    old = replica_set(0, **{rules.REVISION: "999999", rules.REVISION_HISTORY: history})
    found = rules.new_annotations(deployment(), old, 1_000_000)[rules.REVISION_HISTORY]
    assert found.startswith("100001,") and found.endswith(",999999") and len(found) <= 2000


def test_annotations_of_the_deployment_are_copied_but_for_bookkeeping():
    annotations = {"kubernetes.io/change-cause": "edit", rules.LAST_APPLIED: "{}", rules.REVISION: "9"}
    found = rules.new_annotations(deployment(annotations=annotations), replica_set(0), 1)
    assert found == {"kubernetes.io/change-cause": "edit", rules.REVISION: "1"}


@pytest.mark.parametrize(
    ("status", "complete"),
    [
        ({"updatedReplicas": 10, "replicas": 10, "availableReplicas": 10}, True),
        ({"updatedReplicas": 10, "replicas": 10, "availableReplicas": 9}, False),
        ({"updatedReplicas": 10, "replicas": 11, "availableReplicas": 10}, False),
        ({"updatedReplicas": 9, "replicas": 10, "availableReplicas": 10}, False),
    ],
)
def test_a_rollout_is_complete_when_all_pods_are_updated_and_available(status: Object, complete: bool):
    """TestDeploymentComplete."""
    assert rules.is_complete(deployment(10), status) is complete


@pytest.mark.parametrize(
    ("status", "progressing"),
    [
        ({"replicas": 10, "updatedReplicas": 4, "readyReplicas": 8, "availableReplicas": 8}, False),
        ({"replicas": 10, "updatedReplicas": 6, "readyReplicas": 8, "availableReplicas": 8}, True),
        ({"replicas": 8, "updatedReplicas": 4, "readyReplicas": 8, "availableReplicas": 8}, True),
        ({"replicas": 10, "updatedReplicas": 4, "readyReplicas": 9, "availableReplicas": 8}, True),
        ({"replicas": 10, "updatedReplicas": 4, "readyReplicas": 7, "availableReplicas": 7}, False),
    ],
)
def test_more_new_fewer_old_or_more_ready_pods_are_progress(status: Object, progressing: bool):
    """TestDeploymentProgressing."""
    before = {"replicas": 10, "updatedReplicas": 4, "readyReplicas": 8, "availableReplicas": 8}
    assert rules.is_progressing(before, status) is progressing


def test_of_two_sets_with_the_template_the_older_is_the_new_one():
    """TestFindNewReplicaSet."""
    late, early = replica_set(1, name="late"), replica_set(1, name="early")
    late["metadata"]["creationTimestamp"] = "2026-01-01T00:00:01Z"
    for item in (late, early):
        item["spec"]["template"] = {}
    assert rules.find_new(deployment(), [late, early]) is early
