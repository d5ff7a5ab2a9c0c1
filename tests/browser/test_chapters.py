"""The chapters as a learner meets them: opened in a real JupyterLab, run, and worked in by keyboard."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lab_in_browser import Lab, axe_findings
from playwright.sync_api import Locator, Page, expect

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
SCROLLER = ".jp-WindowedPanel-outer"
PACE = 500
"""Pixels to scroll at a time: JupyterLab draws only the cells near the window."""


def open_and_run(lab: Lab, page: Page, path: Path) -> None:
    shutil.copy(path, lab.work / path.name)
    lab.open(page, path.name)
    lab.run_all(page)


def shown(page: Page, wanted: Locator) -> Locator:
    """*wanted*, after scrolling down until it is drawn."""
    page.locator(SCROLLER).evaluate("node => { node.scrollTop = 0 }")
    for _ in range(80):
        page.wait_for_timeout(60)
        if wanted.count():
            wanted.first.scroll_into_view_if_needed()
            return wanted.first
        page.locator(SCROLLER).evaluate(f"node => {{ node.scrollTop += {PACE} }}")
    raise AssertionError(f"the notebook never shows {wanted}")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_without_an_error(lab: Lab, page: Page, path: Path) -> None:
    open_and_run(lab, page, path)
    failed = page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
             .flatMap((cell) => cell.outputs ?? []).filter((output) => output.output_type === 'error')"""
    )
    assert failed == []


def test_the_lab_of_the_taints_chapter_can_be_solved_by_keyboard(lab: Lab, page: Page) -> None:
    open_and_run(lab, page, next(path for path in NOTEBOOKS if path.stem == "03-taints-and-tolerations"))
    root = shown(page, page.locator(".k8s-editor"))
    expect(root).to_contain_text("pod report would stay Pending")
    editor = root.locator(".cm-content")
    editor.focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("  tolerations: [{key: gpu, operator: Exists}]\n")
    expect(root).to_contain_text("pod report would run on gpu-1.")
    page.keyboard.press("Control+Enter")
    expect(root).to_contain_text("Applied: pod/report runs on gpu-1.")
    assert axe_findings(page, root) == []
    following = page.locator(".k8s-map-widget").filter(has_text="report Running")
    expect(following.first).to_be_attached()
