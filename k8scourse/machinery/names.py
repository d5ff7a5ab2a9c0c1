"""Formats of names, keys and values: each check returns the texts of what is wrong, an empty list when all is well.

kubernetes: staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go, pkg/api/validate/content,
pkg/api/validation/generic.go and path/name.go. Lengths count bytes of UTF-8.
"""

import re

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_LABEL_MESSAGE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    "and must start and end with an alphanumeric character"
)
_SUBDOMAIN = f"{_LABEL}(\\.{_LABEL})*"
_SUBDOMAIN_MESSAGE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character"
)
_LABEL_WITH_UNDERSCORE = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SUBDOMAIN_WITH_UNDERSCORE = f"{_LABEL_WITH_UNDERSCORE}(\\.{_LABEL_WITH_UNDERSCORE})*"
_SUBDOMAIN_WITH_UNDERSCORE_MESSAGE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', "
    "and must start and end with an alphanumeric character"
)
_SUBDOMAIN_CASELESS_MESSAGE = (
    "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character"
)
_WILDCARD = f"\\*\\.{_SUBDOMAIN}"
_WILDCARD_MESSAGE = (
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of "
    "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
)
_DNS_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_DNS_1035_MESSAGE = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
    "start with an alphabetic character, and end with an alphanumeric character"
)
_KEY_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_KEY_NAME_MESSAGE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
)
_LABEL_VALUE = f"({_KEY_NAME})?"
_LABEL_VALUE_MESSAGE = f"a valid label must be an empty string or {_KEY_NAME_MESSAGE.removeprefix('must ')}"
_C_IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*"
_C_IDENTIFIER_MESSAGE = (
    "a valid C identifier must start with alphabetic character or '_', "
    "followed by a string of alphanumeric characters or '_'"
)
_PERCENT = "[0-9]+%"
_PERCENT_MESSAGE = "a valid percent string must be a numeric string followed by an ending '%'"
_HTTP_HEADER = "[-A-Za-z0-9]+"
_HTTP_HEADER_MESSAGE = "a valid HTTP header must consist of alphanumeric characters or '-'"
_ENV_NAME = "[-._a-zA-Z][-._a-zA-Z0-9]*"
_ENV_NAME_MESSAGE = (
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', "
    "and must not start with a digit"
)
_RELAXED_ENV_NAME_MESSAGE = (
    "a valid environment variable name must consist only of printable ASCII characters other than '='"
)
_CONFIG_KEY = "[-._a-zA-Z0-9]+"
_CONFIG_KEY_MESSAGE = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"

_LABEL_MATCH = re.compile(_LABEL).fullmatch
_SUBDOMAIN_MATCH = re.compile(_SUBDOMAIN).fullmatch
_SUBDOMAIN_WITH_UNDERSCORE_MATCH = re.compile(_SUBDOMAIN_WITH_UNDERSCORE).fullmatch
_SUBDOMAIN_CASELESS_MATCH = re.compile(_SUBDOMAIN, re.IGNORECASE | re.ASCII).fullmatch
_WILDCARD_MATCH = re.compile(_WILDCARD).fullmatch
_DNS_1035_MATCH = re.compile(_DNS_1035).fullmatch
_KEY_NAME_MATCH = re.compile(_KEY_NAME).fullmatch
_LABEL_VALUE_MATCH = re.compile(_LABEL_VALUE).fullmatch
_C_IDENTIFIER_MATCH = re.compile(_C_IDENTIFIER).fullmatch
_PERCENT_MATCH = re.compile(_PERCENT).fullmatch
_HTTP_HEADER_MATCH = re.compile(_HTTP_HEADER).fullmatch
_ENV_NAME_MATCH = re.compile(_ENV_NAME).fullmatch
_CONFIG_KEY_MATCH = re.compile(_CONFIG_KEY).fullmatch
_PORT_CHARACTERS = re.compile("[-a-z0-9]+").fullmatch
_PORT_LETTER = re.compile("[a-z]").search

SUBDOMAIN_MAX_LENGTH = 253
LABEL_MAX_LENGTH = 63


def max_length_error(length: int) -> str:
    """Return the text of a name that is longer than *length*."""
    return f"must be no more than {length} characters"


def _max_bytes_error(length: int) -> str:
    # Label keys and values come from pkg/api/validate/content, whose text says bytes.
    return f"must be no more than {length} bytes"


def empty_error() -> str:
    """Return the text of a value that must not be empty."""
    return "must be non-empty"


