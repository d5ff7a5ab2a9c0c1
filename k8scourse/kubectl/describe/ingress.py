"""`kubectl describe ingress` and `ingressclass`.

Kubernetes: kubectl/pkg/describe/describe.go describeIngressV1, describeIngressClassV1.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject
from k8scourse.kubectl.describe.endpoints import endpoints_of, endpoints_text
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]


def describe(subject: Subject, page: Page) -> None:
    """Write the ingress's page."""
    metadata, spec = subject.metadata, subject.spec
    page.field("Name", metadata["name"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    page.field("Namespace", metadata["namespace"])
    page.field("Address", _addresses((subject.status.get("loadBalancer") or {}).get("ingress") or []))
    page.field("Ingress Class", spec.get("ingressClassName", NONE))
    backend = spec.get("defaultBackend")
    default = "<default>" if backend is None else _backend(subject, backend)
    page.field("Default backend", default)
    if spec.get("tls"):
        _tls(page, spec["tls"])
    _rules(subject, page, default)
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    common.events(page, common.search_events(subject, kind="Ingress"), subject.now)


def _addresses(ingress: list[Object]) -> str:
    return ",".join(sorted({each.get("ip") or each.get("hostname") or "" for each in ingress} - {""}))


def _tls(page: Page, entries: list[Object]) -> None:
    page.line(0, "TLS:")
    for entry in entries:
        hosts = ",".join(entry.get("hosts") or [])
        secret = entry.get("secretName")
        page.line(1, f"{secret} terminates {hosts}" if secret else f"SNI routes {hosts}")


def _rules(subject: Subject, page: Page, default: str) -> None:
    page.write(0, "Rules:\n  Host\tPath\tBackends\n")
    page.line(1, "----\t----\t--------")
    rules = [rule for rule in subject.spec.get("rules") or [] if rule.get("http") is not None]
    for rule in rules:
        page.line(1, f"{rule.get('host') or '*'}\t")
        for path in rule["http"].get("paths") or []:
            page.line(2, f"\t{path.get('path', '')} \t{_backend(subject, path['backend'])}")
    if not rules:
        page.line(1, f"*\t*\t{default}")


def _backend(subject: Subject, backend: Object) -> str:
    """A service with its endpoints, or another object."""
    service = backend.get("service")
    if service is None:
        other = backend.get("resource")
        if other is None:
            return ""
        group = other.get("apiGroup", NONE)
        return f"APIGroup: {group}, Kind: {other.get('kind', '')}, Name: {other.get('name', '')}"
    port, session = service.get("port") or {}, subject.session
    text = f"{service['name']}:{port.get('name') or port.get('number', 0)}"
    namespace = subject.metadata["namespace"]
    try:
        found = session.api.get(session.resource_of("v1", "Service"), namespace, service["name"])
    except ApiError as error:
        return f"{text} (<error: {error.message}>)"
    name = ""
    for each in (found.get("spec") or {}).get("ports") or []:
        same_number = port.get("number") and port["number"] == each["port"]
        if same_number or (port.get("name") and port["name"] == each.get("name")):
            name = each.get("name", "")
    return f"{text} ({endpoints_text(endpoints_of(session, namespace, service['name']), name)})"


def describe_class(subject: Subject, page: Page) -> None:
    """Write the page of an ingress class."""
    metadata, parameters = subject.metadata, subject.spec.get("parameters")
    page.field("Name", metadata["name"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("Controller", subject.spec.get("controller", ""))
    if parameters is not None:
        page.line(0, "Parameters:")
        if parameters.get("apiGroup") is not None:
            page.field("APIGroup", parameters["apiGroup"], 1)
        page.field("Kind", parameters.get("kind", ""), 1)
        page.field("Name", parameters.get("name", ""), 1)
    common.events(page, common.search_events(subject, kind="IngressClass"), subject.now)
