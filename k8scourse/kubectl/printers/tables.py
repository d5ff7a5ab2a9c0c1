"""Tables of the server as `kubectl get` prints them.

Kubernetes: staging/src/k8s.io/cli-runtime/pkg/printers/tableprinter.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from k8scourse.machinery.go_format import go_value

_LINE_ENDS = "\f\n\r"


@dataclass(frozen=True, slots=True)
class TableOptions:
    """Which columns and lines to show."""

    no_headers: bool = False
    wide: bool = False
    with_namespace: bool = False
    kind: str = ""
    """In front of names when several kinds are shown: `pod`, `deployment.apps`."""
    show_labels: bool = False
    label_columns: tuple[str, ...] = ()


@dataclass(slots=True)
class TablePrinter:
    """Prints one Table after the other; headers only when they change. The text still needs alignment."""

    options: TableOptions
    _last_columns: list[dict[str, Any]] = field(default_factory=list)
    _printed_headers: bool = False

    def print(self, table: Mapping[str, Any], event: str = "") -> str:
        """The lines of *table* with tabs between cells; *event* (ADDED ...) becomes a first column."""
        columns = list(table.get("columnDefinitions") or [])
        hide_headers = self.options.no_headers
        if self._printed_headers and (not columns or columns == self._last_columns):
            hide_headers = True
        if not columns:
            columns = self._last_columns
        elif columns != self._last_columns:
            self._last_columns, self._printed_headers = columns, False
        rows = table.get("rows") or []
        self._printed_headers = self._printed_headers or bool(rows)
        headers, lines = self._decorate(columns, rows, event)
        if not hide_headers and rows:
            lines.insert(0, headers)
        return "".join("\t".join(line) + "\n" for line in lines)

    def _decorate(
        self, columns: list[dict[str, Any]], rows: list[dict[str, Any]], event: str
    ) -> tuple[list[str], list[list[str]]]:
        shown = [index for index, column in enumerate(columns) if self.options.wide or not column.get("priority")]
        named = next((i for i, c in enumerate(columns) if c.get("format") == "name" and c["type"] == "string"), -1)
        headers = [columns[index]["name"].upper() for index in shown]
        before = (["EVENT"] if event else []) + (["NAMESPACE"] if self.options.with_namespace else [])
        after = [label.split("/")[-1].upper() for label in self.options.label_columns]
        after += ["LABELS"] if self.options.show_labels else []
        lines = [self._line(row, shown, named, event) for row in rows]
        return before + headers + after, lines

    def _line(self, row: dict[str, Any], shown: list[int], named: int, event: str) -> list[str]:
        options, metadata = self.options, (row.get("object") or {}).get("metadata") or {}
        cells = row["cells"]
        line = [event.ljust(8)] if event else []
        if options.with_namespace:
            line.append(metadata.get("namespace", ""))
        for index in shown:
            text = _cell(cells[index] if index < len(cells) else None)
            line.append(f"{options.kind}/{text}" if options.kind and index == named else text)
        labels = metadata.get("labels") or {}
        line.extend(labels.get(label, "") for label in options.label_columns)
        if options.show_labels:
            line.append(",".join(f"{key}={labels[key]}" for key in sorted(labels)) or NONE)
        return line


NONE = "<none>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else go_value(value)
    end = min((text.index(mark) for mark in _LINE_ENDS if mark in text), default=-1)
    return escape(text if end < 0 else text[:end]) + ("..." if end >= 0 else "")


def escape(text: str) -> str:
    """*text* with the escape character made visible (cli-runtime/pkg/printers/terminal.go)."""
    return text.replace("\x1b", "^[").replace("\r", "\\r")
