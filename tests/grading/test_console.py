"""What the instructor sees on the terminal."""

import io

from k8scourse.course.exercise_loader import find_exercise
from k8scourse.course.roster import Learner
from k8scourse.grading.console import print_class
from k8scourse.grading.grades import Grade, LearnerGrades
from k8scourse.grading.submissions import Trouble
from tests.grading.classes import PLACE_ID


def grade(earned: int | None, status: str = "graded", misconception: str = "", **more: str) -> Grade:
    check = {"id": "c", "verdict": "wrong", "misconception": misconception}
    result = {"problem": None, "checks": [check]} if misconception else None
    return Grade(PLACE_ID, "v", "s", 3, earned, status, result=result, **more)  # type: ignore[arg-type]


def shown(root, *grades: Grade, troubles: tuple[Trouble, ...] = ()) -> str:
    records = [LearnerGrades(f"l{number}", (item,), troubles) for number, item in enumerate(grades)]
    people = {record.learner: Learner(record.learner, "[red]Name[/red]\x1b[2J") for record in records}
    out = io.StringIO()
    print_class(records, people, [find_exercise(PLACE_ID, root)], out)
    return out.getvalue()


def row(text: str, start: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"│ {start}"))
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_the_mean_leaves_out_what_nobody_has_judged(root) -> None:
    text = shown(root, grade(3), grade(0), grade(1), grade(0, "missing"), grade(None, "not judged"))
    assert row(text, PLACE_ID)[:7] == [PLACE_ID, "1.0/3", "1", "1", "1", "1", "1"]


def test_the_most_common_misconception_is_counted(root) -> None:
    text = shown(root, grade(0, misconception="b"), grade(0, misconception="a"), grade(0, misconception="a"))
    assert row(text, PLACE_ID)[-1] == "2 x a"


def test_open_grades_come_before_troubles(root) -> None:
    open_grade = grade(None, "other version", reason="made for version 1")
    text = shown(root, open_grade, troubles=(Trouble("a.ipynb", "is empty"),))
    assert "demo/place: other version: made for version 1" in text
    assert "a.ipynb is empty" in shown(root, grade(0), troubles=(Trouble("a.ipynb", "is empty"),))


def test_names_are_neither_markup_nor_commands_of_the_terminal(root) -> None:
    text = shown(root, grade(3))
    assert "[red]Name[/red]\ufffd[2J (l0)" in text
    assert "\x1b" not in text


def test_answers_to_another_variant_are_counted_loudly(root) -> None:
    reason = "made for the self-study variant"
    text = shown(root, *(grade(None, "other variant", reason=reason) for _ in range(2)), grade(3))
    assert f"ATTENTION: 2 answers were not graded: {reason}" in text
    assert "ATTENTION" not in shown(root, grade(3))
