"""The command line `k8scourse lab | scenario | exercise | grade`: finds the room of a command and lets it work.

A room is imported only when its command is called. Whatever goes wrong is one line on standard error; exit code 1 means
that it went wrong, 2 that the command line itself has no meaning, 130 that it was interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

from k8scourse import __version__
from k8scourse.course.content import ContentMissing
from k8scourse.machinery.manifest_error import ManifestError
from k8scourse.machinery.status import ApiError

INTERRUPTED = 130
"""The exit code after Ctrl-C, as a shell reports it: 128 and the signal's number."""


class Command(NamedTuple):
    """A word of the command line."""

    module: str
    """Its room: has `add_parser(subparsers)`, which sets `run_command(arguments) -> exit code`."""
    help: str
    extra: str
    """What to install when something that it imports is missing."""


COMMANDS: Mapping[str, Command] = {
    "lab": Command("k8scourse.course.lab_command", "open the course in JupyterLab", "notebook"),
    "exercise": Command("k8scourse.course.command", "prove, build and hand out exercises", "grading"),
    "grade": Command("k8scourse.grading.command", "grade a folder of notebooks", "grading"),
    "scenario": Command("k8scourse.scenario.command", "run or check scenarios", "grading"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line *arguments* (by default those of the process); gives the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except ModuleNotFoundError as error:
        return _fail(_missing(words[0], COMMANDS[words[0]], error))
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`| head`); nothing may be written any more, not even by the interpreter's last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _fail(f"{place}{error.strerror or error}")
    except (ApiError, ManifestError, ContentMissing) as error:
        return _fail(str(error))


def _fail(text: str) -> int:
    print(f"k8scourse: {text}", file=sys.stderr)
    return 1


def _run(words: list[str]) -> int:
    chosen = words[0] if words else ""
    parser = argparse.ArgumentParser(prog="k8scourse", description="A Kubernetes to learn with, and its course.")
    parser.add_argument("--version", action="version", version=f"k8scourse {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        if name != chosen:
            subparsers.add_parser(name, help=command.help)
            continue
        import_module(command.module).add_parser(subparsers)
    parsed = parser.parse_args(words)
    return parsed.run_command(parsed)


def _missing(name: str, command: Command, error: ModuleNotFoundError) -> str:
    if (error.name or "").startswith("k8scourse"):
        return f"{name} is not part of this installation ({error.name} is missing)"
    return f"{name} needs {error.name}: pip install 'k8scourse[{command.extra}]'"
