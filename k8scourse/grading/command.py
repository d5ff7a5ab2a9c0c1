"""The command line `k8scourse grade SUBMISSIONS`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from k8scourse.course.assigning import UnknownChoice, chosen_exercises
from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import exercise_ids, find_exercise
from k8scourse.course.roster import InvalidRoster, read_roster, read_secret
from k8scourse.grading.classroom import entries_of, grade_class
from k8scourse.grading.console import print_class, with_progress
from k8scourse.grading.exports import ANSWERS, CLASS, LINES, People, as_json, write_answers, write_class, write_lines
from k8scourse.grading.files import whole_file
from k8scourse.grading.gradebook import Gradebook, GradebookFailed
from k8scourse.grading.grader import Entry, Grader
from k8scourse.grading.journal import FILE, Journal
from k8scourse.grading.plain import file_name
from k8scourse.grading.report import report
from k8scourse.grading.submissions import find_submissions
from k8scourse.grading.workers import WorkerCannotStart, Workers, WorkersClosed
from k8scourse.scenario.faults import InvalidFile

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]

DESCRIPTION = """\
Grades what a class handed in: SUBMISSIONS/<learner>/**/*.ipynb or SUBMISSIONS/<learner>.ipynb. Notebooks are read as
data and never run. Writes the gradebook, CSV and JSON files and one HTML report per learner."""


class Unusable(Exception):
    """The command line asks for what is not there; the text says what to change."""


def add_parser(subparsers: SubParsers) -> argparse.ArgumentParser:
    """Adds the command ``grade`` to the parsers of a command line; its ``main`` is set as ``run_command``."""
    parser = subparsers.add_parser("grade", help="grade a folder of notebooks", description=DESCRIPTION)
    _fill(parser)
    parser.set_defaults(run_command=main)
    return parser


def _fill(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("submissions", type=Path, metavar="SUBMISSIONS", help="the folder with one folder or notebook per learner")
    add(
        "--roster", type=Path, metavar="FILE", help="CSV with the columns learner, name, email; without it: all folders"
    )
    add("--secret-file", type=Path, metavar="FILE", help="the secret with which the variants were assigned")
    add("--exercises", nargs="+", metavar="NAME", help="chapters or exercises (chapter/slug) to grade; all by default")
    add("--gradebook", metavar="URL", help="SQLAlchemy URL of the gradebook (sqlite, in the folder of --out)")
    add("--out", type=Path, default=Path("grades"), metavar="DIR", help="where to write (default: grades)")
    add("--jobs", type=_count, default=os.cpu_count() or 1, metavar="N", help="worker processes (one per processor)")
    add("--resume", action="store_true", help="keep the grades of an earlier run whose notebooks have not changed")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("expected a number from 1 to 256")
    return number


def main(args: argparse.Namespace, *, root: Path | None = None, out: TextIO | None = None) -> int:
    """Does what the parsed arguments say; gives the exit code: 0 all graded, 2 the class cannot be graded at all.

    *root* is where the exercises are (by default the course's), *out* gets the tables (by default standard output).
    """
    try:
        return _grade(args, root, out or sys.stdout)
    except (Unusable, UnknownChoice, InvalidRoster, InvalidFile, GradebookFailed, WorkerCannotStart) as error:
        print(error, file=sys.stderr)
        return 2
    except WorkersClosed:
        raise KeyboardInterrupt from None


def _grade(args: argparse.Namespace, root: Path | None, out: TextIO) -> int:
    if not args.submissions.is_dir():
        raise Unusable(f"{args.submissions} is no folder; expected the folder with the submissions")
    if args.secret_file and not args.roster:
        raise Unusable("--secret-file needs --roster: variants belong to the learners on it")
    known = exercise_ids(root)
    exercises = [find_exercise(name, root) for name in chosen_exercises(args.exercises, root)]
    roster = read_roster(args.roster) if args.roster else None
    grader = Grader(exercises, known, read_secret(args.secret_file) if args.secret_file else None)
    args.out.mkdir(parents=True, exist_ok=True)
    entries = entries_of(find_submissions(args.submissions, leave_out=args.out), roster)
    gradebook = Gradebook(args.gradebook or f"sqlite:///{args.out / 'gradebook.db'}")
    journal = Journal(args.out / FILE, resume=args.resume)
    try:
        _work(args, grader, entries, journal)
        _write(args.out, exercises, entries, journal, gradebook, out)
    finally:
        journal.close()
        gradebook.close()
    return 0


def _work(args: argparse.Namespace, grader: Grader, entries: Sequence[Entry], journal: Journal) -> None:
    jobs = max(1, min(args.jobs, len(entries)))
    working = grade_class(grader, entries, journal, Workers(jobs), jobs)
    try:
        for _ in with_progress(working, len(entries)):
            pass
    except KeyboardInterrupt:
        working.close()
        print("interrupted; the same command with --resume goes on from here", file=sys.stderr)
        raise


def _write(
    folder: Path,
    exercises: Sequence[Exercise],
    entries: Sequence[Entry],
    journal: Journal,
    gradebook: Gradebook,
    out: TextIO,
) -> None:
    learners = [entry.learner.id for entry in entries]
    people: People = {entry.learner.id: entry.learner for entry in entries}
    gradebook.write(journal.read(learners), people, exercises)
    write_answers(folder / ANSWERS, journal.read(learners), people)
    write_class(folder / CLASS, journal.read(learners), people, exercises)
    digest = write_lines(folder / LINES, journal.read(learners))
    _write_reports(folder / "reports", exercises, learners, people, journal)
    print_class(journal.read(learners), people, exercises, out)
    print(f"{len(learners)} learners, {len(exercises)} exercises; digest {digest[:16]}", file=out)
    print(f"gradebook, {CLASS}, {ANSWERS}, {LINES} and reports are in {folder}", file=out)


def _write_reports(
    folder: Path, exercises: Sequence[Exercise], learners: Sequence[str], people: People, journal: Journal
) -> None:
    folder.mkdir(exist_ok=True)
    titles = {exercise.id: exercise for exercise in exercises}
    for record in journal.read(list(learners)):
        name, person = file_name(record.learner), people[record.learner]
        with whole_file(folder / f"{name}.html") as file:
            file.write(report(record, person, titles))
        with whole_file(folder / f"{name}.json") as file:
            file.write(as_json(record, person))