def range_error(low: int, high: int) -> str:
    """Return the text of a number outside *low*..*high*."""
    return f"must be between {low} and {high}, inclusive"


def regex_error(message: str, pattern: str, *examples: str) -> str:
    """Return *message* with examples and the regular expression that the value must match."""
    shown = " or ".join(f"'{example}', " for example in examples)
    return f"{message} ({f'e.g. {shown}' if shown else ''}regex used for validation is '{pattern}')"


def _length(value: str) -> int:
    return len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))


def is_dns1123_subdomain(value: str) -> list[str]:
    """Check a DNS subdomain: the name of most objects (at most 253)."""
    errors = [max_length_error(SUBDOMAIN_MAX_LENGTH)] if _length(value) > SUBDOMAIN_MAX_LENGTH else []
    if not _SUBDOMAIN_MATCH(value):
        errors.append(regex_error(_SUBDOMAIN_MESSAGE, _SUBDOMAIN, "example.com"))
    return errors


def is_dns1123_subdomain_with_underscore(value: str) -> list[str]:
    """Check a DNS subdomain whose labels may contain ``_`` (a pod's DNS search paths)."""
    errors = [max_length_error(SUBDOMAIN_MAX_LENGTH)] if _length(value) > SUBDOMAIN_MAX_LENGTH else []
    if not _SUBDOMAIN_WITH_UNDERSCORE_MATCH(value):
        errors.append(regex_error(_SUBDOMAIN_WITH_UNDERSCORE_MESSAGE, _SUBDOMAIN_WITH_UNDERSCORE, "example.com"))
    return errors


def is_dns1123_subdomain_caseless(value: str) -> list[str]:
    """Check a DNS subdomain that may contain capitals (names of drivers)."""
    errors = [_max_bytes_error(SUBDOMAIN_MAX_LENGTH)] if _length(value) > SUBDOMAIN_MAX_LENGTH else []
    if not _SUBDOMAIN_CASELESS_MATCH(value):
        errors.append(regex_error(_SUBDOMAIN_CASELESS_MESSAGE, _SUBDOMAIN, "Example.com"))
    return errors


def is_wildcard_dns1123_subdomain(value: str) -> list[str]:
    """Check a host with a wildcard: ``*.example.com``."""
    errors = [max_length_error(SUBDOMAIN_MAX_LENGTH)] if _length(value) > SUBDOMAIN_MAX_LENGTH else []
    if not _WILDCARD_MATCH(value):
        errors.append(regex_error(_WILDCARD_MESSAGE, _WILDCARD, "*.example.com"))
    return errors


def is_dns1123_label(value: str) -> list[str]:
    """Check a DNS label: names of namespaces and containers (at most 63, no dots)."""
    errors = [max_length_error(LABEL_MAX_LENGTH)] if _length(value) > LABEL_MAX_LENGTH else []
    if not _LABEL_MATCH(value):
        if _SUBDOMAIN_MATCH(value):
            errors.append("must not contain dots")
        else:
            errors.append(regex_error(_LABEL_MESSAGE, _LABEL, "my-name", "123-abc"))
    return errors


def is_dns1035_label(value: str) -> list[str]:
    """Check a DNS label that starts with a letter."""
    errors = [max_length_error(LABEL_MAX_LENGTH)] if _length(value) > LABEL_MAX_LENGTH else []
    if not _DNS_1035_MATCH(value):
        errors.append(regex_error(_DNS_1035_MESSAGE, _DNS_1035, "my-name", "abc-123"))
    return errors


