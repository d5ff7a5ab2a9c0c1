import hashlib
import json
from pathlib import Path
from typing import Any

from k8scourse.course.workspace import RECORD, copy_course, unplayed


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, name: str) -> str:
    return (folder / f"{name}.ipynb").read_text(encoding="utf-8")


def test_chapters_are_copied_and_a_second_time_nothing_happens(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1", b="1"), tmp_path / "work"
    assert copy_course(course, work).added == ("a.ipynb", "b.ipynb")
    again = copy_course(course, work)
    assert (again.added, again.updated, again.kept) == ((), (), ())


def test_what_the_learner_changed_is_never_overwritten(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1"), tmp_path / "work"
    copy_course(course, work)
    write(work, a="mine")
    write(course, a="2")
    assert copy_course(course, work).kept == ("a.ipynb",)
    assert read(work, "a") == "mine"


def test_an_untouched_copy_follows_the_course(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1"), tmp_path / "work"
    copy_course(course, work)
    write(course, a="2")
    assert copy_course(course, work).updated == ("a.ipynb",)
    assert read(work, "a") == "2"


def test_changes_alone_are_not_worth_a_word(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1"), tmp_path / "work"
    copy_course(course, work)
    write(work, a="mine")
    assert copy_course(course, work).kept == ()


def test_a_file_of_the_learner_under_a_coming_chapters_name_stays(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a="1"), write(tmp_path / "work", a="mine")
    assert copy_course(course, work).kept == ("a.ipynb",)
    assert read(work, "a") == "mine"


PLAYED: dict[str, Any] = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3"}, "widgets": {"state": {}}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "What will happen?"},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"tags": ["keep"], "execution": {"shell.execute_reply": "2026"}},
            "execution_count": 3,
            "source": "1 + 1",
            "outputs": [{"output_type": "execute_result", "data": {"text/plain": "2"}}],
        },
    ],
}


def test_a_learners_notebook_comes_without_outputs_and_the_courses_own_keeps_them(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a=json.dumps(PLAYED)), tmp_path / "work"
    copy_course(course, work)
    notebook = json.loads(read(work, "a"))
    text, code = notebook["cells"]
    assert (code["outputs"], code["execution_count"], code["metadata"]) == ([], None, {"tags": ["keep"]})
    assert (text, code["source"]) == (PLAYED["cells"][0], "1 + 1")
    assert notebook["metadata"] == {"kernelspec": {"name": "python3"}}
    assert json.loads(read(course, "a")) == PLAYED


def test_a_notebook_whose_outputs_alone_differ_is_no_other_version(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a=json.dumps(PLAYED)), tmp_path / "work"
    copy_course(course, work)
    write(course, a=json.dumps(unplayed(PLAYED)))
    again = copy_course(course, work)
    assert (again.added, again.updated, again.kept) == ((), (), ())


def test_an_untouched_notebook_follows_the_course_and_a_changed_one_stays(tmp_path: Path) -> None:
    course, work = write(tmp_path / "course", a=json.dumps(PLAYED), b=json.dumps(PLAYED)), tmp_path / "work"
    copy_course(course, work)
    write(work, b=json.dumps(PLAYED))
    other = json.dumps({**PLAYED, "cells": PLAYED["cells"][:1]})
    write(course, a=other, b=other)
    again = copy_course(course, work)
    assert (again.updated, again.kept) == (("a.ipynb",), ("b.ipynb",))


def test_an_untouched_copy_that_came_with_outputs_loses_them(tmp_path: Path) -> None:
    played = json.dumps(PLAYED)
    course, work = write(tmp_path / "course", a=played), write(tmp_path / "work", a=played)
    (work / RECORD).write_text(json.dumps({"a.ipynb": hashlib.sha256(played.encode()).hexdigest()}), encoding="utf-8")
    assert copy_course(course, work).updated == ("a.ipynb",)
    assert json.loads(read(work, "a")) == unplayed(PLAYED)
