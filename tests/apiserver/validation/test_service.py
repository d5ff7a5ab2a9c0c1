"""Services. Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidateService(Update) and
pkg/registry/core/service/strategy_test.go."""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.validation.service import (
    validate_service,
    validate_service_status_update,
    validate_service_update,
)

STRATEGY = strategy_for(Registry().resource("v1", "services"))
PORT = {"port": 80}


def service(name="s", annotations=None, **spec):
    obj = {
        "metadata": {"name": name, "namespace": "n", "uid": "1", "resourceVersion": "1"},
        "spec": {"ports": [dict(PORT)], **spec},
    }
    if annotations:
        obj["metadata"]["annotations"] = annotations
    default_object("", "Service", obj)
    return obj


def stored(**spec):
    """A service as it is after addresses have been allocated."""
    return service(**{"clusterIP": "10.96.0.5", "clusterIPs": ["10.96.0.5"], **spec})


def test_defaults_of_a_plain_service():
    assert service()["spec"] == {
        "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}],
        "sessionAffinity": "None",
        "type": "ClusterIP",
        "internalTrafficPolicy": "Cluster",
    }


def test_defaults_depend_on_the_type():
    assert "externalTrafficPolicy" not in service()["spec"]
    assert service(type="NodePort")["spec"]["externalTrafficPolicy"] == "Cluster"
    assert service(externalIPs=["1.2.3.4"])["spec"]["externalTrafficPolicy"] == "Cluster"
    assert service(type="LoadBalancer")["spec"]["allocateLoadBalancerNodePorts"] is True
    assert "internalTrafficPolicy" not in service(type="ExternalName", externalName="a.b")["spec"]
    assert service(ports=[{"port": 80, "targetPort": "web"}])["spec"]["ports"][0]["targetPort"] == "web"


def test_affinity_by_client_lasts_three_hours_unless_told():
    assert service(sessionAffinity="ClientIP")["spec"]["sessionAffinityConfig"] == {
        "clientIP": {"timeoutSeconds": 10800}
    }
    given = {"clientIP": {"timeoutSeconds": 5}}
    assert service(sessionAffinity="ClientIP", sessionAffinityConfig=given)["spec"]["sessionAffinityConfig"] == given
    assert "sessionAffinityConfig" not in service(sessionAffinityConfig=given)["spec"]


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"type": "NodePort"},
        {"type": "LoadBalancer"},
        {"clusterIP": "None", "clusterIPs": ["None"], "ports": []},
        {"type": "ExternalName", "externalName": "example.com.", "ports": []},
        {"ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b", "protocol": "UDP"}]},
        {"trafficDistribution": "PreferSameNode"},
    ],
)
def test_sound_services_are_accepted(spec):
    assert validate_service(service(**spec)) == []


def test_the_name_is_a_label_that_may_begin_with_a_digit(texts):
    assert validate_service(service("1abc")) == []
    assert texts(validate_service(service("a.b"))) == ['metadata.name: Invalid value: "a.b": must not contain dots']


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"ports": []}, ["spec.ports: Required value"]),
        (
            {"ports": [{"port": 80}, {"port": 81}]},
            ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
        ),
        (
            {"ports": [{"port": 80, "name": "a"}, {"port": 81, "name": "a"}]},
            ['spec.ports[1].name: Duplicate value: "a"'],
        ),
        (
            {"ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]},
            [
                'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,'
                '"TargetPort":0,"NodePort":0}'
            ],
        ),
        (
            {"ports": [{"port": 70000, "targetPort": 80}]},
            ["spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"],
        ),
        (
            {"ports": [{"port": 80, "protocol": "tcp"}]},
            ['spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"'],
        ),
        (
            {"ports": [{"port": 80, "targetPort": "Web"}]},
            [
                'spec.ports[0].targetPort: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9)'
                ", and hyphens (-)"
            ],
        ),
        (
            {"ports": [{"port": 80, "nodePort": 30000}]},
            ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
        ),
        (
            {
                "type": "NodePort",
                "ports": [{"port": 80, "name": "a", "nodePort": 30000}, {"port": 81, "name": "b", "nodePort": 30000}],
            },
            ["spec.ports[1].nodePort: Duplicate value: 30000"],
        ),
        (
            {"type": "Balancer"},
            [
                'spec.type: Unsupported value: "Balancer": supported values: "ClusterIP", "ExternalName", '
                '"LoadBalancer", "NodePort"'
            ],
        ),
        ({"type": "ExternalName"}, ["spec.externalName: Required value"]),
        (
            {"type": "ExternalName", "externalName": "a", "clusterIPs": ["None"], "clusterIP": "None"},
            ["spec.clusterIPs: Forbidden: may not be set for ExternalName services"],
        ),
        (
            {"type": "NodePort", "clusterIPs": ["None"], "clusterIP": "None"},
            ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"],
        ),
        (
            {"sessionAffinity": "Cookie"},
            ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
        ),
        (
            {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 0}}},
            [
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less "
                "than 86400"
            ],
        ),
        (
            {"clusterIP": "010.0.0.1", "clusterIPs": ["010.0.0.1"]},
            ['spec.clusterIPs[0]: Invalid value: "010.0.0.1": must not have leading 0s'],
        ),
        (
            {"clusterIP": "1.2.3.4", "clusterIPs": ["1.2.3.5"]},
            ['spec.clusterIPs: Invalid value: ["1.2.3.5"]: first value must match `clusterIP`'],
        ),
        (
            {"clusterIP": "1.2.3.4", "clusterIPs": ["1.2.3.4", "1.2.3.5"]},
            [
                'spec.clusterIPs: Invalid value: ["1.2.3.4","1.2.3.5"]: may specify no more than one IP for each IP '
                "family"
            ],
        ),
        (
            {"ipFamilies": ["IPv6"], "clusterIP": "1.2.3.4", "clusterIPs": ["1.2.3.4"]},
            ['spec.clusterIPs[0]: Invalid value: "1.2.3.4": expected an IPv6 value as indicated by `ipFamilies[0]`'],
        ),
        ({"ipFamilies": ["IPv4", "IPv4"]}, ['spec.ipFamilies[1]: Duplicate value: "IPv4"']),
        (
            {"externalIPs": ["127.0.0.1"]},
            [
                'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, '
                "::1/128)"
            ],
        ),
        (
            {"loadBalancerSourceRanges": ["10.0.0.1/8"]},
            [
                "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
                'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the '
                "prefix length",
            ],
        ),
        (
            {"externalTrafficPolicy": "Local"},
            ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'],
        ),
        (
            {"internalTrafficPolicy": "local"},
            ['spec.internalTrafficPolicy: Unsupported value: "local": supported values: "Cluster", "Local"'],
        ),
        (
            {"loadBalancerClass": "a/b"},
            ["spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"],
        ),
        (
            {"trafficDistribution": "Near"},
            [
                'spec.trafficDistribution: Unsupported value: "Near": supported values: "PreferClose", '
                '"PreferSameZone", "PreferSameNode"'
            ],
        ),
    ],
)
def test_faults_of_a_service(texts, spec, expected):
    assert texts(validate_service(service(**spec))) == expected


