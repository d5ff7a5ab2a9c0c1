"""`kubectl describe rc`. Kubernetes: kubectl/pkg/describe/describe.go describeReplicationController."""

from __future__ import annotations

from k8scourse.apiserver.printers.cells import label_map
from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.pod import template
from k8scourse.kubectl.describe.writer import Page


def describe(subject: Subject, page: Page) -> None:
    """Write the replication controller's page."""
    metadata, spec, status = subject.metadata, subject.spec, subject.status
    counts = common.pod_counts(subject)
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    page.field("Selector", label_map(spec.get("selector")))
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("Replicas", f"{status.get('replicas', 0)} current / {spec.get('replicas', 0)} desired")
    page.field("Pods Status", common.pods_status(counts))
    template(page, spec.get("template") or {})
    common.conditions(page, status.get("conditions"))
    common.events(page, common.search_events(subject, kind="ReplicationController"), subject.now)
