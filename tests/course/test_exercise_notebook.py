"""The learner's notebook: generated, valid, the same every time."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from k8scourse.course.content import content_dir
from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import exercise_ids, find_exercise, load_solution
from k8scourse.course.exercise_notebook import notebook_metadata, notebook_name, notebook_of, notebook_text
from k8scourse.course.playing import prepare
from k8scourse.course.proving import as_answers


def test_the_metadata_say_what_a_grader_needs(small: Exercise) -> None:
    variant = small.variant("seed")
    assert notebook_metadata(small, variant) == {
        "format": 1,
        "exercise": "chapter/small",
        "version": small.version,
        "variant": "seed",
    }
    assert notebook_of(small, variant)["metadata"]["k8scourse"] == notebook_metadata(small, variant)


def test_a_notebook_is_valid_and_has_one_first_heading(small: Exercise) -> None:
    notebook = nbformat.reads(notebook_text(small), as_version=4)
    nbformat.validate(notebook)
    headings = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    assert [line for line in headings if line.startswith("# ")] == ["# The small one"]
    assert notebook.cells[0].source.startswith("# ")


def test_the_answer_cell_holds_the_starter_of_the_variant(small: Exercise) -> None:
    sources = ["".join(cell["source"]) for cell in notebook_of(small)["cells"]]
    [answer] = [source for source in sources if source.startswith("%%answer")]
    assert answer.splitlines()[:3] == ["%%answer chapter/small", "apiVersion: v1", "kind: Pod"]
    assert any(f"%exercise chapter/small {'self-study'}" in source for source in sources)


def test_the_first_code_cell_is_said_to_come_first_and_may_run_again(small: Exercise) -> None:
    cells = notebook_of(small)["cells"]
    first = next(index for index, cell in enumerate(cells) if cell["cell_type"] == "code")
    assert "".join(cells[first]["source"]).startswith("%reload_ext k8scourse\n"), "%load_ext complains the second time"
    assert "first, and again whenever the kernel was restarted" in "".join(cells[first - 1]["source"])


def practice_cell(exercise: Exercise) -> str:
    sources = ["".join(cell["source"]) for cell in notebook_of(exercise)["cells"]]
    return next((source for source in sources if source.startswith("cluster = practice()")), "")


def test_the_practice_cell_shows_what_the_task_speaks_of(small: Exercise, capsys: pytest.CaptureFixture[str]) -> None:
    run_practice(small)
    printed = capsys.readouterr().out
    assert "Pending" in printed and f"key:{small.variant('self-study').values['key']} value:yes" in printed


def run_practice(exercise: Exercise) -> None:
    variant = exercise.variant("self-study")
    exec(practice_cell(exercise), {"practice": lambda: prepare(exercise, variant).cluster})


@pytest.mark.parametrize("name", exercise_ids(content_dir("exercises")))
def test_what_is_to_be_repaired_stands_in_the_practice_cell_and_is_accepted(name: str) -> None:
    exercise = find_exercise(name)
    if "cluster.apply(" in practice_cell(exercise).partition("\n")[2]:
        run_practice(exercise)


def test_the_same_variant_gives_the_same_bytes_and_another_one_others(small: Exercise) -> None:
    texts = [notebook_text(small, small.variant(seed)) for seed in ("1", "1", "2")]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("name", exercise_ids(content_dir("exercises")))
def test_the_notebooks_of_the_course_are_in_step(name: str) -> None:
    """Else run: k8scourse exercise build."""
    exercise = find_exercise(name)
    assert (exercise.folder / notebook_name(exercise)).read_text("utf-8") == notebook_text(exercise)


@pytest.mark.parametrize("name", exercise_ids(content_dir("exercises")))
def test_no_notebook_holds_a_solution(name: str) -> None:
    exercise = find_exercise(name)
    notebook = json.loads(Path(exercise.folder / notebook_name(exercise)).read_text("utf-8"))
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
    variant = exercise.variant("self-study")
    for answer in as_answers(exercise, load_solution(exercise).solution, variant).values():
        assert answer.strip() not in text
