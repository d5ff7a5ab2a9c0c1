"""What the instructor sees: a progress bar while the class is graded, then a table of learners and one of exercises."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from k8scourse.course.exercise import Exercise
from k8scourse.grading.exports import People
from k8scourse.grading.grader import Entry
from k8scourse.grading.grades import Grade, LearnerGrades, misconceptions

_WIDTH = 120
"""Columns of the tables where the output is no terminal."""


def with_progress(entries: Iterable[Entry], total: int) -> Iterator[Entry]:
    """Draws a bar on standard error while *entries* come in, if that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("Grading", total=total)
        for entry in entries:
            yield entry
            progress.advance(task)


@dataclass(slots=True)
class _Tally:
    """How the class did at one exercise."""

    points: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    misconceptions: Counter[str] = field(default_factory=Counter)

    def add(self, grade: Grade) -> None:
        self.points += grade.earned or 0
        self.counts[_outcome(grade)] += 1
        self.misconceptions.update(misconceptions([grade]))


def _outcome(grade: Grade) -> str:
    if grade.earned is None:
        return "open"
    if grade.status == "missing":
        return "missing"
    return "full" if grade.earned == grade.points else "some" if grade.earned else "none"


def print_class(
    records: Iterable[LearnerGrades], people: People, exercises: Sequence[Exercise], out: TextIO | None = None
) -> None:
    """Print the tables of a class to *out* (by default standard output)."""
    stream = out or sys.stdout
    console = Console(file=stream, width=None if stream.isatty() else _WIDTH, highlight=False)
    tallies = {exercise.id: _Tally() for exercise in exercises}
    others: Counter[str] = Counter()
    learners = Table(title="Learners", title_justify="left")
    for name, justify in (
        ("Learner", "left"),
        ("Points", "right"),
        ("Open", "right"),
        ("First thing to look at", "left"),
    ):
        learners.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
    for record in records:
        learners.add_row(*_learner_row(record, people))
        for grade in record.grades:
            if grade.exercise in tallies:
                tallies[grade.exercise].add(grade)
            if grade.status == "other variant":
                others[grade.reason] += 1
    console.print(learners)
    console.print(_exercise_table(exercises, tallies))
    for reason, count in sorted(others.items()):
        console.print(
            _plain(f"ATTENTION: {count} {'answer was' if count == 1 else 'answers were'} not graded: {reason}")
        )


def _learner_row(record: LearnerGrades, people: People) -> list[Text]:
    person = people[record.learner]
    shown = f"{person.name} ({person.id})" if person.name else person.id
    return [
        _plain(shown),
        _plain(f"{record.earned} of {record.points}"),
        _plain(str(len(record.open) or "")),
        _plain(_first_thing(record)),
    ]


def _first_thing(record: LearnerGrades) -> str:
    """What an instructor should see first: open grades, then what could not be used or judged."""
    for grade in record.open:
        return f"{grade.exercise}: {grade.status}: {grade.reason}"
    for trouble in record.troubles:
        return f"{trouble.file} {trouble.reason}".strip()
    for grade in record.grades:
        if grade.result and grade.result["problem"]:
            return f"{grade.exercise}: {grade.reason}"
    remarked = next((grade for grade in record.grades if grade.remark), None)
    return f"{remarked.exercise}: {remarked.remark}" if remarked else ""


def _exercise_table(exercises: Sequence[Exercise], tallies: Mapping[str, _Tally]) -> Table:
    table = Table(title="Exercises", title_justify="left")
    table.add_column("Exercise", overflow="fold")
    for name in ("Mean", "Full", "Some", "None", "Missing", "Open"):
        table.add_column(name, justify="right")
    table.add_column("Most common misconception", overflow="fold")
    for exercise in exercises:
        tally = tallies[exercise.id]
        judged = sum(tally.counts.values()) - tally.counts["open"]
        mean = f"{tally.points / judged:.1f}/{exercise.points}" if judged else "–"
        numbers = [str(tally.counts[name]) for name in ("full", "some", "none", "missing", "open")]
        table.add_row(*map(_plain, [exercise.id, mean, *numbers, _most_common(tally.misconceptions)]))
    return table


def _most_common(counter: Counter[str]) -> str:
    if not counter:
        return ""
    text, count = min(counter.items(), key=lambda item: (-item[1], item[0]))
    return f"{count} x {text}"


def _plain(text: str) -> Text:
    """*text* as it stands: brackets are no markup, and signs that move the cursor are replaced."""
    return Text("".join(sign if sign.isprintable() else "\ufffd" for sign in text))
