"""`kubectl describe priorityclass`. Kubernetes: kubectl/pkg/describe/describe.go describePriorityClass."""

from __future__ import annotations

from k8scourse.apiserver.printers.cells import label_map
from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.go_format import go_value


def describe(subject: Subject, page: Page) -> None:
    """Write the priority class's page."""
    obj = subject.obj
    page.field("Name", subject.metadata["name"])
    page.field("Value", obj.get("value", 0))
    page.field("GlobalDefault", go_value(bool(obj.get("globalDefault"))))
    page.field("PreemptionPolicy", obj.get("preemptionPolicy", ""))
    page.field("Description", obj.get("description", ""))
    page.field("Annotations", label_map(subject.metadata.get("annotations")))
    common.events(page, common.search_events(subject, kind="PriorityClass"), subject.now)
