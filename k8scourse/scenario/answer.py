"""What an action gets as its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a write, a command, a request or a watch.

    ``status`` is the Status of the API error that was met, if any; ``body`` what the API server sent; ``events`` what a
    watch saw. ``stdout``, ``stderr`` and ``exit_code`` are None unless kubectl ran.
    """

    ok: bool
    code: int | None = None
    body: Any = None
    status: Mapping[str, Any] | None = None
    warnings: Sequence[str] = ()
    stdout: str | None = None
    stderr: str | None = None
    exit_code: int | None = None
    events: Sequence[Mapping[str, Any]] = ()

    @property
    def printed(self) -> str:
        """What kubectl printed on both streams; empty when kubectl did not run."""
        return (self.stdout or "") + (self.stderr or "")

    @property
    def message(self) -> str:
        """The message of the Status, else of nothing."""
        return str((self.status or {}).get("message", ""))

    @property
    def fields(self) -> list[str]:
        """The fields that the causes of the Status name."""
        details = (self.status or {}).get("details") or {}
        return [cause["field"] for cause in details.get("causes") or () if cause.get("field")]

    def describe(self) -> str:
        """What happened, in one line or, where kubectl printed more, in several."""
        if self.status is not None:
            words = f"{self.status.get('code', '')} {self.status.get('reason', '')}: {self.message}".strip()
            fields = f" (fields: {', '.join(self.fields)})" if self.fields else ""
            return f"rejected: {words}{fields}"
        if self.exit_code is not None:
            printed = self.printed.strip()
            return f"exit code {self.exit_code}" + (f", printed:\n{printed}" if printed else ", nothing printed")
        return f"code {self.code}" if self.code is not None else ("accepted" if self.ok else "rejected")
