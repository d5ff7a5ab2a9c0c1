"""Rules: apimachinery, pkg/util/strategicpatch/patch.go; directives: the field's patch strategies and merge keys."""

import copy
from typing import Any

import pytest
from hypothesis import given

from k8scourse.machinery.strategic import PatchError, strategic_merge_patch
from k8scourse.machinery.strategic_diff import create_strategic_patch
from tests.machinery.patch_schemas import POD, PODS


def patched(spec: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    original, change = {"spec": spec}, {"spec": patch}
    before = copy.deepcopy((original, change))
    result = strategic_merge_patch(original, change, POD)["spec"]
    assert (original, change) == before
    return result


A, B, C = ({"name": name, "image": name} for name in "abc")


@pytest.mark.parametrize(
    ("spec", "patch", "result"),
    [
        pytest.param({"nodeName": "x"}, {"nodeName": None}, {}, id="null removes"),
        pytest.param(
            {"containers": [A, B]},
            {"containers": [{"name": "b", "image": "new"}]},
            {"containers": [A, {"name": "b", "image": "new"}]},
            id="items merge by key",
        ),
        pytest.param({"containers": [A]}, {"containers": [C]}, {"containers": [C, A]}, id="a new item comes first"),
        pytest.param(
            {"containers": [A, B]},
            {"$setElementOrder/containers": [{"name": "a"}, {"name": "c"}, {"name": "b"}], "containers": [C]},
            {"containers": [A, C, B]},
            id="setElementOrder orders",
        ),
        pytest.param(
            {"containers": [A, B, C]},
            {"$setElementOrder/containers": [{"name": "c"}, {"name": "a"}]},
            {"containers": [B, C, A]},
            id="items that only the server has keep their place",
        ),
        pytest.param(
            {"containers": [A, C, {"name": "d"}]},
            {
                "$setElementOrder/containers": [{"name": "b"}, {"name": "c"}],
                "containers": [B, {"name": "d", "$patch": "delete"}],
            },
            {"containers": [A, B, C]},
            id="a new item takes the slot of a deleted one in the server's order",
        ),
        pytest.param(
            {"containers": [A, B]},
            {"containers": [{"name": "a", "$patch": "delete"}]},
            {"containers": [B]},
            id="delete an item",
        ),
        pytest.param(
            {"containers": [A, B]},
            {"containers": [C, {"$patch": "replace"}]},
            {"containers": [C]},
            id="replace a list",
        ),
        pytest.param(
            {"strategy": {"type": "x", "rollingUpdate": {"medium": "m"}}},
            {"strategy": {"$patch": "replace", "type": "y"}},
            {"strategy": {"type": "y"}},
            id="replace a mapping",
        ),
        pytest.param(
            {"strategy": {"type": "x"}}, {"strategy": {"$patch": "delete"}}, {"strategy": {}}, id="delete a map"
        ),
        pytest.param({}, {"strategy": {"$patch": "delete"}}, {}, id="delete an absent map"),
        pytest.param(
            {"strategy": {"type": "x", "rollingUpdate": {"medium": "m"}}},
            {"strategy": {"$retainKeys": ["type"], "type": "y"}},
            {"strategy": {"type": "y"}},
            id="retainKeys drops the rest",
        ),
        pytest.param(
            {"volumes": [{"name": "v", "emptyDir": {}}]},
            {"volumes": [{"$retainKeys": ["name", "configMap"], "name": "v", "configMap": {"medium": "m"}}]},
            {"volumes": [{"name": "v", "configMap": {"medium": "m"}}]},
            id="retainKeys inside a list",
        ),
        pytest.param(
            {"tolerations": [{"key": "a"}, {"key": "b"}]},
            {"tolerations": [{"key": "c"}]},
            {"tolerations": [{"key": "c"}]},
            id="a list without strategy is replaced",
        ),
        pytest.param({"atomic": {"medium": "a"}}, {"atomic": {}}, {"atomic": {}}, id="replace strategy of a mapping"),
        pytest.param(
            {"nodeSelector": {"a": "1", "b": "2"}},
            {"nodeSelector": {"a": None, "c": "3"}},
            {"nodeSelector": {"b": "2", "c": "3"}},
            id="plain maps merge",
        ),
        pytest.param(
            {}, {"nodeSelector": {"a": None, "c": "3"}}, {"nodeSelector": {"c": "3"}}, id="nulls of new maps vanish"
        ),
    ],
)
def test_patches_apply_by_strategy(spec: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]) -> None:
    assert patched(spec, patch) == result


