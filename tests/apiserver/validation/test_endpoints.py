"""Endpoints and EndpointSlices.

Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidateEndpoints,
pkg/apis/discovery/validation/validation_test.go and pkg/registry/discovery/endpointslice/strategy_test.go.
"""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.validation.endpoint_slice import validate_endpoint_slice, validate_endpoint_slice_update
from k8scourse.apiserver.validation.endpoints import validate_endpoints, validate_endpoints_update

SLICES = strategy_for(Registry().resource("discovery.k8s.io/v1", "endpointslices"))
METADATA = {"name": "e", "namespace": "n", "uid": "1", "resourceVersion": "1"}


def endpoints(*subsets):
    obj = {"metadata": dict(METADATA), "subsets": list(subsets)}
    default_object("", "Endpoints", obj)
    return obj


def endpoint_slice(*items, ports=(), address_type="IPv4", labels=None):
    obj = {
        "metadata": {**METADATA, "labels": labels or {}},
        "addressType": address_type,
        "endpoints": list(items),
        "ports": list(ports),
    }
    default_object("discovery.k8s.io", "EndpointSlice", obj)
    return obj


def test_ports_are_tcp_and_those_of_slices_have_an_empty_name():
    assert endpoints({"ports": [{"port": 1}]})["subsets"][0]["ports"] == [{"port": 1, "protocol": "TCP"}]
    assert endpoint_slice(ports=[{"port": 1}])["ports"] == [{"port": 1, "name": "", "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("subset", "expected"),
    [
        ({}, ["subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"]),
        ({"notReadyAddresses": [{"ip": "10.0.0.1"}]}, []),
        (
            {"addresses": [{"ip": "169.254.1.1"}]},
            [
                'subsets[0].addresses[0].ip: Invalid value: "169.254.1.1": may not be in the link-local range '
                "(169.254.0.0/16, fe80::/10)"
            ],
        ),
        (
            {"addresses": [{"ip": "0.0.0.0"}]},
            ['subsets[0].addresses[0].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)'],
        ),
        (
            {"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 1}, {"port": 2, "name": "b"}]},
            ["subsets[0].ports[0].name: Required value"],
        ),
    ],
)
def test_faults_of_endpoints(texts, subset, expected):
    assert texts(validate_endpoints(endpoints(subset))) == expected


def test_unchanged_subsets_may_be_wrong():
    assert validate_endpoints_update(endpoints({}), endpoints({})) == []


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (endpoint_slice({"addresses": ["10.0.0.1"]}, ports=[{"port": 80, "name": "http"}]), []),
        (endpoint_slice(address_type=""), ["addressType: Required value"]),
        (
            endpoint_slice(address_type="IPv5"),
            ['addressType: Unsupported value: "IPv5": supported values: "FQDN", "IPv4", "IPv6"'],
        ),
        (
            endpoint_slice({"addresses": []}),
            ["endpoints[0].addresses: Required value: must contain at least 1 address"],
        ),
        (
            endpoint_slice({"addresses": ["fd00::1"]}),
            ['endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address'],
        ),
        (
            endpoint_slice({"addresses": ["FD00::1"]}, address_type="IPv6"),
            ['endpoints[0].addresses[0]: Invalid value: "FD00::1": must be in canonical form ("fd00::1")'],
        ),
        (
            endpoint_slice({"addresses": ["host"]}, address_type="FQDN"),
            [
                'endpoints[0].addresses[0]: Invalid value: "host": should be a domain with at least two segments '
                "separated by dots"
            ],
        ),
        (endpoint_slice(ports=[{"port": 1}, {"port": 2}]), ['ports[1].name: Duplicate value: ""']),
        (
            endpoint_slice({"addresses": ["10.0.0.1"], "hints": {"forZones": [{"name": "a"}, {"name": "a"}]}}),
            ['endpoints[0].hints.forZones[1].name: Duplicate value: "a"'],
        ),
        (
            endpoint_slice(*[{"addresses": ["10.0.0.1"]}] * 1001),
            ["endpoints: Too many: 1001: must have at most 1000 items"],
        ),
    ],
)
def test_faults_of_slices(texts, obj, expected):
    assert texts(validate_endpoint_slice(obj)) == expected


def test_the_address_type_stays(texts):
    assert texts(validate_endpoint_slice_update(endpoint_slice(address_type="IPv6"), endpoint_slice())) == [
        'addressType: Invalid value: "IPv6": field is immutable'
    ]


def test_labels_and_content_count_for_the_generation_and_annotations_do_not():
    old = endpoint_slice({"addresses": ["10.0.0.1"]})
    SLICES.prepare_for_create(old)
    assert old["metadata"]["generation"] == 1
    labelled, annotated = copy.deepcopy(old), copy.deepcopy(old)
    labelled["metadata"]["labels"] = {"a": "b"}
    annotated["metadata"]["annotations"] = {"a": "b"}
    for obj in (labelled, annotated):
        SLICES.prepare_for_update(obj, old)

    assert labelled["metadata"]["generation"] == 2
    assert annotated["metadata"]["generation"] == 1


def test_odd_addresses_of_others_than_the_controllers_are_warned_of():
    item = {"addresses": ["FD00::1"]}
    mark = {"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}

    assert SLICES.warnings_on_create(endpoint_slice(item, address_type="IPv6")) == [
        'endpoints[0].addresses[0]: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")'
    ]
    assert SLICES.warnings_on_create(endpoint_slice(item, address_type="IPv6", labels=mark)) == []
    assert SLICES.warnings_on_create(endpoint_slice(address_type="FQDN")) == [
        "spec.addressType: FQDN endpoints are deprecated"
    ]