def is_qualified_name(value: str) -> list[str]:
    """Check a key of a label, annotation, taint or resource: a name of at most 63, optionally ``prefix/name``."""
    prefix, slash, name = value.rpartition("/")
    hint = regex_error(_KEY_NAME_MESSAGE, _KEY_NAME, "MyName", "my.name", "123-abc")
    if "/" in prefix:
        return [f"a valid label key {hint} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    errors: list[str] = []
    if slash and not prefix:
        errors.append(f"prefix part {empty_error()}")
    elif slash:
        errors.extend(f"prefix part {text}" for text in _prefix_errors(prefix))
    if not name:
        errors.append(f"name part {empty_error()}")
    elif _length(name) > LABEL_MAX_LENGTH:
        errors.append(f"name part {_max_bytes_error(LABEL_MAX_LENGTH)}")
    if not _KEY_NAME_MATCH(name):
        errors.append(f"name part {hint}")
    return errors


def _prefix_errors(prefix: str) -> list[str]:
    errors = [_max_bytes_error(SUBDOMAIN_MAX_LENGTH)] if _length(prefix) > SUBDOMAIN_MAX_LENGTH else []
    if not _SUBDOMAIN_MATCH(prefix):
        errors.append(regex_error(_SUBDOMAIN_MESSAGE, _SUBDOMAIN, "example.com"))
    return errors


def is_label_value(value: str) -> list[str]:
    """Check the value of a label (at most 63 bytes, may be empty)."""
    errors = [_max_bytes_error(LABEL_MAX_LENGTH)] if _length(value) > LABEL_MAX_LENGTH else []
    if not _LABEL_VALUE_MATCH(value):
        errors.append(regex_error(_LABEL_VALUE_MESSAGE, _LABEL_VALUE, "MyValue", "my_value", "12345"))
    return errors


def is_port_name(value: str) -> list[str]:
    """Check the name of a port (IANA service name: at most 15, a letter somewhere, single hyphens inside)."""
    errors = [max_length_error(15)] if _length(value) > 15 else []
    if not _PORT_CHARACTERS(value):
        errors.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not _PORT_LETTER(value):
        errors.append("must contain at least one letter (a-z)")
    if "--" in value:
        errors.append("must not contain consecutive hyphens")
    if value.startswith("-") or value.endswith("-"):
        errors.append("must not begin or end with a hyphen")
    return errors


def is_port_number(value: int) -> list[str]:
    """Check a port number, 1..65535."""
    return is_in_range(value, 1, 65535)


def is_in_range(value: int, low: int, high: int) -> list[str]:
    """Check that *value* lies in *low*..*high*."""
    return [] if low <= value <= high else [range_error(low, high)]


def is_user_id(value: int) -> list[str]:
    """Check a Unix user or group id, 0..2**31-1."""
    return is_in_range(value, 0, 2**31 - 1)


def is_percent(value: str) -> list[str]:
    """Check a percentage: ``25%``."""
    return [] if _PERCENT_MATCH(value) else [regex_error(_PERCENT_MESSAGE, _PERCENT, "1%", "93%")]


def is_http_header_name(value: str) -> list[str]:
    """Check the name of an HTTP header."""
    return [] if _HTTP_HEADER_MATCH(value) else [regex_error(_HTTP_HEADER_MESSAGE, _HTTP_HEADER, "X-Header-Name")]


def is_c_identifier(value: str) -> list[str]:
    """Check an identifier of C."""
    if _C_IDENTIFIER_MATCH(value):
        return []
    return [regex_error(_C_IDENTIFIER_MESSAGE, _C_IDENTIFIER, "my_name", "MY_NAME", "MyName")]


def is_env_var_name(value: str) -> list[str]:
    """Check the name of an environment variable by the strict rule."""
    errors: list[str] = []
    if not _ENV_NAME_MATCH(value):
        errors.append(regex_error(_ENV_NAME_MESSAGE, _ENV_NAME, "my.env-name", "MY_ENV.NAME", "MyEnvName1"))
    return errors + _parent_directory_errors(value)


def is_relaxed_env_var_name(value: str) -> list[str]:
    """Check the name of an environment variable by the relaxed rule: printable ASCII without ``=``."""
    if not value:
        return [f"environment variable name {empty_error()}"]
    fine = value.isascii() and value.isprintable() and "=" not in value
    return [] if fine else [_RELAXED_ENV_NAME_MESSAGE]


def is_config_map_key(value: str) -> list[str]:
    """Check a key of a ConfigMap or Secret."""
    errors = [max_length_error(SUBDOMAIN_MAX_LENGTH)] if _length(value) > SUBDOMAIN_MAX_LENGTH else []
    if not _CONFIG_KEY_MATCH(value):
        errors.append(regex_error(_CONFIG_KEY_MESSAGE, _CONFIG_KEY, "key.name", "KEY_NAME", "key-name"))
    return errors + _parent_directory_errors(value)


def _parent_directory_errors(value: str) -> list[str]:
    if value in (".", ".."):
        return [f"must not be '{value}'"]
    return ["must not start with '..'"] if value.startswith("..") else []


def is_path_segment_name(value: str) -> list[str]:
    """Check a name that becomes a part of a URL or of an etcd key (roles, CRD names, ...)."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{part}'" for part in ("/", "%") if part in value]


def mask_trailing_dash(base: str) -> str:
    """Return a generateName ready for the check of names, to which a suffix will be added after a final dash.

    The last two characters become ``a``, exactly as in kubernetes' maskTrailingDash.
    """
    return base[:-2] + "a" if len(base) > 1 and base.endswith("-") else base
