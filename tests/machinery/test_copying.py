"""Copies of JSON data are equal and share nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.copying import copy_json

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def containers(value: Any) -> list[int]:
    """The identities of all dicts and lists in *value*."""
    if isinstance(value, dict):
        return [id(value), *(i for v in value.values() for i in containers(v))]
    if isinstance(value, list):
        return [id(value), *(i for v in value for i in containers(v))]
    return []


@given(JSON)
def test_a_copy_is_equal_and_shares_no_container(value: Any) -> None:
    copy = copy_json(value)
    assert copy == value
    assert not set(containers(copy)) & set(containers(value))


def test_subclasses_become_plain() -> None:
    class Special(dict[str, Any]):
        pass

    assert type(copy_json(Special(a=[Special()]))["a"][0]) is dict
