"""Grades as files for other programs: CSV (RFC 4180) and JSON Lines. Equal grades give equal bytes."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from k8scourse.course.exercise import Exercise
from k8scourse.course.roster import Learner
from k8scourse.grading.files import whole_file
from k8scourse.grading.grades import LearnerGrades
from k8scourse.grading.plain import canonical_json, no_formula, printable

ANSWERS, CLASS, LINES = "answers.csv", "class.csv", "grades.jsonl"
ANSWER_COLUMNS = (
    *("learner", "name", "email", "exercise", "version", "variant", "status", "earned", "points"),
    *("reason", "remark", "notebook"),
)

People = Mapping[str, Learner]
Cell = str | int | None


def write_answers(path: Path, records: Iterable[LearnerGrades], people: People) -> None:
    """A CSV file with one row per learner and exercise; what was not judged has no number under `earned`."""
    _write(path, ANSWER_COLUMNS, (row for record in records for row in _answer_rows(record, people)))


def _answer_rows(record: LearnerGrades, people: People) -> Iterator[list[Cell]]:
    person = people[record.learner]
    for grade in record.grades:
        judged = [grade.exercise, grade.version, grade.variant, grade.status, grade.earned, grade.points]
        yield [person.id, person.name, person.email, *judged, grade.reason, grade.remark, grade.notebook]


def write_class(path: Path, records: Iterable[LearnerGrades], people: People, exercises: Sequence[Exercise]) -> None:
    """A CSV file with one row per learner and one column per exercise; `open` counts what nobody has judged."""
    header = [
        "learner",
        "name",
        "email",
        *(exercise.id for exercise in exercises),
        "earned",
        "points",
        "open",
        "troubles",
    ]
    _write(path, header, (_class_row(record, people[record.learner], exercises) for record in records))


def _class_row(record: LearnerGrades, person: Learner, exercises: Sequence[Exercise]) -> list[Cell]:
    earned = {grade.exercise: grade.earned for grade in record.grades}
    troubles = "; ".join(f"{item.file} {item.reason}".strip() for item in record.troubles)
    own: list[Cell] = [earned.get(exercise.id) for exercise in exercises]
    return [person.id, person.name, person.email, *own, record.earned, record.points, len(record.open), troubles]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    with whole_file(path) as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([_cell(cell) for cell in row])


def _cell(value: Cell) -> Cell:
    return no_formula(printable(value)) if isinstance(value, str) else value


def write_lines(path: Path, records: Iterable[LearnerGrades]) -> str:
    """One canonical JSON text per learner, each on a line; gives the digest of them all (SHA-256)."""
    found = hashlib.sha256()
    with whole_file(path) as file:
        for record in records:
            line = f"{canonical_json(record.to_dict())}\n"
            found.update(line.encode())
            file.write(line)
    return found.hexdigest()


def as_json(record: LearnerGrades, person: Learner) -> str:
    """One learner's grades as canonical JSON with a line break at the end."""
    data: dict[str, Any] = {**record.to_dict(), "name": person.name, "email": person.email}
    return f"{canonical_json(data)}\n"
