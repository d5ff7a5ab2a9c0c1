"""The columns of custom resources.

Source: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor/tableconvertor.go
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.kinds import Column
from k8scourse.apiserver.printers.cells import age

if TYPE_CHECKING:
    from k8scourse.machinery.jsonpath import JSONPath

_NUMBERS = {"integer": int, "number": float}


class CustomPrinter:
    """The name, and what additionalPrinterColumns ask for."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._paths = [_compiled(column.path) for column in columns]

    def definitions(self) -> list[dict[str, Any]]:
        """The columnDefinitions of the Table."""
        name = {"name": "Name", "type": "string", "format": "name", "description": "", "priority": 0}
        return [
            name,
            *(
                {
                    "name": column.name,
                    "type": column.type,
                    "format": column.format,
                    "description": column.description
                    or f"Custom resource definition column (in JSONPath format): {column.path}",
                    "priority": column.priority,
                }
                for column in self._columns
            ),
        ]

    def row(self, obj: Mapping[str, Any], now: int) -> list[Any]:
        """The cells of one object; None where there is nothing to show."""
        cells: list[Any] = [obj["metadata"]["name"]]
        for column, path in zip(self._columns, self._paths, strict=True):
            cells.append(_cell(column, path, obj, now))
        return cells


def _compiled(path: str) -> JSONPath | None:
    from k8scourse.machinery import jsonpath  # most clusters have no custom resources

    try:
        return jsonpath.compile(f"{{{path}}}").allowing_missing_keys()
    except jsonpath.JSONPathError:
        return None


def _cell(column: Column, path: JSONPath | None, obj: Mapping[str, Any], now: int) -> Any:
    if path is None:
        return None
    values = path.values(obj)
    if not values or values[0] is None:
        return None
    value = values[0]
    if column.type == "date":
        return age(value, now) if isinstance(value, str) else "<unknown>"
    if column.type == "string":
        return path.execute(obj)
    if column.type == "boolean":
        return value if isinstance(value, bool) else None
    wanted = _NUMBERS.get(column.type)
    return wanted(value) if wanted and isinstance(value, int | float) and not isinstance(value, bool) else None
