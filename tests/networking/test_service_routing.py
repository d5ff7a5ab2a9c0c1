"""Endpoints of connections (kubernetes: pkg/proxy/topology_test.go TestCategorizeEndpoints)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.networking.service_routing import (
    DROPPED,
    FORWARDED,
    REJECTED,
    Client,
    find_port,
    route,
)
from tests.networking.cluster_objects import endpoint, endpoint_slice, service, world


def routed(endpoints: list[Any], client: Client | None = None, *, external: bool = False, **spec: Any) -> Any:
    found = service(**spec)
    objects = world([found], [endpoint_slice(*endpoints)])
    port = found["spec"]["ports"][0]
    return route(objects, found, port, client or Client("10.1.0.9", "n1"), external=external)


def reachable(endpoints: list[Any], client: Client | None = None, *, external: bool = False, **spec: Any) -> set[str]:
    found = routed(endpoints, client, external=external, **spec)
    return {target.address for target in found.candidates}


HERE, THERE = endpoint("10.1.0.1", node="n1"), endpoint("10.1.0.2", node="n2")
UNREADY = endpoint("10.1.0.3", ready=False)
LEAVING = endpoint("10.1.0.4", ready=False, serving=True, terminating=True)
LEAVING_AND_BROKEN = endpoint("10.1.0.5", ready=False, serving=False, terminating=True)
OUTSIDE = Client("198.51.100.1", "n1", in_cluster=False)


def test_ready_endpoints_alone_are_reached() -> None:
    assert reachable([HERE, THERE, UNREADY, LEAVING]) == {"10.1.0.1", "10.1.0.2"}


def test_endpoints_that_leave_serve_where_none_is_ready() -> None:
    assert reachable([UNREADY, LEAVING, LEAVING_AND_BROKEN]) == {"10.1.0.4"}


@pytest.mark.parametrize("endpoints", [[], [UNREADY], [LEAVING_AND_BROKEN]])
def test_without_endpoints_a_connection_is_rejected(endpoints: list[Any]) -> None:
    assert routed(endpoints).verdict == REJECTED


def test_the_connection_goes_to_the_target_port() -> None:
    target = routed([HERE]).target
    assert (target.address, target.port) == ("10.1.0.1", 8080)


def test_internal_traffic_may_be_kept_on_the_node() -> None:
    spec = {"internalTrafficPolicy": "Local"}
    assert reachable([HERE, THERE], **spec) == {"10.1.0.1"}
    assert routed([THERE], **spec).verdict == DROPPED
    assert routed([UNREADY], **spec).verdict == REJECTED


def test_external_traffic_may_be_kept_on_the_node() -> None:
    spec = {"externalTrafficPolicy": "Local", "internalTrafficPolicy": "Cluster"}
    assert reachable([HERE, THERE], OUTSIDE, external=True, **spec) == {"10.1.0.1"}
    assert routed([THERE], OUTSIDE, external=True, **spec).verdict == DROPPED


def test_pods_that_use_an_external_address_are_not_kept_on_their_node() -> None:
    spec = {"externalTrafficPolicy": "Local", "internalTrafficPolicy": "Cluster"}
    assert routed([THERE], external=True, **spec).verdict == FORWARDED


def test_attempts_take_turns() -> None:
    picked = [routed([HERE, THERE], Client("c", "n1", attempt=number)).target.address for number in range(4)]
    assert picked[0] != picked[1] and picked[:2] == picked[2:]


addresses = st.lists(st.integers(1, 250), min_size=1, max_size=8, unique=True)


@given(addresses, st.integers(0, 5), st.randoms(use_true_random=False))
def test_a_client_with_affinity_keeps_its_endpoint_while_it_is_there(
    numbers: list[int], attempt: int, dice: Any
) -> None:
    endpoints = [endpoint(f"10.1.0.{number}") for number in numbers]
    first = routed(endpoints, Client("c", "n1"), sessionAffinity="ClientIP").target
    others = [item for item in endpoints if item["addresses"] != [first.address]]
    left = [item for item in endpoints if item not in others or dice.random() < 0.5]
    dice.shuffle(left)
    again = routed(left, Client("c", "n1", attempt=attempt), sessionAffinity="ClientIP").target
    assert again.address == first.address


def test_a_port_is_found_by_number_and_protocol() -> None:
    ports = [{"port": 53, "nodePort": 30053}, {"port": 53, "protocol": "UDP", "nodePort": 30054}]
    dns = service(ports=ports)
    assert find_port(dns, 53) == ports[0] and find_port(dns, 53, "UDP") == ports[1]
    assert find_port(dns, 30054, "UDP", node_port=True) == ports[1]
    assert find_port(dns, 54) is None
