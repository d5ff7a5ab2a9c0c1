"""Sets of fields and their FieldsV1. Source: structured-merge-diff fieldpath/{set,serialize,element}_test.go."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.apiserver.managed_fields.field_sets import (
    FieldSet,
    Path,
    decoded,
    field_element,
    key_element,
    path_text,
    value_element,
)

ELEMENTS = st.one_of(
    st.sampled_from(["a", "b", "c"]).map(field_element),
    st.sampled_from([{"name": "x"}, {"port": 80, "protocol": "TCP"}, {"port": 443, "protocol": "TCP"}]).map(
        key_element
    ),
    st.sampled_from(["x", 1, True]).map(value_element),
)
PATHS = st.lists(st.lists(ELEMENTS, min_size=1, max_size=4).map(tuple), max_size=12).map(frozenset)


def below(paths: frozenset[Path], parents: frozenset[Path]) -> frozenset[Path]:
    return frozenset(path for path in paths if any(path[: len(parent)] == parent for parent in parents))


@given(PATHS, PATHS)
def test_sets_behave_as_plain_sets_of_paths(one: frozenset[Path], other: frozenset[Path]):
    first, second = FieldSet.of(one), FieldSet.of(other)
    assert frozenset(first) == one
    assert frozenset(first | second) == one | other
    assert frozenset(first & second) == one & other
    assert frozenset(first - second) == one - other
    assert frozenset(first.without_all(second)) == one - below(one, other)
    assert all(path in first for path in one)
    assert bool(first) == bool(one)
    assert (first == second) == (one == other)


@given(PATHS)
def test_fields_v1_reads_back_as_it_was_written(paths: frozenset[Path]):
    assert decoded(FieldSet.of(paths).encoded()) == FieldSet.of(paths)


def test_a_member_with_members_below_it_has_a_dot():
    fields = FieldSet.of([("f:data",), ("f:data", "f:a"), ("f:kind", "f:b")])
    assert fields.encoded() == {"f:data": {".": {}, "f:a": {}}, "f:kind": {"f:b": {}}}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("f:spec", "f:containers", 'k:{"name":"web"}', "f:image"), '.spec.containers[name="web"].image'),
        (("f:ports", 'k:{"containerPort":80,"protocol":"TCP"}'), '.ports[containerPort=80,protocol="TCP"]'),
        (("f:metadata", "f:finalizers", 'v:"x.io/y"'), '.metadata.finalizers[="x.io/y"]'),
        (("f:args", "i:0"), ".args[0]"),
    ],
)
def test_messages_show_paths_as_upstream_does(path: Path, text: str):
    assert path_text(path) == text


def test_keys_come_in_the_order_of_their_values():
    paths = [(key_element({"port": port}),) for port in (443, 80, 8080)]
    assert list(FieldSet.of(paths).encoded()) == ['k:{"port":80}', 'k:{"port":443}', 'k:{"port":8080}']


@pytest.mark.parametrize("fields", [{"x": {}}, {"k:{": {}}])
def test_fields_that_are_no_fields_v1_are_refused(fields: dict[str, Any]):
    with pytest.raises(ValueError):
        decoded(fields)
