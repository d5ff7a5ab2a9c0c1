"""Small checks that all validation shares; each appends what it finds to a list."""

import re
from collections.abc import Callable, Collection
from typing import Any

from k8scourse.machinery.field import FieldError, invalid, not_supported, required
from k8scourse.machinery.names import is_dns1123_subdomain, regex_error

Errors = list[FieldError]
Rule = Callable[[str], list[str]]

NOT_NEGATIVE = "must be greater than or equal to 0"
IMMUTABLE = "field is immutable"
NOT_POSITIVE = "must be greater than zero"
_HTTP_PATH = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")


def check(errors: Errors, path: str, value: str, rule: Rule) -> None:
    """Report each fault that *rule* (of machinery.names) finds in *value*."""
    for message in rule(value):
        errors.append(invalid(path, value, message))


def check_nonnegative(errors: Errors, path: str, value: int | None) -> None:
    """Report a number below zero; an absent one is fine."""
    if value is not None and value < 0:
        errors.append(invalid(path, value, NOT_NEGATIVE))


def check_choice(errors: Errors, path: str, value: str | None, choices: Collection[str]) -> None:
    """Report an absent value as required and an unknown one with the *choices* in the order given."""
    if not value:
        errors.append(required(path))
    elif value not in choices:
        errors.append(not_supported(path, value, choices))


def check_immutable(errors: Errors, path: str, new: Any, old: Any) -> None:
    """Report a value that differs from the stored one."""
    if new != old:
        errors.append(invalid(path, new, IMMUTABLE))


def check_domain_prefixed_path(errors: Errors, path: str, value: str) -> None:
    """Report a value that is not of the form ``domain/path``, as names of controllers are.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go IsDomainPrefixedPath.
    """
    domain, _, rest = value.partition("/")
    if not value:
        errors.append(required(path))
    elif not domain or not rest:
        errors.append(invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")'))
    else:
        check(errors, path, domain, is_dns1123_subdomain)
        if not _HTTP_PATH.fullmatch(rest):
            errors.append(invalid(path, rest, regex_error("Invalid path", _HTTP_PATH.pattern)))
