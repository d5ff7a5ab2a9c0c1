"""Notebooks are read as data, within limits."""

import json
import time

import pytest

from k8scourse.course.answers import LONGEST
from k8scourse.course.exercise_loader import find_exercise
from k8scourse.course.exercise_notebook import notebook_text
from k8scourse.grading.notebooks import UnreadableNotebook, read_notebook
from tests.grading.classes import BROKEN, PLACE_ID, answer, code, made_for, notebook, place


def read(*cells, origin=None):
    return read_notebook(json.dumps(notebook(*cells, origin=origin)).encode())


def test_the_answer_is_the_text_below_the_first_line() -> None:
    assert read(answer("a/b", "kind: Pod\nx: 1\n")).answers == {"a/b": {"": "kind: Pod\nx: 1\n"}}


def test_the_last_cell_wins_part_by_part() -> None:
    found = read(answer("a/b", "1", "x"), answer("a/b", "2", "y"), answer("a/b", "3", "x"))
    assert found.answers == {"a/b": {"x": "3", "y": "2"}}


def test_sources_may_be_lists_of_lines_as_nbformat_allows() -> None:
    assert read(code(["%%answer a/b\n", "one\n", "two"])).answers == {"a/b": {"": "one\ntwo"}}


def test_markdown_and_comments_are_no_answers() -> None:
    cells = [
        {"cell_type": "markdown", "source": "%%answer a/b\nx"},
        code("# %%answer a/b\nx"),
        code("%%answers a/b\nx"),
    ]
    assert read(*cells).answers == {}


def test_the_generated_notebook_is_read_with_its_origin(root) -> None:
    exercise = find_exercise(PLACE_ID, root)
    found = read_notebook(notebook_text(exercise, exercise.variant("s1")).encode())
    assert found.origin is not None
    assert (found.origin.exercise, found.origin.version, found.origin.variant) == (PLACE_ID, exercise.version, "s1")
    assert list(found.answers) == [PLACE_ID]


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_notebook_is_refused_in_one_sentence_and_soon(kind: str) -> None:
    data, expected = BROKEN[kind]
    begin = time.process_time()
    with pytest.raises(UnreadableNotebook) as caught:
        read_notebook(data)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.process_time() - begin < 3


def test_brackets_in_texts_do_not_count_as_depth() -> None:
    text = "[" * 5000 + '\\"' * 10
    assert read(answer("a/b", text)).answers == {"a/b": {"": text}}


def test_no_more_is_kept_of_an_answer_than_shows_that_it_is_too_long() -> None:
    assert len(read(answer("a/b", "x" * 1_000_000)).answers["a/b"][""]) == LONGEST + 1


def test_halves_of_signs_do_not_travel_on() -> None:
    data = json.dumps(notebook(answer("a/b", "x"))).replace('x"', '\\ud800"', 1).encode()
    assert "\ud800" not in json.dumps(read_notebook(data).answers, ensure_ascii=False)


@pytest.mark.parametrize(
    "origin", [[], "x", {"format": 1}, {"format": 1, "exercise": 1, "version": "x", "variant": "y"}]
)
def test_damaged_metadata_are_named_and_the_answers_still_count(origin) -> None:
    found = read(answer("a/b", "x"), origin=origin)
    assert found.origin is None
    assert "damaged metadata" in found.remarks[0]
    assert found.answers


def test_an_answer_cell_that_names_no_exercise_is_named() -> None:
    assert "cell 1 does not say which exercise" in read(code("%%answer ../../etc/passwd\nx")).remarks[0]
    assert "cell 1 does not say which exercise" in read(code("%%answer\nx")).remarks[0]


def test_a_foreign_notebook_is_named() -> None:
    assert read(code("print(1)")).remarks == ["has no %%answer cell"]


def test_only_the_metadata_of_the_course_are_believed(root) -> None:
    exercise = place(root)
    assert read(origin=made_for(exercise, "s")).origin is not None
    with pytest.raises(UnreadableNotebook, match="made by another k8scourse"):
        read(origin={**made_for(exercise, "s"), "format": 2})
