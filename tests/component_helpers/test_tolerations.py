"""Claims about tolerations (kubernetes: staging/src/k8s.io/api/core/v1/toleration.go and its test)."""

import pytest

from k8scourse.component_helpers.tolerations import (
    compare,
    find_untolerated_taint,
    matching_tolerations,
    min_toleration_seconds,
    tolerates,
    untolerated_taints,
)

GPU_TRUE = {"key": "gpu", "value": "true", "effect": "NoSchedule"}
GPU = {"key": "gpu", "effect": "NoSchedule"}
GPU_NO_EXECUTE = {"key": "gpu", "value": "true", "effect": "NoExecute"}

TABLE = [
    ({"key": "gpu", "operator": "Equal", "value": "true", "effect": "NoSchedule"}, True, False, False),
    ({"key": "gpu"}, False, True, False),
    ({"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}, True, True, False),
    ({"key": "gpu", "operator": "Equal", "value": "true"}, True, False, True),
    ({"operator": "Exists"}, True, True, True),
    ({"operator": "Exists", "effect": "NoSchedule"}, True, True, False),
]


@pytest.mark.parametrize(("toleration", "with_value", "without_value", "no_execute"), TABLE)
def test_effect_key_and_value_decide_in_turn(toleration, with_value, without_value, no_execute):
    found = [tolerates(toleration, taint) for taint in (GPU_TRUE, GPU, GPU_NO_EXECUTE)]
    assert found == [with_value, without_value, no_execute]


@pytest.mark.parametrize(
    "toleration",
    [
        {"key": "GPU", "operator": "Exists"},
        {"key": "gp", "operator": "Exists"},
        {"key": "gpu", "value": "True"},
        {"key": "gpu", "operator": "Exists", "effect": "noschedule"},
        {"key": "gpu", "operator": "exists"},
    ],
)
def test_comparisons_are_exact_and_case_sensitive(toleration):
    assert not tolerates(toleration, GPU_TRUE)


@pytest.mark.parametrize(
    ("operator", "limit", "found", "holds"),
    [
        ("Lt", "10", "9", True),
        ("Lt", "10", "10", False),
        ("Gt", "10", "11", True),
        ("Gt", "10", "10", False),
        ("Gt", "10", "011", False),
        ("Gt", "x", "11", False),
        ("Gt", "-5", "-4", True),
        ("Lt", "9223372036854775808", "1", False),
    ],
)
def test_lt_and_gt_compare_canonical_integers_behind_their_gate(operator, limit, found, holds):
    toleration, taint = {"key": "k", "operator": operator, "value": limit}, {"key": "k", "value": found}
    assert tolerates(toleration, taint, comparison_operators=True) is holds
    assert not tolerates(toleration, taint)


def test_a_comparison_tells_each_step():
    found = compare({"key": "gpu", "value": "no"}, GPU_NO_EXECUTE)
    assert found == (True, True, False)
    assert not found.matches


def test_every_hard_taint_needs_a_toleration():
    taints = [GPU_TRUE, {"key": "soft", "effect": "PreferNoSchedule"}, GPU_NO_EXECUTE]
    only_schedule = [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]
    assert find_untolerated_taint(taints, only_schedule) == GPU_NO_EXECUTE
    assert find_untolerated_taint(taints, [{"operator": "Exists"}]) is None
    assert untolerated_taints(taints, [], ("PreferNoSchedule",)) == [taints[1]]


def test_the_first_matching_toleration_counts_even_if_a_later_one_lasts_longer():
    """kubernetes: pkg/controller/tainteviction getMinTolerationTime; a later forever does not help."""
    short = {"key": "gpu", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 60}
    forever = {"operator": "Exists"}
    used = matching_tolerations([GPU_NO_EXECUTE], [short, forever])
    assert used == [short]
    assert min_toleration_seconds(used) == 60


@pytest.mark.parametrize(
    ("tolerations", "seconds"),
    [
        ([], 0),
        ([{"operator": "Exists"}], None),
        ([{"tolerationSeconds": 30}, {"tolerationSeconds": 5}, {}], 5),
        ([{"tolerationSeconds": -3}], 0),
        ([{"tolerationSeconds": 0}], 0),
    ],
)
def test_the_shortest_toleration_ends_the_stay(tolerations, seconds):
    assert min_toleration_seconds(tolerations) == seconds


def test_one_untolerated_taint_is_enough_to_leave():
    assert matching_tolerations([GPU_NO_EXECUTE, {"key": "x", "effect": "NoExecute"}], [{"key": "gpu"}]) is None
