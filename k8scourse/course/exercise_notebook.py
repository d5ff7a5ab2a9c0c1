"""The learner's notebook of an exercise, generated: task, a cell to try things in, a cell per answer, hints.

The same exercise and variant give the same notebook, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from k8scourse.course.answers import OPEN
from k8scourse.course.exercise import Exercise, Part, Task
from k8scourse.course.variants import SELF_STUDY, Variant

FORMAT = 1
"""The version of what notebooks have under the metadata key k8scourse."""

_FACES = {
    "predict": "Predict",
    "repair": "Repair",
    "build": "Build",
    "explain": "Explain",
}
_FIRST = (
    "Run this cell first, and again whenever the kernel was restarted. Before that, Jupyter says of the answer cell "
    "`Cell magic %%answer not found`."
)
_PRACTICE = (
    "Try things out here, as often as you like; only the answer cell counts. Each run begins with a fresh cluster."
)
_TRYING = {
    True: "To try a repair, change the manifest in this cell and run it again.",
    False: '`cluster.apply("""...""")` tries a manifest, `cluster.kubectl("...")` a command.',
}
"""How to try an answer, by whether the cell already applies what there is to repair."""

_ASKED = {
    "manifest": "Write the manifest below the first line of the next cell, and run the cell.",
    "kubectl": "Write kubectl commands below the first line of the next cell, one per line, and run the cell.",
    "choice": "Put an option in place of each `_`, and run the cell.",
    "dockerfile": "Write the Dockerfile below the first line of the next cell, and run the cell.",
}


def notebook_name(exercise: Exercise) -> str:
    """The file name of an exercise's notebook."""
    return f"{exercise.id.partition('/')[2]}.ipynb"


def notebook_metadata(exercise: Exercise, variant: Variant) -> dict[str, Any]:
    """What a notebook says about itself; the grader reads the exercise and its version from it."""
    return {
        "format": FORMAT,
        "exercise": exercise.id,
        "version": exercise.version,
        "variant": variant.seed,
    }


def notebook_of(exercise: Exercise, variant: Variant | None = None) -> dict[str, Any]:
    """The notebook (nbformat 4.5) for *variant*, by default the one for self-study, as plain data."""
    chosen = variant or exercise.variant(SELF_STUDY)
    cells = [
        _cell(f"{kind}-{index}", kind, text) for index, (kind, text) in enumerate(_cells(exercise, chosen), start=1)
    ]
    return {
        "cells": cells,
        "metadata": {
            "k8scourse": notebook_metadata(exercise, chosen),
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def notebook_text(exercise: Exercise, variant: Variant | None = None) -> str:
    """The notebook as its file holds it."""
    return json.dumps(notebook_of(exercise, variant), ensure_ascii=False, indent=1) + "\n"


def _cell(identity: str, kind: str, text: str) -> dict[str, Any]:
    source = text.rstrip("\n").splitlines(keepends=True)
    cell: dict[str, Any] = {"cell_type": kind, "id": identity, "metadata": {}, "source": source}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}


def _cells(exercise: Exercise, variant: Variant) -> Iterator[tuple[str, str]]:
    task = exercise.task(variant)
    yield "markdown", _introduction(exercise, task)
    yield "markdown", _FIRST
    # %load_ext complains when it is run again; %reload_ext loads what is not loaded, and is silent.
    yield "code", f"%reload_ext k8scourse\n%exercise {exercise.id} {variant.seed}"
    if exercise.kind != "predict":
        begun = _begun(exercise, task)
        yield "markdown", " ".join(filter(None, [_PRACTICE, _TRYING[bool(begun)]]))
        yield "code", "\n".join(["cluster = practice()", *begun, *_looks(task)])
    for part in exercise.parts:
        heading = f"## Your answer: {part.name}" if part.name else "## Your answer"
        yield "markdown", f"{heading}\n\n{_ASKED[part.kind]}"
        yield "code", answer_cell(exercise, task, part)
    yield "markdown", "## Stuck?\n\nEach run of the next cell shows one hint more."
    yield "code", f"%hint {exercise.id}"


def _begun(exercise: Exercise, task: Task) -> list[str]:
    """The lines that bring what is to be repaired into the practice cluster; none where the world has it already."""
    if exercise.kind != "repair":
        return []
    starters = [task.starter.get(part.name, "") for part in exercise.parts if part.kind == "manifest"]
    return [f'cluster.apply("""\n{starter.strip()}\n""")' for starter in starters if starter.strip()]


def _looks(task: Task) -> list[str]:
    """The lines that show the cluster: pods, and nodes with the labels and taints that the exercise gives them."""
    found = task.world.get("nodes", ())
    nodes = [node for node in found if isinstance(node, dict)] if isinstance(found, list) else []
    labels = sorted({key for node in nodes for key in node.get("labels", {})})
    commands = [f"get nodes{' -L ' + ','.join(labels) if labels else ''}"]
    if any(node.get("taints") for node in nodes):
        commands.append("get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints")
    return [f'print(cluster.kubectl("{command}"))' for command in [*commands, "get pods -A -o wide"]]


def answer_cell(exercise: Exercise, task: Task, part: Part) -> str:
    """The cell that takes the answer to *part*, with what it holds at first."""
    first = f"%%answer {exercise.id}" + (f" {part.name}" if part.name else "")
    starter = task.starter.get(part.name, "")
    if part.kind == "choice" and not starter:
        starter = "".join(f"{question.id}: {OPEN}\n" for question in task.questions)
    return f"{first}\n{starter}"


def _introduction(exercise: Exercise, task: Task) -> str:
    objectives = "\n".join(f"- {objective}" for objective in exercise.objectives)
    facts = f"{_FACES[exercise.kind]} · {exercise.points} points · about {exercise.minutes} minutes"
    parts = [f"# {exercise.title}", facts, f"What you practise:\n\n{objectives}", task.text.strip()]
    return "\n\n".join([*parts, *map(_question, task.questions)])


def _question(check: Any) -> str:
    options = "\n".join(f"- `{option.name}`: {option.text}" for option in check.options)
    return f"**{check.id}**: {check.question}\n\n{options}"