def test_primitive_lists_merge_without_duplicates_and_delete_by_their_own_list() -> None:
    original = {"metadata": {"finalizers": ["a", "b"]}}
    added = strategic_merge_patch(original, {"metadata": {"finalizers": ["c", "a"]}}, POD)
    assert added == {"metadata": {"finalizers": ["c", "a", "b"]}}
    deleted = strategic_merge_patch(original, {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a", "z"]}}, POD)
    assert deleted == {"metadata": {"finalizers": ["b"]}}


@pytest.mark.parametrize(
    ("patch", "code", "text"),
    [
        ({"containers": [{"image": "x"}]}, 500, "map: map[image:x] does not contain declared merge key: name"),
        ({"containers": [{"$patch": "delete"}]}, 500,
         "map: map[$patch:delete] does not contain declared merge key: name"),
        ({"containers": ["x"]}, 500, "list element types are not identical: [[map[image:a name:a]] [x]]"),
        ({"containers": [[]]}, 500,
         "list element types are not identical: [[map[image:a name:a]] [[]]]"),
        ({"strategy": {"$patch": "x"}}, 500, "unknown patch type: x in map: map[$patch:x]"),
        ({"containers": [{"name": "a", "$patch": "merge"}]}, 500, "merging lists cannot yet be specified in the patch"),
        ({"strategy": {"$retainKeys": ["x"], "type": "y"}}, 400, "invalid patch format of retainKeys"),
        ({"$setElementOrder/containers": "x"}, 500, "expected a []interface {}, but received a string"),
        ({"$setElementOrder": []}, 400, "invalid patch format of setElementOrder list"),
        ({"$deleteFromPrimitiveList": []}, 400, "invalid patch format of primitive list"),
        ({"nodeSelector": {"a": {"b": 1}}}, 500,
         "merging an object in json but data type is not struct, instead is: map"),
        ({"unknown": {"b": 1}}, 500, 'unable to find api field in struct PodSpec for the json field "unknown"'),
        ({"$setElementOrder/containers": [{"name": "b"}], "containers": [{"name": "a"}]}, 500,
         "The order in patch list:\n[map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:b]]\n"),
    ],
)  # fmt: skip
def test_bad_patches_are_refused_in_upstreams_words(patch: dict[str, Any], code: int, text: str) -> None:
    spec = {"containers": [A], "strategy": {"type": "x"}, "nodeSelector": {"a": {"c": 1}}, "unknown": {}}
    with pytest.raises(PatchError) as caught:
        patched(spec, patch)
    assert (caught.value.code, str(caught.value)) == (code, text)


@given(PODS, PODS)
def test_applying_the_difference_gives_the_modified_object(original: dict[str, Any], modified: dict[str, Any]) -> None:
    before = copy.deepcopy((original, modified))
    patch = create_strategic_patch(original, modified, POD)
    assert strategic_merge_patch(original, patch, POD) == modified
    assert (original, modified) == before


def test_a_difference_names_only_what_changed() -> None:
    original = {"spec": {"containers": [A, {**B, "env": [{"name": "x", "value": "1"}]}, C], "nodeName": "n"}}
    modified = {"spec": {"containers": [{**B, "env": [{"name": "x", "value": "2"}]}, A]}}
    assert create_strategic_patch(original, modified, POD) == {
        "spec": {
            "$setElementOrder/containers": [{"name": "b"}, {"name": "a"}],
            "containers": [
                {
                    "name": "b",
                    "$setElementOrder/env": [{"name": "x"}],
                    "env": [{"name": "x", "value": "2"}],
                },
                {"name": "c", "$patch": "delete"},
            ],
            "nodeName": None,
        }
    }


def test_a_field_that_must_retain_keys_lists_them() -> None:
    original = {"spec": {"strategy": {"type": "x", "rollingUpdate": {"medium": "m"}}}}
    modified = {"spec": {"strategy": {"type": "y"}}}
    assert create_strategic_patch(original, modified, POD) == {
        "spec": {"strategy": {"$retainKeys": ["type"], "type": "y", "rollingUpdate": None}}
    }
