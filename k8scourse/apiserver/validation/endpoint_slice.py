"""Validation of EndpointSlices.

Source: kubernetes pkg/apis/discovery/validation/validation.go.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.addresses import check_canonical_ip, check_endpoint_ip, check_ip, is_ipv6
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.label_selector import check_labels
from k8scourse.apiserver.validation.object_meta import check_metadata
from k8scourse.apiserver.validation.ports import PROTOCOLS
from k8scourse.apiserver.validation.support import Errors, Rule, check, check_choice, check_immutable
from k8scourse.machinery.field import (
    FieldError,
    duplicate,
    internal,
    invalid,
    key,
    not_supported,
    required,
    too_many,
)
from k8scourse.machinery.names import is_dns1123_label, is_dns1123_subdomain, is_label_value, is_qualified_name

ADDRESS_TYPES = ("FQDN", "IPv4", "IPv6")
MAX_ENDPOINTS = 1000
MAX_PORTS = 20000
MAX_ADDRESSES = 100
MAX_TOPOLOGY_LABELS = 16
MAX_HINTS = 8
_ZONE_LABEL = "topology.kubernetes.io/zone"

Slice = Mapping[str, Any]


def validate_endpoint_slice(endpoint_slice: Slice) -> list[FieldError]:
    """Return the faults of an EndpointSlice."""
    return _errors(endpoint_slice, None)


def validate_endpoint_slice_update(new: Slice, old: Slice) -> list[FieldError]:
    """Return the faults of changing the stored EndpointSlice *old* to *new*: the address type stays."""
    errors = _errors(new, old)
    check_immutable(errors, "addressType", new.get("addressType") or "", old.get("addressType") or "")
    return errors


def _errors(endpoint_slice: Slice, old: Slice | None) -> list[FieldError]:
    errors = check_metadata(endpoint_slice["metadata"], namespaced=True)
    address_type = endpoint_slice.get("addressType") or ""
    check_choice(errors, "addressType", address_type, ADDRESS_TYPES)
    _check_ports(errors, endpoint_slice.get("ports") or ())
    endpoints = endpoint_slice.get("endpoints") or ()
    if old is None or not semantic_equal(endpoints, old.get("endpoints")):
        _check_endpoints(errors, endpoints, address_type)
    return errors


def _check_ports(errors: Errors, ports: Sequence[Mapping[str, Any]]) -> None:
    if len(ports) > MAX_PORTS:
        errors.append(too_many("ports", len(ports), MAX_PORTS))
        return
    names: set[str] = set()
    for index, port in enumerate(ports):
        path, name, protocol = f"ports[{index}]", port.get("name") or "", port.get("protocol")
        if name:
            check(errors, f"{path}.name", name, is_dns1123_label)
        if name in names:
            errors.append(duplicate(f"{path}.name", name))
        names.add(name)
        if protocol is None:
            errors.append(required(f"{path}.protocol"))
        elif protocol not in PROTOCOLS:
            errors.append(not_supported(f"{path}.protocol", protocol, PROTOCOLS))
        if port.get("appProtocol") is not None:
            check(errors, f"{path}.appProtocol", port["appProtocol"], is_qualified_name)


def _check_endpoints(errors: Errors, endpoints: Sequence[Mapping[str, Any]], address_type: str) -> None:
    if len(endpoints) > MAX_ENDPOINTS:
        errors.append(too_many("endpoints", len(endpoints), MAX_ENDPOINTS))
        return
    for index, endpoint in enumerate(endpoints):
        path = f"endpoints[{index}]"
        _check_addresses(errors, endpoint.get("addresses") or (), address_type, f"{path}.addresses")
        if endpoint.get("nodeName") is not None:
            check(errors, f"{path}.nodeName", endpoint["nodeName"], is_dns1123_subdomain)
        topology = endpoint.get("deprecatedTopology") or {}
        where = f"{path}.deprecatedTopology"
        if len(topology) > MAX_TOPOLOGY_LABELS:
            errors.append(too_many(where, len(topology), MAX_TOPOLOGY_LABELS))
        check_labels(errors, topology, where)
        if _ZONE_LABEL in topology:
            errors.append(internal(key(where, _ZONE_LABEL), "reserved key was not removed in conversion"))
        if endpoint.get("hostname") is not None:
            check(errors, f"{path}.hostname", endpoint["hostname"], is_dns1123_label)
        if endpoint.get("hints") is not None:
            _check_hints(errors, endpoint["hints"], f"{path}.hints")


def _check_addresses(errors: Errors, addresses: Sequence[str], address_type: str, path: str) -> None:
    if not addresses:
        errors.append(required(path, "must contain at least 1 address"))
    elif len(addresses) > MAX_ADDRESSES:
        errors.append(too_many(path, len(addresses), MAX_ADDRESSES))
    for index, address in enumerate(addresses):
        where, count = f"{path}[{index}]", len(errors)
        if address_type == "FQDN":
            _check_domain(errors, address, where)
        elif address_type in ADDRESS_TYPES:
            (check_ip if address_type == "IPv4" else check_canonical_ip)(errors, address, where)
            if len(errors) == count:
                if is_ipv6(address) != (address_type == "IPv6"):
                    errors.append(invalid(path, address, f"must be an {address_type} address"))
                check_endpoint_ip(errors, address, where)


def _check_domain(errors: Errors, name: str, path: str) -> None:
    """Check a name with at least two labels.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go IsFullyQualifiedDomainName.
    """
    if not name:
        errors.append(required(path))
        return
    bare = name.removesuffix(".")
    if faults := is_dns1123_subdomain(bare):
        errors.append(invalid(path, bare, ",".join(faults)))
    elif "." not in bare:
        errors.append(invalid(path, bare, "should be a domain with at least two segments separated by dots"))
    else:
        label, faults = next(((part, found) for part in bare.split(".") if (found := is_dns1123_label(part))), ("", []))
        if faults:
            errors.append(invalid(path, label, ",".join(faults)))


def _check_hints(errors: Errors, hints: Mapping[str, Any], path: str) -> None:
    rules: tuple[tuple[str, Rule], ...] = (("forZones", is_label_value), ("forNodes", is_dns1123_subdomain))
    for field, rule in rules:
        items = hints.get(field) or ()
        if len(items) > MAX_HINTS:
            errors.append(too_many(f"{path}.{field}", len(items), MAX_HINTS))
            return
        names: set[str] = set()
        for index, item in enumerate(items):
            where, name = f"{path}.{field}[{index}].name", item.get("name") or ""
            if name in names:
                errors.append(duplicate(where, name))
            names.add(name)
            check(errors, where, name, rule)
