"""Ingresses and their classes.

Cases follow kubernetes pkg/apis/networking/validation/validation_test.go TestValidateIngress(Create|Update),
TestValidateIngressClass and pkg/registry/networking/ingress/strategy_test.go.
"""

import copy

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.validation.ingress import (
    validate_ingress,
    validate_ingress_class,
    validate_ingress_class_update,
    validate_ingress_status_update,
    validate_ingress_update,
)

STRATEGY = strategy_for(Registry().resource("networking.k8s.io/v1", "ingresses"))
BACKEND = {"service": {"name": "web", "port": {"number": 80}}}
METADATA = {"name": "i", "namespace": "n", "uid": "1", "resourceVersion": "1"}


def rule(host="", backend=BACKEND, **path):
    item = {"path": "/", "pathType": "Prefix", "backend": copy.deepcopy(backend), **path}
    return {"host": host, "http": {"paths": [{name: value for name, value in item.items() if value is not None}]}}


def ingress(*rules, annotations=None, **spec):
    metadata = {**METADATA, **({"annotations": annotations} if annotations else {})}
    obj = {"metadata": metadata, "spec": {**({"rules": list(rules)} if rules else {}), **spec}}
    default_object("networking.k8s.io", "Ingress", obj)
    return obj


def ingress_class(**spec):
    obj = {"metadata": {"name": "c", "uid": "1", "resourceVersion": "1"}, "spec": {"controller": "a.io/b", **spec}}
    default_object("networking.k8s.io", "IngressClass", obj)
    return obj


@pytest.mark.parametrize(
    "obj",
    [
        ingress(rule()),
        ingress(rule("*.example.com")),
        ingress(defaultBackend=BACKEND),
        ingress(rule(path=None, pathType="ImplementationSpecific")),
        ingress({"host": "a.b"}),
        ingress(rule(), tls=[{"hosts": ["*.a.b", "a.b"], "secretName": "s"}], ingressClassName="nginx"),
        ingress(rule(backend={"resource": {"kind": "Bucket", "name": "b"}})),
        ingress(rule(backend={"service": {"name": "1web", "port": {"name": "http"}}})),
    ],
)
def test_sound_ingresses_are_accepted(obj):
    assert validate_ingress(obj) == []


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (ingress(), ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"]),
        (
            ingress(rule("1.2.3.4")),
            ['spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address'],
        ),
        (ingress({"http": {"paths": []}}), ["spec.rules[0].http.paths: Required value"]),
        (
            ingress(rule(pathType=None)),
            ["spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"],
        ),
        (
            ingress(rule(pathType="Regex")),
            [
                'spec.rules[0].http.paths[0].pathType: Unsupported value: "Regex": supported values: "Exact", '
                '"ImplementationSpecific", "Prefix"'
            ],
        ),
        (
            ingress(rule(path="a")),
            ['spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path'],
        ),
        (
            ingress(rule(path="/a//b/..")),
            [
                "spec.rules[0].http.paths[0].path: Invalid value: \"/a//b/..\": must not contain '//'",
                "spec.rules[0].http.paths[0].path: Invalid value: \"/a//b/..\": cannot end with '/..'",
            ],
        ),
        (
            ingress(rule(backend={})),
            ['spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required'],
        ),
        (
            ingress(defaultBackend={**BACKEND, "resource": {}}),
            ['spec.defaultBackend: Invalid value: "": cannot set both resource and service backends'],
        ),
        (
            ingress(defaultBackend={"service": {"name": "a"}}),
            ["spec.defaultBackend: Required value: port name or number is required"],
        ),
        (
            ingress(defaultBackend={"service": {"port": {"number": 80, "name": "a"}}}),
            [
                "spec.defaultBackend.service.name: Required value",
                'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
            ],
        ),
        (
            ingress(rule(), annotations={"kubernetes.io/ingress.class": "a"}, ingressClassName="b"),
            [
                'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both '
                "are specified"
            ],
        ),
    ],
)
def test_faults_of_an_ingress(texts, obj, expected):
    assert texts(validate_ingress(obj)) == expected


def test_what_was_stored_wrong_may_stay_wrong():
    odd = ingress(rule("*.a.b", backend={}), tls=[{"secretName": "A B"}])

    assert len(validate_ingress(odd)) == 2
    assert validate_ingress_update(odd, odd) == []


def test_the_old_annotation_is_warned_of_unless_the_field_is_set():
    old = {"kubernetes.io/ingress.class": "a"}

    assert STRATEGY.warnings_on_create(ingress(rule(), annotations=old)) == [
        "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"
    ]
    assert STRATEGY.warnings_on_create(ingress(rule(), annotations=old, ingressClassName="a")) == []


def test_reported_hosts_are_names(texts):
    new = ingress(rule())
    new["status"]["loadBalancer"] = {"ingress": [{"hostname": "1.2.3.4"}, {"ip": "1.2.3.4"}]}

    assert texts(validate_ingress_status_update(new, ingress(rule()))) == [
        'status.loadBalancer.ingress[0].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address'
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, []),
        ({"controller": ""}, ["spec.controller: Required value"]),
        (
            {"controller": "nginx"},
            ['spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")'],
        ),
        ({"parameters": {"kind": "K"}}, ["spec.parameters.name: Required value"]),
        (
            {"parameters": {"kind": "K", "name": "n", "namespace": "x"}},
            ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
        ),
        (
            {"parameters": {"kind": "K", "name": "n", "scope": "Namespace"}},
            ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
        ),
    ],
)
def test_faults_of_a_class(texts, spec, expected):
    assert texts(validate_ingress_class(ingress_class(**spec))) == expected


def test_the_controller_of_a_class_stays(texts):
    assert texts(validate_ingress_class_update(ingress_class(controller="a.io/c"), ingress_class())) == [
        'spec.controller: Invalid value: "a.io/c": field is immutable'
    ]
