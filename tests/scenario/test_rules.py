"""How fixtures add up (scenario.md, section 1)."""

from __future__ import annotations

import pytest

from k8scourse.scenario.loader import load_text
from k8scourse.scenario.rules import merged_given, merged_world
from k8scourse.scenario.words import NoMeaning

TEXT = """
fixtures:
  base: {world: {nodes: 1, clock: "2026-01-01T00:00:00Z"}, given: [{kind: A, metadata: {name: a}}]}
  more: {world: {nodes: 2, images: {app: {ready: false}}}, given: [{kind: B, metadata: {name: b}}]}
scenarios:
- id: own
  area: taints
  source: docs
  use: [more, base]
  world: {images: {web: {ready: true}}}
  given: [{kind: C, metadata: {name: c}}]
  expect: [{exists: {kind: Pod, name: p}}]
"""


def test_a_later_world_key_replaces_an_earlier_one_and_the_own_replaces_both():
    scenario = load_text(TEXT, "f.yaml").scenarios[0]
    assert merged_world(scenario) == {
        "nodes": 1,
        "clock": "2026-01-01T00:00:00Z",
        "images": {"web": {"ready": True}},
    }


def test_given_lists_are_appended_in_the_order_of_use_the_own_last():
    scenario = load_text(TEXT, "f.yaml").scenarios[0]
    assert [located.value["kind"] for located in merged_given(scenario)] == ["B", "A", "C"]


def test_an_object_of_a_fixture_knows_its_place_in_the_file():
    file = load_text(TEXT, "f.yaml")
    located = merged_given(file.scenarios[0])[0]
    assert located.path == ("fixtures", "more", "given", 0)
    assert file.line(located.path) == 4


def test_an_unknown_fixture_has_no_meaning():
    scenario = load_text(TEXT.replace("[more, base]", "[basis]"), "f.yaml").scenarios[0]
    with pytest.raises(NoMeaning, match=r'no fixture is named "basis"; did you mean base\?'):
        merged_world(scenario)
