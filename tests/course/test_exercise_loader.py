"""Files of exercises: their grammar, and faults that name file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import (
    NoSuchExercise,
    exercise_ids,
    find_exercise,
    load_exercise,
    load_solution,
)
from k8scourse.scenario.faults import InvalidFile
from tests.course.conftest import EXERCISE, SOLUTION, write_exercise


def faults(folder: Path, text: str) -> str:
    with pytest.raises(InvalidFile) as caught:
        load_exercise(write_exercise(folder, text), strict=True)
    return str(caught.value)


def test_an_exercise_says_what_its_file_says(small: Exercise) -> None:
    assert (small.id, small.title, small.kind, small.points) == ("chapter/small", "The small one", "repair", 5)
    assert [part.kind for part in small.parts] == ["manifest"]
    assert small.part("") is not None and small.part("other") is None


def test_the_version_is_of_all_that_decides_about_points_and_of_nothing_else(tmp_path: Path) -> None:
    def version(name: str, old: str, new: str) -> str:
        assert old in EXERCISE
        return load_exercise(write_exercise(tmp_path / name, EXERCISE.replace(old, new))).version

    same = version("a", "points", "points")
    assert version("b", "Look at the taint.", "Look again.") == same
    assert version("c", "title: The small one", "title: Another") == same
    assert version("d", "late:NoExecute", "later:NoExecute") != same
    assert version("e", "[gpu, fpga]", "[gpu, tpu]") != same


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_word(tmp_path: Path) -> None:
    text = faults(tmp_path, EXERCISE.replace("  right: It lands on n1.", "  rigth: It lands on n1."))
    assert "exercise.yaml:22: chapter/small: checks[0].rigth: unknown key; did you mean right?" in text


def test_expectations_are_judged_by_the_grammar_of_scenarios(tmp_path: Path) -> None:
    text = faults(tmp_path, EXERCISE.replace("scheduled: {pod: p, node: n1}", "scheduled: {pot: p, node: n1}"))
    assert "checks[0].expect[0].scheduled.pot: unknown key; did you mean pod?" in text


def test_the_expectation_of_exercises_alone_is_known(tmp_path: Path) -> None:
    ready = "ready_pods: {selector: app=x, at_least: 0}"
    load_exercise(write_exercise(tmp_path, EXERCISE.replace("absent: {kind: Pod, name: p}", ready)), strict=True)


def test_an_unknown_variable_is_a_fault_at_its_line(tmp_path: Path) -> None:
    text = faults(tmp_path, EXERCISE.replace("tainted $(key)=yes", "tainted $(kee)=yes"))
    assert "exercise.yaml:8: chapter/small: task: there is no variable $(kee); there are key" in text


def test_a_key_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    assert "stands twice in the same map" in faults(tmp_path, EXERCISE + "minutes: 7\n")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("points: 5", "points: 6", "points: is 6; expected 5, the points of all checks"),
        ("id: stays", "id: lands", "checks[1].id: lands is the id of another check; expected its own"),
        ("needs: [lands]", "needs: [land]", "checks[1].needs[0]: is no earlier check; did you mean lands?"),
        ("answer: {as: manifest, kinds: [Pod]}", "run: 1s", "scenario.do: has no answer"),
        ("  points: 3\n", "", 'checks[0]: "points" is missing'),
        ("  expect: [{scheduled: {pod: p, node: n1}}]\n", "", "checks[0]"),
    ],
)
def test_what_does_not_fit_together_is_a_fault(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in EXERCISE
    assert fault in faults(tmp_path, EXERCISE.replace(old, new, 1))


def test_text_that_is_not_yaml_is_one_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, "title: [a\n").startswith(f"{tmp_path}/chapter/small/exercise.yaml:2: is not YAML: ")


def test_the_solution_has_its_own_grammar(tmp_path: Path) -> None:
    text = SOLUTION.replace("caught_by: stays", "caught: stays")
    exercise = load_exercise(write_exercise(tmp_path, EXERCISE, text))
    with pytest.raises(InvalidFile, match=r"solution.yaml:\d+: chapter/small: wrong\[1\].caught: unknown key"):
        load_solution(exercise, strict=True)


def test_exercises_are_found_by_their_folder(tmp_path: Path) -> None:
    write_exercise(tmp_path)
    assert exercise_ids(tmp_path) == ["chapter/small"]
    assert find_exercise("chapter/small", tmp_path).title == "The small one"
    with pytest.raises(NoSuchExercise, match='no exercise "chapter/smal"; did you mean chapter/small'):
        find_exercise("chapter/smal", tmp_path)


@pytest.mark.parametrize("name", ["../chapter/small", "/etc/passwd", "", "chapter"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    write_exercise(tmp_path)
    with pytest.raises(NoSuchExercise):
        find_exercise(name, tmp_path)
