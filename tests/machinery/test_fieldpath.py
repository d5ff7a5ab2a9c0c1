import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.fieldpath import (
    MISSING,
    FieldPathError,
    format_path,
    get_path,
    parse_path,
    remove_path,
    set_path,
)

POD: dict[str, Any] = {
    "metadata": {"annotations": {"example.com/team": "a"}},
    "spec": {"containers": [{"image": "x"}, {"image": "y"}], "nodeName": None},
}

segments = st.lists(st.one_of(st.text(max_size=8), st.integers(min_value=0, max_value=99)), max_size=5)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ()),
        ("spec.containers[0].image", ("spec", "containers", 0, "image")),
        ("metadata.annotations['example.com/team']", ("metadata", "annotations", "example.com/team")),
        ('data["a.b"][2]', ("data", "a.b", 2)),
        ("metadata.labels[a/b.c]", ("metadata", "labels", "a/b.c")),
        ("data.0", ("data", "0")),
        (r"['it\'s']", ("it's",)),
    ],
)
def test_a_path_is_read_into_segments(text: str, path: tuple[str | int, ...]) -> None:
    assert parse_path(text) == path


@pytest.mark.parametrize("text", ["a..b", ".a", "a.", "a[", "a[0]b", "a['x]", "a b"])
def test_a_broken_path_is_refused_with_the_place(text: str) -> None:
    with pytest.raises(FieldPathError, match=r"can't read .* at character"):
        parse_path(text)


@given(segments)
def test_a_printed_path_is_read_back(path: list[str | int]) -> None:
    assert parse_path(format_path(path)) == tuple(path)


def test_names_with_dots_are_quoted_and_plain_ones_are_not() -> None:
    assert format_path(("metadata", "labels", "a.b/c", 0, "app")) == "metadata.labels['a.b/c'][0].app"


def test_a_value_is_found_or_missing() -> None:
    assert get_path(POD, "spec.containers[1].image") == "y"
    assert get_path(POD, "") is POD
    assert get_path(POD, "spec.nodeName") is None
    for absent in ("spec.x", "spec.containers[2]", "spec.containers.image", "spec[0]", "spec.nodeName.x"):
        assert get_path(POD, absent) is MISSING
    assert not MISSING


def test_setting_copies_along_the_path_and_shares_the_rest() -> None:
    before = copy.deepcopy(POD)
    changed = set_path(POD, "spec.containers[0].image", "z")
    assert before == POD
    assert get_path(changed, "spec.containers[0].image") == "z"
    assert changed["metadata"] is POD["metadata"]
    assert changed["spec"]["containers"][1] is POD["spec"]["containers"][1]


def test_setting_makes_what_is_absent() -> None:
    assert set_path({}, "a.b[0].c", 1) == {"a": {"b": [{"c": 1}]}}
    assert set_path({"a": None}, "a.b", 1) == {"a": {"b": 1}}
    assert set_path({"a": [1]}, "a[1]", 2) == {"a": [1, 2]}


@pytest.mark.parametrize("path", ["spec.containers[3]", "spec.containers.x", "metadata[0]", "kind.x"])
def test_setting_refuses_what_does_not_fit(path: str) -> None:
    with pytest.raises(FieldPathError, match="can't set"):
        set_path({**POD, "kind": "Pod"}, path, 1)


def test_removing_leaves_the_original_alone() -> None:
    before = copy.deepcopy(POD)
    assert get_path(remove_path(POD, "spec.containers[0]"), "spec.containers") == [{"image": "y"}]
    assert "nodeName" not in remove_path(POD, "spec.nodeName")["spec"]
    assert before == POD


def test_removing_what_is_absent_changes_nothing() -> None:
    assert remove_path(POD, "spec.x.y") is POD
    assert remove_path(POD, "spec.containers[7]") is POD
    with pytest.raises(FieldPathError):
        remove_path(POD, "")
