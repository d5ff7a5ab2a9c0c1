"""Edits are small, exact, and leave the object that they are made from alone."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.fieldpath import get_path, parse_path
from k8scourse.views.edits import ADD, CHANGE, DROP, RENAME, Edit, changes, drops, flow, smallest_first

POD = {"spec": {"nodeSelector": {"dsik": "ssd"}, "tolerations": [{"key": "gpu", "value": "True"}]}}


@pytest.mark.parametrize(
    ("edit", "text", "result"),
    [
        (Edit(CHANGE, ("spec", "tolerations", 0, "value"), "True", "true"),
         'change spec.tolerations[0].value from "True" to "true"',
         {"nodeSelector": {"dsik": "ssd"}, "tolerations": [{"key": "gpu", "value": "true"}]}),
        (Edit(RENAME, ("spec", "nodeSelector", "dsik"), "ssd", "disk"),
         "rename spec.nodeSelector.dsik to disk",
         {"nodeSelector": {"disk": "ssd"}, "tolerations": [{"key": "gpu", "value": "True"}]}),
        (Edit(DROP, ("spec", "tolerations", 0), {"key": "gpu", "value": "True"}),
         'drop spec.tolerations[0] ({key: "gpu", value: "True"})',
         {"nodeSelector": {"dsik": "ssd"}}),
        (Edit(ADD, ("spec", "tolerations", 1), None, {"operator": "Exists"}),
         'add to spec.tolerations: {operator: "Exists"}',
         {"nodeSelector": {"dsik": "ssd"}, "tolerations": [{"key": "gpu", "value": "True"}, {"operator": "Exists"}]}),
        (Edit(ADD, ("spec", "tolerations", 0, "effect"), None, "NoSchedule"),
         'add spec.tolerations[0].effect: "NoSchedule"',
         {"nodeSelector": {"dsik": "ssd"},
          "tolerations": [{"key": "gpu", "value": "True", "effect": "NoSchedule"}]}),
    ],
)  # fmt: skip
def test_an_edit_does_what_it_says(edit: Edit, text: str, result: dict[str, Any]) -> None:
    before = json.dumps(POD)
    assert str(edit) == text
    assert edit.apply(POD) == {"spec": result}
    assert json.dumps(POD) == before


def test_the_smallest_edit_changes_the_fewest_letters() -> None:
    path = ("spec", "tolerations", 0, "value")
    found = smallest_first([*drops(POD, [path]), *changes(path, "True", ["something", "true"])], POD, limit=9)
    assert [edit.new for edit in found] == ["true", "something", None]


def test_a_change_is_smaller_than_a_drop_and_a_drop_than_an_addition() -> None:
    path = ("spec", "tolerations", 0, "value")
    sizes = [Edit(CHANGE, path, "True", "xyz").size, Edit(DROP, path, "True").size, Edit(ADD, path, None, "x").size]
    assert sizes == sorted(sizes)


def test_edits_with_the_same_result_are_tried_once() -> None:
    path = ("spec", "tolerations")
    whole = Edit(DROP, path, POD["spec"]["tolerations"])
    item = Edit(DROP, (*path, 0), POD["spec"]["tolerations"][0])  # type: ignore[index]
    assert len(smallest_first([whole, item], POD, limit=9)) == 1


@given(st.lists(st.sampled_from(["true", "false", "yes", "", "gpu"]), max_size=6))
def test_the_order_of_edits_does_not_depend_on_the_order_of_candidates(values: list[str]) -> None:
    path = parse_path("spec.tolerations[0].value")
    assert get_path(POD, path) == "True"
    edits = list(changes(path, "True", values))
    assert smallest_first(edits, POD, limit=9) == smallest_first(reversed(edits), POD, limit=9)


def test_values_are_written_as_in_yaml() -> None:
    assert flow({"a": [1, True, None, "x"]}) == '{a: [1, true, null, "x"]}'
