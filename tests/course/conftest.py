"""A small exercise of the tests' own, so that a claim about the engine needs no exercise of the course."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import load_exercise

EXERCISE = """\
title: The small one
kind: repair
minutes: 5
points: 5
objectives: [Open one door.]
variables:
  key: [gpu, fpga]
task: Let the pod `p` onto `n1`, tainted $(key)=yes:NoSchedule.
starter: |
  apiVersion: v1
  kind: Pod
  metadata: {name: p}
  spec: {containers: [{name: c, image: nginx}]}
scenario:
  world: {nodes: [{name: n1, taints: ["$(key)=yes:NoSchedule"]}]}
  do:
  - answer: {as: manifest, kinds: [Pod]}
checks:
- id: lands
  points: 3
  at: spec.tolerations
  right: It lands on n1.
  wrong: It does not land on n1.
  expect: [{scheduled: {pod: p, node: n1}}]
- id: stays
  points: 2
  needs: [lands]
  right: It stays.
  wrong: It leaves.
  do:
  - kubectl: taint nodes n1 late:NoExecute
  expect: [{absent: {kind: Pod, name: p}}]
hints: [Look at the taint., Write a toleration., "Write {key: $(key), operator: Exists}."]
"""

SOLUTION = """\
solution: |
  apiVersion: v1
  kind: Pod
  metadata: {name: p}
  spec:
    containers: [{name: c, image: nginx}]
    tolerations: [{key: $(key), operator: Exists}]
alternatives:
- why: The value may be named.
  answer: |
    apiVersion: v1
    kind: Pod
    metadata: {name: p}
    spec:
      containers: [{name: c, image: nginx}]
      tolerations: [{key: $(key), value: "yes", effect: NoSchedule}]
one_way: It is small.
wrong:
- answer: |
    apiVersion: v1
    kind: Pod
    metadata: {name: p}
    spec: {containers: [{name: c, image: nginx}]}
  caught_by: lands
  misconception: Taints are labels.
- answer: |
    apiVersion: v1
    kind: Pod
    metadata: {name: p}
    spec: {containers: [{name: c, image: nginx}], tolerations: [{operator: Exists}]}
  caught_by: stays
  misconception: More is better.
- answer: |
    apiVersion: v1
    kind: Pod
    metadata: {name: p}
    spec: {containers: [{name: c, image: nginx}], tolerations: [{key: $(key), operator: Exists, value: x}]}
  caught_by: refused
  misconception: Exists takes a value.
equivalent:
- {change: "drop spec.tolerations[0].effect", why: never happens}
- {change: "set spec.containers[0].*", why: Nothing asks for it.}
"""

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers: [{name: c, image: nginx}]
  tolerations:
  - {key: gpu, operator: Exists}
  - {key: fpga, operator: Exists}
"""


def write_exercise(folder: Path, text: str = EXERCISE, solution: str = SOLUTION) -> Path:
    """A folder chapter/slug with these files; gives its path."""
    place = folder / "chapter" / "small"
    place.mkdir(parents=True)
    (place / "exercise.yaml").write_text(text, "utf-8")
    (place / "solution.yaml").write_text(solution, "utf-8")
    return place


@pytest.fixture
def small(tmp_path: Path) -> Exercise:
    return load_exercise(write_exercise(tmp_path), strict=True)
