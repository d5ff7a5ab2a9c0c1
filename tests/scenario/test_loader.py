"""Every fault of a file is one line with file, line, scenario, path, and what was expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.machinery.fieldpath import set_path
from k8scourse.machinery.yaml import read_documents
from k8scourse.scenario.faults import InvalidFile
from k8scourse.scenario.grammar import violations
from k8scourse.scenario.loader import load_file, load_files, load_text

HEAD = "- id: x\n  area: taints\n  source: docs\n"
EXPECT = "  expect:\n  - exists: {kind: Pod, name: p}\n"
AREAS = sorted((Path(__file__).parents[1] / "conformance").glob("**/*.yaml"))


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidFile) as caught:
        load_text(text, "f.yaml")
    return str(caught.value).split("\n")


def test_a_valid_file_has_its_scenarios_with_their_lines():
    file = load_text(f"# a comment\n{HEAD}  do:\n  - run: 5s\n{EXPECT}", "f.yaml")
    (scenario,) = file.scenarios
    assert (scenario.id, scenario.tier, scenario.checked) == ("x", "core", True)
    assert file.line(scenario.path) == 2
    assert file.line(scenario.do[0].path) == 6


@pytest.mark.parametrize("path", AREAS, ids=lambda path: path.stem)
def test_every_conformance_file_is_valid(path):
    assert load_file(str(path)).scenarios


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["f.yaml:1: is empty; expected a list of scenarios"]),
        ("hello\n", ['f.yaml:1: is the text "hello"; expected a list or a map']),
        ("- a\n---\n- b\n", ["f.yaml:3: has 2 YAML documents; expected one list of scenarios"]),
        (
            "a: [\n",
            ["f.yaml:2: is not YAML: did not find expected node content; write a value here, or quote it"],
        ),
        ("fixture: {}\nscenarios:\n" + HEAD + EXPECT, ["f.yaml:1: fixture: unknown key; did you mean fixtures?"]),
        (
            "fixtures:\n  a: {wrld: {}}\nscenarios:\n" + HEAD + EXPECT,
            ["f.yaml:2: fixtures.a.wrld: unknown key; did you mean world?"],
        ),
        (
            "scenarios:\n- 3\n" + HEAD + EXPECT,
            ["f.yaml:2: scenarios[0]: is the number 3; expected a map"],
        ),
        (
            HEAD + EXPECT + HEAD + EXPECT,
            ["f.yaml:6: x: id: is the id of the scenario on line 1 too; expected an id of its own"],
        ),
        (
            HEAD + "  area: taints\n" + EXPECT,
            ["f.yaml:4: x: area: stands twice in the same map, first on line 2; expected once"],
        ),
        ("- id: 7\n  area: taints\n  source: x\n" + EXPECT, ["f.yaml:1: scenarios[0]: id: is the number 7; expected "
         "letters, digits, dots and hyphens"]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_scenarios_is_refused(text, lines):
    assert faults(text) == lines


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("world: {nodes: three}", 'world.nodes: is the text "three"; expected a whole number or a list'),
        ("world: {nodes: [{name: n1, lables: {}}]}", "world.nodes[0].lables: unknown key; did you mean labels?"),
        (
            "world: {nodes: [{name: n1, taints: [gpu]}]}",
            'world.nodes[0].taints[0]: "gpu" does not fit; '
            "expected KEY=VALUE:EFFECT with effect NoSchedule, PreferNoSchedule or NoExecute",
        ),
        ("world: {clock: noon}", 'world.clock: "noon" is no instant; expected one such as "2026-01-01T00:00:00Z"'),
        ("needs: [kedda]", 'needs[0]: "kedda" is not known here; did you mean keda?'),
        ("use: [a, a]", "use: [a, a] has an element twice; expected each once"),
        ("given: [{metadata: {}}]", 'given[0]: "kind" is missing; expected it here'),
        ("do: [{kubctl: get}]", "do[0].kubctl: unknown key; did you mean kubectl?"),
        ("do: [{kubectl: {comand: x}}]", "do[0].kubectl.comand: unknown key; did you mean command?"),
        ("do: [{run: 5}]", "do[0].run: is the number 5; expected a duration such as 90s, 5m or 1h30m"),
        ("do: [{run: 5s, kubectl: x}]", "do[0]: has 2 keys (run, kubectl); expected exactly one"),
        ("do: [{apply: {objct: {kind: A}, flags: x}}]", "do[0].apply.objct: unknown key; did you mean object?"),
        ("do: [{apply: {object: {kind: A}, flag: x}}]", "do[0].apply.flag: unknown key; did you mean flags?"),
        ("do: [{apply: 3}]", "do[0].apply: is the number 3; expected a text or a map"),
        ("do: [{create: {apiVersion: v1}}]", 'do[0].create: "kind" is missing; expected it here'),
        (
            "do: [{metric: {kind: Ingress, name: m, metrc: q}}]",
            "do[0].metric.metrc: unknown key; did you mean metric?",
        ),
        (
            "do: [{metric: {kind: ScaledJob, name: m, triger: 0}}]",
            "do[0].metric.triger: unknown key; did you mean trigger?",
        ),
        (
            "world: {nodes: [{name: n}]}",
            "world.nodes[0].name: is false, a boolean; expected a text, in quotes",
        ),
        ("do: [{check: []}]", "do[0].check: has 0 elements; expected at least 1"),
        ("expect: [{exist: {kind: A, name: a}}]", "expect[0].exist: unknown key; did you mean exists?"),
        ("expect: [{scheduled: p}]", 'expect[0].scheduled: is the text "p"; expected a map'),
        (
            "expect: [{exists: {kind: A, name: 3}}]",
            "expect[0].exists.name: is the number 3; expected a text, in quotes",
        ),
        ("expect: [{count: {kind: A}}]", 'expect[0].count: "equals" is missing; expected it here, beside kind'),
        (
            "expect: [{replicas: {kind: A, name: a}}]",
            "expect[0].replicas: a comparison is missing; expected equals or steps",
        ),
        (
            "expect: [{event: {type: warning, reason: x}}]",
            'expect[0].event.type: "warning" is not known here; did you mean Warning?',
        ),
        (
            "expect: [{field: {kind: A, name: a, path: b, equls: 3}}]",
            "expect[0].field.equls: unknown key; did you mean equals?",
        ),
        (
            "expect: [{field: {knd: A, name: a, path: b, equals: 3}}]",
            "expect[0].field.knd: unknown key; did you mean kind?",
        ),
        (
            "expect: [{field: {of: r, paht: b, equals: 3}}]",
            "expect[0].field.paht: unknown key; did you mean path?",
        ),
        (
            "expect: [{field: {of: r, path: b, equals: 3, absent: true}}]",
            "expect[0].field: has equals and absent; expected exactly one of equals, not_equals, contains, matches, "
            "one_of, includes, excludes, greater_than, absent",
        ),
        (
            "expect: [{raft.term: {node: 1, equals: 2, at_least: 1}}]",
            "expect[0].raft.term: has 3 keys (node, equals, at_least); expected exactly 2",
        ),
    ],
)
def test_a_fault_names_its_line_the_scenario_the_path_and_what_was_expected(line, fault):
    body = f"  {line}\n" if line.startswith("expect") else f"  {line}\n{EXPECT}"
    assert faults(HEAD + body) == [f"f.yaml:4: x: {fault}"]


def _keys(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all keys outside of Kubernetes objects and other free maps."""
    found = []
    if isinstance(value, dict):
        for key, item in value.items():
            found.append((*path, key))
            if key not in ("given", "labels", "allocatable", "apply", "create", "replace", "patch", "where", "images"):
                found += _keys(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += _keys(item, (*path, index))
    return found


TAINTS = next(path for path in AREAS if path.stem == "taints").read_text("utf-8")
DOCUMENT = read_documents(TAINTS)[0]
KEYS = _keys(DOCUMENT.value[:40])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(KEYS), st.randoms(use_true_random=False))
def test_a_misspelled_key_is_found_on_its_line(path, random):
    """Two neighbouring letters of one key of a real file change places."""
    key = str(path[-1])
    index = random.randrange(len(key) - 1)
    wrong = key[:index] + key[index + 1] + key[index] + key[index + 2 :]
    if wrong == key or path[2:] == ():
        return
    position = DOCUMENT.positions.key(path)
    assert position is not None
    lines = TAINTS.split("\n")
    line = lines[position.line - 1]
    lines[position.line - 1] = line[: position.column - 1] + wrong + line[position.column - 1 + len(key) :]
    with pytest.raises(InvalidFile) as caught:
        load_text("\n".join(lines), "f.yaml")
    assert f"unknown key; did you mean {key}?" in str(caught.value)
    assert {fault.line for fault in caught.value.faults} == {position.line}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(KEYS),
    st.sampled_from([None, True, 3, -1, 1.5, "", "x", [], ["x"], [1, 1], {}, {"x": 1}, {"kind": "x"}, [{}], [[]]]),
)
def test_any_wrong_value_makes_one_line_per_fault(path, value):
    """Whatever stands at a place of a real file, the grammar accepts it or says in plain words what is wrong."""
    alone, path = [DOCUMENT.value[path[0]]], (0, *path[1:])
    for violation in violations(set_path(alone, path, value)):
        assert violation.path[: len(path)] == path or path[: len(violation.path)] == violation.path
        assert re.search("; (expected|did you mean|nothing is expected)", violation.text)
        assert "\n" not in violation.text
        assert "schema" not in violation.text


def test_a_missing_file_and_a_binary_one_are_faults(tmp_path):
    binary = tmp_path / "b.yaml"
    binary.write_bytes(b"- a\n\xff")
    files, found = load_files([str(tmp_path / "no.yaml"), str(binary)])
    assert files == []
    assert [fault.text for fault in found] == [
        "cannot be read: No such file or directory; expected the name of a file",
        "holds a byte that is not UTF-8; expected a YAML text in UTF-8",
    ]
    assert found[1].line == 2


def test_an_id_is_unique_among_all_files(tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(HEAD + EXPECT)
    two.write_text("\n" + HEAD + EXPECT)
    files, found = load_files([str(one), str(two)])
    assert [file.name for file in files] == [str(one)]
    assert [str(fault) for fault in found] == [f"{two}:2: x: id: is the id of {one}:1 too; expected an id of its own"]
