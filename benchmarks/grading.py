"""Grading on one core: answers, notebooks and a class, in CPU time; the reference is a fresh Python process.

A grader that runs notebooks starts at least one process for each; this one runs none. Answers are those that the
course's solution files know, right and wrong ones; where none shall be equal, each ends with a comment of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import Figure, program, report
from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import exercise_ids, find_exercise, load_solution
from k8scourse.course.proving import as_answers
from k8scourse.course.roster import Learner, variant_for
from k8scourse.grading.grader import Entry, Grader
from k8scourse.grading.judging import Reply, Task, perform
from k8scourse.grading.submissions import Submission

SECRET = "the secret of a benchmark"
EXERCISES = 8
LEARNERS = 20
ROUNDS = 3  # the best one counts: what else runs on the machine only adds
GROWTH = 8


class InProcess:
    """Does the tasks where it stands, so that one process's CPU time is all of it."""

    def call(self, task: Task) -> Reply:
        return perform(task)


def answers_of(exercise: Exercise) -> list[Any]:
    """The answers that are known of an exercise, right and wrong ones in turn."""
    solution = load_solution(exercise)
    right = [solution.solution, *(answer for _, answer in solution.alternatives)]
    wrong = [item.answer for item in solution.wrong]
    return [answer for pair in zip(right * len(wrong), wrong * len(right), strict=True) for answer in pair]


def notebook(exercises: Sequence[Exercise], learner: int, secret: str | None, *, unique: bool) -> dict[str, Any]:
    """A notebook with one answer to each exercise."""
    cells = []
    for number, exercise in enumerate(exercises):
        known = answers_of(exercise)
        variant = variant_for(exercise, name(learner), secret)
        for part, text in as_answers(exercise, known[(learner * 5 + number) % len(known)], variant).items():
            own = f"\n# {learner}\n" if unique else "\n"
            source = f"%%answer {exercise.id} {part}\n{text.rstrip()}{own}"
            cells.append({"cell_type": "code", "metadata": {}, "source": source})
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def name(learner: int) -> str:
    """A learner's id."""
    return f"learner-{learner:04}"


def write_class(
    folder: Path, exercises: Sequence[Exercise], count: int, secret: str | None, *, unique: bool
) -> Iterator[Entry]:
    """Hand in *count* notebooks."""
    for learner in range(count):
        path = folder / f"{name(learner)}.ipynb"
        path.write_text(json.dumps(notebook(exercises, learner, secret, unique=unique)), "utf-8")
        yield Entry(Learner(name(learner)), Submission(name(learner), (path,), folder))


def cpu_per_learner(exercises: Sequence[Exercise], secret: str | None, *, unique: bool, count: int = LEARNERS) -> float:
    """CPU seconds per notebook of a class with *count* learners, from nothing known to all graded."""
    with tempfile.TemporaryDirectory() as folder:
        entries = list(write_class(Path(folder), exercises, count, secret, unique=unique))
        grader = Grader(exercises, exercise_ids(), secret)
        begin = time.process_time()
        for entry in entries:
            grader.grade(entry, InProcess())
        return (time.process_time() - begin) / count


def best(exercises: Sequence[Exercise], secret: str | None, *, unique: bool) -> float:
    """The least CPU seconds per notebook of some rounds."""
    return min(cpu_per_learner(exercises, secret, unique=unique) for _ in range(ROUNDS))


def peak() -> int:
    """The most memory that this process ever had, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1024**2


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    process = program("pass")
    exercises = [find_exercise(item) for item in exercise_ids()][:EXERCISES]
    cpu_per_learner(exercises, SECRET, unique=True, count=5)
    figures: list[Figure] = []

    def add(what: str, seconds: float, goal: float) -> None:
        figures.append(Figure(what, seconds, goal, "a fresh Python process", process))

    variants = best(exercises, SECRET, unique=True)
    before = peak()
    add("one answer, all different, a variant per learner", variants / EXERCISES, 1 / 100)
    add("a notebook of 8 exercises, all of it different", variants, 1 / 10)
    add("a notebook of 8 exercises, self-study variant", best(exercises, None, unique=False), 1 / 10)
    cpu_per_learner(exercises, SECRET, unique=True, count=LEARNERS * GROWTH)
    missed = report(figures)
    for exercise in exercises:
        single = best([exercise], SECRET, unique=True)
        print(f"     {exercise.id:<40} {1 / single:6.0f} answers/s")
    print(f"     peak memory: {before} MiB after {LEARNERS} learners, {peak()} MiB after {GROWTH} times as many")
    return missed


if __name__ == "__main__":
    sys.exit(main())
