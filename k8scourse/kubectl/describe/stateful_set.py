"""`kubectl describe statefulset`. Kubernetes: kubectl/pkg/describe/describe.go describeStatefulSet."""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject, date
from k8scourse.kubectl.describe.pod import template
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.quantity import canonical

Object = dict[str, Any]

_OLD_CLASS = "volume.beta.kubernetes.io/storage-class"


def describe(subject: Subject, page: Page) -> None:
    """Write the stateful set's page."""
    metadata, spec, status = subject.metadata, subject.spec, subject.status
    counts = common.pod_counts(subject)
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    page.field("CreationTimestamp", date(metadata.get("creationTimestamp")))
    page.field("Selector", selector_from(spec.get("selector")))
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("Replicas", f"{spec.get('replicas', 0)} desired | {status.get('replicas', 0)} total")
    strategy = spec.get("updateStrategy") or {}
    page.field("Update Strategy", strategy.get("type", ""))
    rolling = strategy.get("rollingUpdate") or {}
    if rolling.get("partition") is not None:
        page.field("Partition", rolling["partition"], 1)
        if rolling.get("maxUnavailable") is not None:
            page.field("MaxUnavailable", rolling["maxUnavailable"], 1)
    page.field("Pods Status", common.pods_status(counts))
    template(page, spec.get("template") or {})
    _claims(page, spec.get("volumeClaimTemplates") or [])
    common.events(page, common.search_events(subject, kind="StatefulSet"), subject.now)


def _claims(page: Page, claims: list[Object]) -> None:
    if not claims:
        page.field("Volume Claims", NONE)
        return
    page.line(0, "Volume Claims:")
    for claim in claims:
        metadata, spec = claim.get("metadata") or {}, claim.get("spec") or {}
        annotations = metadata.get("annotations") or {}
        page.field("Name", metadata.get("name", ""), 1)
        page.field("StorageClass", annotations.get(_OLD_CLASS) or spec.get("storageClassName", ""), 1)
        common.label_lines(page, "  Labels", metadata.get("labels"))
        common.label_lines(page, "  Annotations", annotations)
        storage = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
        page.field("Capacity", "<default>" if storage is None else canonical(storage), 1)
        page.field("Access Modes", f"[{' '.join(spec.get('accessModes') or [])}]", 1)
