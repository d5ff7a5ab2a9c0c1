"""kubernetes: apimachinery/pkg/util/validation/validation_test.go, pkg/api/validate/content/kube_test.go"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery import names

SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    r"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
DNS_1035 = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')"
)
NAME_PART = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
LABEL_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
CONFIG_KEY = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)
ENV_NAME = (
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not "
    "start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is "
    "'[-._a-zA-Z][-._a-zA-Z0-9]*')"
)

Check = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (names.is_dns1123_subdomain, "a.b-c.1"),
        (names.is_dns1123_subdomain, "a" * 253),
        (names.is_dns1123_subdomain_with_underscore, "_tcp.a"),
        (names.is_dns1123_subdomain_caseless, "Example.COM"),
        (names.is_wildcard_dns1123_subdomain, "*.a.b"),
        (names.is_dns1123_label, "1-a"),
        (names.is_dns1035_label, "a-1"),
        (names.is_qualified_name, "example.com/My_Name.1"),
        (names.is_qualified_name, "1"),
        (names.is_label_value, ""),
        (names.is_label_value, "A" * 63),
        (names.is_port_name, "http-2"),
        (names.is_percent, "25%"),
        (names.is_http_header_name, "X-A"),
        (names.is_c_identifier, "_a1"),
        (names.is_env_var_name, "my.env-NAME"),
        (names.is_relaxed_env_var_name, "1 a!"),
        (names.is_config_map_key, ".a"),
        (names.is_path_segment_name, "system:node"),
    ],
)
def test_a_good_name_is_accepted(check: Check, value: str) -> None:
    assert check(value) == []


@pytest.mark.parametrize(
    ("check", "value", "texts"),
    [
        (names.is_dns1123_subdomain, "", [SUBDOMAIN]),
        (names.is_dns1123_subdomain, "Web", [SUBDOMAIN]),
        (names.is_dns1123_subdomain, "a\n", [SUBDOMAIN]),
        (names.is_dns1123_subdomain, "a..b", [SUBDOMAIN]),
        (names.is_dns1123_subdomain, "a" * 254, ["must be no more than 253 characters"]),
        (names.is_dns1123_label, "a.b", ["must not contain dots"]),
        (names.is_dns1123_label, "a_b", [LABEL]),
        (names.is_dns1123_label, "a" * 64, ["must be no more than 63 characters"]),
        (names.is_dns1035_label, "1a", [DNS_1035]),
        (names.is_qualified_name, "", ["name part must be non-empty", f"name part {NAME_PART}"]),
        (names.is_qualified_name, "/a", ["prefix part must be non-empty"]),
        (names.is_qualified_name, "A.b/a", [f"prefix part {SUBDOMAIN}"]),
        (names.is_qualified_name, "a" * 64, ["name part must be no more than 63 bytes"]),
        (names.is_qualified_name, f"{'a' * 254}/a", ["prefix part must be no more than 253 bytes"]),
        (
            names.is_qualified_name,
            "a/b/c",
            [
                f"a valid label key {NAME_PART} with an optional DNS subdomain prefix and '/' "
                "(e.g. 'example.com/MyName')"
            ],
        ),
        (names.is_label_value, "-a", [LABEL_VALUE]),
        (names.is_label_value, "a" * 64, ["must be no more than 63 bytes"]),
        (names.is_label_value, "é" * 32, ["must be no more than 63 bytes", LABEL_VALUE]),
        (names.is_port_name, "a" * 16, ["must be no more than 15 characters"]),
        (
            names.is_port_name,
            "",
            [
                "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
                "must contain at least one letter (a-z)",
            ],
        ),
        (
            names.is_port_name,
            "-8--0",
            [
                "must contain at least one letter (a-z)",
                "must not contain consecutive hyphens",
                "must not begin or end with a hyphen",
            ],
        ),
        (names.is_config_map_key, "a b", [CONFIG_KEY]),
        (names.is_config_map_key, "..", ["must not be '..'"]),
        (names.is_config_map_key, "..a", ["must not start with '..'"]),
        (names.is_env_var_name, "1a", [ENV_NAME]),
        (names.is_relaxed_env_var_name, "", ["environment variable name must be non-empty"]),
        (
            names.is_relaxed_env_var_name,
            "a=b",
            ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
        ),
        (names.is_path_segment_name, "..", ["may not be '..'"]),
        (names.is_path_segment_name, "a/b%", ["may not contain '/'", "may not contain '%'"]),
    ],
)
def test_a_bad_name_is_refused_in_kubernetes_words(check: Check, value: str, texts: list[str]) -> None:
    assert check(value) == texts


def test_numbers_have_bounds() -> None:
    assert names.is_port_number(65535) == []
    assert names.is_port_number(0) == ["must be between 1 and 65535, inclusive"]
    assert names.is_user_id(-1) == ["must be between 0 and 2147483647, inclusive"]


def test_a_generated_name_may_end_in_a_dash() -> None:
    """pkg/api/validation/generic.go maskTrailingDash replaces the last two characters."""
    assert names.mask_trailing_dash("web-") == "wea"
    assert names.mask_trailing_dash("-") == "-"
    assert names.is_dns1123_label(names.mask_trailing_dash("web-")) == []


@given(st.text(alphabet="aB1-._/", max_size=8))
def test_every_label_is_a_subdomain_and_every_subdomain_a_path_segment(value: str) -> None:
    if not names.is_dns1123_label(value):
        assert not names.is_dns1123_subdomain(value)
    if not names.is_dns1123_subdomain(value):
        assert not names.is_path_segment_name(value)
