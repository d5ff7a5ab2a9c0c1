"""`kubectl describe pdb`. Kubernetes: kubectl/pkg/describe/describe.go describePodDisruptionBudgetV1."""

from __future__ import annotations

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page

_STATUS = (
    ("Allowed disruptions", "disruptionsAllowed"),
    ("Current", "currentHealthy"),
    ("Desired", "desiredHealthy"),
    ("Total", "expectedPods"),
)


def describe(subject: Subject, page: Page) -> None:
    """Write the budget's page."""
    spec = subject.spec
    page.field("Name", subject.metadata["name"])
    page.field("Namespace", subject.metadata["namespace"])
    if "minAvailable" in spec:
        page.field("Min available", spec["minAvailable"])
    elif "maxUnavailable" in spec:
        page.field("Max unavailable", spec["maxUnavailable"])
    selector = spec.get("selector")
    page.field("Selector", "<unset>" if selector is None else common.selector_text(selector))
    page.line(0, "Status:")
    for title, name in _STATUS:
        page.field(title, subject.status.get(name, 0), 2)
    common.events(page, common.search_events(subject, kind="PodDisruptionBudget"), subject.now)
