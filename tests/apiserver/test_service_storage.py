"""Addresses and node ports of Services (kubernetes: pkg/registry/core/service/storage/storage_test.go)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.apiserver import service_allocation
from k8scourse.apiserver.service_allocation import (
    FULL,
    Allocation,
    NotAllocated,
    ServiceAddresses,
)
from k8scourse.cluster import Cluster
from k8scourse.machinery.status import ApiError
from k8scourse.simulation.names import Names

Object = dict[str, Any]


def service(name: str = "web", *ports: Object, **spec: Any) -> Object:
    found = {"ports": list(ports) or [{"port": 80}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": found}


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=0)


def refusal(cluster: Cluster, obj: Object) -> ApiError:
    with pytest.raises(ApiError) as caught:
        cluster.create(obj)
    return caught.value


def spec_of(cluster: Cluster, name: str = "web") -> Object:
    return cluster.get("service", name)["spec"]


def node_ports(spec: Object) -> list[int | None]:
    return [port.get("nodePort") for port in spec["ports"]]


def dry_run(cluster: Cluster, obj: Object) -> Object:
    from k8scourse.apiserver.request import Request

    request = Request("POST", "/api/v1/namespaces/default/services", {"dryRun": "All"}, obj)
    response = cluster.handle(request)
    assert response.ok, response.body
    return response.body


def test_a_service_gets_an_address_beyond_the_static_band(cluster: Cluster) -> None:
    spec = cluster.create(service())["spec"]
    assert spec["clusterIPs"] == [spec["clusterIP"]]
    assert ip_address("10.96.1.0") < ip_address(spec["clusterIP"]) < ip_address("10.96.255.255")
    assert (spec["ipFamilies"], spec["ipFamilyPolicy"]) == (["IPv4"], "SingleStack")


def test_the_same_seed_gives_the_same_address_and_another_service_changes_nothing() -> None:
    first, second = Cluster(nodes=0), Cluster(nodes=0)
    second.create(service("other"))
    assert first.create(service())["spec"] == second.create(service())["spec"]


def test_a_recreated_service_may_get_another_address_and_leaves_the_old_one_free(cluster: Cluster) -> None:
    address = cluster.create(service())["spec"]["clusterIP"]
    cluster.delete("service", "web")
    assert cluster.create(service("second", clusterIP=address))["spec"]["clusterIP"] == address


def test_the_service_of_the_api_keeps_its_address(cluster: Cluster) -> None:
    assert spec_of(cluster, "kubernetes")["clusterIP"] == "10.96.0.1"


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("10.96.0.1", "provided IP is already allocated"),
        ("10.0.0.1", "the provided network does not match the current range"),
        ("10.96.0.0", "the provided network does not match the current range"),
        ("10.96.255.255", "the provided network does not match the current range"),
    ],
)
def test_an_address_that_cannot_be_had_is_refused(cluster: Cluster, address: str, text: str) -> None:
    error = refusal(cluster, service(clusterIP=address))
    assert (error.code, error.reason) == (422, "Invalid")
    expected = f'spec.clusterIPs: Invalid value: ["{address}"]: failed to allocate IP {address}: {text}'
    assert error.message == f'Service "web" is invalid: {expected}'


def test_an_address_of_the_static_band_may_be_asked_for(cluster: Cluster) -> None:
    assert cluster.create(service(clusterIP="10.96.0.10"))["spec"]["clusterIPs"] == ["10.96.0.10"]


def test_headless_and_external_services_get_no_address(cluster: Cluster) -> None:
    headless = cluster.create(service("headless", clusterIP="None", selector={"a": "b"}))["spec"]
    assert (headless["clusterIPs"], headless["ipFamilies"]) == (["None"], ["IPv4"])
    external = cluster.create(service("external", type="ExternalName", externalName="x.example"))["spec"]
    assert not external.keys() & {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}


def test_a_headless_service_without_selector_may_have_endpoints_of_any_family(cluster: Cluster) -> None:
    spec = cluster.create(service(clusterIP="None"))["spec"]
    assert (spec["ipFamilyPolicy"], spec["ipFamilies"]) == ("RequireDualStack", ["IPv4", "IPv6"])


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (
            {"ipFamilyPolicy": "RequireDualStack"},
            'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack '
            "services",
        ),
        ({"ipFamilies": ["IPv6"]}, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'),
        (
            {"clusterIP": "fd00::1"},
            'spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster',
        ),
        (
            {"ipFamilies": ["IPv4", "IPv6"]},
            "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' "
            "when multiple IP families are specified",
        ),
    ],
)
def test_a_cluster_of_one_family_refuses_the_other(cluster: Cluster, spec: Object, text: str) -> None:
    assert refusal(cluster, service(**spec)).message == f'Service "web" is invalid: {text}'


def test_a_service_that_prefers_two_families_gets_the_one_there_is(cluster: Cluster) -> None:
    spec = cluster.create(service(ipFamilyPolicy="PreferDualStack"))["spec"]
    assert (spec["ipFamilyPolicy"], spec["ipFamilies"], len(spec["clusterIPs"])) == ("PreferDualStack", ["IPv4"], 1)


def test_node_ports_come_from_beyond_the_static_band(cluster: Cluster) -> None:
    for number in range(20):
        [port] = node_ports(cluster.create(service(f"web-{number}", type="NodePort"))["spec"])
        assert port is not None and 30086 <= port <= 32767


def test_ports_of_one_number_share_their_node_port(cluster: Cluster) -> None:
    dns = [{"name": "tcp", "port": 53}, {"name": "udp", "port": 53, "protocol": "UDP"}, {"name": "m", "port": 9153}]
    tcp, udp, metrics = node_ports(cluster.create(service("dns", *dns, type="NodePort"))["spec"])
    assert tcp == udp != metrics


@pytest.mark.parametrize(
    ("port", "text"),
    [
        (80, "provided port is not in the valid range. The range of valid ports is 30000-32767"),
        (30080, "provided port is already allocated"),
    ],
)
def test_a_node_port_that_cannot_be_had_is_refused(cluster: Cluster, port: int, text: str) -> None:
    cluster.create(service("first", {"port": 80, "nodePort": 30080}, type="NodePort"))
    error = refusal(cluster, service("web", {"port": 80, "nodePort": port}, type="NodePort"))
    assert error.message == f'Service "web" is invalid: spec.ports[0].nodePort: Invalid value: {port}: {text}'
    assert [cause["field"] for cause in error.causes] == ["spec.ports[0].nodePort"]


def test_a_refused_write_keeps_nothing(cluster: Cluster) -> None:
    ports = [{"name": "a", "port": 80, "nodePort": 30080}, {"name": "b", "port": 81, "nodePort": 80}]
    refusal(cluster, service("bad", *ports, type="NodePort"))
    assert node_ports(cluster.create(service("good", {"port": 80, "nodePort": 30080}, type="NodePort"))["spec"]) == [
        30080
    ]


def test_a_dry_run_shows_addresses_that_it_does_not_keep(cluster: Cluster) -> None:
    shown = dry_run(cluster, service(type="NodePort"))["spec"]
    assert (shown["clusterIP"], node_ports(shown)) == ("10.96.0.0", [32769])
    twin = Cluster(nodes=0)
    assert cluster.create(service(type="NodePort"))["spec"] == twin.create(service(type="NodePort"))["spec"]


def test_a_load_balancer_gets_node_ports_unless_it_wants_none(cluster: Cluster) -> None:
    assert node_ports(cluster.create(service("with", type="LoadBalancer"))["spec"]) != [None]
    without = service("without", type="LoadBalancer", allocateLoadBalancerNodePorts=False)
    assert node_ports(cluster.create(without)["spec"]) == [None]


def test_a_load_balancer_with_local_traffic_gets_a_health_check_port(cluster: Cluster) -> None:
    spec = cluster.create(service(type="LoadBalancer", externalTrafficPolicy="Local"))["spec"]
    assert spec["healthCheckNodePort"] not in node_ports(spec)
    taken = service("second", {"port": 80, "nodePort": spec["healthCheckNodePort"]}, type="NodePort")
    assert "provided port is already allocated" in refusal(cluster, taken).message


def test_a_replaced_service_keeps_what_its_writer_leaves_out(cluster: Cluster) -> None:
    before = cluster.create(service(type="NodePort"))["spec"]
    after = cluster.replace(service(type="NodePort", selector={"app": "web"}))["spec"]
    assert (after["clusterIP"], node_ports(after)) == (before["clusterIP"], node_ports(before))


def test_node_ports_follow_the_names_of_ports(cluster: Cluster) -> None:
    named = [{"name": "a", "port": 80}, {"name": "b", "port": 81}]
    before = node_ports(cluster.create(service("web", *named, type="NodePort"))["spec"])
    named = [{"name": "b", "port": 81}, {"name": "c", "port": 82}, {"name": "a", "port": 80}]
    after = node_ports(cluster.replace(service("web", *named, type="NodePort"))["spec"])
    assert [after[2], after[0]] == before and after[1] not in before


def test_changing_the_type_allocates_and_releases(cluster: Cluster) -> None:
    address = cluster.create(service())["spec"]["clusterIP"]
    opened = cluster.patch("service", "web", {"spec": {"type": "NodePort"}})["spec"]
    [port] = node_ports(opened)
    assert port is not None and opened["clusterIP"] == address
    closed = cluster.patch("service", "web", {"spec": {"type": "ClusterIP"}})["spec"]
    assert node_ports(closed) == [None]
    assert node_ports(cluster.create(service("b", {"port": 1, "nodePort": port}, type="NodePort"))["spec"]) == [port]
    external = cluster.patch("service", "web", {"spec": {"type": "ExternalName", "externalName": "x.example"}})["spec"]
    assert "clusterIP" not in external
    assert cluster.create(service("c", clusterIP=address))["spec"]["clusterIP"] == address
    change = {"spec": {"type": "ClusterIP", "externalName": None}}
    assert cluster.patch("service", "web", change)["spec"]["clusterIP"] not in (None, address)


def test_a_cluster_ip_may_not_change(cluster: Cluster) -> None:
    cluster.create(service())
    with pytest.raises(ApiError, match="may not change once set"):
        cluster.patch("service", "web", {"spec": {"clusterIP": "10.96.0.20", "clusterIPs": ["10.96.0.20"]}})


def test_a_cluster_ip_cannot_be_unset(cluster: Cluster) -> None:
    cluster.create(service())
    before = spec_of(cluster)["clusterIP"]
    cluster.patch("service", "web", {"spec": {"clusterIP": None, "clusterIPs": None}})
    assert spec_of(cluster)["clusterIP"] == before


def test_status_writes_allocate_nothing(cluster: Cluster) -> None:
    before = cluster.create(service(type="LoadBalancer"))
    status = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}
    after = cluster.patch("service", "web", {"status": status}, subresource="status")
    assert after["spec"] == before["spec"]


def test_a_fork_goes_on_with_the_same_addresses(cluster: Cluster) -> None:
    cluster.create(service("a", type="NodePort"))
    twin = cluster.fork()
    assert cluster.create(service("b", type="NodePort"))["spec"] == twin.create(service("b", type="NodePort"))["spec"]
    taken = node_ports(spec_of(twin, "a"))[0]
    assert "already allocated" in refusal(twin, service("c", {"port": 1, "nodePort": taken}, type="NodePort")).message


def test_the_static_band_is_used_when_all_else_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_allocation, "LAST_PORT", 30087)
    held = ServiceAddresses(())
    picked: list[int] = []
    for number in range(88):
        allocation = Allocation(held, Names(1), ("ns", f"s{number}"), dry_run=False)
        port = allocation.next_port()
        stored = {"metadata": {"namespace": "ns", "name": f"s{number}"}, "spec": {"ports": [{"nodePort": port}]}}
        held.changed("services", None, stored)
        picked.append(port)
    assert set(picked[:2]) == {30086, 30087}
    assert sorted(picked) == list(range(30000, 30088))
    with pytest.raises(NotAllocated, match=FULL):
        Allocation(held, Names(1), ("ns", "last"), dry_run=False).next_port()


NAMES = [f"s{number}" for number in range(4)]
TYPES = ["ClusterIP", "NodePort", "LoadBalancer", "headless"]


def typed(name: str, kind: str) -> Object:
    return service(name, clusterIP="None") if kind == "headless" else service(name, type=kind)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["create", "delete", "type"]), st.sampled_from(NAMES), st.sampled_from(TYPES)))
)
def test_no_two_services_ever_share_an_address_or_a_port(steps: list[tuple[str, str, str]]) -> None:
    cluster = Cluster(nodes=0)
    for action, name, kind in steps:
        try:
            if action == "create":
                cluster.create(typed(name, kind))
            elif action == "delete":
                cluster.delete("service", name)
            elif kind != "headless":
                cluster.patch("service", name, {"spec": {"type": kind}})
        except ApiError as error:
            assert error.code in (404, 409, 422), error
    specs = [item["spec"] for item in cluster.list("services")]
    addresses = [spec["clusterIP"] for spec in specs if spec["clusterIP"] != "None"]
    ports = [port for spec in specs for port in service_allocation.held_ports(spec)]
    assert len(addresses) == len(set(addresses)) and len(ports) == len(set(ports))
    for spec in specs:
        asks = spec["type"] in ("NodePort", "LoadBalancer")
        assert all(bool(port) == asks for port in node_ports(spec))
