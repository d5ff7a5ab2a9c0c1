"""The proof of an exercise finds what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import load_exercise, load_solution
from k8scourse.course.proving import Proof, prove, variants_of
from tests.course.conftest import EXERCISE, SOLUTION, write_exercise

GOOD = SOLUTION.replace('- {change: "drop spec.tolerations[0].effect", why: never happens}\n', "")


def proof(folder: Path, text: str = EXERCISE, solution: str = GOOD) -> Proof:
    exercise = load_exercise(write_exercise(folder, text, solution), strict=True)
    return prove(exercise, load_solution(exercise, strict=True))


def complaint(folder: Path, text: str = EXERCISE, solution: str = GOOD) -> str:
    assert (text, solution) != (EXERCISE, GOOD), "the change changed something"
    return "\n".join(proof(folder, text, solution).complaints)


def test_a_good_exercise_is_proven_and_says_what_was_proven(tmp_path: Path) -> None:
    found = proof(tmp_path)
    assert found.complaints == []
    assert str(found).startswith("chapter/small: 2 variants, 4 right answers accepted, 6 wrong ones caught, ")


def test_variants_differ(small: Exercise) -> None:
    variants = variants_of(small)
    assert sorted(variant.values["key"] for variant in variants) == ["fpga", "gpu"]


def test_a_solution_without_all_points_is_found(tmp_path: Path) -> None:
    text = complaint(tmp_path, solution=GOOD.replace("tolerations: [{key: $(key), operator: Exists}]\n", "x: y\n", 1))
    assert "the solution does not get all points" in text


def test_an_alternative_without_all_points_is_found(tmp_path: Path) -> None:
    text = complaint(tmp_path, solution=GOOD.replace('value: "yes"', "value: other"))
    assert 'the alternative "The value may be named." does not get all points' in text


def test_a_starter_with_points_is_found(tmp_path: Path) -> None:
    starter = "spec: {tolerations: [{operator: Exists}], containers: [{name: c, image: nginx}]}"
    text = complaint(tmp_path, EXERCISE.replace("spec: {containers: [{name: c, image: nginx}]}", starter))
    assert "the starter gets 3 points" in text


def test_a_wrong_answer_that_another_check_catches_is_found(tmp_path: Path) -> None:
    text = complaint(tmp_path, solution=GOOD.replace("caught_by: stays", "caught_by: lands"))
    assert 'the wrong answer "More is better." is caught by stays, not by lands' in text


def test_a_wrong_answer_that_nobody_catches_is_found(tmp_path: Path) -> None:
    text = complaint(tmp_path, EXERCISE.replace("late:NoExecute", "late:NoSchedule").replace("absent:", "exists:"))
    assert 'the wrong answer "More is better." is not caught, not by stays' in text


def test_mutants_that_slip_through_are_found(tmp_path: Path) -> None:
    text = complaint(tmp_path, solution=GOOD.replace('- {change: "set spec.containers[0].*"', "- {change: nothing"))
    assert "mutants get all points" in text
    assert "set spec.containers[0].image to nginxx" in text


def test_an_equivalent_that_fits_nothing_is_found(tmp_path: Path) -> None:
    assert 'equivalent "drop spec.tolerations[0].effect" fits no mutant' in complaint(tmp_path, solution=SOLUTION)


def test_a_single_way_needs_a_reason(tmp_path: Path) -> None:
    text = complaint(tmp_path, solution=GOOD.replace("one_way: It is small.\n", ""))
    assert "has fewer than 2 alternatives and does not say why" in text


@pytest.mark.parametrize(("second", "count"), [("absent", 2), ("exists", 0)])
def test_a_question_has_exactly_one_right_option(tmp_path: Path, second: str, count: int) -> None:
    text = (
        EXERCISE.partition("starter:")[0]
        + f"""\
scenario: {{do: [{{answer: {{as: choice}}}}]}}
checks:
- id: q
  points: 5
  question: Which?
  right: r
  wrong: w
  options:
    a: {{text: A, expect: [{{{second}: {{kind: Pod, name: p}}}}]}}
    b: {{text: B, expect: [{{{second}: {{kind: Pod, name: q}}}}]}}
hints: [Think of $(key).]
"""
    )
    solution = "solution: a\none_way: x\nwrong:\n" + "- {answer: b, caught_by: q, misconception: m}\n" * 3
    assert f"question q has {count} right options" in complaint(tmp_path, text, solution)
