"""Small checks that all validation shares; each appends what it finds to a list."""

from collections.abc import Callable, Collection
from typing import Any

from k8scourse.machinery.field import FieldError, invalid, not_supported, required

Errors = list[FieldError]
Rule = Callable[[str], list[str]]

NOT_NEGATIVE = "must be greater than or equal to 0"
IMMUTABLE = "field is immutable"
NOT_POSITIVE = "must be greater than zero"


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
