"""How a kubectl command fails, and the text it leaves on the terminal.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go checkErr, StandardErrorMessage, AddSourceToErr.
"""

from __future__ import annotations

from collections.abc import Sequence

from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import ApiError, kubectl_message, standard_error_message


class KubectlError(Exception):
    """A command ends with this message and exit code; `error: ` goes in front of the message.

    *place* is a line such as `  at pod.yaml:7:5`, printed below the message.
    """

    def __init__(self, message: str, *, exit_code: int = 1, place: str = "", bare: bool = False) -> None:
        """*bare* leaves out `error: ` in front of the message."""
        super().__init__(message)
        self.message = message
        self.bare = bare
        self.exit_code = exit_code
        self.place = place


class UsageError(KubectlError):
    """The command line is not what the command needs; *command* is its path, such as `kubectl get`."""

    def __init__(self, command: str, message: str) -> None:
        super().__init__(f"{message}\nSee '{command} -h' for help and examples")


class FlagError(KubectlError):
    """The command line has a flag that can't be read."""

    def __init__(self, command: str, message: str) -> None:
        super().__init__(f"{message}\nSee '{command} --help' for usage.")


class NotSimulated(KubectlError):
    """Real kubectl can do it, this one can't yet."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not simulated yet")


class ResourceTypeUnknown(KubectlError):
    """No served resource has this name."""

    def __init__(self, resource: str, group: str = "", version: str = "") -> None:
        text = f"the server doesn't have a resource type {go_quote(resource)}"
        if group:
            text += f" in group {go_quote(group)}"
        if version:
            text += f" and version {go_quote(version)}" if group else f" in version {go_quote(version)}"
        super().__init__(text)


class NoMatchError(ResourceTypeUnknown):
    """As ResourceTypeUnknown where kubectl prints the sentence without `error: ` (meta.NoResourceMatchError)."""


class ExitSilently(Exception):
    """The command has said all it had to say (cmdutil.ErrExit)."""

    def __init__(self, exit_code: int = 1) -> None:
        super().__init__()
        self.exit_code = exit_code


class Several(Exception):
    """More than one object failed; each error is printed on lines of its own."""

    def __init__(self, errors: Sequence[Exception]) -> None:
        super().__init__(list(errors))
        self.errors = tuple(errors)


class SourcedApiError(ApiError):
    """A refusal while something was done with a manifest; *place* names the guilty lines of it."""

    def __init__(self, cause: ApiError, message: str, place: str = "") -> None:
        super().__init__({**cause.status, "message": message})
        self.place = place


class Listed(Exception):
    """Errors that were collected before: each line without `error: `, even a single one."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(list(lines))
        self.lines = tuple(lines)


def raise_all(errors: Sequence[Exception]) -> None:
    """Raise the only error as it is, several as Several, none: return."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Several(errors)


def with_source(verb: str, source: str, error: Exception, place: str = "") -> Exception:
    """*error* with `error when VERB "SOURCE": ` in front (cmdutil.AddSourceToErr); unchanged without a source."""
    if not source:
        return error
    prefix = f"error when {verb} {go_quote(source)}: "
    if isinstance(error, ApiError):
        return SourcedApiError(error, prefix + error.message, place or getattr(error, "place", ""))
    if isinstance(error, KubectlError):
        return KubectlError(prefix + error.message, exit_code=error.exit_code, place=place or error.place)
    return error


def terminal_text(error: Exception) -> str:
    """What kubectl prints on standard error when a command ends with *error*, with its final newline."""
    if isinstance(error, Listed):
        return "".join(f"{line}\n" for line in error.lines)
    errors = flatten(error)
    if len(errors) == 1:
        lines = [_single(errors[0]), _place(errors[0])]
    else:
        lines = [line for each in errors for line in (message_of(each), _place(each))]
    text = "\n".join(line for line in lines if line)
    return text if text.endswith("\n") or not text else text + "\n"


def exit_code(error: Exception) -> int:
    """The exit code of a command that ends with *error*."""
    return error.exit_code if isinstance(error, KubectlError | ExitSilently) else 1


def flatten(error: Exception) -> list[Exception]:
    """The single errors inside *error*."""
    if isinstance(error, Several):
        return [inner for each in error.errors for inner in flatten(each)]
    return [error]


def message_of(error: Exception) -> str:
    """The line of *error* among several (messageForError)."""
    if isinstance(error, ApiError):
        return standard_error_message(error.status)
    return error.message if isinstance(error, KubectlError) else ""


def _single(error: Exception) -> str:
    if isinstance(error, ApiError):
        return kubectl_message(error.status)
    if isinstance(error, NoMatchError):
        return error.message
    if isinstance(error, KubectlError):
        return error.message if error.bare or error.message.startswith("error: ") else f"error: {error.message}"
    return ""


def _place(error: Exception) -> str:
    return getattr(error, "place", "")
