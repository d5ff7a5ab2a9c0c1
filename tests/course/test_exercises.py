"""Every exercise of the course is proven, for five variants each."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from k8scourse.course.content import content_dir
from k8scourse.course.exercise_loader import exercise_ids, find_exercise, load_exercise, load_solution
from k8scourse.course.proving import VARIANTS, prove

NAMES = exercise_ids(content_dir("exercises"))


@pytest.mark.parametrize("name", NAMES)
def test_the_exercise_is_proven(name: str) -> None:
    exercise = load_exercise(content_dir("exercises") / name, strict=True)
    proof = prove(exercise, load_solution(exercise, strict=True))
    assert proof.complaints == []
    assert proof.variants == VARIANTS


@pytest.mark.parametrize("name", NAMES)
def test_the_exercise_has_hints_in_three_steps(name: str) -> None:
    exercise = find_exercise(name)
    assert len(exercise.task(exercise.variant("1")).hints) == 3


def test_the_taints_chapter_has_every_kind_of_exercise() -> None:
    kinds = Counter(find_exercise(name).kind for name in NAMES if name.startswith("taints/"))
    assert kinds == {"predict": 2, "repair": 2, "build": 4, "explain": 1}


_DIGEST = """
import hashlib, json
from k8scourse.course.checking import check_answer
from k8scourse.course.exercise_loader import exercise_ids, find_exercise, load_solution
from k8scourse.course.proving import as_answers
digest = hashlib.sha256()
for name in exercise_ids():
    exercise = find_exercise(name)
    solution, variant = load_solution(exercise), exercise.variant("1")
    for answer in (solution.solution, *(wrong.answer for wrong in solution.wrong)):
        result = check_answer(exercise, variant, as_answers(exercise, answer, variant))
        digest.update(json.dumps(result.to_dict()).encode())
print(digest.hexdigest())
"""


def test_results_do_not_depend_on_the_order_of_hashes() -> None:
    def digest(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", _DIGEST]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert len({digest("1"), digest("2")}) == 1
