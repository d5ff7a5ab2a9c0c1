"""An image, as far as it matters to the containers that are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from k8scourse.images.commands import Ending

DEFAULT_SIZE = 50_000_000
SIGTERM_ENDS = 143
"""The exit code of a process that SIGTERM ends."""

Ports = frozenset[int]


@dataclass(frozen=True, slots=True)
class Image:
    """How containers of an image behave; what is left out is as in an image that nobody describes."""

    ending: Ending | None = None
    """How they end by themselves; None: they run on."""
    ready: bool = True
    """Whether they ever become ready."""
    ignores_sigterm: bool = False
    """Whether they stay for their whole grace period."""
    sigterm_code: int = SIGTERM_ENDS
    """Their exit code after SIGTERM."""
    pulls: bool = True
    """Whether the image can be pulled."""
    size: int = DEFAULT_SIZE
    """Bytes to pull."""
    listed: bool = False
    """Whether the world describes it."""
    fixed: bool = False
    """Whether the world says how it ends or that it is never ready, whatever command a container gives it."""
    listens: Ports | None = None
    """The ports on which it listens; None: nobody says."""
    http: bool = True
    """Whether what listens answers HTTP."""
    pages: frozenset[str] | None = None
    """The paths that it answers with 200, others with 404; None: every path."""
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    """Without both it runs a command of its own."""
    env: tuple[tuple[str, str], ...] = ()
    user: str = ""
    """A number, a name or both with a group, as USER in a Dockerfile; empty: root."""
    files: tuple[tuple[str, str], ...] | None = None
    """Its whole content; None: any command exists in it."""
    log: str = ""
    """What it prints when it starts."""

    @property
    def command(self) -> tuple[str, ...] | None:
        """The command line of the image; None: one of its own, empty: none at all."""
        if self.entrypoint is None and self.cmd is None:
            return None
        return (*(self.entrypoint or ()), *(self.cmd or ()))
