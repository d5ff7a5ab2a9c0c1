"""NetworkPolicies.

Cases follow kubernetes pkg/apis/networking/validation/validation_test.go TestValidateNetworkPolicy(Update) and
pkg/registry/networking/networkpolicy/strategy_test.go.
"""

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for

STRATEGY = strategy_for(Registry().resource("networking.k8s.io/v1", "networkpolicies"))
METADATA = {"name": "p", "namespace": "n", "uid": "1", "resourceVersion": "1"}


def policy(**spec):
    obj = {"metadata": dict(METADATA), "spec": spec}
    default_object("networking.k8s.io", "NetworkPolicy", obj)
    return obj


def block(cidr, *excepted):
    return {"ipBlock": {"cidr": cidr, **({"except": list(excepted)} if excepted else {})}}


def faults(obj):
    return [str(error) for error in STRATEGY.validate(obj)]


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"podSelector": {"matchLabels": {"a": "b"}}, "ingress": [{}]},
        {"ingress": [{"ports": [{"port": 80}, {"port": "http"}, {"port": 32000, "endPort": 32768}, {}]}]},
        {"ingress": [{"from": [{"podSelector": {}, "namespaceSelector": {}}]}]},
        {"egress": [{"to": [block("192.168.0.0/16", "192.168.3.0/24")]}]},
        {"egress": [{"to": [block("fd00::/8", "fd00:1::/32")]}], "policyTypes": ["Egress"]},
    ],
)
def test_sound_policies_are_accepted(spec):
    assert faults(policy(**spec)) == []


def test_types_follow_from_the_rules_and_ports_are_tcp():
    assert policy()["spec"]["policyTypes"] == ["Ingress"]
    found = policy(egress=[{"ports": [{"port": 53}]}])["spec"]
    assert found["policyTypes"] == ["Ingress", "Egress"]
    assert found["egress"][0]["ports"] == [{"port": 53, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("peer", "fault"),
    [
        ({}, "Required value: must specify a peer"),
        ({**block("10.0.0.0/8"), "podSelector": {}}, "Forbidden: may not specify both ipBlock and another peer"),
    ],
)
def test_a_peer_is_either_a_block_or_selectors(peer, fault):
    assert faults(policy(ingress=[{"from": [peer]}])) == [f"spec.ingress[0].from[0]: {fault}"]


@pytest.mark.parametrize(
    ("peer", "fault"),
    [
        (block(""), "cidr: Required value"),
        (
            block("10.0.0.1"),
            'cidr: Invalid value: "10.0.0.1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        ),
        (
            block("10.0.0.0/8", "10.0.0.0/8"),
            'except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
        ),
        (
            block("10.0.0.0/8", "11.0.0.0/16"),
            'except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
        ),
        (block("10.0.0.0/8", "fd00::/16"), 'except[0]: Invalid value: "fd00::/16": must be a strict subset of `cidr`'),
    ],
)
def test_a_block_leaves_out_parts_of_itself(peer, fault):
    assert faults(policy(egress=[{"to": [peer]}])) == [f"spec.egress[0].to[0].ipBlock.{fault}"]


@pytest.mark.parametrize(
    ("port", "found"),
    [
        ({"protocol": "ICMP"}, ['protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"']),
        ({"port": 0}, ["port: Invalid value: 0: must be between 1 and 65535, inclusive"]),
        ({"port": 90, "endPort": 80}, ["endPort: Invalid value: 90: must be greater than or equal to `port`"]),
        (
            {"port": "http", "endPort": 80},
            ["endPort: Invalid value: 80: may not be specified when `port` is non-numeric"],
        ),
        ({"endPort": 80}, ["endPort: Invalid value: 80: may not be specified when `port` is not specified"]),
    ],
)
def test_ports_are_names_numbers_or_ranges(port, found):
    assert faults(policy(ingress=[{"ports": [port]}])) == [f"spec.ingress[0].ports[0].{text}" for text in found]


def test_types_are_the_two_directions():
    text = 'spec.policyTypes[0]: Unsupported value: "foo": supported values: "Ingress", "Egress"'
    assert faults(policy(policyTypes=["foo"])) == [text]
    [fault] = faults(policy(policyTypes=["Ingress", "Egress", "Egress"]))
    assert fault.endswith("may not specify more than two policyTypes")


def test_a_stored_block_may_stay_wrong():
    old = policy(ingress=[{"from": [block("10.0.0.1/8")]}])
    assert faults(old) != []
    assert STRATEGY.validate_update(policy(egress=[{"to": [block("10.0.0.1/8")]}]), old) == []
    assert STRATEGY.validate_update(policy(egress=[{"to": [block("10.0.0.2/8")]}]), old) != []


def test_writers_are_warned_of_blocks_in_odd_forms():
    obj = policy(ingress=[{"from": [{"podSelector": {}}, block("FD00::/8")]}])
    text = 'IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")'
    assert STRATEGY.warnings_on_create(obj) == [f"spec.ingress[0].from[1].ipBlock.cidr: {text}"]


def test_only_changes_of_the_spec_count():
    old = policy()
    STRATEGY.prepare_for_create(old)
    assert old["metadata"]["generation"] == 1
    same, other = policy(), policy(egress=[{}])
    for new, generation in ((same, 1), (other, 2)):
        new["metadata"]["generation"] = 1
        STRATEGY.prepare_for_update(new, old)
        assert new["metadata"]["generation"] == generation
