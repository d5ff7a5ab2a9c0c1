"""What `kubectl apply` sends; rules: CreateThreeWayMergePatch and CreateThreeWayJSONMergePatch in apimachinery."""

import copy
from typing import Any

from hypothesis import given

from k8scourse.machinery.merge_patch import apply_merge_patch
from k8scourse.machinery.strategic import strategic_merge_patch
from k8scourse.machinery.three_way import three_way_merge, three_way_strategic
from tests.machinery.patch_schemas import POD, PODS

A, B, C = ({"name": name, "image": name} for name in "abc")


def test_deletions_come_from_what_was_applied_and_foreign_fields_stay() -> None:
    original = {"spec": {"nodeName": "n", "containers": [A, B], "nodeSelector": {"a": "1", "b": "2"}}}
    modified = {"spec": {"containers": [A], "nodeSelector": {"b": "2"}}}
    current = {"spec": {**original["spec"], "containers": [A, B, C], "strategy": {"type": "foreign"}}}
    patch = three_way_strategic(original, modified, current, POD)
    assert patch == {
        "spec": {
            "$setElementOrder/containers": [{"name": "a"}],
            "containers": [{"name": "b", "$patch": "delete"}],
            "nodeName": None,
            "nodeSelector": {"a": None},
        }
    }
    assert strategic_merge_patch(current, patch, POD) == {
        "spec": {"containers": [A, C], "nodeSelector": {"b": "2"}, "strategy": {"type": "foreign"}}
    }


def test_without_an_earlier_apply_nothing_is_deleted() -> None:
    current = {"spec": {"nodeName": "n", "containers": [A, B]}}
    modified = {"spec": {"containers": [{**A, "image": "new"}]}}
    assert three_way_strategic(None, modified, current, POD) == {
        "spec": {"$setElementOrder/containers": [{"name": "a"}], "containers": [{"name": "a", "image": "new"}]}
    }
    assert three_way_merge(None, {"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}) == {"a": {"b": 1}}


def test_a_manual_change_is_taken_back_and_a_manual_addition_kept() -> None:
    applied = {"spec": {"nodeSelector": {"a": "1"}}}
    current = {"spec": {"nodeSelector": {"a": "changed", "b": "added"}}}
    assert three_way_strategic(applied, applied, current, POD) == {"spec": {"nodeSelector": {"a": "1"}}}
    assert three_way_merge(applied, applied, current) == {"spec": {"nodeSelector": {"a": "1"}}}


def test_custom_resources_replace_lists_and_delete_by_null() -> None:
    original = {"spec": {"list": [1, 2], "gone": {"x": 1}, "map": {"a": 1, "b": 2}}}
    modified = {"spec": {"list": [2], "map": {"a": 1}, "empty": {}}}
    current = {**original, "status": {}}
    assert three_way_merge(original, modified, current) == {
        "spec": {"list": [2], "gone": None, "map": {"b": None}, "empty": {}}
    }


@given(PODS, PODS)
def test_when_nothing_else_changed_the_patch_gives_what_is_wanted(
    original: dict[str, Any], modified: dict[str, Any]
) -> None:
    before = copy.deepcopy((original, modified))
    patch = three_way_strategic(original, modified, original, POD)
    assert strategic_merge_patch(original, patch, POD) == modified
    assert (original, modified) == before


@given(PODS, PODS, PODS)
def test_applying_twice_changes_nothing_more(
    original: dict[str, Any], modified: dict[str, Any], foreign: dict[str, Any]
) -> None:
    # Others add and change fields. Where they remove a mapping that was applied, upstream's patch leaves its directives
    # in the object, which the server's decoder then refuses.
    current = strategic_merge_patch(original, foreign, POD)
    before = copy.deepcopy((original, modified, current))
    once = strategic_merge_patch(current, three_way_strategic(original, modified, current, POD), POD)
    assert strategic_merge_patch(once, three_way_strategic(modified, modified, once, POD), POD) == once
    merged = apply_merge_patch(current, three_way_merge(original, modified, current))
    assert three_way_merge(modified, modified, merged) == {}
    assert (original, modified, current) == before
