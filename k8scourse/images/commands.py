"""How long well-known commands run and how they end: sleep, true, false, echo, exit, and shells that run them.

Whatever is not one of these runs on. A shell's script may join them with ; && and newlines; anything else in it, such
as a loop, runs on too.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import NamedTuple

SECOND = 1_000_000_000
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_SHELLS = ("sh", "bash", "ash", "dash")
_SEPARATOR = re.compile(r"\s*(?:;|&&|\n)\s*")
_QUIET = ("true", "echo", "printf", ":", "date", "hostname", "uname", "pwd", "ls", "env", "id")


class Ending(NamedTuple):
    """The end of a process."""

    code: int
    """The exit code."""
    after: int = 0
    """How long it runs before, in nanoseconds."""


def ending_of(argv: Sequence[str]) -> Ending | None:
    """How the process *argv* ends by itself, or None if it runs on."""
    name = argv[0].rpartition("/")[2]
    if name in _SHELLS:
        return _script(argv[2]) if len(argv) > 2 and argv[1] in ("-c", "-ec", "-ce") else Ending(0)
    return _command([name, *argv[1:]])


def _command(argv: Sequence[str]) -> Ending | None:
    if argv[0] in _QUIET:
        return Ending(0)
    if argv[0] == "false":
        return Ending(1)
    if argv[0] == "exit":
        return Ending(int(argv[1]) if len(argv) > 1 and argv[1].isdigit() else 0)
    if argv[0] == "sleep" and len(argv) > 1:
        seconds = [_seconds(text) for text in argv[1:]]
        return None if None in seconds else Ending(0, sum(filter(None, seconds)))
    return None


def _seconds(text: str) -> int | None:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text)
    return round(float(match[1]) * _UNITS[match[2]] * SECOND) if match else None


def _script(text: str) -> Ending | None:
    passed, code = 0, 0
    for part in filter(None, _SEPARATOR.split(text.strip())):
        try:
            argv = shlex.split(part.partition(">")[0])
        except ValueError:
            return None
        if not argv or (argv[0] == "sleep" and argv[1:] == ["infinity"]):
            return None
        ending = _command(argv)
        if ending is None:
            return None
        passed, code = passed + ending.after, ending.code
        if argv[0] == "exit":
            break
    return Ending(code, passed)
