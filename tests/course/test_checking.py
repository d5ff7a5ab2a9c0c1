"""An answer is judged by what a cluster makes of it, always in the same way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from k8scourse.course.checking import ExerciseBroken, check_answer, earns_all
from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import load_exercise
from k8scourse.course.playing import prepare, right_options
from k8scourse.course.result import Result
from tests.course.conftest import EXERCISE, POD, write_exercise

QUESTION = """\
title: A question
kind: predict
minutes: 1
points: 2
objectives: [Think.]
task: What happens?
scenario:
  world: {nodes: 1}
  given: [{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: x}]}}]
  do:
  - answer: {as: choice}
  - kubectl: taint nodes n1 a:NoExecute
checks:
- id: fate
  points: 2
  question: And the pod?
  right: Gone.
  wrong: Not so.
  options:
    gone: {text: It is gone., expect: [{absent: {kind: Pod, name: p}}]}
    stays: {text: It stays., wrong: A taint is for newcomers., expect: [{exists: {kind: Pod, name: p}}]}
hints: [Think.]
"""

COMMANDS = """\
title: Two parts
kind: build
minutes: 1
points: 3
objectives: [Do.]
task: Do it.
scenario:
  world: {nodes: 1}
  do:
  - answer: {as: kubectl, part: node}
  - answer: {as: manifest, part: pod, kinds: [Pod]}
checks:
- id: labelled
  points: 1
  right: r
  wrong: w
  expect: [{field: {kind: Node, name: n1, path: metadata.labels.a, equals: b}}]
- {id: runs, points: 2, right: r, wrong: w, at: spec, expect: [{scheduled: {pod: p}}]}
hints: [Do.]
"""


def judge(exercise: Exercise, text: str, seed: str = "1", **options: int) -> Result:
    return check_answer(exercise, exercise.variant(seed), {"": text}, **options)


def verdicts(result: Result) -> dict[str, str]:
    return {check.id: check.verdict for check in result.checks}


@pytest.fixture
def two_parts(tmp_path: Path) -> Exercise:
    return load_exercise(write_exercise(tmp_path, COMMANDS), strict=True)


def test_a_right_answer_gets_all_points(small: Exercise) -> None:
    result = judge(small, POD)
    assert (result.earned, result.points, result.complete, result.first_failure) == (5, 5, True, None)


def test_a_result_says_by_what_it_was_judged(small: Exercise) -> None:
    result = judge(small, POD, "seed-7")
    assert (result.exercise, result.version, result.variant) == ("chapter/small", small.version, "seed-7")
    assert result.values == small.variant("seed-7").values
    assert result.simulator


def test_a_result_is_plain_data_and_equal_for_equal_answers(small: Exercise) -> None:
    first = json.dumps(judge(small, POD).to_dict())
    assert first == json.dumps(judge(small, POD).to_dict())
    assert json.loads(first)["earned"] == 5


def test_one_answer_leaves_no_trace_in_the_next(small: Exercise) -> None:
    before = judge(small, "kind: Pod\napiVersion: v1\nmetadata: {name: q}\nspec: {containers: [{name: c, image: x}]}\n")
    assert verdicts(before)["lands"] == "wrong"
    assert judge(small, POD).complete
    assert prepare(small, small.variant("1")).cluster.list("pods") == []


def test_a_failed_check_says_what_was_expected_what_was_found_why_and_where(small: Exercise) -> None:
    result = judge(small, POD.partition("  tolerations")[0])
    failed = result.first_failure
    assert failed is not None
    assert (failed.id, failed.verdict, failed.earned, failed.sentence) == (
        "lands",
        "wrong",
        0,
        "It does not land on n1.",
    )
    assert failed.expected == "the pod p is on the node n1"
    assert failed.labels == ("expected", "found")
    assert "untolerated taint" in failed.found
    assert "n1: untolerated taint" in failed.why
    assert failed.line == 4, "the nearest field above the tolerations that are not there"
    assert failed.quoted == "spec:"


def test_the_line_is_that_of_the_field_that_the_check_points_at(small: Exercise) -> None:
    failed = judge(small, POD.replace("gpu", "a").replace("fpga", "b")).first_failure
    assert failed is not None and failed.line == 6


def test_a_check_waits_for_those_that_it_needs(small: Exercise) -> None:
    assert verdicts(judge(small, POD.partition("  tolerations")[0])) == {"lands": "wrong", "stays": "waiting"}


def test_what_a_check_does_happens_in_a_fork(tmp_path: Path) -> None:
    """The first check chases the pod away; the second finds it as the answer left it."""
    head, _, _ = EXERCISE.partition("checks:\n")
    checks = """\
