"""`kubectl describe deployment`. Kubernetes: kubectl/pkg/describe/describe.go describeDeployment."""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import history
from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject, date
from k8scourse.kubectl.describe.pod import template
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]


def describe(subject: Subject, page: Page) -> None:
    """Write the deployment's page."""
    metadata, spec, status = subject.metadata, subject.spec, subject.status
    old, new = _replica_sets(subject)
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    page.field("CreationTimestamp", date(metadata.get("creationTimestamp")))
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("Selector", selector_from(spec.get("selector")))
    counts = [
        (spec.get("replicas", 0), "desired"),
        *(
            (status.get(name, 0), word)
            for name, word in (
                ("updatedReplicas", "updated"),
                ("replicas", "total"),
                ("availableReplicas", "available"),
                ("unavailableReplicas", "unavailable"),
            )
        ),
    ]
    page.field("Replicas", " | ".join(f"{count} {word}" for count, word in counts))
    strategy = spec.get("strategy") or {}
    page.field("StrategyType", strategy.get("type", ""))
    page.field("MinReadySeconds", spec.get("minReadySeconds", 0))
    rolling = strategy.get("rollingUpdate")
    if rolling:
        text = f"{rolling.get('maxUnavailable', 0)} max unavailable, {rolling.get('maxSurge', 0)} max surge"
        page.field("RollingUpdateStrategy", text)
    template(page, spec.get("template") or {})
    common.conditions(page, status.get("conditions"))
    if old or new:
        page.field("OldReplicaSets", _listed(old))
        page.field("NewReplicaSet", _listed(new))
    common.events(page, common.search_events(subject, kind="Deployment"), subject.now)


def _replica_sets(subject: Subject) -> tuple[list[Object], list[Object]]:
    try:
        return history.replica_sets(subject.session, subject.obj)
    except ApiError:
        return [], []


def _listed(replica_sets: list[Object]) -> str:
    texts = (
        f"{each['metadata']['name']} ({(each.get('status') or {}).get('replicas', 0)}/"
        f"{each['spec'].get('replicas', 0)} replicas created)"
        for each in replica_sets
    )
    return ", ".join(texts) or NONE
