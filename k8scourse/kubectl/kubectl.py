"""The program: a command line in, an Output out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module

from k8scourse.apiserver.request import SUPERUSER, SUPERUSER_GROUPS
from k8scourse.apiserver.schemas import Schemas
from k8scourse.kubectl import command_table, help_texts
from k8scourse.kubectl.api import Api, Handler
from k8scourse.kubectl.command_line import HelpRequested, Parser, find_command, flag_table, split, suggestions
from k8scourse.kubectl.discovery import Discovery
from k8scourse.kubectl.errors import (
    ExitSilently,
    KubectlError,
    Listed,
    Several,
    UsageError,
    exit_code,
    terminal_text,
)
from k8scourse.kubectl.files import Files, ReadFile
from k8scourse.kubectl.output import Output, Terminal
from k8scourse.kubectl.session import Clock, Session, Wrote
from k8scourse.machinery import duration
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import ApiError

Run = Callable[[Session], None]

_MODULES = {
    "annotate": "metadata",
    "api-resources": "api_resources",
    "api-versions": "api_resources",
    "config current-context": "config",
    "config get-contexts": "config",
    "config view": "config",
    "cordon": "drain",
    "rollout pause": "rollout_pause",
    "rollout resume": "rollout_pause",
    "set serviceaccount": "set_service_account",
    "top node": "top",
    "top pod": "top",
    "label": "metadata",
    "uncordon": "drain",
}
_RECORD_DEPRECATED = "Flag --record has been deprecated, --record will be removed in the future\n"
_BAD_TIMEOUT = (
    "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding "
    "time unit (e.g. 1s | 2m | 3h)"
)


class Kubectl:
    """A text client of one API server, as one user."""

    def __init__(
        self,
        handler: Handler,
        clock: Clock,
        files: ReadFile | None = None,
        *,
        user: str = SUPERUSER,
        groups: tuple[str, ...] = SUPERUSER_GROUPS,
        schemas: Schemas | None = None,
        wrote: Wrote | None = None,
    ) -> None:
        """*handler* answers requests; *clock* lets virtual time pass where a command waits.

        *files* gives the text of a path named by -f and raises FileNotFoundError; without it the real file system is
        read, relative to the working directory. *schemas* are those that apply and explain use (the built-in kinds).
        """
        self._handler = handler
        self._clock = clock
        self._files = Files(files)
        self._schemas = schemas or Schemas()
        self._user = user
        self._groups = groups
        self._wrote = wrote
        self._discovery = Discovery()

    def run(self, command_line: str | Sequence[str], stdin: str | None = None) -> Output:
        """Run *command_line* (without the word kubectl), a text or its words, with *stdin* for `-f -`.

        Refusals are part of the Output. Any other exception is a fault of this program and is raised.
        """
        terminal = Terminal()
        api = Api(self._handler, terminal, self._user, self._groups)
        code = 0
        try:
            words = split(command_line) if isinstance(command_line, str) else list(command_line)
            self._dispatch(words, api, terminal, stdin)
        except (KubectlError, ApiError, Several, Listed, ExitSilently) as error:
            terminal.err(terminal_text(error))
            code = exit_code(error)
        return Output(
            stdout=terminal.stdout,
            stderr=terminal.stderr,
            exit_code=code,
            status=api.status,
            warnings=tuple(api.warnings),
            object=api.object,
            terminal=terminal.text,
        )

    def _dispatch(self, words: list[str], api: Api, terminal: Terminal, stdin: str | None) -> None:
        if words and words[0] == "kubectl":
            words = words[1:]
        name, rest = find_command(words, flag_table(command_table.GLOBAL_FLAGS))
        if name is None:
            return self._without_command(rest, terminal)
        if name == "help":
            name, rest = (rest[0], ["--help"]) if rest else (None, rest)
            if name is None:
                return terminal.out(help_texts.overview())
        if name == "options":
            return terminal.out(help_texts.flags("kubectl", command_table.flags_of("")))
        if name not in command_table.REAL_COMMANDS:
            raise _unknown_command(name)
        command, rest = _subcommand(name, rest)
        if command in command_table.SUBCOMMANDS:
            return self._without_subcommand(command, rest, terminal)
        if command not in command_table.COMMANDS:
            raise KubectlError(f"`kubectl {command}` is not simulated yet")
        return self._run(command, rest, api, terminal, stdin)

    def _without_command(self, words: list[str], terminal: Terminal) -> None:
        with suppress(HelpRequested):
            Parser("kubectl", command_table.flags_of("")).parse(words)
        terminal.out(help_texts.overview())

    def _without_subcommand(self, command: str, words: list[str], terminal: Terminal) -> None:
        """`kubectl set` alone shows its subcommands and fails; so does an unknown one (DefaultSubCommandRun)."""
        try:
            arguments = Parser(f"kubectl {command}", command_table.flags_of("")).parse(words)
        except HelpRequested:
            return terminal.out(help_texts.subcommands(command))
        if arguments.words:
            text = go_quote(" ".join(arguments.words))
            raise UsageError(f"kubectl {command}", f"unknown command {text}")
        terminal.out(help_texts.subcommands(command))
        raise ExitSilently

    def _run(self, command: str, words: list[str], api: Api, terminal: Terminal, stdin: str | None) -> None:
        path, flags = f"kubectl {command}", command_table.flags_of(command)
        try:
            arguments = Parser(path, flags).parse(words)
        except HelpRequested:
            return terminal.out(help_texts.usage(command, flags))
        if arguments.changed("record"):
            terminal.err(_RECORD_DEPRECATED)
        session = Session(
            command=path,
            arguments=arguments,
            api=api,
            discovery=self._discovery,
            clock=self._clock,
            terminal=terminal,
            files=self._files,
            schemas=self._schemas,
            stdin=stdin,
            namespace=arguments["namespace"] or "default",
            namespace_given=bool(arguments["namespace"]),
            wrote=self._wrote,
            request_timeout=_timeout(arguments["request-timeout"]),
        )
        _impersonate(session)
        _ask_for_managed_fields(session)
        run: Run = import_module(f"k8scourse.kubectl.commands.{_module(command)}").run
        return run(session)


def _module(command: str) -> str:
    if command.startswith("create "):
        return "create_generated"
    return _MODULES.get(command, command.replace("-", "_").replace(" ", "_"))


def _subcommand(name: str, rest: list[str]) -> tuple[str, list[str]]:
    """`create deployment` and its words; other commands as they are."""
    if name == "apply" and rest and rest[0] in command_table.APPLY_COMMANDS:
        return f"apply {rest[0]}", rest[1:]
    if name == "create":
        word, others = find_command(rest, command_table.flags_of("create"))
        kind = command_table.CREATE_ALIASES.get(word or "", word or "")
        if kind not in command_table.CREATE_KINDS:
            return name, rest
        name, rest = f"create {kind}", others
    if name not in command_table.SUBCOMMANDS:
        return name, rest
    word, others = find_command(rest, command_table.flags_of(""))
    command = command_table.SUBCOMMAND_ALIASES.get(f"{name} {word}", f"{name} {word}")
    known = command.removeprefix(f"{name} ") in command_table.SUBCOMMANDS[name]
    return (command, others) if known else (name, rest)


def _unknown_command(name: str) -> KubectlError:
    text = f'unknown command {go_quote(name)} for "kubectl"'
    also = command_table.SUGGEST_FOR
    close = suggestions(name, command_table.REAL_COMMANDS, lambda command: name.lower() in also.get(command, ()))
    if close:
        text += "\n\nDid you mean this?\n" + "".join(f"\t{command}\n" for command in close)
    return KubectlError(text)


def _timeout(text: str) -> int:
    """--request-timeout in ns; 0 means none (clientcmd.ParseTimeout)."""
    if text.isdigit():
        return int(text) * 1_000_000_000
    try:
        return duration.parse_duration(text)
    except ValueError as error:
        raise KubectlError(_BAD_TIMEOUT) from error


def _ask_for_managed_fields(session: Session) -> None:
    """Only -o yaml and -o json hide them, other formats do what they are told."""
    name = (session.flag("output") or "").partition("=")[0]
    session.api.managed_fields = bool(session.flag("show-managed-fields")) or name.startswith(("jsonpath", "custom"))


def _impersonate(session: Session) -> None:
    if session.flag("as"):
        session.api.headers["impersonate-user"] = session.flag("as")
        if session.flag("as-group"):
            session.api.headers["impersonate-group"] = ",".join(session.flag("as-group"))
