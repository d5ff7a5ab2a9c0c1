"""When two API objects say the same.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/equality/semantic.go: an absent list, map or text equals an
empty one.
"""

from typing import Any


def semantic_equal(first: Any, second: Any) -> bool:
    """Whether two JSON values mean the same; ``None``, ``""``, ``[]`` and ``{}`` all count as absent."""
    if first == second:
        return True
    if isinstance(first, dict) and isinstance(second, dict):
        names = first.keys() | second.keys()
        return all(semantic_equal(first.get(name), second.get(name)) for name in names)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(semantic_equal, first, second))
    return is_absent(first) and is_absent(second)


def is_absent(value: Any) -> bool:
    """Whether *value* is what an unset optional field holds."""
    return (
        value is None or value == "" or value == [] or (isinstance(value, dict) and all(map(is_absent, value.values())))
    )
