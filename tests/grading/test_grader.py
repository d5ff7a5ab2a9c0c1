"""One submission: whose variant, which notebook, and what each mishap costs."""

import json
from pathlib import Path

import pytest

from k8scourse.course.exercise_loader import find_exercise
from k8scourse.course.roster import Learner, variant_for
from k8scourse.grading.grader import Entry, Grader
from k8scourse.grading.grades import LearnerGrades
from k8scourse.grading.judging import Reply, Task, perform
from k8scourse.grading.submissions import find_submissions
from k8scourse.grading.workers import TookTooLong, WorkerDied
from tests.grading.classes import (
    HOSTILE_ANSWERS,
    PLACE_ID,
    PREDICT_ID,
    answer,
    made_for,
    notebook,
    place,
    pod,
    right_pod,
    write,
)

SECRET = "a secret that is long enough"


def grader(root: Path, **options) -> Grader:
    known = [PLACE_ID, PREDICT_ID]
    return Grader([find_exercise(name, root) for name in known], known, **options)


def submit(folder: Path, *cells, origin=None, learner: str = "ada", name: str = "place") -> Entry:
    """Hand in a notebook; gives the learner's entry."""
    write(folder / learner / f"{name}.ipynb", notebook(*cells, origin=origin))
    return Entry(Learner(learner), next(item for item in find_submissions(folder) if item.learner == learner))


def grade_of(grades: LearnerGrades, exercise: str = PLACE_ID):
    return next(grade for grade in grades.grades if grade.exercise == exercise)


def test_a_right_answer_gets_all_points_and_a_missing_one_none(tmp_path, root, here) -> None:
    entry = submit(tmp_path, answer(PLACE_ID, right_pod(place(root), "self-study")))
    grades = grader(root).grade(entry, here)
    assert (grades.earned, grades.points, grades.open) == (3, 4, ())
    assert [grade.status for grade in grades.grades] == ["graded", "missing"]
    assert grade_of(grades, PREDICT_ID).reason == "no answer"


def test_what_fails_first_is_the_reason_with_its_line(tmp_path, root, here) -> None:
    entry = submit(tmp_path, answer(PLACE_ID, pod(place(root).variant("self-study").values["app"], selector="")))
    grade = grade_of(grader(root).grade(entry, here))
    assert (grade.earned, grade.points) == (1, 3)
    assert grade.reason == "place (line 5): It is on another node."


def test_the_variant_is_the_rosters_and_never_the_submissions(tmp_path, root, here) -> None:
    exercise = place(root)
    own = variant_for(exercise, "ada", SECRET)
    foreign = next(f"s{i}" for i in range(99) if exercise.variant(f"s{i}").values != own.values)
    right = submit(tmp_path / "1", answer(PLACE_ID, right_pod(exercise, own.seed)), origin=made_for(exercise, foreign))
    wrong = submit(tmp_path / "2", answer(PLACE_ID, right_pod(exercise, foreign)), origin=made_for(exercise, foreign))
    judge = grader(root, secret=SECRET)
    assert grade_of(judge.grade(right, here)).earned == 3
    assert grade_of(judge.grade(wrong, here)).earned == 0
    assert grade_of(judge.grade(wrong, here)).variant == own.seed
    assert f"was made for variant {foreign}" in grade_of(judge.grade(wrong, here)).remark


@pytest.mark.parametrize("secret", [SECRET, None])
def test_self_study_and_class_variants_are_never_graded_as_each_other(tmp_path, root, here, secret) -> None:
    exercise = place(root)
    of_class = next(f"c{i}" for i in range(99) if _differs(exercise, f"c{i}", "self-study"))
    learner = next(
        f"l{i}" for i in range(99) if _differs(exercise, variant_for(exercise, f"l{i}", SECRET).seed, "self-study")
    )
    seed = "self-study" if secret else of_class
    entry = submit(
        tmp_path, answer(PLACE_ID, right_pod(exercise, seed)), origin=made_for(exercise, seed), learner=learner
    )
    grades = grader(root, secret=secret).grade(entry, here)
    grade = grade_of(grades)
    assert (grade.status, grade.earned) == ("other variant", None)
    assert grade in grades.open
    wanted = (
        "hand out variants with `k8scourse exercise assign`" if secret else "grade with --roster and the --secret-file"
    )
    assert wanted in grade.reason


