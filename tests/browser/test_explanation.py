"""Explanations and match microscopes are readable for everybody: axe finds nothing in them."""

import pytest
from lab_in_browser import axe_findings
from playwright.sync_api import Page

from k8scourse import Cluster
from k8scourse.views.matching import match

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: main, image: nginx}]
  tolerations: [{key: gpu, value: "True", effect: NoSchedule}]
"""


def waiting() -> str:
    cluster = Cluster(nodes=[{"name": "n1", "taints": ["gpu=true:NoSchedule"]}])
    cluster.apply(POD)
    return cluster.explain("pod/web")._repr_html_()


def refused() -> str:
    return Cluster(nodes=1).explain(POD.replace("NoSchedule", "Never"))._repr_html_()


def microscope() -> str:
    return match({"key": "gpu", "value": "True"}, {"key": "gpu", "value": "true", "effect": "NoSchedule"})._repr_html_()


@pytest.mark.parametrize("html", [waiting(), refused(), microscope()], ids=["waiting", "refused", "microscope"])
def test_axe_finds_nothing(page: Page, html: str) -> None:
    page.set_content(f'<!doctype html><html lang="en"><title>t</title><main><h1>t</h1>{html}</main></html>')
    assert axe_findings(page, page.locator("section")) == []
