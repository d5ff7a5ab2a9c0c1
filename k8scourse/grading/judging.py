"""The two things that a worker does, as plain data in and out: read a notebook, and check an answer.

Whatever a stranger's file or answer causes ends here as data; only running out of memory and a crash of the process
are left to the worker's owner.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from k8scourse.course.checking import ExerciseBroken, check_answer
from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import find_exercise
from k8scourse.grading.notebooks import UnreadableNotebook, read_notebook
from k8scourse.grading.submissions import read_file

Task = Mapping[str, Any]
Reply = dict[str, Any]


def reading(path: Path) -> Task:
    """The task to read the notebook at *path*: replies {answers, origin, remarks} or {trouble}."""
    return {"do": "read", "path": os.fsencode(path).hex()}


def checking(exercise: Exercise, seed: str, answers: Mapping[str, str], budget: int) -> Task:
    """The task to check *answers*: replies {result} or {trouble}."""
    folder = str(exercise.folder.parent.parent)
    asked = {"exercise": exercise.id, "root": folder, "version": exercise.version, "seed": seed}
    return {"do": "check", **asked, "answers": dict(answers), "budget": budget}


def perform(task: Task) -> Reply:
    """Do a task. Never raises, whatever the notebook or the answer holds."""
    try:
        return _read(task) if task["do"] == "read" else _check(task)
    except MemoryError:
        return {"trouble": "needs more memory than one answer may have"}
    except Exception as error:  # noqa: BLE001 - a defect costs one grade, and its place is told
        return {"trouble": f"a defect of k8scourse: {type(error).__name__} ({_place(error)})"}


def _read(task: Task) -> Reply:
    try:
        notebook = read_notebook(read_file(Path(os.fsdecode(bytes.fromhex(task["path"])))))
    except UnreadableNotebook as error:
        return {"trouble": str(error)}
    origin = notebook.origin
    told = {"exercise": origin.exercise, "version": origin.version, "variant": origin.variant} if origin else None
    return {"answers": notebook.answers, "origin": told, "remarks": notebook.remarks}


def _check(task: Task) -> Reply:
    exercise = _exercise(task["exercise"], task["root"], task["version"])
    try:
        result = check_answer(exercise, exercise.variant(task["seed"]), task["answers"], budget=task["budget"])
    except ExerciseBroken as error:
        return {"trouble": f"the exercise itself does not run: {error}"}
    return {"result": result.to_dict()}


@lru_cache(maxsize=256)
def _exercise(name: str, root: str, version: str) -> Exercise:
    """The exercise in the very version that the class is graded by, even where its file changes meanwhile."""
    exercise = find_exercise(name, Path(root))
    if exercise.version != version:
        raise RuntimeError(f"{name} changed while it was graded")
    return exercise


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename.rpartition('k8scourse/')[2]}:{frame.lineno}"
