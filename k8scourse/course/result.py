"""What came of an answer: points per check, the first thing that fails, and where in the answer to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["right", "wrong", "waiting", "unanswered"]
"""waiting: a check that it needs has not passed; unanswered: the answer is missing."""

Trouble = Literal["unreadable", "missing", "refused", "too long", "not simulated", "defect"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer could not be judged: it cannot be read, the API server refuses it, or it takes too many steps.

    ``line`` counts from 1 in the text of the part; None where no line is to blame. ``quoted`` is that line.
    """

    trouble: Trouble
    text: str
    part: str = ""
    line: int | None = None
    remedy: str = ""
    quoted: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for reports."""
        shown = {"trouble": self.trouble, "text": self.text, "part": self.part, "line": self.line}
        return {**shown, "quoted": self.quoted, "remedy": self.remedy}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The verdict of one check. ``expected``, ``found``, ``why`` and ``line`` are of its first failure.

    ``sentence`` is the exercise's own feedback; ``misconception`` what a wrong choice shows; ``line`` counts from 1 in
    the text of ``part``, None where no line is to blame, and ``quoted`` is that line. ``labels`` say what ``expected``
    and ``found`` are: of a question the learner's own choice and what came of it.
    """

    id: str
    verdict: Verdict
    points: int
    sentence: str
    expected: str = ""
    found: str = ""
    why: str = ""
    part: str = ""
    line: int | None = None
    misconception: str = ""
    quoted: str = ""
    labels: tuple[str, str] = ("expected", "found")

    @property
    def earned(self) -> int:
        """All points when it is right, else none."""
        return self.points if self.verdict == "right" else 0

    def to_dict(self) -> dict[str, Any]:
        """Plain data for reports."""
        return {
            "id": self.id,
            "verdict": self.verdict,
            "points": self.points,
            "earned": self.earned,
            "sentence": self.sentence,
            "expected": self.expected,
            "found": self.found,
            "why": self.why,
            "part": self.part,
            "line": self.line,
            "quoted": self.quoted,
            "labels": list(self.labels),
            "misconception": self.misconception,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on an answer, together with what it was judged by: equal inputs give equal results, byte for byte."""

    exercise: str
    version: str
    variant: str
    """The seed of the variant."""
    simulator: str
    """The version of k8scourse."""
    checks: tuple[CheckResult, ...]
    problem: Problem | None = None
    notes: tuple[Problem, ...] = ()
    """Parts without an answer and lines of kubectl that failed; the checks were judged all the same."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """The variant's values."""

    @property
    def points(self) -> int:
        """What could be earned."""
        return sum(check.points for check in self.checks)

    @property
    def earned(self) -> int:
        """What was earned."""
        return sum(check.earned for check in self.checks)

    @property
    def complete(self) -> bool:
        """Whether all points were earned."""
        return self.earned == self.points

    @property
    def first_failure(self) -> CheckResult | None:
        """The first check that did not pass, or None."""
        return next((check for check in self.checks if check.verdict != "right"), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for reports and gradebooks."""
        return {
            "exercise": self.exercise,
            "version": self.version,
            "variant": self.variant,
            "values": dict(self.values),
            "simulator": self.simulator,
            "points": self.points,
            "earned": self.earned,
            "problem": self.problem.to_dict() if self.problem else None,
            "notes": [note.to_dict() for note in self.notes],
            "checks": [check.to_dict() for check in self.checks],
        }

    def __str__(self) -> str:
        from k8scourse.course.feedback import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from k8scourse.course.feedback import as_html

        return as_html(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """IPython's hook: a notebook stores the feedback's text form."""
        printer.text(str(self))
