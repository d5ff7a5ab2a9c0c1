"""The manifest editor, by keyboard, in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from lab_in_browser import Lab, axe_findings
from playwright.sync_api import BrowserContext, Locator, Page, expect

MAKE = """
from k8scourse.cluster import Cluster
from k8scourse.widgets import ManifestEditor

TEXT = '''apiVersion: v1
kind: Pod
metadata:
  name: gpu-pod
spec:
  tolerations:
  - key: gpu
    operator: Exists
    effect: NoSchedule
  containers:
  - name: app
    image: nginx
'''
cluster = Cluster(nodes=[{"name": "n1", "taints": ["gpu=true:NoSchedule"]}])
"""
SHOW = "editor = ManifestEditor(TEXT, cluster=cluster, path='gpu-pod.yaml')\neditor"
EFFECT_LINE = 9


class Editor:
    """What a person does with the editor."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Locator = page.locator(".k8s-editor")
        self.content: Locator = self.root.locator(".cm-content")
        self.answer: Locator = self.root.locator(".k8s-answer")
        expect(self.answer).to_contain_text("Accepted")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def to_end_of_line(self, line: int) -> None:
        self.content.focus()
        self.press("Control+Home", *["ArrowDown"] * (line - 1), "End")

    def retype_effect(self, value: str) -> None:
        self.to_end_of_line(EFFECT_LINE)
        self.press("Control+Shift+ArrowLeft", "Delete")
        self.page.keyboard.type(value)
        self.press("Escape")  # closes the list of completions


@pytest.fixture
def editor(run_notebook: Callable[[Sequence[str]], Page]) -> Editor:
    return Editor(run_notebook([MAKE, SHOW]))


def test_a_mistake_is_marked_at_its_characters_and_told_with_line_and_column(editor: Editor) -> None:
    editor.retype_effect("NoSched")
    expect(editor.root.locator(".cm-lintRange-error")).to_have_text("NoSched")
    expect(editor.answer).to_contain_text("Refused by the API server")
    expect(editor.answer).to_contain_text('Unsupported value: "NoSched"')
    place = editor.answer.get_by_role("button", name="line 9, column 13")
    place.focus()
    editor.press("Enter")
    expect(editor.content).to_be_focused()
    editor.press("F8")
    expect(editor.page.locator(".cm-tooltip-lint")).to_contain_text("Unsupported value")


def test_text_that_is_no_yaml_is_marked_where_it_breaks(editor: Editor) -> None:
    editor.to_end_of_line(4)
    editor.page.keyboard.type(": x: y")
    expect(editor.answer).to_contain_text("Not a manifest")
    expect(editor.answer.get_by_role("button")).to_contain_text("line 4")


def test_the_verdict_says_what_would_happen(editor: Editor) -> None:
    expect(editor.answer).to_contain_text("pod gpu-pod would run on n1.")
    editor.to_end_of_line(7)
    editor.page.keyboard.type("x")
    expect(editor.answer).to_contain_text(
        "would stay Pending: 0/1 nodes are available: 1 node(s) had untolerated taint"
    )
    editor.press("Escape", "Control+z")
    expect(editor.answer).to_contain_text("pod gpu-pod would run on n1.")


def test_the_keyboard_is_never_trapped(editor: Editor) -> None:
    editor.content.focus()
    before = editor.content.inner_text()
    editor.press("Tab")
    expect(editor.content).not_to_be_focused()
    editor.press("Shift+Tab")
    expect(editor.content).to_be_focused()
    editor.press("Control+m", "Tab")
    expect(editor.content).to_be_focused()
    assert editor.content.inner_text() != before
    editor.press("Escape", "Tab")
    expect(editor.content).not_to_be_focused()


def test_fields_and_values_are_completed(editor: Editor) -> None:
    editor.retype_effect("")
    editor.press("Control+Space")
    options = editor.page.locator(".cm-tooltip-autocomplete")
    expect(options).to_contain_text("PreferNoSchedule")
    editor.press("Escape", "Control+End")
    editor.page.keyboard.type("  restartP")
    expect(options).to_contain_text("restartPolicy")
    editor.page.wait_for_timeout(150)  # CodeMirror takes no choice in the first 75 ms, against slips
    editor.press("Enter")
    expect(options).to_contain_text("OnFailure")


def test_help_follows_the_cursor(editor: Editor) -> None:
    editor.root.get_by_text("Field help").click()
    editor.to_end_of_line(EFFECT_LINE)
    expect(editor.root.locator(".k8s-help-text")).to_contain_text("spec.tolerations.effect")
    expect(editor.root.locator(".k8s-help-text")).to_contain_text("allowed values are NoSchedule")


