"""Numbers that may be percentages (staging/src/k8s.io/apimachinery/pkg/util/intstr)."""

from __future__ import annotations


def scaled_value(value: int | str | None, total: int, *, round_up: bool) -> int:
    """*value* itself if it is a number, else that percentage of *total*; None is 0."""
    if value is None:
        return 0
    if isinstance(value, int):
        return value
    product = int(value.removesuffix("%")) * total
    return -(-product // 100) if round_up else product // 100
