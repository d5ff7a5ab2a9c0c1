"""Structured merge on values. Sources: structured-merge-diff typed/{merge,symdiff,toset,validate}_test.go."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.apiserver.managed_fields.field_sets import path_text
from k8scourse.apiserver.managed_fields.merging import faults, joined, merge
from k8scourse.apiserver.managed_fields.shapes import DEDUCED, struct_shape, zero_struct
from k8scourse.apiserver.managed_fields.walking import compare, field_set, remove_items

POD = struct_shape("core/v1.Pod")
SPEC = struct_shape("core/v1.PodSpec")
SERVICE = struct_shape("core/v1.ServiceSpec")


def containers(*names: str, **fields: Any) -> dict[str, Any]:
    return {"containers": [{"name": name, **fields} for name in names]}


def names(spec: dict[str, Any]) -> list[str]:
    return [container["name"] for container in spec["containers"]]


@pytest.mark.parametrize(
    ("live", "config", "expected"),
    [
        ("abc", "b", "abc"),
        ("abc", "d", "abcd"),
        ("abc", "ca", "bca"),
        ("ab", "cab", "cab"),
        ("abcd", "db", "acdb"),
        ("", "ab", "ab"),
    ],
)
def test_items_with_keys_are_merged_in_an_order_that_respects_the_configuration(live: str, config: str, expected: str):
    assert "".join(names(merge(containers(*live), containers(*config), SPEC))) == expected


def test_lists_without_keys_are_replaced():
    live = containers("a", args=["x", "y"], image="i")
    merged = merge(live, containers("a", args=["z"]), SPEC)
    assert merged["containers"] == [{"name": "a", "args": ["z"], "image": "i"}]
    assert merge({"tolerations": [{"key": "a"}]}, {"tolerations": [{"key": "b"}]}, SPEC)["tolerations"] == [
        {"key": "b"}
    ]


def test_structs_that_are_one_value_are_replaced():
    live = {"matchLabels": {"a": "1"}}
    deployment = struct_shape("apps/v1.DeploymentSpec")
    assert merge({"selector": live}, {"selector": {"matchLabels": {"b": "2"}}}, deployment) == {
        "selector": {"matchLabels": {"b": "2"}}
    }


def test_a_port_without_protocol_is_the_tcp_one():
    live = {"ports": [{"port": 80, "protocol": "TCP", "targetPort": 1}, {"port": 80, "protocol": "UDP"}]}
    merged = merge(live, {"ports": [{"port": 80, "targetPort": 2}]}, SERVICE)
    assert merged["ports"][0] == {"port": 80, "protocol": "TCP", "targetPort": 2}


def test_the_field_set_of_an_object_names_leaves_items_and_entries():
    pod = {"metadata": {"labels": {"a": "1"}}, "spec": containers("c", image="i", args=["x"])}
    assert [path_text(path) for path in field_set(pod, POD)] == [
        ".metadata.labels.a",
        '.spec.containers[name="c"]',
        '.spec.containers[name="c"].args',
        '.spec.containers[name="c"].image',
        '.spec.containers[name="c"].name',
    ]


def test_a_comparison_tells_added_modified_and_removed_fields():
    old = {"data": {"a": "1", "b": "2", "c": "3"}}
    change = compare(old, {"data": {"b": "2", "c": "4", "d": "5"}}, struct_shape("core/v1.ConfigMap"))
    shown = [[path_text(path) for path in fields] for fields in change]
    assert shown == [[".data.a"], [".data.c"], [".data.d"]]


def test_what_go_writes_for_an_empty_object_is_nothing_new():
    empty = zero_struct("core/v1.Pod")
    assert empty["spec"] == {"containers": None}
    assert not any(compare(empty, {"spec": {"containers": None}, "metadata": empty["metadata"], "status": {}}, POD))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["x", "y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
MAPS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


@given(MAPS, MAPS)
def test_merging_gives_every_field_of_the_configuration_its_value(live: Any, config: Any):
    merged = merge(live, config, DEDUCED)
    change = compare(merged, config, DEDUCED)
    assert not change.modified
    assert not change.added
    assert not compare(live, merged, DEDUCED).removed & field_set(live, DEDUCED) or config


@given(MAPS)
def test_nothing_differs_from_itself_and_removing_all_fields_leaves_nothing(value: Any):
    assert not any(compare(value, {**value}, DEDUCED))
    left = remove_items(value, field_set(value, DEDUCED), DEDUCED)
    assert not isinstance(left, dict) or not field_set(left, DEDUCED) & field_set(value, DEDUCED)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"spec": {"podGC": []}}, ".spec.podGC: field not declared in schema"),
        ({"metadata": {"name": 1}}, ".metadata.name: expected string, got &value.valueUnstructured{Value:1}"),
        ({"spec": {"priority": "x"}}, ".spec.priority: expected numeric (int or float), got string"),
        ({"spec": {"hostPID": "x"}}, ".spec.hostPID: expected boolean, got &{x}"),
        ({"spec": {"containers": {"a": 1}}}, ".spec.containers: expected list, got &{map[a:1]}"),
        ({"spec": []}, ".spec: expected map, got &{[]}"),
        (
            {"spec": {"containers": [{"name": "a"}, {"name": "a"}]}},
            '.spec.containers: duplicate entries for key [name="a"]',
        ),
        (
            {"spec": {"containers": [{"image": "a"}]}},
            '.spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] '
            "(and doesn't have default values for any key fields)",
        ),
        (
            {"spec": {"x": 1}, "y": 1},
            "errors:\n  .spec.x: field not declared in schema\n  .y: field not declared in schema",
        ),
    ],
)
def test_faults_have_the_words_of_upstream(value: Any, text: str):
    assert joined(faults(value, POD)) == text
