"""`kubectl describe replicaset`. Kubernetes: kubectl/pkg/describe/describe.go describeReplicaSet."""

from __future__ import annotations

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.pod import template
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.status import ApiError


def describe(subject: Subject, page: Page) -> None:
    """Write the replica set's page."""
    metadata, spec, status = subject.metadata, subject.spec, subject.status
    try:
        pods = common.pods_status(common.pod_counts(subject))
    except ApiError as error:
        pods = f"error in fetching pods: {error.message}"
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    page.field("Selector", common.selector_text(spec.get("selector")))
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    controller = common.controller_of(subject.obj)
    if controller:
        page.field("Controlled By", controller)
    page.field("Replicas", f"{status.get('replicas', 0)} current / {spec.get('replicas', 0)} desired")
    page.field("Pods Status", pods)
    template(page, spec.get("template") or {})
    common.conditions(page, status.get("conditions"))
    common.events(page, common.search_events(subject, kind="ReplicaSet"), subject.now)