def _differs(exercise, one: str, other: str) -> bool:
    return exercise.variant(one).values != exercise.variant(other).values


def test_an_exercise_with_equal_values_is_graded_whatever_the_notebook_was_made_for(tmp_path, root, here) -> None:
    exercise = find_exercise(PREDICT_ID, root)
    entry = submit(tmp_path, answer(PREDICT_ID, "n2"), origin=made_for(exercise, "self-study"))
    assert grade_of(grader(root, secret=SECRET).grade(entry, here), PREDICT_ID).earned == 1


def test_learners_get_different_variants_that_nobody_derives_without_the_secret(root) -> None:
    seeds = {variant_for(place(root), learner, secret).seed for learner in "abc" for secret in (SECRET, SECRET + "!")}
    assert len(seeds) == 6


def test_an_answer_to_another_version_is_refused_and_not_counted_as_nothing(tmp_path, root, here) -> None:
    exercise = place(root)
    origin = made_for(exercise, "self-study", "0123456789ab")
    entry = submit(tmp_path, answer(PLACE_ID, right_pod(exercise, "self-study")), origin=origin)
    grades = grader(root).grade(entry, here)
    grade = grade_of(grades)
    assert (grade.status, grade.earned) == ("other version", None)
    assert grade.reason == f"made for version 0123456789ab; graded is version {exercise.version}"
    assert grades.open == (grade,)


def test_a_notebook_of_another_exercise_says_nothing_about_the_version(tmp_path, root, here) -> None:
    other = find_exercise(PREDICT_ID, root)
    origin = made_for(other, "self-study", "0123456789ab")
    entry = submit(tmp_path, answer(PLACE_ID, right_pod(place(root), "self-study")), origin=origin)
    assert grade_of(grader(root).grade(entry, here)).earned == 3


def test_of_two_notebooks_the_one_made_for_the_exercise_counts_then_the_last(tmp_path, root, here) -> None:
    exercise = place(root)
    good, bad = answer(PLACE_ID, right_pod(exercise, "self-study")), answer(PLACE_ID, "x")
    submit(tmp_path, good, origin=made_for(exercise, "self-study"), name="a")
    entry = submit(tmp_path, bad, name="b")
    assert grade_of(grader(root).grade(entry, here)).notebook == "ada/a.ipynb"
    entry = submit(tmp_path, bad, origin=made_for(exercise, "self-study"), name="c")
    assert grade_of(grader(root).grade(entry, here)).notebook == "ada/c.ipynb"


@pytest.mark.parametrize("kind", HOSTILE_ANSWERS)
def test_a_hostile_answer_costs_its_own_points_with_a_reason(kind: str, tmp_path, root, here) -> None:
    entry = submit(tmp_path, answer(PLACE_ID, HOSTILE_ANSWERS[kind]), answer(PREDICT_ID, "n2"))
    grades = grader(root).grade(entry, here)
    grade = grade_of(grades)
    assert grade.status == "graded", grade.reason
    assert grade.earned == 0
    assert grade.reason
    assert grade_of(grades, PREDICT_ID).earned == 1
    json.dumps(grades.to_dict(), ensure_ascii=False).encode()


def test_unknown_exercises_and_parts_are_named(tmp_path, root, here) -> None:
    entry = submit(tmp_path, answer("demo/plac", "x"), answer(PLACE_ID, "x", "p"))
    grades = grader(root).grade(entry, here)
    assert 'answers "demo/plac", and there is no such exercise; did you mean demo/place?' in grades.troubles[0].reason
    assert "there is an answer to part p; expected an answer without a part" in grade_of(grades).remark


