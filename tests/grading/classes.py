"""Small classes for the tests of grading: two exercises, notebooks with answers, and everything hostile."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import find_exercise

PLACE = """\
title: Put the pod on its node
kind: build
minutes: 5
points: 3
objectives: [Select a node.]
variables:
  app: [red, green, blue]
task: Run the pod `$(app)` on n2.
scenario:
  world: {nodes: [n1, {name: n2, labels: {disk: fast}}]}
  do:
  - answer: {as: manifest, kinds: [Pod]}
  - run: 10s
checks:
- id: runs
  points: 1
  right: The pod runs.
  wrong: There is no such pod, or it does not run.
  expect:
  - condition: {kind: Pod, name: "$(app)", type: Ready}
- id: place
  points: 2
  right: It is on n2.
  wrong: It is on another node.
  at: spec.nodeSelector
  needs: [runs]
  expect:
  - scheduled: {pod: $(app), node: n2}
hints: [Look at the labels of n2.]
"""

PREDICT = """\
title: Which node
kind: predict
minutes: 2
points: 1
objectives: [Know cordon.]
task: The pod web is created.
scenario:
  world: {nodes: [n1, n2]}
  do:
  - kubectl: cordon n1
  - answer: {as: choice}
  - kubectl: run web --image=nginx
checks:
- id: node
  points: 1
  question: Which node does it run on?
  right: Right.
  wrong: A node that is cordoned gets no pod.
  options:
    n1: {text: On n1, wrong: Cordon keeps pods off., expect: [{scheduled: {pod: web, node: n1}}]}
    n2: {text: On n2, expect: [{scheduled: {pod: web, node: n2}}]}
hints: [Think of cordon.]
"""

PLACE_ID, PREDICT_ID = "demo/place", "demo/predict"


def make_exercises(root: Path) -> Path:
    """Write both exercises below *root*."""
    for name, text in ((PLACE_ID, PLACE), (PREDICT_ID, PREDICT)):
        folder = root / name
        folder.mkdir(parents=True)
        (folder / "exercise.yaml").write_text(text, "utf-8")
    return root


def place(root: Path) -> Exercise:
    """The exercise with variants."""
    return find_exercise(PLACE_ID, root)


def pod(name: str, *, selector: str = "\n  nodeSelector: {disk: fast}") -> str:
    """A pod that fits the exercise."""
    containers = "[{name: main, image: nginx}]"
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers: {containers}{selector}\n"


def right_pod(exercise: Exercise, seed: str) -> str:
    """The solution of the exercise with variants."""
    return pod(exercise.variant(seed).values["app"])


def code(source: Any) -> dict[str, Any]:
    """A code cell."""
    return {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": [], "source": source}


def answer(exercise: str, text: str, part: str = "") -> dict[str, Any]:
    """An answer cell."""
    return code(f"%%answer {exercise} {part}".rstrip() + f"\n{text}")


def notebook(*cells: Mapping[str, Any], origin: Any = None) -> dict[str, Any]:
    """A notebook as JupyterLab saves it."""
    metadata = {} if origin is None else {"k8scourse": origin}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def made_for(exercise: Exercise, seed: str, version: str | None = None) -> dict[str, Any]:
    """The metadata of a notebook that the course made."""
    return {"format": 1, "exercise": exercise.id, "version": version or exercise.version, "variant": seed}


def write(path: Path, content: Any) -> Path:
    """Write a notebook: bytes as they are, anything else as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


_WHOLE = json.dumps(notebook(answer(PREDICT_ID, "n2"))).encode()

BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "truncated": (_WHOLE[: len(_WHOLE) // 2], "was it cut off"),
    "no-text": (b"\xff\xfe\x00", "is no UTF-8 text"),
    "huge": (b'{"cells": [], "x": "' + b"a" * 50_000_000 + b'"}', "has 47.7 MB; at most 10 are read"),
    "deep": (b'{"cells": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nests more than 50"),
    "deep-and-cut": (b"[" * 150_000, "nests more than 50"),
    "many-lists": (b'{"cells": [' + b"[]," * 2_000_000 + b"[]]}", "holds more than 200000 lists and maps"),
    "quotes": (b'"' + b'\\"' * 400_000, "was it cut off"),
    "keys": (_WHOLE[:-1] + b', "cells": []}', 'has the key "cells" twice'),
    "source-twice": (_WHOLE.replace(b'"source"', b'"source": "", "source"'), 'has the key "source" twice'),
    "nan": (b'{"cells": NaN}', "NaN is no number"),
    "long-number": (b'{"cells": ' + b"1" * 100_000 + b"}", "a number in it is too long"),
    "list": (b"[]", "it holds no map"),
    "text": (b'"cells"', "it holds no map"),
    "no-cells": (b'{"nbformat": 4}', "no list of cells"),
    "old": (b'{"nbformat": 3, "worksheets": []}', "format 3"),
    "many-cells": (b'{"cells": [' + b"1," * 3000 + b"1]}", "has 3001 cells"),
    "other-format": (
        json.dumps(notebook(origin={"format": 9} | dict.fromkeys(("exercise", "version", "variant"), "x"))).encode(),
        "format 9",
    ),
}
"""Notebooks that cannot be read, and what is said of each."""

_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(12)
)

HOSTILE_ANSWERS: dict[str, str] = {
    "bomb": _BOMB,
    "nested": "[" * 10_000 + "]" * 10_000,
    "nested-blocks": "\n".join(" " * i + "a:" for i in range(300)),
    "python-tag": '!!python/object/apply:os.system ["touch owned-by-an-answer"]',
    "own-tag": "kind: !Pod x",
    "long": "a" * 5_000_000,
    "nul": "kind: Pod\x00\n",
    "half-sign": "kind: \ud800\n",
    "escape": "kind: \x1b[2J\n",
    "bad-indent": "kind: Pod\n spec: x\n",
    "html": "kind: <script>alert(1)</script>\n",
    "no-map": "- 1\n- 2\n",
    "flood": "---\n".join(pod(f"p{number}") for number in range(500)),
    "endless": pod("red").replace("name: red", "name: red, name: &x [*x]"),
}
"""Answers that no exercise expects; each costs nothing but its own points."""


def hostile_class(folder: Path, root: Path) -> dict[str, int]:
    """Write a class with everything; gives what the two good learners must earn."""
    exercise = place(root)
    good = [answer(PLACE_ID, right_pod(exercise, "self-study")), answer(PREDICT_ID, "n2")]
    write(folder / "ada" / "work" / "x.ipynb", notebook(*good))
    write(folder / "zoe.ipynb", notebook(*good[:1]))
    for name, (content, _) in BROKEN.items():
        write(folder / f"broken-{name}" / "predict.ipynb", content)
    for name, text in HOSTILE_ANSWERS.items():
        write(folder / f"hostile-{name}" / "place.ipynb", notebook(answer(PLACE_ID, text)))
    (folder / "nothing").mkdir()
    write(folder / "foreign" / "homework.ipynb", notebook(code("print(1)")))
    write(folder / "metadata" / "place.ipynb", {**notebook(*good[:1]), "metadata": [1]})
    write(folder / "damaged" / "place.ipynb", notebook(*good[:1], origin={"format": "x", "version": []}))
    old = made_for(exercise, "self-study", "0123456789ab")
    write(folder / "outdated" / "place.ipynb", notebook(*good[:1], origin=old))
    write(
        folder / "cells" / "place.ipynb",
        notebook(code([1, 2]), {"cell_type": "code"}, code("%%answer"), code("%%answer ../x y z")),
    )
    write(folder / "=1+1" / "x.ipynb", notebook(answer("demo/plac", "x")))
    write(folder / "<b>bold" / "x.ipynb", notebook(answer(PLACE_ID, "x", "p")))
    write(folder / "..." / "x.ipynb", notebook())
    write(folder / "\x1b[2J" / "x.ipynb", notebook())
    (folder / "linked").mkdir()
    (folder / "linked" / "place.ipynb").symlink_to(folder / "ada" / "work" / "x.ipynb")
    (folder / "folder-link").symlink_to(root)
    os.mkfifo(folder / "pipe.ipynb")
    return {"ada": 4, "zoe": 3, "metadata": 3, "damaged": 3}
