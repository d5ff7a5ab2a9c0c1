"""Secrets. Cases follow kubernetes pkg/apis/core/validation/validation_test.go TestValidateSecret(Update)."""

import base64

import pytest

from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.validation.secret import validate_secret, validate_secret_update

STRATEGY = strategy_for(Registry().resource("v1", "secrets"))


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def secret(kind=None, data=None, **fields):
    obj = {
        "metadata": {"name": "s", "namespace": "n", "uid": "1", "resourceVersion": "1"},
        "data": {name: encoded(value) for name, value in (data or {}).items()},
        **fields,
    }
    if kind:
        obj["type"] = kind
    default_object("", "Secret", obj)
    return obj


def test_a_secret_without_type_is_opaque_and_fine():
    obj = secret(data={"password": "x"})

    assert obj["type"] == "Opaque"
    assert validate_secret(obj) == []


def test_keys_are_config_keys(texts):
    (text,) = texts(validate_secret(secret(data={"a b": ""})))

    assert text.startswith('data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric')


def test_the_decoded_values_may_have_one_mebibyte_together(texts):
    assert validate_secret(secret(data={"a": "x" * 1048576})) == []
    assert texts(validate_secret(secret(data={"a": "x" * 1048576, "b": "y"}))) == [
        "data: Too long: may not be more than 1048576 bytes"
    ]


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (
            "kubernetes.io/service-account-token",
            {},
            ["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
        ),
        ("kubernetes.io/dockercfg", {}, ["data[.dockercfg]: Required value"]),
        ("kubernetes.io/dockerconfigjson", {}, ["data[.dockerconfigjson]: Required value"]),
        (
            "kubernetes.io/dockerconfigjson",
            {".dockerconfigjson": ""},
            ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input'],
        ),
        (
            "kubernetes.io/dockerconfigjson",
            {".dockerconfigjson": "bad"},
            [
                'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": '
                "invalid character 'b' looking for beginning of value"
            ],
        ),
        (
            "kubernetes.io/dockercfg",
            {".dockercfg": "[]"},
            [
                'data[.dockercfg]: Invalid value: "<secret contents redacted>": '
                "json: cannot unmarshal array into Go value of type map[string]interface {}"
            ],
        ),
        ("kubernetes.io/dockercfg", {".dockercfg": '{"auths":{}}'}, []),
        ("kubernetes.io/basic-auth", {}, ["data[username]: Required value", "data[password]: Required value"]),
        ("kubernetes.io/basic-auth", {"username": ""}, []),
        ("kubernetes.io/ssh-auth", {"ssh-privatekey": ""}, ["data[ssh-privatekey]: Required value"]),
        ("kubernetes.io/tls", {}, ["data[tls.crt]: Required value", "data[tls.key]: Required value"]),
        ("kubernetes.io/tls", {"tls.crt": "", "tls.key": ""}, []),
        ("example.com/own", {}, []),
    ],
)
def test_known_types_need_their_keys(texts, kind, data, expected):
    assert texts(validate_secret(secret(kind, data))) == expected


def test_the_type_stays(texts):
    old, new = secret("kubernetes.io/basic-auth", {"username": "a"}), secret("example.com/x", {"username": "a"})

    assert texts(validate_secret_update(new, old)) == ['type: Invalid value: "example.com/x": field is immutable']


def test_an_immutable_secret_keeps_its_data_and_its_mark(texts):
    old = secret(data={"a": "1"}, immutable=True)

    assert validate_secret_update(secret(data={"a": "1"}, immutable=True), old) == []
    assert texts(validate_secret_update(secret(data={"a": "2"}), old)) == [
        "immutable: Forbidden: field is immutable when `immutable` is set",
        "data: Forbidden: field is immutable when `immutable` is set",
    ]


@pytest.mark.parametrize(
    ("certificate", "key", "expected"),
    [
        ("x", "y", ["tls: failed to find any PEM data in certificate input"]),
        ("-----BEGIN CERTIFICATE-----", "y", ["tls: failed to find any PEM data in key input"]),
        (
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----",
            [
                "tls: failed to find certificate PEM data in certificate input, but did find a private key; "
                "PEM inputs may have been switched"
            ],
        ),
        ("-----BEGIN CERTIFICATE-----", "-----BEGIN RSA PRIVATE KEY-----", []),
    ],
)
def test_a_tls_secret_without_pem_is_accepted_with_a_warning(certificate, key, expected):
    obj = secret("kubernetes.io/tls", {"tls.crt": certificate, "tls.key": key})

    assert validate_secret(obj) == []
    assert STRATEGY.warnings_on_create(obj) == expected


def test_secrets_are_selected_by_type():
    assert STRATEGY.selectable_fields(secret())["type"] == "Opaque"
