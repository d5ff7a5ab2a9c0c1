"""`kubectl describe daemonset`. Kubernetes: kubectl/pkg/describe/describe.go describeDaemonSet."""

from __future__ import annotations

from k8scourse.apiserver.printers.cells import label_map
from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.pod import template
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.labels import selector_from

_COUNTS = (
    ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
    ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
    ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
    ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
    ("Number of Nodes Misscheduled", "numberMisscheduled"),
)


def describe(subject: Subject, page: Page) -> None:
    """Write the daemon set's page."""
    metadata, spec, status = subject.metadata, subject.spec, subject.status
    counts = common.pod_counts(subject)
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    page.field("Selector", selector_from(spec.get("selector")))
    page.field("Node-Selector", label_map(((spec.get("template") or {}).get("spec") or {}).get("nodeSelector")))
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    for title, name in _COUNTS:
        page.line(0, f"{title}: {status.get(name, 0)}")
    page.field("Pods Status", common.pods_status(counts))
    template(page, spec.get("template") or {})
    common.events(page, common.search_events(subject, kind="DaemonSet"), subject.now)
