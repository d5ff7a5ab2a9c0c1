"""Names (https://github.com/kubernetes/dns/blob/master/docs/specification.md; CoreDNS plugin/kubernetes)."""

from __future__ import annotations

from typing import Any

import pytest

from k8scourse.networking import dns
from tests.networking.cluster_objects import endpoint, endpoint_slice, named, service, world

TEAM = dns.namespace_resolver("team")
DEFAULT = dns.namespace_resolver("default")


@pytest.mark.parametrize(
    ("host", "resolver", "found"),
    [
        ("web", TEAM, True),
        ("web.team", TEAM, True),
        ("web.team", DEFAULT, True),
        ("web.team.svc", DEFAULT, True),
        ("web.team.svc.cluster.local", DEFAULT, True),
        ("web.team.svc.cluster.local.", DEFAULT, True),
        ("WEB.team", DEFAULT, True),
        ("web", DEFAULT, False),
        ("web.default", TEAM, False),
        ("web.team.", DEFAULT, False),
        ("web.nowhere", DEFAULT, False),
        ("web.team.svc.cluster", DEFAULT, False),
        ("web.team.cluster.local", DEFAULT, False),
        ("http.web.team", DEFAULT, False),
    ],
)
def test_a_service_is_found_by_the_search_list(host: str, resolver: dns.Resolver, found: bool) -> None:
    objects = world([service("web", "team")])
    resolution = dns.resolve(objects, host, resolver)
    assert resolution.addresses == (("10.96.1.1",) if found else ())
    assert resolution.is_known == found


def test_a_short_name_is_searched_before_it_is_taken_as_it_is() -> None:
    tried = [record.name for record in dns.resolve(world(), "example.com", DEFAULT).tried]
    assert tried == [
        "example.com.default.svc.cluster.local",
        "example.com.svc.cluster.local",
        "example.com.cluster.local",
        "example.com",
    ]


def test_a_name_with_five_dots_is_taken_as_it_is_first() -> None:
    assert DEFAULT.names("a.b.c.d.e.f")[0] == "a.b.c.d.e.f"
    assert DEFAULT.names("a.b.c.d.e")[0] == "a.b.c.d.e.default.svc.cluster.local"


def headless(*endpoints: dict[str, Any]) -> Any:
    found = service("db", "default", "None", clusterIPs=["None"])
    return world([found], [endpoint_slice(*endpoints, owner="db")])


def test_a_headless_service_means_its_ready_endpoints() -> None:
    objects = headless(endpoint("10.1.0.1"), endpoint("10.1.0.2", ready=False), endpoint("10.1.0.3"))
    assert dns.resolve(objects, "db", DEFAULT).addresses == ("10.1.0.1", "10.1.0.3")


def test_a_headless_service_without_ready_endpoints_has_no_name() -> None:
    resolution = dns.resolve(headless(endpoint("10.1.0.2", ready=False)), "db", DEFAULT)
    assert not resolution.addresses and not resolution.is_known
    assert resolution.tried[0].reason == "Service db has no ready endpoint"


def test_an_endpoint_is_found_by_its_hostname_or_else_its_address() -> None:
    objects = headless(endpoint("10.1.0.1", hostname="db-0"), endpoint("10.1.0.2"))
    assert dns.resolve(objects, "db-0.db", DEFAULT).addresses == ("10.1.0.1",)
    assert dns.resolve(objects, "10-1-0-2.db", DEFAULT).addresses == ("10.1.0.2",)
    assert dns.resolve(objects, "10-1-0-1.db", DEFAULT).addresses == ()
    assert dns.resolve(objects, "db-1.db", DEFAULT).addresses == ()


def test_the_endpoints_of_other_services_are_not_meant() -> None:
    found = [service("db", "default", "None", clusterIPs=["None"]), service("db", "team", "None", clusterIPs=["None"])]
    slices = [
        endpoint_slice(endpoint("10.1.0.1"), owner="db"),
        endpoint_slice(endpoint("10.1.0.2"), owner="db", namespace="team"),
        endpoint_slice(endpoint("10.1.0.3"), owner="other"),
    ]
    assert dns.resolve(world(found, slices), "db", DEFAULT).addresses == ("10.1.0.1",)


def test_an_external_name_is_an_alias_that_is_followed_inside_of_the_cluster() -> None:
    outside = named("out", spec={"type": "ExternalName", "externalName": "DB.example.com."})
    inside = named("in", spec={"type": "ExternalName", "externalName": "web.team.svc.cluster.local"})
    objects = world([outside, inside, service("web", "team")])
    found = dns.resolve(objects, "out", DEFAULT)
    assert (found.alias, found.addresses, found.record.kind) == ("db.example.com", (), dns.OUTSIDE)
    found = dns.resolve(objects, "in", DEFAULT)
    assert (found.alias, found.addresses) == ("web.team.svc.cluster.local", ("10.96.1.1",))


def test_aliases_in_a_circle_end() -> None:
    def alias(name: str, target: str) -> Any:
        return named(name, spec={"type": "ExternalName", "externalName": f"{target}.default.svc.cluster.local"})

    found = dns.resolve(world([alias("a", "b"), alias("b", "a")]), "a", DEFAULT)
    assert found.addresses == () and len(found.tried) < 20


def test_the_name_of_an_address_needs_no_pod() -> None:
    assert dns.resolve(world(), "10-1-2-3.default.pod", DEFAULT).addresses == ("10.1.2.3",)
    assert dns.resolve(world(), "10-1-2.default.pod", DEFAULT).addresses == ()
    assert dns.resolve(world(), "10-1-2-3.nowhere.pod", DEFAULT).addresses == ()


@pytest.mark.parametrize(
    ("spec", "resolver"),
    [
        ({}, TEAM),
        ({"hostNetwork": True}, dns.Resolver((), 1, False)),
        ({"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}, TEAM),
        ({"dnsPolicy": "Default"}, dns.Resolver((), 1, False)),
        (
            {"dnsConfig": {"searches": ["example.com"], "options": [{"name": "ndots", "value": "2"}]}},
            dns.Resolver((*TEAM.searches, "example.com"), 2),
        ),
    ],
)
def test_the_resolver_follows_the_dns_policy(spec: Any, resolver: dns.Resolver) -> None:
    assert dns.resolver_of(named("p", "team", spec=spec)) == resolver


def test_a_pod_with_the_hosts_names_does_not_know_services() -> None:
    objects = world([service("web", "team")])
    resolver = dns.resolver_of(named("p", "team", spec={"dnsPolicy": "Default"}))
    assert dns.resolve(objects, "web.team.svc.cluster.local", resolver).addresses == ()


def test_srv_names_tell_ports() -> None:
    name = "_http._tcp.{}.default.svc.cluster.local"
    assert dns.lookup_srv(world([service()]), name.format("web")) == ((80, "web.default.svc.cluster.local"),)
    assert dns.lookup_srv(world([service()]), "_http._udp.web.default.svc.cluster.local") == ()
    assert dns.lookup_srv(world([service()]), "_grpc._tcp.web.default.svc.cluster.local") == ()
    objects = headless(endpoint("10.1.0.1", hostname="db-0"), endpoint("10.1.0.2", ready=False))
    assert dns.lookup_srv(objects, name.format("db")) == ((8080, "db-0.db.default.svc.cluster.local"),)
