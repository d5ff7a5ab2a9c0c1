"""`kubectl describe pod`. Kubernetes: kubectl/pkg/describe/describe.go describePod, DescribePodTemplate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.component_helpers.qos import pod_qos
from k8scourse.kubectl.commands.events import since
from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject, date
from k8scourse.kubectl.describe.containers import containers, resources
from k8scourse.kubectl.describe.volumes import volumes
from k8scourse.kubectl.describe.writer import Page

_MIRROR = "kubernetes.io/config.mirror"


def describe(subject: Subject, page: Page) -> None:
    """Write the pod's page."""
    spec, status, metadata = subject.spec, subject.status, subject.metadata
    _identity(subject, page)
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    _phase(subject, page)
    _addresses(subject, page)
    if spec.get("resources") is not None:
        page.line(0, "Resources:")
        resources(page, spec["resources"], 1)
    for title, field, statuses, needed in (
        ("Init Containers", "initContainers", "initContainerStatuses", False),
        ("Containers", "containers", "containerStatuses", True),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses", False),
    ):
        if needed or spec.get(field):
            containers(page, title, spec.get(field) or [], statuses=status.get(statuses) or (), pod=subject.obj)
    _gates(page, spec.get("readinessGates") or [], status.get("conditions") or [])
    if status.get("conditions"):
        page.write(0, "Conditions:\n  Type\tStatus\n")
        for condition in status["conditions"]:
            page.line(1, f"{condition['type']} \t{condition['status']} ")
    volumes(page, spec.get("volumes") or [])
    page.field("QoS Class", pod_qos(subject.obj))
    common.label_lines(page, "Node-Selectors", spec.get("nodeSelector"))
    common.toleration_lines(page, "Tolerations", spec.get("tolerations"))
    spread(page, spec.get("topologySpreadConstraints") or [])
    mirror = (metadata.get("annotations") or {}).get(_MIRROR)
    common.events(page, common.search_events(subject, kind="", uid=mirror), subject.now)


def _identity(subject: Subject, page: Page) -> None:
    spec, status = subject.spec, subject.status
    page.field("Name", subject.metadata["name"])
    page.field("Namespace", subject.metadata["namespace"])
    if spec.get("priority") is not None:
        page.field("Priority", spec["priority"])
    for title, name in (
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ):
        if spec.get(name):
            page.field(title, spec[name])
    node = spec.get("nodeName")
    page.field("Node", f"{node}/{status.get('hostIP', '')}" if node else NONE)
    if status.get("startTime"):
        page.field("Start Time", date(status["startTime"]))


def _phase(subject: Subject, page: Page) -> None:
    status, metadata = subject.status, subject.metadata
    phase = status.get("phase", "")
    if metadata.get("deletionTimestamp") and phase not in ("Failed", "Succeeded"):
        page.field("Status", f"Terminating (lasts {since(metadata['deletionTimestamp'], subject.now)})")
        page.field("Termination Grace Period", f"{metadata.get('deletionGracePeriodSeconds', 0)}s")
    else:
        page.field("Status", phase)
    for title, name in (("Reason", "reason"), ("Message", "message")):
        if status.get(name):
            page.field(title, status[name])
    seccomp = (subject.spec.get("securityContext") or {}).get("seccompProfile")
    if seccomp:
        page.field("SeccompProfile", seccomp.get("type", ""))
        if seccomp.get("type") == "Localhost":
            page.field("LocalhostProfile", seccomp.get("localhostProfile", ""))


def _addresses(subject: Subject, page: Page) -> None:
    status = subject.status
    page.field("IP", status.get("podIP", ""))
    if status.get("podIPs"):
        page.line(0, "IPs:")
        for address in status["podIPs"]:
            page.field("IP", address.get("ip", ""), 1)
    else:
        page.field("IPs", NONE)
    controller = common.controller_of(subject.obj)
    if controller:
        page.field("Controlled By", controller)
    if status.get("nominatedNodeName"):
        page.field("NominatedNodeName", status["nominatedNodeName"])


def _gates(page: Page, gates: Sequence[Mapping[str, Any]], conditions: Sequence[Mapping[str, Any]]) -> None:
    if not gates:
        return
    page.write(0, "Readiness Gates:\n  Type\tStatus\n")
    for gate in gates:
        kind = gate["conditionType"]
        status = next((condition["status"] for condition in conditions if condition["type"] == kind), NONE)
        page.line(1, f"{kind} \t{status} ")


def spread(page: Page, constraints: Sequence[Mapping[str, Any]], indent: str = "") -> None:
    """The Topology Spread Constraints section; nothing without constraints."""
    if not constraints:
        return
    lines: list[str] = []
    for constraint in sorted(constraints, key=lambda each: each.get("topologyKey", "")):
        text = (
            f"{constraint.get('topologyKey', '')}:{constraint.get('whenUnsatisfiable', '')} "
            f"when max skew {constraint.get('maxSkew', 0)} is exceeded"
        )
        if constraint.get("labelSelector") is not None:
            text += f" for selector {common.selector_text(constraint['labelSelector'])}"
        lines.append(text)
    page.line(0, f"{indent}Topology Spread Constraints:\t{lines[0]}")
    for line in lines[1:]:
        page.line(0, f"{indent}\t{line}")


def template(page: Page, pod_template: Mapping[str, Any]) -> None:
    """The Pod Template section of a workload."""
    metadata, spec = pod_template.get("metadata") or {}, pod_template.get("spec") or {}
    page.line(0, "Pod Template:")
    common.label_lines(page, "  Labels", metadata.get("labels"))
    if metadata.get("annotations"):
        common.annotation_lines(page, "  Annotations", metadata["annotations"])
    if spec.get("serviceAccountName"):
        page.field("Service Account", spec["serviceAccountName"], 1)
    if spec.get("initContainers"):
        containers(page, "Init Containers", spec["initContainers"], indent="  ")
    containers(page, "Containers", spec.get("containers") or [], indent="  ")
    volumes(page, spec.get("volumes") or [], "  ")
    spread(page, spec.get("topologySpreadConstraints") or [], "  ")
    if spec.get("priorityClassName"):
        page.field("Priority Class Name", spec["priorityClassName"], 1)
    common.label_lines(page, "  Node-Selectors", spec.get("nodeSelector"))
    common.toleration_lines(page, "  Tolerations", spec.get("tolerations"))


def template_text(pod_template: Mapping[str, Any]) -> str:
    """The Pod Template section with tabs as they are: `kubectl rollout` does not align it."""
    page = Page()
    template(page, pod_template)
    return page.unaligned
