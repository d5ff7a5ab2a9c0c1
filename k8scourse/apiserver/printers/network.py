"""Rows of Ingress, IngressClass, NetworkPolicy, Endpoints and EndpointSlice.

Kubernetes: pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.printers.cells import NONE, created, label_selector

Object = Mapping[str, Any]

_MOST = 3
"""How many hosts, ports or addresses a cell lists."""
_DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"


def ingress_row(obj: Object, now: int) -> list[Any]:
    """NAME CLASS HOSTS ADDRESS PORTS AGE."""
    spec = obj.get("spec") or {}
    balancer = ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    addresses = sorted({each.get("ip") or each.get("hostname") or "" for each in balancer} - {""})
    return [
        obj["metadata"]["name"],
        spec.get("ingressClassName", NONE),
        _hosts(spec.get("rules") or []),
        ",".join(addresses),
        "80, 443" if spec.get("tls") else "80",
        created(obj, now),
    ]


def _hosts(rules: list[Object]) -> str:
    hosts: list[str] = []
    more = False
    for rule in rules:
        more = more or len(hosts) == _MOST
        if not more and rule.get("host"):
            hosts.append(rule["host"])
    text = ",".join(hosts)
    return f"{text} + {len(rules) - _MOST} more..." if more else text or "*"


def ingress_class_row(obj: Object, now: int) -> list[Any]:
    """NAME CONTROLLER PARAMETERS AGE."""
    metadata, spec = obj["metadata"], obj.get("spec") or {}
    default = (metadata.get("annotations") or {}).get(_DEFAULT_CLASS) == "true"
    reference, parameters = spec.get("parameters"), NONE
    if reference is not None:
        group = f".{reference['apiGroup']}" if reference.get("apiGroup") is not None else ""
        parameters = f"{reference.get('kind', '')}{group}/{reference.get('name', '')}"
    name = metadata["name"] + (" (default)" if default else "")
    return [name, spec.get("controller", ""), parameters, created(obj, now)]


def network_policy_row(obj: Object, now: int) -> list[Any]:
    """NAME POD-SELECTOR AGE."""
    selector = (obj.get("spec") or {}).get("podSelector") or {}
    return [obj["metadata"]["name"], label_selector(selector), created(obj, now)]


def endpoints_row(obj: Object, now: int) -> list[Any]:
    """NAME ENDPOINTS AGE."""
    return [obj["metadata"]["name"], _addresses(obj.get("subsets") or []), created(obj, now)]


def _addresses(subsets: list[Object]) -> str:
    """The ready addresses with each port; three at most."""
    if not subsets:
        return NONE
    found: list[str] = []
    for subset in subsets:
        addresses = [each["ip"] for each in subset.get("addresses") or []]
        ports = [port["port"] for port in subset.get("ports") or []]
        found.extend(_joined(address, port) for port in ports for address in addresses)
        if not ports:
            found.extend(addresses)
    return _listed(found)


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _listed(found: list[str]) -> str:
    text = ",".join(found[:_MOST])
    return f"{text} + {len(found) - _MOST} more..." if len(found) > _MOST else text


def endpoint_slice_row(obj: Object, now: int) -> list[Any]:
    """NAME ADDRESSTYPE PORTS ENDPOINTS AGE; addresses that are not ready are listed too."""
    ports = [str(port.get("port") or port.get("name") or "*") for port in obj.get("ports") or []]
    addresses = [each for endpoint in obj.get("endpoints") or [] for each in endpoint.get("addresses") or []]
    return [
        obj["metadata"]["name"],
        obj.get("addressType", ""),
        _listed(ports) or "<unset>",
        _listed(addresses) or "<unset>",
        created(obj, now),
    ]
