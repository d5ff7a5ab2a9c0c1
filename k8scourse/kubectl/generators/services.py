"""`kubectl create service` and `kubectl create ingress`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go, create_ingress.go.
"""

from __future__ import annotations

import re
from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import Session
from k8scourse.machinery import names
from k8scourse.machinery.go_format import go_quote

Object = dict[str, Any]

_TYPES = {
    "clusterip": "ClusterIP",
    "externalname": "ExternalName",
    "loadbalancer": "LoadBalancer",
    "nodeport": "NodePort",
}
_RULE = re.compile(r"[\w*.-]*/.*=[\w-]+:[\w-]+(,tls=?([\w-]+)?)?", re.ASCII)
_NEITHER = (
    "not enough information provided: every ingress has to either specify a default-backend (which catches all "
    "traffic) or a list of rules (which catch specific paths)"
)


def service_type(command: str) -> str:
    """The type of Service that `create service WORD` makes."""
    return _TYPES[command.rpartition(" ")[2]]


def service(session: Session, name: str) -> Object:
    """The Service of the flags; its pods are those with the label app=NAME."""
    kind, ports = service_type(session.command), session.flag("tcp")
    cluster_ip, external_name = session.flag("clusterip") or "", session.flag("external-name") or ""
    if cluster_ip != "None" and not ports and kind != "ExternalName":
        raise KubectlError("at least one tcp port specifier must be provided")
    if kind == "ExternalName" and names.is_dns1123_subdomain(external_name):
        raise KubectlError(f"invalid service external name {external_name}")
    labels = {"app": name}
    spec: Object = {"selector": labels, "type": kind}
    if ports:
        spec["ports"] = [_port(text, session.flag("node-port") or 0) for text in ports]
    if cluster_ip:
        spec["clusterIP"] = cluster_ip
    if external_name:
        spec["externalName"] = external_name
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": labels},
        "spec": spec,
        "status": {"loadBalancer": {}},
    }


def _port(text: str, node_port: int) -> Object:
    parts = text.split(":")
    number = _number(parts[0])
    port: Object = {"name": text.replace(":", "-"), "port": number, "protocol": "TCP"}
    port["targetPort"] = number if len(parts) == 1 else _target(parts[1])
    return {**port, "nodePort": node_port} if node_port else port


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise KubectlError(f"strconv.ParseUint: parsing {go_quote(text)}: invalid syntax")
    if int(text) > 65535:
        raise KubectlError(f"strconv.ParseUint: parsing {go_quote(text)}: value out of range")
    return int(text)


def _target(text: str) -> int | str:
    number = re.fullmatch(r"[+-]?[0-9]+", text)
    faults = names.is_port_number(int(text)) if number else names.is_port_name(text)
    if faults:
        raise KubectlError(",".join(faults))
    return int(text) if number else text


def ingress(session: Session, name: str) -> Object:
    """The Ingress of rules such as `host/path*=service:port,tls=secret`."""
    rules, backend = session.flag("rule"), session.flag("default-backend")
    annotations = _validate(rules, backend, session.flag("annotation"))
    spec: Object = {}
    if session.flag("class"):
        spec["ingressClassName"] = session.flag("class")
    if backend:
        spec["defaultBackend"] = _backend(backend)
    tls = _tls(rules)
    if tls:
        spec["tls"] = tls
    if rules:
        spec["rules"] = _rules(rules)
    metadata: Object = {"name": name, **({"annotations": annotations} if annotations else {})}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata,
        "spec": spec,
        "status": {"loadBalancer": {}},
    }


def _validate(rules: list[str], backend: str, annotations: list[str]) -> dict[str, str]:
    if not backend and not rules:
        raise KubectlError(_NEITHER)
    for rule in rules:
        if not _RULE.match(rule):
            raise KubectlError(
                f"rule {rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"
            )
    for annotation in annotations:
        if "=" not in annotation:
            raise KubectlError(f"annotation {annotation} is invalid and should be in format key=[value]")
    if backend and backend.count(":") != 1:
        raise KubectlError("default-backend should be in format servicename:serviceport")
    return dict(annotation.split("=", 1) for annotation in annotations)


def _tls(rules: list[str]) -> list[Object]:
    """One entry for each secret; a host counts once."""
    entries: list[Object] = []
    hosts: set[str] = set()
    for rule in rules:
        parts = rule.split(",")
        host = rule.partition("/")[0]
        if len(parts) != 2 or host in hosts:
            continue
        hosts.add(host)
        pieces = parts[1].split("=")
        secret = pieces[1] if len(pieces) > 1 else ""
        same = next((entry for entry in entries if entry.get("secretName", "") == secret), None)
        if same is not None:
            same["hosts"] = [*same.get("hosts", []), host]
        elif host or secret:
            entries.append({**({"hosts": [host]} if host else {}), **({"secretName": secret} if secret else {})})
    return entries


def _rules(rules: list[str]) -> list[Object]:
    """One entry for each host with all its paths."""
    paths: dict[str, list[Object]] = {}
    for rule in rules:
        host, _, rest = rule.split(",")[0].partition("/")
        paths.setdefault(host, []).append(_path(rest))
    return [{**({"host": host} if host else {}), "http": {"paths": each}} for host, each in paths.items()]


def _path(text: str) -> Object:
    pieces = text.split("=")
    path = "/" + pieces[0]
    kind = "Prefix" if path.endswith("*") else "Exact"
    return {"path": path.removesuffix("*"), "pathType": kind, "backend": _backend(pieces[1])}


def _backend(text: str) -> Object:
    name, port = text.split(":")[:2]
    number = re.fullmatch(r"[+-]?[0-9]+", port)
    return {"service": {"name": name, "port": {"number": int(port)} if number else {"name": port}}}
