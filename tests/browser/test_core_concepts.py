"""The widgets of the core concepts chapter in a real JupyterLab: graph, rollout timeline, request tracer, lens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lab_in_browser import axe_findings
from playwright.sync_api import Locator, Page, expect

MAKE = """
from k8scourse.cluster import Cluster
from k8scourse.views.defaulting import lens
from k8scourse.widgets import ObjectGraph, RequestTracer, RolloutTimeline

WEB = '''apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: main, image: "nginx:1.27", readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 10}}
'''
cluster = Cluster(nodes=2)
cluster.apply(WEB)
cluster.run("1m")
cluster.kubectl("expose deployment web --port=80")
cluster.kubectl("run client --image=busybox:1.37 -- sleep infinity")
"""
THEMES = ("JupyterLab Light", "JupyterLab Dark")
Run = Callable[[Sequence[str]], Page]


def themed(page: Page, theme: str) -> None:
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)


def test_the_browser_draws_the_object_graph_and_follows_the_cluster(run_notebook: Run) -> None:
    page = run_notebook([MAKE, "ObjectGraph(cluster)", "cluster.kubectl('scale deployment web --replicas=3')"])
    root = page.locator(".k8s-graph")
    expect(root.locator("svg .node")).to_have_count(8)
    expect(root.locator("svg .edge")).to_have_count(8)
    expect(root.get_by_role("img")).to_have_attribute("aria-label", re.compile("^Graph of .*8 objects"))
    root.get_by_text("The same as a table").click()
    expect(root.get_by_role("row", name="Deployment/web")).to_contain_text("owns")
    assert_readable(root)


def test_the_tracer_sends_by_keyboard_and_says_where_a_request_ends(run_notebook: Run) -> None:
    page = run_notebook([MAKE, "RequestTracer(cluster, 'client', 'http://web/')"])
    root = page.locator(".k8s-request")
    expect(root.get_by_role("status")).to_contain_text("reached")
    root.get_by_label("URL").fill("http://wbe/")
    page.keyboard.press("Enter")
    expect(root.get_by_role("status")).to_contain_text("no such name")
    assert_readable(root)


UPDATE = "cluster.kubectl('set image deployment/web main=nginx:1.28')\ncluster.run('1m')"


def test_the_timeline_can_be_read_in_both_themes(run_notebook: Run) -> None:
    root = run_notebook([MAKE, UPDATE, "RolloutTimeline(cluster, 'web')"]).locator(".k8s-rollout")
    expect(root.get_by_role("img")).to_have_attribute("aria-label", re.compile("never more than 3 pods"))
    assert_readable(root)


def test_the_lens_can_be_read_in_both_themes(run_notebook: Run) -> None:
    root = run_notebook([MAKE, "lens(cluster, WEB)"]).locator(".k8s-lens")
    expect(root.get_by_role("row", name="progressDeadlineSeconds")).to_contain_text("default")
    assert_readable(root)


def assert_readable(root: Locator) -> None:
    for theme in THEMES:
        themed(root.page, theme)
        assert axe_findings(root.page, root) == []
