"""`--sort-by`: rows or objects in the order of one field.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/get/sorter.go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cmp_to_key
from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.printers.objects import relaxed_path
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.quantity import QuantityError, parse_quantity


def sort_rows(table: Mapping[str, Any], path: str) -> dict[str, Any]:
    """*table* with its rows in the order of *path* in their objects. Raises KubectlError if no row has the field."""
    rows = list(table.get("rows") or [])
    keys = _keys([row.get("object") or {} for row in rows], path)
    order = sorted(range(len(rows)), key=cmp_to_key(lambda left, right: _compare(keys[left], keys[right])))
    return {**table, "rows": [rows[index] for index in order]}


def sort_objects(objects: Sequence[Any], path: str) -> list[Any]:
    """*objects* in the order of *path*. Raises KubectlError if none has the field."""
    keys = _keys(objects, path)
    order = sorted(range(len(objects)), key=cmp_to_key(lambda left, right: _compare(keys[left], keys[right])))
    return [objects[index] for index in order]


def _keys(objects: Sequence[Any], path: str) -> list[Any]:
    compiled = relaxed_path(path)
    values = [next(iter(compiled.values(obj)), None) for obj in objects]
    if objects and all(value is None for value in values):
        field = path.strip("{}").removeprefix(".")
        raise KubectlError(f"couldn't find any field with path {go_quote('{.' + field + '}')} in the list of objects")
    return values


def _compare(left: Any, right: Any) -> int:
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, str) and isinstance(right, str):
        left, right = _as_quantities(left, right)
    if type(left) is not type(right) or isinstance(left, dict | list | bool):
        raise KubectlError(f"unsortable type: {type(left).__name__}")
    return (left > right) - (left < right)


def _as_quantities(left: str, right: str) -> tuple[Any, Any]:
    try:
        return parse_quantity(left), parse_quantity(right)
    except QuantityError:
        return left, right
