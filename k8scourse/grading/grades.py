"""What comes of a submission: a grade per exercise, and the files that could not be used. Plain data, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from k8scourse.course.feedback import place
from k8scourse.grading.submissions import Trouble

Status = Literal["graded", "missing", "other version", "other variant", "not judged"]
"""Why points are open or there are none.

other version: the notebook was made for another version of the exercise; other variant: it was handed out for
self-study and is graded with a class's secret, or the other way round; not judged: it is no fault of the answer that
there are no points. In all three somebody has to look.
"""

FORMAT = 1
"""The version of the data that `to_dict` gives."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One exercise of one learner."""

    exercise: str
    version: str
    variant: str
    points: int
    earned: int | None
    """None where nothing was judged: that is not the same as 0."""
    status: Status
    reason: str = ""
    """In a sentence, why not all points were earned; "" when they were."""
    notebook: str = ""
    """The notebook with the answer, as a path within the submissions."""
    remark: str = ""
    """What the instructor should know about a graded answer, such as a notebook made for another variant."""
    result: Mapping[str, Any] | None = None
    """What `Result.to_dict` of the course gives."""


@dataclass(frozen=True, slots=True)
class LearnerGrades:
    """All grades of one learner, in the order of the exercises."""

    learner: str
    grades: tuple[Grade, ...]
    troubles: tuple[Trouble, ...] = ()
    final: bool = True
    """False when a worker was stopped or died: grading the same submission again may give something else."""

    @property
    def points(self) -> int:
        """What could be earned."""
        return sum(grade.points for grade in self.grades)

    @property
    def earned(self) -> int:
        """What was earned; grades that are open count nothing."""
        return sum(grade.earned or 0 for grade in self.grades)

    @property
    def open(self) -> tuple[Grade, ...]:
        """Grades that an instructor has to decide."""
        return tuple(grade for grade in self.grades if grade.earned is None)

    def to_dict(self) -> dict[str, Any]:
        """Plain data without `final`; `from_dict` reads it."""
        return {
            "format": FORMAT,
            "learner": self.learner,
            "points": self.points,
            "earned": self.earned,
            "open": len(self.open),
            "grades": [asdict(grade) for grade in self.grades],
            "troubles": [asdict(trouble) for trouble in self.troubles],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LearnerGrades:
        """The grades that `to_dict` gave. Raises KeyError, TypeError for other data."""
        return cls(
            data["learner"],
            tuple(Grade(**grade) for grade in data["grades"]),
            tuple(Trouble(**trouble) for trouble in data["troubles"]),
        )


def first_reason(result: Mapping[str, Any]) -> str:
    """In one line, the first thing that kept a result from all points; "" when nothing did."""
    problem = result["problem"]
    if problem:
        return f"{_TROUBLES.get(problem['trouble'], problem['trouble'])}{_place(problem)}: {_line(problem['text'])}"
    if all(check["verdict"] == "unanswered" for check in result["checks"]):
        return "the answer is empty"
    for check in result["checks"]:
        if check["verdict"] == "wrong":
            return f"{check['id']}{_place(check)}: {_line(check['sentence'])}"
        if check["verdict"] == "unanswered":
            return f"{check['id']}: no answer"
    return ""


_TROUBLES = {
    "unreadable": "the answer cannot be read",
    "refused": "the API server refuses the answer",
    "too long": "the answer never comes to rest",
    "not simulated": "the answer uses what is not simulated yet",
    "defect": "the simulator could not run this answer",
}


def _place(item: Mapping[str, Any]) -> str:
    if item["line"] is None:
        return ""
    return f" ({place(item['part'], item['line'])})"


def _line(text: str) -> str:
    return " ".join(text.split())


def misconceptions(grades: Sequence[Grade]) -> list[str]:
    """The misconceptions that wrong answers among *grades* show, in order."""
    checks = [check for grade in grades for check in (grade.result or {}).get("checks", ())]
    return [check["misconception"] for check in checks if check["misconception"]]
