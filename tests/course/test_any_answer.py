"""Whatever an answer holds, checking it gives a result: never an exception, never a defect of the simulator."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.course.checking import check_answer
from k8scourse.course.exercise_loader import find_exercise, load_solution
from k8scourse.course.proving import as_answers
from k8scourse.course.result import Result

NAMES = ("taints/fix-the-pending-pod", "taints/maintenance", "taints/who-gets-in")


def judge(name: str, text: str) -> Result:
    exercise = find_exercise(name)
    return check_answer(exercise, exercise.variant("1"), {exercise.parts[0].name: text})


def solution(name: str) -> str:
    exercise = find_exercise(name)
    return as_answers(exercise, load_solution(exercise).solution, exercise.variant("1"))[exercise.parts[0].name]


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """*text* with a few pieces cut out, doubled or replaced."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece = draw(
            st.sampled_from(
                ["", text[start:end] * 2, "\n", "  ", ": ", "- ", "[", "}", "'", "null", "9" * 30, "\t", "--"]
            )
        )
        text = text[:start] + piece + text[end:]
    return text


def fair(result: Result) -> bool:
    json.dumps(result.to_dict())
    assert str(result) and result._repr_html_()
    return result.problem is None or result.problem.trouble != "defect"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.text(max_size=60))
def test_any_text_gives_a_result(name: str, text: str) -> None:
    assert fair(judge(name, text))


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_damaged_solution_gives_a_result(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    assert fair(judge(name, data.draw(damaged(solution(name)))))
