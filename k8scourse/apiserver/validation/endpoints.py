"""Validation of Endpoints, the older form of EndpointSlices.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateEndpointsCreate, ValidateEndpointsUpdate.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.addresses import check_endpoint_ip, check_ip
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.ports import PROTOCOLS
from k8scourse.apiserver.validation.support import Errors, check, check_choice
from k8scourse.machinery.field import FieldError, invalid, required
from k8scourse.machinery.names import is_dns1123_label, is_dns1123_subdomain, is_port_number, is_qualified_name

Endpoints = Mapping[str, Any]


def validate_endpoints(endpoints: Endpoints) -> list[FieldError]:
    """Return the faults of Endpoints."""
    errors = check_metadata(endpoints["metadata"], namespaced=True)
    return errors + _subset_errors(endpoints)


def validate_endpoints_update(new: Endpoints, old: Endpoints) -> list[FieldError]:
    """Return the faults of changing the stored Endpoints *old* to *new*; unchanged subsets are not looked at."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    errors += check_metadata(new["metadata"], namespaced=True)
    same = semantic_equal(new.get("subsets"), old.get("subsets"))
    return errors if same else errors + _subset_errors(new)


def _subset_errors(endpoints: Endpoints) -> list[FieldError]:
    errors: Errors = []
    for index, subset in enumerate(endpoints.get("subsets") or ()):
        path, ports = f"subsets[{index}]", subset.get("ports") or ()
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            errors.append(required(path, "must specify `addresses` or `notReadyAddresses`"))
        for kind in ("addresses", "notReadyAddresses"):
            for number, address in enumerate(subset.get(kind) or ()):
                _check_address(errors, address, f"{path}.{kind}[{number}]")
        for number, port in enumerate(ports):
            _check_port(errors, port, f"{path}.ports[{number}]", needs_name=len(ports) > 1)
    return errors


def _check_address(errors: Errors, address: Mapping[str, Any], path: str) -> None:
    value = address.get("ip") or ""
    check_ip(errors, value, f"{path}.ip")
    if address.get("hostname"):
        check(errors, f"{path}.hostname", address["hostname"], is_dns1123_label)
    if address.get("nodeName") is not None:
        check(errors, f"{path}.nodeName", address["nodeName"], is_dns1123_subdomain)
    check_endpoint_ip(errors, value, f"{path}.ip")


def _check_port(errors: Errors, port: Mapping[str, Any], path: str, *, needs_name: bool) -> None:
    if port.get("name"):
        check(errors, f"{path}.name", port["name"], is_dns1123_label)
    elif needs_name:
        errors.append(required(f"{path}.name"))
    number = port.get("port") or 0
    errors.extend(invalid(f"{path}.port", number, message) for message in is_port_number(number))
    check_choice(errors, f"{path}.protocol", port.get("protocol"), PROTOCOLS)
    if port.get("appProtocol") is not None:
        check(errors, f"{path}.appProtocol", port["appProtocol"], is_qualified_name)
