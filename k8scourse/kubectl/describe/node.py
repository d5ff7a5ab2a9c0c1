"""`kubectl describe node`. Kubernetes: kubectl/pkg/describe/describe.go describeNode, describeNodeResource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.printers.cells import node_roles
from k8scourse.component_helpers.pod_requests import parse_resources, pod_limits, pod_requests
from k8scourse.component_helpers.resource_names import is_huge_page, is_standard_for_container
from k8scourse.kubectl.commands.events import since
from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject, date
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.quantity import Quantity, canonical, parse_quantity
from k8scourse.machinery.status import ApiError

Resources = Mapping[str, Quantity]

_ZERO = parse_quantity("0")
_SYSTEM_INFO = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
)


def describe(subject: Subject, page: Page) -> None:
    """Write the node's page."""
    metadata, spec, status = subject.metadata, subject.spec, subject.status
    pods = _pods(subject)
    events = _events(subject)
    page.field("Name", metadata["name"])
    page.field("Roles", ",".join(node_roles(subject.obj)) or NONE)
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("CreationTimestamp", date(metadata.get("creationTimestamp")))
    taints = sorted(spec.get("taints") or [], key=lambda taint: f"{taint.get('effect', '')},{taint['key']}")
    common.multiline(page, "Taints", map(common.taint_text, taints))
    page.field("Unschedulable", go_value(bool(spec.get("unschedulable"))))
    _lease(subject, page)
    _conditions(page, status.get("conditions") or [])
    page.line(0, "Addresses:")
    for address in status.get("addresses") or []:
        page.field(address["type"], address["address"], 1)
    for title, name in (("Capacity", "capacity"), ("Allocatable", "allocatable")):
        if status.get(name):
            page.line(0, f"{title}:")
        for resource in sorted(status.get(name) or {}):
            page.field(f"  {resource}", canonical(status[name][resource]))
    page.line(0, "System Info:")
    for title, name in _SYSTEM_INFO:
        page.field(f"  {title}", (status.get("nodeInfo") or {}).get(name, ""))
    for title, value in (
        ("PodCIDR", spec.get("podCIDR")),
        ("PodCIDRs", ",".join(spec.get("podCIDRs") or [])),
        ("ProviderID", spec.get("providerID")),
    ):
        if value:
            page.field(title, value)
    if pods is None:
        page.field("Pods", "not authorized")
    else:
        _workload(subject, page, pods)
    common.events(page, events, subject.now)


def _pods(subject: Subject) -> list[dict[str, Any]] | None:
    selector = f"spec.nodeName={subject.metadata['name']},status.phase!=Succeeded,status.phase!=Failed"
    session = subject.session
    try:
        listed = session.api.list(session.resource_of("v1", "Pod"), fieldSelector=selector)
    except ApiError as error:
        if error.reason == "Forbidden":
            return None
        raise
    return listed.get("items") or []


def _events(subject: Subject) -> list[dict[str, Any]] | None:
    """Events that name the node's uid, and those of the kubelet, which name the node's name as uid."""
    by_uid = common.search_events(subject, kind="Node")
    if by_uid is None:
        return None
    return [*by_uid, *(common.search_events(subject, kind="Node", uid=subject.metadata["name"]) or [])]


def _lease(subject: Subject, page: Page) -> None:
    session, name = subject.session, subject.metadata["name"]
    resource = session.resource_of("coordination.k8s.io/v1", "Lease")
    try:
        spec = session.api.get(resource, "kube-node-lease", name).get("spec") or {}
    except ApiError as error:
        page.field("Lease", f"Failed to get lease: {error.message}")
        return
    page.line(0, "Lease:")
    page.field("HolderIdentity", spec.get("holderIdentity", "<unset>"), 1)
    for title, field in (("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")):
        page.field(title, date(spec[field]) if spec.get(field) else "<unset>", 1)


def _conditions(page: Page, conditions: list[dict[str, Any]]) -> None:
    if not conditions:
        return
    page.write(0, "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n")
    page.line(1, "----\t------\t-----------------\t------------------\t------\t-------")
    for condition in conditions:
        heartbeat, transition = condition.get("lastHeartbeatTime"), condition.get("lastTransitionTime")
        page.line(
            1,
            f"{condition['type']} \t{condition['status']} \t{date(heartbeat)} \t{date(transition)} \t"
            f"{condition.get('reason', '')} \t{condition.get('message', '')}",
        )


def _workload(subject: Subject, page: Page, pods: list[dict[str, Any]]) -> None:
    status = subject.status
    allocatable = parse_resources(status.get("allocatable") or status.get("capacity"))
    page.line(0, f"Non-terminated Pods:\t({len(pods)} in total)")
    page.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge")
    page.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---")
    requests: dict[str, Quantity] = {}
    limits: dict[str, Quantity] = {}
    for pod in pods:
        wanted, limit = pod_requests(pod, use_status=True), pod_limits(pod)
        cells = [
            f"{amounts.get(name, _ZERO)} ({_percent(amounts, allocatable, name)}%)"
            for name in ("cpu", "memory")
            for amounts in (wanted, limit)
        ]
        metadata = pod["metadata"]
        age = since(metadata.get("creationTimestamp"), subject.now)
        page.line(1, f"{metadata['namespace']}\t{metadata['name']}\t\t" + "\t".join([*cells, age]))
        _add(requests, pod_requests(pod))
        _add(limits, limit)
    _totals(page, requests, limits, allocatable)


def _add(total: dict[str, Quantity], amounts: Resources) -> None:
    for name, amount in amounts.items():
        total[name] = total[name] + amount if name in total else amount


def _percent(amounts: Resources, allocatable: Resources, name: str) -> int:
    """The share of what the node offers, in whole percent, rounded down; CPU in milli, all else in units."""
    amount, whole = amounts.get(name, _ZERO), allocatable.get(name, _ZERO)
    if whole.is_zero():
        return 0
    if name == "cpu":
        return int(amount.milli_value() / whole.milli_value() * 100)
    return int(amount.value() / whole.value() * 100)


def _totals(page: Page, requests: Resources, limits: Resources, allocatable: Resources) -> None:
    page.write(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n")
    page.line(1, "Resource\tRequests\tLimits")
    page.line(1, "--------\t--------\t------")
    huge_pages = sorted(name for name in allocatable if is_huge_page(name))
    for name in ("cpu", "memory", "ephemeral-storage", *huge_pages):
        cells = (f"{each.get(name, _ZERO)} ({_percent(each, allocatable, name)}%)" for each in (requests, limits))
        page.line(1, "\t".join((name, *cells)))
    for name in sorted(allocatable):
        if not is_huge_page(name) and not is_standard_for_container(name) and name != "pods":
            page.line(1, f"{name}\t{requests.get(name, _ZERO)}\t{limits.get(name, _ZERO)}")
