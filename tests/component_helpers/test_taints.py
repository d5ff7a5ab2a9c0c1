"""Claims about lists of taints (kubernetes: pkg/util/taints/taints.go)."""

from k8scourse.component_helpers import taints

A_SCHEDULE = {"key": "a", "value": "1", "effect": "NoSchedule"}
A_EXECUTE = {"key": "a", "value": "1", "effect": "NoExecute"}
B = {"key": "b", "effect": "NoSchedule"}


def test_key_and_effect_identify_a_taint_and_the_value_does_not():
    assert taints.same_taint(A_SCHEDULE, {**A_SCHEDULE, "value": "2"})
    assert not taints.same_taint(A_SCHEDULE, A_EXECUTE)
    assert taints.has_taint([A_SCHEDULE], {"key": "a", "effect": "NoSchedule"})


def test_an_update_keeps_the_place_and_an_addition_goes_to_the_end():
    changed = {**A_SCHEDULE, "value": "2"}
    assert taints.add_or_update_taint([A_SCHEDULE, B], changed) == [changed, B]
    assert taints.add_or_update_taint([A_SCHEDULE], B) == [A_SCHEDULE, B]


def test_deleting_by_key_takes_all_effects():
    assert taints.delete_taints_by_key([A_SCHEDULE, B, A_EXECUTE], "a") == [B]
    assert taints.delete_taint([A_SCHEDULE, B, A_EXECUTE], {"key": "a", "effect": "NoExecute"}) == [A_SCHEDULE, B]


def test_a_difference_names_what_to_add_and_what_to_remove():
    assert taints.taint_set_diff([A_SCHEDULE, B], [A_EXECUTE, B]) == ([A_SCHEDULE], [A_EXECUTE])


def test_a_taint_without_value_has_no_value_field():
    assert taints.make_taint("k", "NoExecute") == {"key": "k", "effect": "NoExecute"}
    assert taints.make_taint("k", "NoExecute", "v", time_added="t") == {
        "key": "k",
        "value": "v",
        "effect": "NoExecute",
        "timeAdded": "t",
    }


def test_filtering_by_effect_keeps_the_order():
    assert taints.taints_with_effect([B, A_EXECUTE, A_SCHEDULE], "NoSchedule") == [B, A_SCHEDULE]
