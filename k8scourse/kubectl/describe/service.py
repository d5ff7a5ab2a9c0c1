"""`kubectl describe service`. Kubernetes: kubectl/pkg/describe/describe.go describeService."""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.printers.cells import label_map
from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject
from k8scourse.kubectl.describe.endpoints import endpoints_of, endpoints_text
from k8scourse.kubectl.describe.writer import Page

Object = dict[str, Any]

_UNSET = "<unset>"


def describe(subject: Subject, page: Page) -> None:
    """Write the service's page."""
    metadata, spec = subject.metadata, subject.spec
    slices = endpoints_of(subject.session, metadata["namespace"], metadata["name"])
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("Selector", label_map(spec.get("selector")))
    page.field("Type", spec.get("type", ""))
    if spec.get("ipFamilyPolicy") is not None:
        page.field("IP Family Policy", spec["ipFamilyPolicy"])
    page.field("IP Families", ",".join(spec.get("ipFamilies") or []) or NONE)
    page.field("IP", spec.get("clusterIP", ""))
    page.field("IPs", ",".join(spec.get("clusterIPs") or []) or NONE)
    _addresses(subject, page)
    for port in spec.get("ports") or []:
        _port(page, port, slices)
    _traffic(page, spec)
    common.events(page, common.search_events(subject, kind="Service"), subject.now)


def _addresses(subject: Subject, page: Page) -> None:
    spec = subject.spec
    if spec.get("externalIPs"):
        page.field("External IPs", ",".join(spec["externalIPs"]))
    if spec.get("loadBalancerIP"):
        page.field("Desired LoadBalancer IP", spec["loadBalancerIP"])
    if spec.get("externalName"):
        page.field("External Name", spec["externalName"])
    ingress = (subject.status.get("loadBalancer") or {}).get("ingress") or []
    if ingress:
        page.field("LoadBalancer Ingress", ", ".join(map(_balancer, ingress)))


def _balancer(ingress: Object) -> str:
    if not ingress.get("ip"):
        return ingress.get("hostname", "")
    mode = ingress.get("ipMode")
    return f"{ingress['ip']} ({mode})" if mode is not None else ingress["ip"]


def _port(page: Page, port: Object, slices: list[Object]) -> None:
    name, protocol = port.get("name") or _UNSET, port.get("protocol", "")
    page.field("Port", f"{name}\t{port['port']}/{protocol}")
    page.field("TargetPort", f"{port.get('targetPort', 0)}/{protocol}")
    if port.get("appProtocol") is not None:
        page.field("AppProtocol", port["appProtocol"])
    if port.get("nodePort"):
        page.field("NodePort", f"{name}\t{port['nodePort']}/{protocol}")
    page.field("Endpoints", endpoints_text(slices, port.get("name", "")))


def _traffic(page: Page, spec: Object) -> None:
    page.field("Session Affinity", spec.get("sessionAffinity", ""))
    if spec.get("externalTrafficPolicy"):
        page.field("External Traffic Policy", spec["externalTrafficPolicy"])
    if spec.get("internalTrafficPolicy") is not None:
        page.field("Internal Traffic Policy", spec["internalTrafficPolicy"])
    if spec.get("healthCheckNodePort"):
        page.field("HealthCheck NodePort", spec["healthCheckNodePort"])
    if spec.get("loadBalancerSourceRanges"):
        page.field("LoadBalancer Source Ranges", ",".join(spec["loadBalancerSourceRanges"]))
    if spec.get("trafficDistribution") is not None:
        page.field("Traffic Distribution", spec["trafficDistribution"])
