"""Aligned columns as Go's text/tabwriter makes them: a column is a run of lines that all have a cell there.

Source: text/tabwriter of Go, and github.com/liggitt/tabwriter (kubectl's copy, which remembers widths between flushes).
"""

from __future__ import annotations


def align(text: str, *, minimum: int, padding: int, remembered: list[int] | None = None) -> str:
    """*text* with its tab-terminated cells aligned.

    A column is as wide as its widest cell plus *padding*, at least *minimum*; the last cell of a line belongs to no
    column. *remembered* holds the widths of earlier calls, which columns never fall below; it is updated.
    """
    if not text:
        return ""
    ends_open = not text.endswith("\n")
    lines = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
    written = _Aligner(lines, minimum, padding, remembered).format(0, len(lines), [])
    aligned = "\n".join(written)
    return aligned if ends_open else aligned + "\n"


def table(text: str, remembered: list[int] | None = None) -> str:
    """*text* aligned as `kubectl get` does (cli-runtime/pkg/printers/tabwriter.go)."""
    return align(text, minimum=6, padding=3, remembered=remembered)


class _Aligner:
    def __init__(self, lines: list[list[str]], minimum: int, padding: int, remembered: list[int] | None) -> None:
        self._lines = lines
        self._minimum = minimum
        self._padding = padding
        self._remembered = remembered

    def format(self, start: int, end: int, widths: list[int]) -> list[str]:
        """The lines from *start* to *end*, given the *widths* of the columns to the left."""
        column, written, current = len(widths), [], start
        while current < end:
            if not self._has_cell(current, column):
                current += 1
                continue
            written.extend(self._write(start, current, widths))
            block_end = current
            while block_end < end and self._has_cell(block_end, column):
                block_end += 1
            width = self._width(column, current, block_end)
            written.extend(self.format(current, block_end, [*widths, width]))
            start = current = block_end
        written.extend(self._write(start, end, widths))
        return written

    def _has_cell(self, line: int, column: int) -> bool:
        return column < len(self._lines[line]) - 1

    def _width(self, column: int, start: int, end: int) -> int:
        cells = (len(self._lines[line][column]) + self._padding for line in range(start, end))
        width = max(self._minimum, *cells)
        if self._remembered is not None:
            if column < len(self._remembered):
                width = max(width, self._remembered[column])
                self._remembered[column] = width
            elif column == len(self._remembered):
                self._remembered.append(width)
        return width

    def _write(self, start: int, end: int, widths: list[int]) -> list[str]:
        return [
            "".join(
                cell.ljust(widths[i]) if i < len(widths) and i < len(line) - 1 else cell for i, cell in enumerate(line)
            )
            for line in self._lines[start:end]
        ]