checks:
- id: chased
  points: 3
  right: r
  wrong: w
  do: [{kubectl: "taint nodes n1 x:NoExecute"}]
  expect: [{absent: {kind: Pod, name: p}}]
- {id: there, points: 2, right: r, wrong: w, expect: [{scheduled: {pod: p}}]}
hints: [Look.]
"""
    exercise = load_exercise(write_exercise(tmp_path, head + checks), strict=True)
    assert verdicts(judge(exercise, POD)) == {"chased": "right", "there": "right"}


def test_a_check_may_give_the_answer_once_more(tmp_path: Path) -> None:
    head, _, _ = EXERCISE.partition("checks:\n")
    checks = """\
checks:
- id: again
  points: 5
  right: r
  wrong: w
  do:
  - delete: {kind: Pod, name: p, grace_period: 0s}
  - check: [{absent: {kind: Pod, name: p}}]
  - answer: {as: manifest}
  expect: [{scheduled: {pod: p}}]
hints: [Look.]
"""
    exercise = load_exercise(write_exercise(tmp_path, head + checks), strict=True)
    assert judge(exercise, POD).complete


def test_no_answer_is_unanswered(small: Exercise) -> None:
    assert set(verdicts(judge(small, "# later\n")).values()) == {"unanswered"}


def test_a_refused_manifest_names_the_field_and_its_line(small: Exercise) -> None:
    text = POD.replace("{key: gpu, operator: Exists}", "{key: gpu, operator: Exists, value: x}")
    problem = judge(small, text).problem
    assert problem is not None and (problem.trouble, problem.line) == ("refused", 7)
    assert "value must be empty when `operator` is 'Exists'" in problem.text


def test_an_unknown_field_is_found_by_its_line(small: Exercise) -> None:
    problem = judge(small, POD.replace("tolerations:", "tolerationz:")).problem
    assert problem is not None and (problem.trouble, problem.line) == ("refused", 6)
    assert 'unknown field "spec.tolerationz"' in problem.text


def test_a_value_of_the_wrong_type_is_found_by_its_line(small: Exercise) -> None:
    text = POD.replace("{key: gpu, operator: Exists}", "key gpu")
    problem = judge(small, text).problem
    assert problem is not None and (problem.line, problem.quoted) == (7, "- key gpu")
    assert problem.remedy == "a colon is missing after key: write `key: gpu`"
    problem = judge(small, POD.replace("fpga, operator: Exists", "fpga, tolerationSeconds: 60s")).problem
    assert problem is not None and (problem.line, problem.remedy) == (8, "")


def test_positions_on_standard_input_are_not_told_beside_the_line_of_the_cell(small: Exercise) -> None:
    problem = judge(small, POD.replace("tolerations:", "tolerationz:")).problem
    assert problem is not None and "STDIN:" not in problem.text


def test_an_unreadable_answer_gets_nothing_and_one_sentence(small: Exercise) -> None:
    result = judge(small, "a: b: c")
    assert result.earned == 0 and result.problem is not None and result.problem.trouble == "unreadable"


@pytest.mark.parametrize(
    "hostile",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"b{i}: &b{i} [*a,*a,*a,*a,*a,*a,*a,*a]\n" for i in range(3)),
        "[" * 10_000,
        "{a: " * 10_000,
        "!!python/object/apply:os.system [ls]",
        "kind: Pod\nkind: Node\n",
        "\x00",
        "\ud800",
        "kind: Pod\nmetadata: 7\n",
        "kind: Pod\nmetadata: {name: [1]}\nspec: 3\n",
        "- 1\n- 2\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ../../etc}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: " + "x" * 60_000 + "}\n",
    ],
)
def test_a_hostile_answer_costs_its_own_points_only(small: Exercise, hostile: str) -> None:
    result = judge(small, hostile)
    assert result.earned == 0
    assert result.problem is None or result.problem.trouble in ("unreadable", "refused")
    json.dumps(result.to_dict())


def test_an_answer_that_needs_too_many_steps_is_told_so(small: Exercise) -> None:
    results = [judge(small, POD, budget=budget) for budget in (1, 1000)]
    assert [result.earned for result in results] == [0, 5]
    problem = results[0].problem
    assert problem is not None and problem.trouble == "too long"
    assert problem.text == "the answer keeps the cluster busy for more than 1 steps"


def test_kubectl_of_an_answer_reads_no_file(two_parts: Exercise, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("kind: Pod\nvery: secret\n")
    variant = two_parts.variant("1")
    for command in (f"apply -f {secret}", f"create configmap c --from-file={secret}", f"apply -k {tmp_path}"):
        result = check_answer(two_parts, variant, {"node": command})
        assert result.earned == 0
        assert "very" not in json.dumps(result.to_dict())


def test_a_command_that_fails_is_noted_and_the_others_count(two_parts: Exercise) -> None:
    answers = {"node": "label nodes nope a=b\nlabel nodes n1 a=b\n", "pod": POD}
    result = check_answer(two_parts, two_parts.variant("1"), answers)
    assert result.complete
    assert [(note.part, note.line) for note in result.notes] == [("node", 1)]
    assert 'nodes "nope" not found' in result.notes[0].text


def test_a_part_without_an_answer_is_noted(two_parts: Exercise) -> None:
    result = check_answer(two_parts, two_parts.variant("1"), {"node": "label nodes n1 a=b"})
    assert result.earned == 1
    assert [(note.trouble, note.part) for note in result.notes] == [("missing", "pod")]


def test_parts_are_played_in_the_order_of_the_scenario(two_parts: Exercise) -> None:
    answers = {"pod": POD, "node": "label nodes n1 a=b"}
    assert check_answer(two_parts, two_parts.variant("1"), answers).complete


def test_the_right_option_is_the_one_that_comes_true(tmp_path: Path) -> None:
    exercise = load_exercise(write_exercise(tmp_path, QUESTION), strict=True)
    assert right_options(exercise, exercise.variant("1")) == {"fate": ("gone",)}
    assert judge(exercise, "gone").complete
    wrong = judge(exercise, "fate: stays").first_failure
    assert wrong is not None
    assert (wrong.expected, wrong.misconception, wrong.line) == ("It stays.", "A taint is for newcomers.", 1)
    assert (wrong.labels, wrong.quoted) == (("you predicted", "it happened"), "fate: stays")
    assert "there is no Pod p" in wrong.found
    assert "evicted" in wrong.why


def test_what_happens_before_the_answer_happens_once(tmp_path: Path) -> None:
    before = "  - create: {apiVersion: v1, kind: ConfigMap, metadata: {name: once}}\n  - answer: {as: choice}\n"
    text = QUESTION.replace("  - answer: {as: choice}\n", before)
    assert text != QUESTION
    assert judge(load_exercise(write_exercise(tmp_path, text), strict=True), "gone").complete


def test_a_question_without_a_choice_is_unanswered(tmp_path: Path) -> None:
    exercise = load_exercise(write_exercise(tmp_path, QUESTION), strict=True)
    assert verdicts(judge(exercise, "fate: _")) == {"fate": "unanswered"}


def test_an_exercise_that_does_not_run_is_said_to_be_broken(tmp_path: Path) -> None:
    text = QUESTION.replace("kind: Pod, metadata: {name: p}", "kind: Pod, metadata: {name: P}")
    exercise = load_exercise(write_exercise(tmp_path, text))
    with pytest.raises(ExerciseBroken, match=r"chapter/small: scenario.given\[0\]"):
        judge(exercise, "gone")


def test_all_points_are_found_without_judging_to_the_end(small: Exercise) -> None:
    variant = small.variant("1")
    assert earns_all(small, variant, {"": POD})
    assert not earns_all(small, variant, {"": POD.partition("  tolerations")[0]})
    everything = POD.replace("{key: gpu, operator: Exists}", "{operator: Exists}")
    assert not earns_all(small, variant, {"": everything})


def test_an_answer_that_makes_a_million_pods_is_stopped_by_its_writes(tmp_path: Path) -> None:
    """One step of a controller may make hundreds of pods, so steps alone would stop it late."""
    exercise = load_exercise(write_exercise(tmp_path, EXERCISE.replace("[Pod]", "[Pod, ReplicaSet]")))
    text = """\
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: many}
spec:
  replicas: 1000000
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}
"""
    problem = judge(exercise, text).problem
    assert problem is not None and problem.trouble == "too long"