def test_equal_answers_are_checked_once_though_their_variants_have_different_seeds(tmp_path, root, here) -> None:
    judge, exercise = grader(root, secret=SECRET), place(root)
    seeds = set()
    for number in range(12):
        learner = f"l{number}"
        variant = variant_for(exercise, learner, SECRET)
        entry = submit(tmp_path, answer(PLACE_ID, right_pod(exercise, variant.seed)), learner=learner)
        grade = grade_of(judge.grade(entry, here))
        assert (grade.earned, grade.variant) == (3, variant.seed)
        assert grade.result is not None
        assert (grade.result["variant"], grade.result["values"]) == (variant.seed, dict(variant.values))
        seeds.add(variant.seed)
    assert len(seeds) == 12
    assert here.calls.count("check") == 3, "there are three values of the variable"


def test_a_result_from_the_cache_is_the_one_that_a_check_gives(tmp_path, root, here) -> None:
    entry = submit(tmp_path, answer(PLACE_ID, right_pod(place(root), "self-study")))
    judge = grader(root)
    assert judge.grade(entry, here) == judge.grade(entry, here) == grader(root).grade(entry, here)


class Failing:
    """Fails at one kind of task."""

    def __init__(self, what: str, error: Exception) -> None:
        self.what, self.error = what, error

    def call(self, task: Task) -> Reply:
        if task["do"] == self.what:
            raise self.error
        return perform(task)


@pytest.mark.parametrize("error", [TookTooLong("3 seconds"), WorkerDied()])
def test_a_stopped_check_is_open_and_not_final(error: Exception, tmp_path, root) -> None:
    entry = submit(tmp_path, answer(PLACE_ID, "x"))
    grades = grader(root).grade(entry, Failing("check", error))
    assert (grade_of(grades).status, grade_of(grades).earned, grades.final) == ("not judged", None, False)
    assert "to check" in grade_of(grades).reason


def test_a_notebook_that_takes_too_long_to_read_is_named(tmp_path, root) -> None:
    entry = submit(tmp_path, answer(PLACE_ID, "x"))
    grades = grader(root).grade(entry, Failing("read", TookTooLong("3 seconds")))
    assert not grades.final
    assert grade_of(grades).reason == "no answer; ada/place.ipynb takes longer than 3 seconds to read"


def test_what_is_not_simulated_is_left_to_the_instructor(tmp_path, root) -> None:
    class Unsimulated:
        def call(self, task: Task) -> Reply:
            reply = perform(task)
            if task["do"] == "check":
                text = {"trouble": "not simulated", "text": "x", "part": "", "line": None, "remedy": ""}
                reply["result"] |= {"problem": text, "earned": 0}
            return reply

    entry = submit(tmp_path, answer(PLACE_ID, "x"))
    grade = grade_of(grader(root).grade(entry, Unsimulated()))
    assert (grade.status, grade.earned) == ("not judged", None)
    assert grade.reason == "the answer uses what is not simulated yet: x"


def test_who_is_not_on_the_roster_is_not_graded(tmp_path, root, here) -> None:
    entry = submit(tmp_path, answer(PLACE_ID, "x"))._replace(on_roster=False)
    grades = grader(root).grade(entry, here)
    assert grades.grades == ()
    assert grades.troubles[0].reason == "is not on the roster; nothing was graded"
    assert here.calls == []


def test_the_key_changes_with_notebook_secret_and_budget(tmp_path, root) -> None:
    entry = submit(tmp_path, answer(PLACE_ID, "x"))
    keys = {grader(root).key(entry), grader(root, secret=SECRET).key(entry), grader(root, budget=7).key(entry)}
    submit(tmp_path, answer(PLACE_ID, "y"))
    assert len(keys | {grader(root).key(entry)}) == 4


def test_grades_survive_the_journey_through_json(tmp_path, root, here) -> None:
    grades = grader(root).grade(submit(tmp_path, answer(PLACE_ID, "x")), here)
    assert LearnerGrades.from_dict(json.loads(json.dumps(grades.to_dict()))) == grades
