"""The page a describer writes: lines with levels of indentation and tab-aligned columns.

Kubernetes: staging/src/k8s.io/kubectl/pkg/describe/describe.go PrefixWriter, tabbedString.
"""

from __future__ import annotations

from k8scourse.kubectl.printers import tabwriter
from k8scourse.kubectl.printers.tables import escape


class Page:
    """Collects the text of one object; columns are aligned between two calls of `flush`."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._open: list[str] = []

    def write(self, level: int, text: str) -> None:
        """Append *text* with two spaces for each level in front; it brings its own newline."""
        self._open.append("  " * level + escape(text))

    def line(self, level: int, text: str) -> None:
        """Append a whole line."""
        self.write(level, text + "\n")

    def field(self, title: str, value: object, level: int = 0) -> None:
        """Append the line `title: value` with aligned values."""
        self.line(level, f"{title}:\t{value}")

    def flush(self) -> None:
        """End the alignment of the lines so far."""
        self._done.append(tabwriter.align("".join(self._open), minimum=0, padding=2))
        self._open = []

    @property
    def unaligned(self) -> str:
        """The lines that are not aligned yet, with their tabs."""
        return "".join(self._open)

    @property
    def text(self) -> str:
        """The whole page."""
        self.flush()
        return "".join(self._done)
