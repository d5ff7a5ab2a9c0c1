"""The life of a process: how long it runs, how it ends, what it prints and writes meanwhile.

Well-known commands and shell scripts made of them are understood (shell.py); whatever else runs on and prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from k8scourse.images.programs import FOREVER, Machine
from k8scourse.images.shell import SHELLS, Step, copy_of, run
from k8scourse.images.shell_words import UnknownScript


class Ending(NamedTuple):
    """The end of a process."""

    code: int
    """The exit code."""
    after: int = 0
    """How long it runs before, in nanoseconds."""


@dataclass(slots=True)
class History:
    """What a process has done by some instant of its life."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    """What it printed: ns after its start, and the text with its line breaks."""
    files: dict[str, str] = field(default_factory=dict)
    """All files as they are then."""
    next_change: int | None = None
    """When (ns after its start) files change next; None: never."""


def is_bare_shell(argv: Sequence[str]) -> bool:
    """Whether *argv* is a shell that reads commands from its input."""
    return len(argv) == 1 and argv[0].rpartition("/")[2] in SHELLS


def ending_of(argv: Sequence[str], machine: Machine | None = None) -> Ending | None:
    """How the process *argv* ends by itself, or None if it runs on."""
    for step in _steps(argv, copy_of(machine or Machine())):
        if step.endless:
            return None
        if step.code is not None:
            return Ending(step.code, step.at) if step.at < FOREVER else None
    return None


def history(argv: Sequence[str], machine: Machine, elapsed: int) -> History:
    """What the process *argv* has done *elapsed* ns after its start."""
    twin = copy_of(machine)
    found = History(files=dict(machine.files))
    endless = False
    for step in _steps(argv, twin):
        endless = endless or step.endless
        if step.at > elapsed:
            found.next_change = step.at if step.path or endless else found.next_change
            if found.next_change is not None or step.code is not None:
                break
            continue
        if step.output:
            found.lines.append((step.at, step.output))
        if step.path and step.content is None:
            found.files.pop(step.path, None)
        elif step.path:
            found.files[step.path] = step.content or ""
    return found


class Answer(NamedTuple):
    """What a command that somebody runs in a container answers."""

    code: int
    output: str = ""
    duration: int = 0
    """ns that it runs."""


def answer(argv: Sequence[str], machine: Machine) -> Answer | None:
    """The answer of *argv*, run to its end; None for a command that is not known or has no end."""
    output = ""
    for step in _steps(argv, copy_of(machine)):
        if step.endless:
            return None
        output += step.output
        if step.code is not None:
            return Answer(step.code, output, step.at)
    return None


def _steps(argv: Sequence[str], machine: Machine) -> Iterator[Step]:
    try:
        yield from run(argv, machine)
    except UnknownScript:
        return
