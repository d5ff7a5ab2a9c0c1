"""The strategies of Endpoints and EndpointSlices.

Source: kubernetes pkg/registry/core/endpoint/strategy.go, pkg/registry/discovery/endpointslice/strategy.go.
"""

from collections.abc import Sequence
from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy
from k8scourse.apiserver.validation.addresses import address_warnings
from k8scourse.apiserver.validation.endpoint_slice import validate_endpoint_slice, validate_endpoint_slice_update
from k8scourse.apiserver.validation.endpoints import validate_endpoints, validate_endpoints_update
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.machinery.names import is_dns1123_subdomain

ENDPOINTS_MANAGER_LABEL = "endpoints.kubernetes.io/managed-by"
ENDPOINTS_CONTROLLER = "endpoint-controller"
SLICE_MANAGER_LABEL = "endpointslice.kubernetes.io/managed-by"
SLICE_CONTROLLERS = ("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io")
_HOST_NAME_LABEL = "kubernetes.io/hostname"
_CONTENT = ("addressType", "endpoints", "ports")

Object = dict[str, Any]


def _labels(obj: Object) -> dict[str, str]:
    return obj["metadata"].get("labels") or {}


def _endpoints_warnings(endpoints: Object) -> list[str]:
    """Warn of odd addresses, except those of the controller, which writes none."""
    if _labels(endpoints).get(ENDPOINTS_MANAGER_LABEL) == ENDPOINTS_CONTROLLER:
        return []
    return [
        warning
        for index, subset in enumerate(endpoints.get("subsets") or ())
        for kind in ("addresses", "notReadyAddresses")
        for number, address in enumerate(subset.get(kind) or ())
        for warning in address_warnings(address.get("ip") or "", f"subsets[{index}].{kind}[{number}].ip")
    ]


ENDPOINTS = Strategy(
    validate=validate_endpoints,
    validate_update=validate_endpoints_update,
    validate_status_update=validate_object_meta_update,
    warnings_on_create=_endpoints_warnings,
    warnings_on_update=lambda new, old: _endpoints_warnings(new),
    allow_create_on_update=True,
)


def _prepare_slice(endpoint_slice: Object) -> None:
    endpoint_slice["metadata"]["generation"] = 1
    _drop_topology(endpoint_slice, ())


def _prepare_slice_update(new: Object, old: Object) -> None:
    """Count a generation for changed labels as well: consumers find the Service by them."""
    same = all(semantic_equal(new.get(name), old.get(name)) for name in _CONTENT)
    if not same or not semantic_equal(_labels(new), _labels(old)):
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1
    if not semantic_equal(new.get("endpoints"), old.get("endpoints")):
        topologies = (endpoint.get("deprecatedTopology") or {} for endpoint in old.get("endpoints") or ())
        _drop_topology(new, [topology.get(_HOST_NAME_LABEL) or "" for topology in topologies])


def _drop_topology(endpoint_slice: Object, known_nodes: Sequence[str]) -> None:
    """Take deprecatedTopology away; a node name that it held before moves to nodeName."""
    for endpoint in endpoint_slice.get("endpoints") or ():
        node = (endpoint.pop("deprecatedTopology", None) or {}).get(_HOST_NAME_LABEL)
        if node and endpoint.get("nodeName") is None and node in known_nodes and not is_dns1123_subdomain(node):
            endpoint["nodeName"] = node


def _slice_warnings(endpoint_slice: Object) -> list[str]:
    is_domain = endpoint_slice.get("addressType") == "FQDN"
    return [
        *(["spec.addressType: FQDN endpoints are deprecated"] if is_domain else ()),
        *_slice_address_warnings(endpoint_slice),
    ]


def _slice_address_warnings(endpoint_slice: Object) -> list[str]:
    if _labels(endpoint_slice).get(SLICE_MANAGER_LABEL) in SLICE_CONTROLLERS:
        return []
    return [
        warning
        for index, endpoint in enumerate(endpoint_slice.get("endpoints") or ())
        for number, address in enumerate(endpoint.get("addresses") or ())
        for warning in address_warnings(address, f"endpoints[{index}].addresses[{number}]")
    ]


ENDPOINT_SLICE = Strategy(
    prepare_for_create=_prepare_slice,
    prepare_for_update=_prepare_slice_update,
    validate=validate_endpoint_slice,
    validate_update=validate_endpoint_slice_update,
    validate_status_update=validate_object_meta_update,
    warnings_on_create=_slice_warnings,
    warnings_on_update=lambda new, old: _slice_address_warnings(new),
)
