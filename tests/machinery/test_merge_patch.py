"""RFC 7386, with the cases of its appendix that can reach an API server."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.merge_patch import PatchError, apply_merge_patch, create_merge_patch, same


@pytest.mark.parametrize(
    ("document", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ({"a": 1}, {"a": {"b": None, "c": [None, {"d": None}]}}, {"a": {"c": [None, {}]}}),
    ],
)
def test_merge_patches_apply_as_the_rfc_says(document: Any, patch: Any, result: Any) -> None:
    before = copy.deepcopy((document, patch))
    assert apply_merge_patch(document, patch) == result
    assert (document, patch) == before


@pytest.mark.parametrize(
    ("patch", "text"),
    [
        (None, "Invalid JSON Patch"),
        ([], "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"),
    ],
)
def test_a_patch_that_is_not_a_mapping_is_a_bad_request(patch: Any, text: str) -> None:
    with pytest.raises(PatchError) as caught:
        apply_merge_patch({}, patch)
    assert (caught.value.code, str(caught.value)) == (400, text)


def test_true_is_not_one_but_one_is_one_point_zero() -> None:
    assert create_merge_patch({"a": True, "b": 1}, {"a": 1, "b": 1.0}) == {"a": 1}
    assert not same([0], [False])


KEYS = st.sampled_from("abcd")
VALUES = st.recursive(
    st.booleans() | st.integers(0, 3) | st.sampled_from(["", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)


@given(OBJECTS, OBJECTS)
def test_applying_the_difference_gives_the_new_document(old: dict[str, Any], new: dict[str, Any]) -> None:
    before = copy.deepcopy((old, new))
    assert same(apply_merge_patch(old, create_merge_patch(old, new)), new)
    assert (old, new) == before


@given(OBJECTS)
def test_equal_documents_differ_in_nothing(document: dict[str, Any]) -> None:
    assert create_merge_patch(document, copy.deepcopy(document)) == {}
