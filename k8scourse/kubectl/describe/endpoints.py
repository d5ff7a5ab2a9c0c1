"""`kubectl describe endpoints` and `endpointslice`, and endpoints in one line.

Kubernetes: kubectl/pkg/describe/describe.go describeEndpoints, describeEndpointSliceV1, formatEndpointSlices.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject
from k8scourse.kubectl.describe.writer import Page
from k8scourse.kubectl.session import Session
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

_MOST = 3
_UNSET = "<unset>"


def endpoints_of(session: Session, namespace: str, service: str) -> list[Object]:
    """The EndpointSlices of a service; none when they can't be listed."""
    resource = session.resource_of("discovery.k8s.io/v1", "EndpointSlice")
    try:
        listed = session.api.list(resource, namespace, labelSelector=f"kubernetes.io/service-name={service}")
    except ApiError:
        return []
    return listed.get("items") or []


def endpoints_text(slices: list[Object], port_name: str) -> str:
    """The ready endpoints behind a port: `10.0.0.1:80,10.0.0.2:80`, three at most; `<none>` without slices."""
    if not slices:
        return NONE
    found: list[str] = []
    more = False
    count = 0
    for each in slices:
        ports = each.get("ports") or []
        numbers = [port["port"] for port in ports if port.get("name", "") == port_name] if ports else [None]
        for number in numbers:
            for endpoint in each.get("endpoints") or []:
                more = more or len(found) == _MOST
                if (endpoint.get("conditions") or {}).get("ready") is False:
                    continue
                count += 1
                if not more:
                    found.append(_address(endpoint["addresses"][0], number))
    text = ",".join(found)
    return f"{text} + {count - _MOST} more..." if more else text


def _address(host: str, port: int | None) -> str:
    if port is None:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def describe_endpoints(subject: Subject, page: Page) -> None:
    """Write the page of Endpoints."""
    _head(subject, page)
    page.line(0, "Subsets:")
    for subset in subject.obj.get("subsets") or []:
        for title, field in (("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")):
            page.field(title, ",".join(each["ip"] for each in subset.get(field) or []) or NONE, 1)
        if subset.get("ports"):
            page.line(1, "Ports:")
            page.line(2, "Name\tPort\tProtocol")
            page.line(2, "----\t----\t--------")
            for port in subset["ports"]:
                page.line(2, f"{port.get('name') or _UNSET}\t{port['port']}\t{port.get('protocol', '')}")
        page.line(0, "")
    common.events(page, common.search_events(subject, kind="Endpoints"), subject.now)


def describe_slice(subject: Subject, page: Page) -> None:
    """Write the page of an EndpointSlice."""
    _head(subject, page)
    page.field("AddressType", subject.obj.get("addressType", ""))
    ports = subject.obj.get("ports") or []
    if not ports:
        page.line(0, "Ports: <unset>")
    else:
        page.line(0, "Ports:")
        page.line(1, "Name\tPort\tProtocol")
        page.line(1, "----\t----\t--------")
    for port in ports:
        page.line(1, f"{port.get('name') or _UNSET}\t{port.get('port', _UNSET)}\t{port.get('protocol', '')}")
    endpoints = subject.obj.get("endpoints") or []
    page.line(0, "Endpoints:" if endpoints else "Endpoints: <none>")
    for endpoint in endpoints:
        _endpoint(page, endpoint)
    common.events(page, common.search_events(subject, kind="EndpointSlice"), subject.now)


def _head(subject: Subject, page: Page) -> None:
    metadata = subject.metadata
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))


def _endpoint(page: Page, endpoint: Object) -> None:
    page.field("- Addresses", ", ".join(endpoint.get("addresses") or []) or NONE, 1)
    page.line(2, "Conditions:")
    ready = (endpoint.get("conditions") or {}).get("ready")
    page.field("Ready", _UNSET if ready is None else str(ready).lower(), 3)
    page.field("Hostname", endpoint.get("hostname", _UNSET), 2)
    target = endpoint.get("targetRef")
    if target is not None:
        page.field("TargetRef", f"{target.get('kind', '')}/{target.get('name', '')}", 2)
    page.field("NodeName", endpoint.get("nodeName", _UNSET), 2)
    page.field("Zone", endpoint.get("zone", _UNSET), 2)
