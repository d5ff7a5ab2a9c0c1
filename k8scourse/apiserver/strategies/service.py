"""The strategy of Services; addresses and node ports are allocated by their storage.

Source: kubernetes pkg/registry/core/service/strategy.go, pkg/api/service/warnings.go.
"""

from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy, keep, object_fields
from k8scourse.apiserver.validation.addresses import address_warnings, cidr_warnings
from k8scourse.apiserver.validation.service import (
    TOPOLOGY_HINTS,
    TOPOLOGY_MODE,
    validate_service,
    validate_service_status_update,
    validate_service_update,
)
from k8scourse.component_helpers.services import (
    EXTERNAL_NAME,
    HEADLESS,
    LOAD_BALANCER,
    is_externally_accessible,
    needs_cluster_ip,
    needs_health_check_port,
    needs_node_port,
)

Object = dict[str, Any]
Spec = Mapping[str, Any]
Rule = Callable[[Spec], bool]


def _prepare_for_create(service: Object) -> None:
    service["status"] = {"loadBalancer": {}}


def _prepare_for_update(new: Object, old: Object) -> None:
    """Keep the status, and clear what the Service's other type has no use for if the writer left it as it was."""
    keep(new, old, "status")
    spec, before = new["spec"], old["spec"]
    _clear_addresses(spec, before)
    if _lost(spec, before, needs_node_port) and _node_ports(spec) <= _node_ports(before):
        spec["ports"] = [
            {name: value for name, value in port.items() if name != "nodePort"} for port in spec.get("ports") or ()
        ]
    _clear_if_same(spec, before, "healthCheckNodePort", needs_health_check_port)
    _clear_if_same(spec, before, "allocateLoadBalancerNodePorts", _is_balanced)
    _clear_if_same(spec, before, "loadBalancerClass", _is_balanced)
    _clear_if_same(spec, before, "externalTrafficPolicy", is_externally_accessible)
    if not _is_balanced(spec):
        new["status"] = {**(new.get("status") or {}), "loadBalancer": {}}


def _is_balanced(spec: Spec) -> bool:
    return spec.get("type") == LOAD_BALANCER


def _lost(spec: Spec, before: Spec, rule: Rule) -> bool:
    return rule(before) and not rule(spec)


def _clear_addresses(spec: Object, before: Spec) -> None:
    if not _lost(spec, before, needs_cluster_ip):
        return
    together = ("clusterIP", "clusterIPs")
    if all((spec.get(name) or None) == (before.get(name) or None) for name in together):
        for name in together:
            spec.pop(name, None)
    for name in ("ipFamilies", "ipFamilyPolicy"):
        if (spec.get(name) or None) == (before.get(name) or None):
            spec.pop(name, None)


def _node_ports(spec: Spec) -> set[int]:
    return {port["nodePort"] for port in spec.get("ports") or () if port.get("nodePort")}


def _clear_if_same(spec: Object, before: Spec, name: str, rule: Rule) -> None:
    if _lost(spec, before, rule) and spec.get(name) == before.get(name):
        spec.pop(name, None)


def _warnings(service: Object) -> list[str]:
    spec = service["spec"]
    warnings: list[str] = []
    if TOPOLOGY_HINTS in (service["metadata"].get("annotations") or {}):
        warnings.append(f"annotation {TOPOLOGY_HINTS} is deprecated, please use {TOPOLOGY_MODE} instead")
    if spec.get("clusterIP") not in (None, "", HEADLESS) and needs_cluster_ip(spec):
        for index, address in enumerate(spec.get("clusterIPs") or ()):
            warnings.extend(address_warnings(address, f"spec.clusterIPs[{index}]"))
    is_headless = spec.get("type") == "ClusterIP" and spec.get("clusterIP") == HEADLESS
    if is_headless:
        warnings.extend(_headless_warnings(spec))
    external = spec.get("externalIPs") or ()
    for index, address in enumerate(external):
        warnings.extend(address_warnings(address, f"spec.externalIPs[{index}]"))
    if external and not is_headless and spec.get("type") != EXTERNAL_NAME:
        warnings.append("spec.externalIPs is deprecated and may no longer be implemented in some clusters")
    if spec.get("loadBalancerIP"):
        warnings.extend(address_warnings(spec["loadBalancerIP"], "spec.loadBalancerIP"))
    for index, block in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        warnings.extend(cidr_warnings(block, f"spec.loadBalancerSourceRanges[{index}]"))
    if spec.get("type") == EXTERNAL_NAME and external:
        warnings.append('spec.externalIPs is ignored when spec.type is "ExternalName"')
    if spec.get("type") != EXTERNAL_NAME and spec.get("externalName"):
        warnings.append('spec.externalName is ignored when spec.type is not "ExternalName"')
    if spec.get("trafficDistribution") == "PreferClose":
        warnings.append('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
    return warnings


def _headless_warnings(spec: Spec) -> list[str]:
    ignored = [f"spec.{name}" for name in ("loadBalancerIP", "externalIPs") if spec.get(name)]
    if spec.get("sessionAffinity") != "None":
        ignored.append("spec.SessionAffinity")
    return [f"{field} is ignored for headless services" for field in ignored]


def _fields(service: Mapping[str, Any]) -> dict[str, str]:
    spec = service.get("spec") or {}
    return {
        **object_fields(service),
        "spec.clusterIP": spec.get("clusterIP") or "",
        "spec.type": spec.get("type") or "",
    }


SERVICE = Strategy(
    prepare_for_create=_prepare_for_create,
    prepare_for_update=_prepare_for_update,
    validate=validate_service,
    validate_update=validate_service_update,
    validate_status_update=validate_service_status_update,
    warnings_on_create=_warnings,
    warnings_on_update=lambda new, old: _warnings(new),
    selectable_fields=_fields,
    has_status=True,
    allow_create_on_update=True,
)
