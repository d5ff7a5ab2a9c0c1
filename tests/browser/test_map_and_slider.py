"""The cluster map and the time slider in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab_in_browser import axe_findings
from playwright.sync_api import Page, expect

MAKE = """
from k8scourse.cluster import Cluster
from k8scourse.widgets import ClusterMap, TimeSlider

POD = '''apiVersion: v1
kind: Pod
metadata:
  name: NAME
spec:
  TOLERATIONS
  containers:
  - name: app
    image: nginx
'''
TOLERATIONS = "tolerations: [{key: gpu, operator: Exists}]"
cluster = Cluster(nodes=[{"name": "n1", "taints": ["gpu=true:NoSchedule"]}])
cluster.apply(POD.replace("NAME", "gpu-pod").replace("TOLERATIONS", TOLERATIONS))
cluster.apply(POD.replace("NAME", "web").replace("  TOLERATIONS\\n", ""))
"""
Run = Callable[[Sequence[str]], Page]


def test_a_chosen_pod_shows_why_not_on_each_node(run_notebook: Run) -> None:
    page = run_notebook([MAKE, "ClusterMap(cluster)"])
    root = page.locator(".k8s-map-widget")
    pods = root.locator("button[data-pod]")
    expect(pods).to_have_count(2)
    pods.first.focus()
    page.keyboard.press("ArrowRight")
    expect(pods.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(pods.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(root).to_contain_text("node(s) had untolerated taint")
    expect(root).to_contain_text("default/web fits no node.")
    expect(pods.nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(root.get_by_text("The same as a table")).to_be_focused()
    page.keyboard.press("Enter")
    expect(root.get_by_role("row", name="default/gpu-pod")).to_contain_text("n1")
    assert axe_findings(page, root) == []


def test_the_map_follows_what_other_cells_do(run_notebook: Run) -> None:
    page = run_notebook(
        [MAKE, "ClusterMap(cluster)", "cluster.apply(POD.replace('NAME', 'third').replace('  TOLERATIONS\\n', ''))"]
    )
    expect(page.locator(".k8s-map-widget button[data-pod]")).to_have_count(3)


def test_the_slider_goes_through_the_revisions_by_keys_and_buttons(run_notebook: Run) -> None:
    page = run_notebook([MAKE, "TimeSlider(cluster)"])
    root = page.locator(".k8s-slider")
    slider = root.get_by_role("slider", name="Revision")
    expect(root.locator("button[data-pod]")).to_have_count(2)
    slider.focus()
    page.keyboard.press("Home")
    expect(root.locator("button[data-pod]")).to_have_count(0)
    expect(root.get_by_role("button", name="Previous")).to_be_disabled()
    first = slider.get_attribute("aria-valuetext") or ""
    assert first.startswith("revision ") and first.endswith(", 00:00:00")
    root.get_by_role("button", name="Next").press("Enter")
    assert slider.get_attribute("aria-valuetext") != first
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        assert axe_findings(page, root) == []


def test_playing_stops_at_the_end_and_is_off_where_motion_is_unwanted(run_notebook: Run) -> None:
    page = run_notebook([MAKE, "TimeSlider(cluster)"])
    root = page.locator(".k8s-slider")
    slider, play = root.get_by_role("slider"), root.get_by_role("button", name="Play")
    expect(root.locator("button[data-pod]")).to_have_count(2)
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    play.click()
    expect(root.get_by_role("button", name="Pause")).to_be_visible()
    expect(play).to_be_visible()
    expect(root.get_by_role("button", name="Next")).to_be_disabled()
    page.emulate_media(reduced_motion="reduce")
    expect(play).to_be_disabled()