def test_apply_by_keyboard_writes_to_the_cluster_and_can_be_undone(editor: Editor) -> None:
    editor.content.focus()
    editor.press("Control+Enter")
    expect(editor.answer).to_contain_text("Applied: pod/gpu-pod runs on n1.")
    expect(editor.answer).not_to_contain_text("No pod")
    undo = editor.root.get_by_role("button", name="Undo apply")
    undo.focus()
    editor.press("Enter")
    expect(editor.answer).to_contain_text("pod gpu-pod would run on n1.")
    expect(undo).to_be_disabled()


def test_a_refused_manifest_is_not_applied(editor: Editor) -> None:
    editor.retype_effect("Never")
    editor.press("Control+Enter")
    expect(editor.answer).to_contain_text("Not applied")
    expect(editor.root.get_by_role("button", name="Undo apply")).to_be_disabled()


def test_axe_finds_nothing_in_light_and_dark_and_with_an_error_shown(editor: Editor) -> None:
    editor.retype_effect("NoSched")
    expect(editor.answer).to_contain_text("Refused")
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        editor.page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        dark = "false" if theme.endswith("Dark") else "true"
        expect(editor.page.locator("body")).to_have_attribute("data-jp-theme-light", dark)
        assert axe_findings(editor.page, editor.root) == []


def test_the_bundle_travels_once_for_all_widgets_of_a_page(run_notebook: Callable[[Sequence[str]], Page]) -> None:
    page = run_notebook([MAKE, SHOW, SHOW, SHOW])
    expect(page.locator(".k8s-editor .cm-content")).to_have_count(3)
    assert page.evaluate("() => Object.keys(globalThis.k8scourseBundles).length") == 1
    assert page.locator("style[data-k8scourse]").count() == 1


def test_without_the_bundle_a_labelled_form_gives_the_same_verdict(
    run_notebook: Callable[[Sequence[str]], Page],
) -> None:
    page = run_notebook(["import os\nos.environ['K8SCOURSE_NO_JS'] = '1'", MAKE, SHOW])
    area = page.get_by_label("Manifest gpu-pod.yaml")
    expect(area).to_be_visible()
    area.fill(area.input_value().replace("NoSchedule", "NoSched"))
    area.blur()
    expect(page.get_by_text('Unsupported value: "NoSched"')).to_be_visible()


def test_closing_the_widget_leaves_nothing_behind(lab: Lab, browser: BrowserContext) -> None:
    page = browser.new_page()
    lab.write_notebook("closing.ipynb", [MAKE, SHOW])
    lab.open(page, "closing.ipynb")
    lab.run_all(page)
    expect(page.locator(".k8s-editor .cm-content")).to_be_visible()
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    expect(page.locator(".k8s-editor")).to_have_count(0)
    page.close()


def test_after_a_restart_of_the_kernel_the_editor_says_that_it_is_over(editor: Editor) -> None:
    editor.retype_effect("NoSched")
    expect(editor.answer).to_contain_text("Refused")
    editor.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    expect(editor.root.get_by_role("alert")).to_have_text("The kernel was restarted: run this cell again.")
    expect(editor.answer).to_be_empty()
    expect(editor.root.locator(".cm-lintRange-error")).to_have_count(0)
    for name in ("Apply", "Undo apply", "Find"):
        expect(editor.root.get_by_role("button", name=name, exact=True)).to_be_disabled()
    before = editor.content.inner_text()
    editor.to_end_of_line(4)
    editor.page.keyboard.type("x")
    assert editor.content.inner_text() == before
    assert axe_findings(editor.page, editor.root) == []


def test_after_a_reload_of_the_page_the_verdict_stands_there_again(editor: Editor) -> None:
    editor.retype_effect("NoSched")
    expect(editor.answer).to_contain_text("Unsupported value")
    editor.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    editor.page.reload()
    expect(editor.answer).to_contain_text("Unsupported value", timeout=60_000)
    expect(editor.root.locator(".cm-lintRange-error")).to_have_text("NoSched")


def test_the_list_of_completions_leaves_the_verdict_free(editor: Editor) -> None:
    editor.content.focus()
    editor.press("Control+End")
    editor.page.keyboard.type("  r")
    options = editor.page.locator(".cm-tooltip-autocomplete")
    expect(options).to_contain_text("restartPolicy")
    listed, answer = options.bounding_box(), editor.answer.bounding_box()
    assert listed is not None and answer is not None
    assert listed["height"] > 40
    assert listed["y"] + listed["height"] <= answer["y"] + 1
