"""`kubectl describe namespace`. Kubernetes: kubectl/pkg/describe/describe.go describeNamespace."""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import Subject, date
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.quantity import canonical

_LIMITS = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")


def describe(subject: Subject, page: Page) -> None:
    """Write the namespace's page."""
    metadata = subject.metadata
    quotas, limits = _listed(subject, "ResourceQuota"), _listed(subject, "LimitRange")
    page.field("Name", metadata["name"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("Status", subject.status.get("phase", ""))
    _conditions(page, subject.status.get("conditions") or [])
    page.line(0, "")
    _quotas(page, quotas)
    page.line(0, "")
    _limit_ranges(page, limits)


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


def _quotas(page: Page, quotas: list[dict[str, Any]]) -> None:
    if not quotas:
        page.line(0, "No resource quota.")
        return
    page.line(0, "Resource Quotas")
    for quota in sorted(quotas, key=lambda each: each["metadata"]["name"]):
        page.field("Name", quota["metadata"]["name"], 1)
        scopes = sorted((quota.get("spec") or {}).get("scopes") or [])
        if scopes:
            page.field("Scopes", ", ".join(scopes), 1)
        page.line(1, "Resource\tUsed\tHard")
        page.line(1, "--------\t---\t---")
        status = quota.get("status") or {}
        for name in sorted(status.get("hard") or {}):
            used = canonical((status.get("used") or {}).get(name, "0"))
            page.line(1, f"{name}\t{used}\t{canonical(status['hard'][name])}")


def _limit_ranges(page: Page, ranges: list[dict[str, Any]]) -> None:
    if not ranges:
        page.line(0, "No LimitRange resource.")
        return
    page.write(
        0,
        "Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n"
        " ----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n",
    )
    for limit_range in ranges:
        for limit in (limit_range.get("spec") or {}).get("limits") or []:
            for name in sorted({name for field in _LIMITS for name in limit.get(field) or {}}):
                cells = (
                    canonical(limit[field][name]) if name in (limit.get(field) or {}) else "-" for field in _LIMITS
                )
                page.line(0, " " + "\t".join((limit["type"], name, *cells)))
