"""What a kubectl command leaves behind: its texts, its exit code and the answers it met."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol


class PrettyPrinter(Protocol):
    """IPython's pretty printer, as far as it is used here."""

    def text(self, obj: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Output:
    """The result of one command line. `str(output)` shows it as a terminal does: both streams in order of writing."""

    stdout: str = ""
    stderr: str = ""
    exit_code: int = 0
    status: dict[str, Any] | None = None
    """The Status of the last refusal the command met."""
    warnings: tuple[str, ...] = ()
    """The warnings of the API server, in order."""
    object: Any = None
    """The last object the API server answered with."""
    terminal: str = field(default="", repr=False)
    """Both streams in order of writing."""

    def __str__(self) -> str:
        return self.terminal

    def _repr_pretty_(self, printer: PrettyPrinter, cycle: bool) -> None:
        """IPython's hook: a notebook shows what a terminal would."""
        printer.text(self.terminal.removesuffix("\n"))

    @property
    def ok(self) -> bool:
        """Whether the command succeeded."""
        return self.exit_code == 0


class Terminal:
    """Collects what a command writes, in order, on both streams."""

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        self._parts: list[tuple[bool, str]] = []

    def out(self, text: str) -> None:
        """Write *text* to standard output."""
        if text:
            self._parts.append((False, text))

    def err(self, text: str) -> None:
        """Write *text* to standard error."""
        if text:
            self._parts.append((True, text))

    def line(self, text: str) -> None:
        """Write *text* and a newline to standard output."""
        self.out(text + "\n")

    def warn(self, text: str) -> None:
        """Write kubectl's form of a warning to standard error."""
        self.err(f"Warning: {text}\n")

    @property
    def stdout(self) -> str:
        """All of standard output so far."""
        return "".join(text for is_error, text in self._parts if not is_error)

    @property
    def stderr(self) -> str:
        """All of standard error so far."""
        return "".join(text for is_error, text in self._parts if is_error)

    @property
    def text(self) -> str:
        """Both streams in order of writing."""
        return "".join(text for _, text in self._parts)
