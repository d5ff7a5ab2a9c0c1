"""One running command: what it may ask, where it writes, and how time passes while it waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.schemas import Schemas
from k8scourse.kubectl.api import Api
from k8scourse.kubectl.command_line import Arguments
from k8scourse.kubectl.discovery import Discovery, Mapper
from k8scourse.kubectl.errors import KubectlError, NotSimulated, UsageError
from k8scourse.kubectl.files import Files
from k8scourse.kubectl.output import Terminal
from k8scourse.machinery.yaml import Document

SECOND = 1_000_000_000


Wrote = Callable[[dict[str, Any], Document, "tuple[str | int, ...]"], None]
"""Takes an object that was written, the document that it came from, and its path in there (an item of a List)."""


class Clock(Protocol):
    """Virtual time; instants and durations are ns."""

    @property
    def now(self) -> int: ...

    def run(self, duration: int) -> None:
        """Let *duration* pass."""
        ...

    def run_until(self, predicate: Callable[[], bool], timeout: int) -> bool:
        """Let time pass until *predicate* holds, at most *timeout*; whether it held."""
        ...


@dataclass(slots=True)
class Session:
    """Everything one command needs."""

    command: str
    """The command's path, such as `kubectl create deployment`."""
    arguments: Arguments
    api: Api
    discovery: Discovery
    clock: Clock
    terminal: Terminal
    files: Files
    schemas: Schemas
    stdin: str | None
    namespace: str = "default"
    namespace_given: bool = False
    wrote: Wrote | None = None
    """Who wants to know which document led to which object."""
    request_timeout: int = 0
    """ns after which a watch ends; 0 means never."""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """The positional words."""
        return self.arguments.words

    def flag(self, name: str) -> Any:
        """The value of a flag; None if the command has no such flag."""
        return self.arguments.get(name)

    def changed(self, name: str) -> bool:
        """Whether the flag was given."""
        return self.arguments.changed(name)

    @property
    def mapper(self) -> Mapper:
        """The resources of the server."""
        return self.discovery.mapper(self.api)

    def resource(self, word: str) -> ResourceInfo:
        """The resource that *word* names."""
        return self.discovery.lookup(self.api, lambda mapper: mapper.for_word(word))

    def resource_of(self, api_version: str, kind: str) -> ResourceInfo:
        """The resource that holds objects of this kind."""
        return self.discovery.lookup(self.api, lambda mapper: mapper.for_kind(api_version, kind))

    def usage(self, message: str) -> UsageError:
        """The error for a command line that is not what the command needs."""
        return UsageError(self.command, message)

    def remember(self, obj: dict[str, Any], document: Document, within: tuple[str | int, ...]) -> None:
        """Tell that *document* led to *obj*; nothing on a dry run, which writes nothing."""
        if self.wrote is not None and self.dry_run() == "none":
            self.wrote(obj, document, within)

    def refuse_flags(self, *names: str) -> None:
        """Raise NotSimulated if one of these flags was given."""
        for name in names:
            if self.changed(name):
                raise NotSimulated(f"the flag --{name} of {self.command!r}")

    def dry_run(self) -> str:
        """none, client or server (cmdutil.GetDryRunStrategy)."""
        value = self.flag("dry-run") or "none"
        if value in ("client", "server", "none"):
            return value
        if value in ("1", "t", "T", "TRUE", "true", "True"):
            return "client"
        if value == "unchanged":
            return "client"
        if value in ("0", "f", "F", "FALSE", "false", "False"):
            return "none"
        raise KubectlError(f'Invalid dry-run value ({value}). Must be "none", "server", or "client".')

    def server_dry_run(self) -> str:
        """The query parameter dryRun: `All`, or empty."""
        return "All" if self.dry_run() == "server" else ""

    def field_validation(self) -> str:
        """The query parameter fieldValidation: Strict, Warn or Ignore (cmdutil.GetValidationDirective)."""
        value = self.flag("validate") or "strict"
        words = {"strict": "Strict", "warn": "Warn", "ignore": "Ignore"}
        if value in words:
            return words[value]
        if value in ("1", "t", "T", "TRUE", "true", "True"):
            return "Strict"
        if value in ("0", "f", "F", "FALSE", "false", "False"):
            return "Ignore"
        raise KubectlError(
            f'invalid - validate option "{value}"; must be one of: strict (or true), warn, ignore (or false)'
        )
