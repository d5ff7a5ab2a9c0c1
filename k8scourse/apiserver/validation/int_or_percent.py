"""Validation of numbers that may also be given as a percentage.

Source: kubernetes pkg/apis/apps/validation/validation.go ValidatePositiveIntOrPercent, IsNotMoreThan100Percent.
"""

from k8scourse.apiserver.validation.support import Errors, check, check_nonnegative
from k8scourse.machinery.field import invalid
from k8scourse.machinery.names import is_percent


def check_int_or_percent(errors: Errors, value: int | str, path: str) -> None:
    """Report a negative number or a text that is no percentage."""
    if isinstance(value, str):
        check(errors, path, value, is_percent)
    else:
        check_nonnegative(errors, path, value)


def check_at_most_100_percent(errors: Errors, value: int | str, path: str) -> None:
    """Report a percentage over 100; numbers are not bounded."""
    if isinstance(value, str) and not is_percent(value) and int(value[:-1]) > 100:
        errors.append(invalid(path, value, "must not be greater than 100%"))


def amount(value: int | str | None) -> int:
    """Return the number, or that before the percent sign; 0 for a text without meaning."""
    if isinstance(value, str):
        if not is_percent(value):
            return int(value[:-1])
        return int(value) if value.lstrip("+-").isdecimal() else 0
    return value or 0
