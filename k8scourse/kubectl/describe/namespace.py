"""`kubectl describe namespace`. Kubernetes: kubectl/pkg/describe/describe.go describeNamespace."""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.describe import common, limits
from k8scourse.kubectl.describe.common import Subject, date
from k8scourse.kubectl.describe.writer import Page


def describe(subject: Subject, page: Page) -> None:
    """Write the namespace's page."""
    metadata = subject.metadata
    quotas, ranges = _listed(subject, "ResourceQuota"), _listed(subject, "LimitRange")
    page.field("Name", metadata["name"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("Status", subject.status.get("phase", ""))
    _conditions(page, subject.status.get("conditions") or [])
    page.line(0, "")
    limits.quotas(page, quotas)
    page.line(0, "")
    limits.limit_ranges(page, ranges)


def _listed(subject: Subject, kind: str) -> list[dict[str, Any]]:
    session = subject.session
    listed = session.api.list(session.resource_of("v1", kind), subject.metadata["name"])
    return listed.get("items") or []


def _conditions(page: Page, conditions: list[dict[str, Any]]) -> None:
    if not conditions:
        return
    page.line(0, "Conditions:")
    page.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage")
    page.line(1, "----\t------\t------------------\t------\t-------")
    for condition in conditions:
        changed = date(condition.get("lastTransitionTime"))
        cells = [condition["type"], condition["status"], changed, condition.get("reason", "")]
        page.line(1, "\t".join([*cells, condition.get("message", "")]))
