"""What happens to a Service before it is validated and stored: linked fields are filled, addresses and ports allocated.

Source: kubernetes pkg/registry/core/service/storage/{storage,alloc}.go (beginCreate, beginUpdate)
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.call import Call
from k8scourse.apiserver.service_allocation import FULL, IPV4, Allocation, NotAllocated
from k8scourse.apiserver.service_families import init_families, is_unchanged_dual_stack
from k8scourse.component_helpers.services import (
    EXTERNAL_NAME,
    HEADLESS,
    LOAD_BALANCER,
    NODE_PORT,
    needs_cluster_ip,
    needs_health_check_port,
)
from k8scourse.machinery import status
from k8scourse.machinery.copying import copy_json
from k8scourse.machinery.field import FieldError, invalid

Object = dict[str, Any]
Spec = dict[str, Any]


def begin_create(call: Call, service: Object) -> None:
    """Complete a Service that is to be created, in place; raises ApiError 422 or 500."""
    spec = service.setdefault("spec", {})
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]
    _refuse(service, init_families(spec, None))
    allocation = _allocation(call, service)
    _allocate_cluster_ip(service, allocation)
    if spec.get("type") in (NODE_PORT, LOAD_BALANCER):
        _init_node_ports(service, allocation)
    if needs_health_check_port(spec):
        _allocate_health_check_port(spec, allocation)


def begin_update(call: Call, service: Object, old: Object) -> None:
    """Complete a Service that is to replace *old*, in place; raises ApiError 422 or 500.

    What the writer leaves out stays as it was allocated.
    """
    spec, before = service.setdefault("spec", {}), old["spec"]
    _keep_allocated(spec, before)
    _link_cluster_ips(spec, before)
    _refuse(service, init_families(spec, before))
    allocation = _allocation(call, service)
    if not is_unchanged_dual_stack(spec, before) and before.get("type") == EXTERNAL_NAME:
        _allocate_cluster_ip(service, allocation)
    if spec.get("type") in (NODE_PORT, LOAD_BALANCER):
        _update_node_ports(service, before, allocation)
    if needs_health_check_port(spec) and not needs_health_check_port(before):
        _allocate_health_check_port(spec, allocation)


def _allocation(call: Call, service: Object) -> Allocation:
    metadata = service["metadata"]
    key = (metadata.get("namespace", ""), metadata.get("name", ""))
    return Allocation(call.server.service_addresses, call.names, key, dry_run=call.dry_run)


def _refuse(service: Object, errors: list[FieldError]) -> None:
    if errors:
        raise status.invalid("Service", service["metadata"].get("name", ""), errors)


# cluster IPs


def _allocate_cluster_ip(service: Object, allocation: Allocation) -> None:
    spec = service["spec"]
    addresses: list[str] = list(spec.get("clusterIPs") or ())
    if not needs_cluster_ip(spec) or addresses[:1] == [HEADLESS]:
        return
    path, name = "spec.clusterIPs", service["metadata"].get("name", "")
    for index, family in enumerate(spec["ipFamilies"]):
        if family != IPV4:
            continue
        if index >= len(addresses):
            addresses.append("")
        address = addresses[index]
        try:
            if address:
                allocation.take_ip(address)
            else:
                addresses[index] = allocation.next_ip()
        except NotAllocated as error:
            if str(error) == FULL:
                text = f'failed to allocate a serviceIP for Service "{name}": {error}'
                raise status.internal_error(text) from None
            text = f"failed to allocate IP {address}: {error}"
            raise status.invalid("Service", name, [invalid(path, addresses, text)]) from None
    spec["clusterIPs"], spec["clusterIP"] = addresses, addresses[0]


def _keep_allocated(spec: Spec, before: Spec) -> None:
    """Carry over what was allocated and is left out (patchAllocatedValues)."""
    if needs_cluster_ip(spec) and needs_cluster_ip(before):
        for name in ("clusterIP", "clusterIPs"):
            if not spec.get(name) and before.get(name):
                spec[name] = copy_json(before[name])
    if _asks_node_ports(spec) and _asks_node_ports(before):
        _keep_node_ports(spec, before)
    if needs_health_check_port(spec) and needs_health_check_port(before) and not spec.get("healthCheckNodePort"):
        port = before.get("healthCheckNodePort")
        if port:
            spec["healthCheckNodePort"] = port


def _link_cluster_ips(spec: Spec, before: Spec) -> None:
    """Let clusterIPs follow a changed or cleared clusterIP (normalizeClusterIPs)."""
    new, old = spec.get("clusterIP") or "", before.get("clusterIP") or ""
    addresses, old_addresses = spec.get("clusterIPs") or [], before.get("clusterIPs") or []
    if old_addresses and not addresses and new == old:
        spec["clusterIPs"] = addresses = list(old_addresses)
    if new == old or addresses != old_addresses:
        return
    if old and not new:
        spec.pop("clusterIPs", None)
    else:
        spec["clusterIPs"] = [new]


# node ports


def _asks_node_ports(spec: Spec) -> bool:
    """Whether every port gets a node port (needsNodePort)."""
    if spec.get("type") == LOAD_BALANCER:
        return spec.get("allocateLoadBalancerNodePorts") is not False
    return spec.get("type") == NODE_PORT


def _keep_node_ports(spec: Spec, before: Spec) -> None:
    old_ports: list[Object] = before.get("ports") or []
    ports: list[Object] = spec.get("ports") or []
    used = {port["nodePort"] for port in old_ports if port.get("nodePort")}
    used &= {port["nodePort"] for port in ports if port.get("nodePort")}
    by_name = {port.get("name") or "": port.get("nodePort") for port in old_ports}
    for port in ports:
        known = by_name.get(port.get("name") or "")
        if not port.get("nodePort") and known and known not in used:
            port["nodePort"] = known


def _take(service: Object, index: int, port: int, allocation: Allocation) -> None:
    try:
        allocation.take_port(port)
    except NotAllocated as error:
        fault = invalid(f"spec.ports[{index}].nodePort", port, str(error))
        raise status.invalid("Service", service["metadata"].get("name", ""), [fault]) from None


def _next(allocation: Allocation) -> int:
    try:
        return allocation.next_port()
    except NotAllocated as error:
        raise status.internal_error(f"failed to allocate a nodePort: {error}") from None


def _init_node_ports(service: Object, allocation: Allocation) -> None:
    """Give each port of a new Service its node port; ports of one number (TCP and UDP) share it (initNodePorts)."""
    ports: list[Object] = service["spec"].get("ports") or []
    shared: dict[int, int] = {}
    for index, port in enumerate(ports):
        if not port.get("nodePort") and not _asks_node_ports(service["spec"]):
            continue
        number = port.get("port", 0)
        if number not in shared:
            asked = (other["nodePort"] for other in ports if other.get("port", 0) == number and other.get("nodePort"))
            wanted = next(asked, 0)
            if wanted:
                _take(service, index, wanted, allocation)
            shared[number] = port["nodePort"] = wanted or _next(allocation)
        elif not port.get("nodePort"):
            port["nodePort"] = shared[number]
        elif port["nodePort"] != shared[number]:
            _take(service, index, port["nodePort"], allocation)


def _update_node_ports(service: Object, before: Spec, allocation: Allocation) -> None:
    old = {port["nodePort"] for port in before.get("ports") or () if port.get("nodePort")}
    taken: set[int] = set()
    seen: set[tuple[str, int]] = set()
    for index, port in enumerate(service["spec"].get("ports") or ()):
        number = port.get("nodePort") or 0
        if not number and not _asks_node_ports(service["spec"]):
            continue
        if not number:
            number = port["nodePort"] = _next(allocation)
        elif number not in old and number not in taken:
            _take(service, index, number, allocation)
            taken.add(number)
        protocol = port.get("protocol", "TCP")
        if (protocol, number) in seen:
            raise status.internal_error(f"duplicate nodePort: {{{protocol} {number}}}")
        seen.add((protocol, number))


def _allocate_health_check_port(spec: Spec, allocation: Allocation) -> None:
    wanted = spec.get("healthCheckNodePort") or 0
    try:
        if wanted:
            allocation.take_port(wanted)
        else:
            spec["healthCheckNodePort"] = allocation.next_port()
    except NotAllocated as error:
        asked = f"requested HealthCheck NodePort {wanted}" if wanted else "a HealthCheck NodePort 0"
        raise status.internal_error(f"failed to allocate {asked}: {error}") from None
