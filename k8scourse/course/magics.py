"""The words that notebooks of the course know: %exercise, %%answer, %hint and the function practice().

`%load_ext k8scourse` loads them. What a learner types wrong is answered in one sentence, never with a traceback.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from textwrap import fill
from typing import Any

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from k8scourse.cluster import Cluster
from k8scourse.course.checking import check_answer
from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import NoSuchExercise, find_exercise
from k8scourse.course.playing import prepare
from k8scourse.course.progress import Progress
from k8scourse.course.result import Result
from k8scourse.course.variants import SELF_STUDY
from k8scourse.scenario.faults import one_of

PRACTICE_BUDGET = 10_000_000
"""Steps of a practice cluster; it stops only what would never end."""


WIDTH = 80
"""Columns of a hint."""


class Usage(ValueError):
    """What was typed has no meaning; the text says what to type."""


def _in_one_sentence(magic: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(magic)
    def wrapper(*arguments: Any) -> Any:
        try:
            return magic(*arguments)
        except (Usage, NoSuchExercise) as error:
            print(error)
            return None

    return wrapper


@magics_class
class CourseMagics(Magics):
    """One notebook's exercises: the seed of each one's variant and the answers given so far."""

    def __init__(self, shell: Any, progress: Progress | None = None) -> None:
        super().__init__(shell)
        self._progress = progress or Progress()
        self._seeds: dict[str, str] = {}
        self._answers: dict[str, dict[str, str]] = {}
        self._current = ""

    def _exercise(self, name: str) -> Exercise:
        exercise = find_exercise(name)
        self._current = name
        return exercise

    def _seed(self, name: str) -> str:
        return self._seeds.get(name, SELF_STUDY)

    @line_magic
    @_in_one_sentence
    def exercise(self, line: str) -> None:
        """%exercise chapter/slug [variant]: say which exercise, and which variant of it, this notebook is about."""
        words = line.split()
        if not 1 <= len(words) <= 2:
            raise Usage("write %exercise chapter/slug, or %exercise chapter/slug VARIANT")
        exercise = self._exercise(words[0])
        self._seeds[exercise.id] = words[1] if len(words) == 2 else SELF_STUDY
        known = self._progress.of(exercise.id, self._seed(exercise.id))
        best = known.get("best", 0) if known.get("version") == exercise.version else 0
        print(f"{exercise.title}: {best} of {exercise.points} points so far")

    @cell_magic
    @_in_one_sentence
    def answer(self, line: str, cell: str) -> Result:
        """%%answer chapter/slug [part]: check the cell's text as an answer and show the feedback."""
        words = line.split()
        if not 1 <= len(words) <= 2:
            raise Usage("write %%answer chapter/slug, or %%answer chapter/slug PART")
        exercise = self._exercise(words[0])
        part = words[1] if len(words) == 2 else ""
        if exercise.part(part) is None:
            names = [item.name for item in exercise.parts]
            wanted = one_of([f"%%answer {exercise.id} {name}".rstrip() for name in names])
            raise Usage(f'{exercise.id} has no part "{part}"; write {wanted}')
        answers = self._answers.setdefault(exercise.id, {})
        answers[part] = cell
        result = check_answer(exercise, exercise.variant(self._seed(exercise.id)), answers)
        self._progress.record(result)
        return result

    @line_magic
    @_in_one_sentence
    def hint(self, line: str) -> None:
        """%hint [chapter/slug]: show one hint more than last time, below the earlier ones."""
        exercise = self._exercise(line.strip() or self._named())
        hints = exercise.task(exercise.variant(self._seed(exercise.id))).hints
        last = self._progress.next_hint(exercise.id, self._seed(exercise.id), len(hints))
        for number, hint in enumerate(hints[: last + 1], start=1):
            print(fill(f"Hint {number} of {len(hints)}: {hint}", WIDTH, break_long_words=False, break_on_hyphens=False))
        if last + 1 == len(hints):
            print("That was the last hint.")

    def practice(self, name: str = "") -> Cluster:
        """A fresh cluster as the exercise begins, to try things in; *name* is chapter/slug, else the last one named."""
        exercise = self._exercise(name or self._named())
        return prepare(exercise, exercise.variant(self._seed(exercise.id)), budget=PRACTICE_BUDGET).cluster

    def _named(self) -> str:
        if not self._current:
            raise Usage("which exercise? Write chapter/slug behind it, or run %exercise chapter/slug first")
        return self._current


def load_ipython_extension(shell: Any) -> None:
    """Make the magics and practice() known to *shell*; a second call changes nothing."""
    if "answer" in shell.magics_manager.magics["cell"]:
        return
    magics = CourseMagics(shell)
    shell.register_magics(magics)
    shell.push({"practice": magics.practice}, interactive=False)
