"""A learner's report in a real browser: readable for everybody, in light and dark, without a script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab_in_browser import axe_findings
from playwright.sync_api import Page

from k8scourse.course.exercise_loader import find_exercise
from k8scourse.course.roster import Learner
from k8scourse.grading.grader import Entry, Grader
from k8scourse.grading.judging import perform
from k8scourse.grading.report import report
from k8scourse.grading.submissions import find_submissions
from tests.grading.classes import PLACE_ID, PREDICT_ID, answer, make_exercises, notebook, pod


class InProcess:
    call = staticmethod(perform)


@pytest.fixture
def report_page(tmp_path: Path) -> Path:
    """The report of a learner with right and wrong answers and a notebook that cannot be read."""
    root = make_exercises(tmp_path / "exercises")
    exercises = [find_exercise(name, root) for name in (PLACE_ID, PREDICT_ID)]
    folder = tmp_path / "submissions" / "ada"
    folder.mkdir(parents=True)
    app = exercises[0].variant("self-study").values["app"]
    cells = [answer(PLACE_ID, pod(app, selector="")), answer(PREDICT_ID, "n1")]
    (folder / "a.ipynb").write_text(json.dumps(notebook(*cells)), "utf-8")
    (folder / "b.ipynb").write_text("{", "utf-8")
    learner = Learner("ada", "<script>document.title = 'broken'</script>")
    entry = Entry(learner, find_submissions(tmp_path / "submissions")[0])
    grades = Grader(exercises, [PLACE_ID, PREDICT_ID]).grade(entry, InProcess())
    path = tmp_path / "report.html"
    path.write_text(report(grades, learner, {exercise.id: exercise for exercise in exercises}), "utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_no_name_becomes_a_script(page: Page, report_page: Path, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(report_page.as_uri())
    assert axe_findings(page, page.locator("html")) == []
    assert page.title() == "<script>document.title = 'broken'</script>: 1 of 4 points"
    assert page.locator("h1").inner_text() == "<script>document.title = 'broken'</script>"


def test_a_narrow_window_needs_no_sideways_scrolling(page: Page, report_page: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(report_page.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
