"""`kubectl describe resourcequota` and `limitrange`, and both inside the page of a namespace.

Kubernetes: kubectl/pkg/describe/describe.go describeQuota, describeLimitRange, DescribeResourceQuotas,
DescribeLimitRanges.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.describe.common import Subject
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.quantity import canonical

Object = dict[str, Any]

_LIMITS = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")
_SCOPES = {
    "BestEffort": (
        "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service."
    ),
    "NotBestEffort": (
        "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed "
        "quality of service."
    ),
    "NotTerminating": (
        "Matches all pods that do not have an active deadline. These pods usually include long running pods whose "
        "container command is not expected to terminate."
    ),
    "Terminating": (
        "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being "
        "actively terminated by the system."
    ),
}


def describe_quota(subject: Subject, page: Page) -> None:
    """Write the quota's page."""
    page.field("Name", subject.metadata["name"])
    page.field("Namespace", subject.metadata["namespace"])
    _scopes(page, subject.obj, 0, " * ")
    page.line(0, "Resource\tUsed\tHard")
    page.line(0, "--------\t----\t----")
    _amounts(page, subject.obj, 0)


def quotas(page: Page, listed: list[Object]) -> None:
    """The quotas of a namespace, by name."""
    if not listed:
        page.line(0, "No resource quota.")
        return
    page.line(0, "Resource Quotas")
    for quota in sorted(listed, key=lambda each: each["metadata"]["name"]):
        page.field("Name", quota["metadata"]["name"], 1)
        _scopes(page, quota, 1, "* ")
        page.line(1, "Resource\tUsed\tHard")
        page.line(1, "--------\t---\t---")
        _amounts(page, quota, 1)


def _scopes(page: Page, quota: Object, level: int, mark: str) -> None:
    scopes = sorted((quota.get("spec") or {}).get("scopes") or [])
    if not scopes:
        return
    page.field("Scopes", ", ".join(scopes), level)
    for scope in scopes:
        if scope in _SCOPES:
            page.line(level, mark + _SCOPES[scope])


def _amounts(page: Page, quota: Object, level: int) -> None:
    status = quota.get("status") or {}
    for name in sorted(status.get("hard") or {}):
        used = canonical((status.get("used") or {}).get(name, "0"))
        page.line(level, f"{name}\t{used}\t{canonical(status['hard'][name])}")


def describe_limit_range(subject: Subject, page: Page) -> None:
    """Write the page of the limit range."""
    page.field("Name", subject.metadata["name"])
    page.field("Namespace", subject.metadata["namespace"])
    page.line(0, "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio")
    page.line(0, "----\t--------\t---\t---\t---------------\t-------------\t-----------------------")
    _limits(page, subject.obj, "")


def limit_ranges(page: Page, listed: list[Object]) -> None:
    """The limit ranges of a namespace in one table."""
    if not listed:
        page.line(0, "No LimitRange resource.")
        return
    page.write(
        0,
        "Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n"
        " ----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n",
    )
    for limit_range in listed:
        _limits(page, limit_range, " ")


def _limits(page: Page, limit_range: Object, indent: str) -> None:
    for limit in (limit_range.get("spec") or {}).get("limits") or []:
        for name in sorted({name for field in _LIMITS for name in limit.get(field) or {}}):
            cells = (canonical(limit[field][name]) if name in (limit.get(field) or {}) else "-" for field in _LIMITS)
            page.line(0, indent + "\t".join((limit["type"], name, *cells)))