def test_the_cluster_address_may_not_change_once_set(texts):
    new = stored(clusterIP="10.96.0.6", clusterIPs=["10.96.0.6"])

    assert texts(validate_service_update(new, stored())) == [
        'spec.clusterIPs[0]: Invalid value: ["10.96.0.6"]: may not change once set'
    ]
    assert validate_service_update(service(type="ExternalName", externalName="a.b", ports=[]), stored()) == []


def test_an_update_may_keep_an_address_that_is_refused_for_new_services():
    odd = {"clusterIP": "010.0.0.1", "clusterIPs": ["010.0.0.1"]}

    assert validate_service_update(stored(**odd), stored(**odd)) == []


def test_the_class_of_a_load_balancer_stays(texts):
    new, old = (stored(type="LoadBalancer", loadBalancerClass=f"a/{name}") for name in "xy")

    assert texts(validate_service_update(new, old)) == [
        'spec.loadBalancerClass: Invalid value: "a/x": may not change once set'
    ]


def test_changing_to_external_name_clears_what_was_allocated():
    old = stored(type="NodePort", ports=[{"port": 80, "nodePort": 30080}], ipFamilies=["IPv4"])
    new = copy.deepcopy(old)
    new["spec"].update(type="ExternalName", externalName="example.com")
    STRATEGY.prepare_for_update(new, old)

    assert not {"clusterIP", "clusterIPs", "ipFamilies", "externalTrafficPolicy"} & new["spec"].keys()
    assert "nodePort" not in new["spec"]["ports"][0]
    assert old["spec"]["ports"][0]["nodePort"] == 30080


def test_a_node_port_that_the_writer_changed_is_not_cleared(texts):
    old = stored(type="NodePort", ports=[{"port": 80, "nodePort": 30080}])
    new = copy.deepcopy(old)
    new["spec"].update(type="ClusterIP")
    new["spec"]["ports"][0]["nodePort"] = 30081
    STRATEGY.prepare_for_update(new, old)

    assert texts(validate_service_update(new, old)) == [
        "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, []),
        (
            {"externalIPs": ["203.0.113.7"]},
            ["spec.externalIPs is deprecated and may no longer be implemented in some clusters"],
        ),
        (
            {"clusterIP": "None", "clusterIPs": ["None"], "externalIPs": ["1.2.3.4"], "sessionAffinity": "ClientIP"},
            [
                "spec.externalIPs is ignored for headless services",
                "spec.SessionAffinity is ignored for headless services",
            ],
        ),
        ({"externalName": "a"}, ['spec.externalName is ignored when spec.type is not "ExternalName"']),
        (
            {"clusterIP": "FD00::1", "clusterIPs": ["FD00::1"]},
            ['spec.clusterIPs[0]: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")'],
        ),
        (
            {"trafficDistribution": "PreferClose"},
            ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
        ),
    ],
)
def test_warnings(spec, expected):
    assert STRATEGY.warnings_on_create(service(**spec)) == expected


def test_only_load_balancers_report_addresses(texts):
    old, new = stored(), stored()
    new["status"] = {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}

    assert texts(validate_service_status_update(new, old)) == [
        "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"
    ]
    new["spec"]["type"] = "LoadBalancer"
    assert texts(validate_service_status_update(new, old)) == [
        "status.loadBalancer.ingress[0].ipMode: Required value: must be specified when `ip` is set"
    ]


def test_services_are_selected_by_address_and_type():
    fields = STRATEGY.selectable_fields(stored())

    assert (fields["spec.clusterIP"], fields["spec.type"]) == ("10.96.0.5", "ClusterIP")
