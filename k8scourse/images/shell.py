"""What a process prints, writes and leaves behind over time: simple commands, and shell scripts made of them.

A script may use ; && || line breaks, redirections to files, while, until, for and if. What is not understood is told
apart by UnknownScript; a container's process that is not understood runs on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from k8scourse.images.programs import KNOWN, Machine, Result
from k8scourse.images.shell_syntax import Compound, Simple, parse
from k8scourse.images.shell_words import Token, UnknownScript, expand

SHELLS = ("sh", "bash", "ash", "dash")
_ROUNDS = 2000
"""So often a loop that may end is followed; after that it counts as endless."""


class Step(NamedTuple):
    """Something that a process does at an instant."""

    at: int
    """ns after its start."""
    output: str = ""
    path: str = ""
    content: str | None = None
    """What the file at *path* holds from now on; None: it is removed."""
    code: int | None = None
    """The exit code, if it ends."""
    endless: bool = False
    """From here on it repeats itself for ever."""


def run(argv: Sequence[str], machine: Machine) -> Iterator[Step]:
    """The steps of the process *argv*, as far as somebody asks for them.

    A process that ends has a last step with a code; one that only stops giving steps runs on. Raises UnknownScript.
    """
    name = argv[0].rpartition("/")[2]
    shell = _Shell(machine)
    if name in SHELLS:
        if len(argv) > 2 and argv[1].startswith("-") and argv[1].endswith("c"):
            yield from shell.process(parse(argv[2]))
        else:
            if len(argv) > 1:
                raise UnknownScript(" ".join(argv))
            yield Step(0, code=0)
        return
    yield from shell.process([Simple([*argv])])


class _Exit(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


class _Break(Exception):
    pass


class _Shell:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.elapsed = 0
        self.code = 0

    def process(self, script: list[object]) -> Iterator[Step]:
        try:
            yield from self.commands(script)
        except _Exit as end:
            self.code = end.code
        yield Step(self.elapsed, code=self.code)

    def commands(self, script: list[object]) -> Iterator[Step]:
        skip = False
        for item in script:
            if isinstance(item, str):
                skip = item != ";" and (self.code != 0) == (item == "&&")
            elif skip:
                continue
            elif isinstance(item, Compound):
                yield from self.compound(item)
            elif isinstance(item, Simple):
                yield from self.simple(item)

    def compound(self, item: Compound) -> Iterator[Step]:
        if item.keyword == "if":
            yield from self.commands(item.condition)
            yield from self.commands(item.body if self.code == 0 else item.otherwise)
        elif item.keyword == "for":
            for value in [value for word in item.words for value in self.expand(word)]:
                self.machine.variables[item.variable] = value
                yield from self.commands(item.body)
        else:
            yield from self.loop(item)

    def loop(self, item: Compound) -> Iterator[Step]:
        if _is_endless(item):
            yield Step(self.elapsed, endless=True)
            rounds = None
        else:
            rounds = _ROUNDS
        try:
            while rounds is None or rounds:
                before = self.elapsed
                yield from self.commands(item.condition)
                if (self.code == 0) == (item.keyword == "until"):
                    self.code = 0
                    return
                yield from self.commands(item.body)
                yield Step(self.elapsed)
                if rounds is None and self.elapsed == before:
                    raise UnknownScript("a loop that takes no time")
                rounds = None if rounds is None else rounds - 1
        except _Break:
            self.code = 0
            return
        raise UnknownScript("a loop that goes on")

    def simple(self, item: Simple) -> Iterator[Step]:
        argv = list(item.argv)
        for word in item.words:
            name, mark, _ = word.keyword.partition("=")
            if not argv and mark and name.isidentifier():
                self.machine.variables[name] = "".join(self.expand(word)).partition("=")[2]
                continue
            argv.extend(self.expand(word))
        if not argv:
            self.code = 0
            return
        leaves = argv[0] == "exec" and len(argv) > 1
        result = self.invoke(argv[1:] if leaves else argv)
        self.elapsed += result.duration
        self.code = result.code
        for path, content in result.files:
            yield from self.write(path, content)
        if item.target is not None:
            yield from self.redirect("".join(self.expand(item.target)), result.output, append=item.append)
        elif result.output:
            yield Step(self.elapsed, output=result.output)
        if leaves:
            raise _Exit(self.code)

    def redirect(self, path: str, output: str, *, append: bool) -> Iterator[Step]:
        if path in ("/dev/stdout", "/dev/stderr", "/proc/1/fd/1", "/proc/1/fd/2"):
            yield Step(self.elapsed, output=output)
        elif path != "/dev/null":
            before = self.machine.files.get(path, "") if append else ""
            yield from self.write(path, before + output)

    def write(self, path: str, content: str | None) -> Iterator[Step]:
        if content is None:
            self.machine.files.pop(path, None)
        else:
            self.machine.files[path] = content
        yield Step(self.elapsed, path=path, content=content)

    def invoke(self, argv: list[str]) -> Result:
        name = argv[0].rpartition("/")[2]
        if name == "exit":
            raise _Exit(int(argv[1]) if len(argv) > 1 and argv[1].isdigit() else self.code)
        if name in ("break", "continue"):
            if name == "break":
                raise _Break
            raise UnknownScript(name)
        if name in ("set", "export", "cd", "umask"):
            for word in argv[1:] if name == "export" else ():
                key, mark, value = word.partition("=")
                if mark:
                    self.machine.variables[key] = value
            return Result()
        if name in SHELLS and len(argv) > 2 and argv[1] == "-c":
            return self.inner(argv)
        program = KNOWN.get(name)
        if program is None:
            raise UnknownScript(" ".join(argv))
        return program([name, *argv[1:]], self.machine, self.elapsed)

    def inner(self, argv: list[str]) -> Result:
        output, code, last = "", 0, 0
        machine = replace(self.machine, now=self.machine.now + self.elapsed)
        for step in run(argv, machine):
            if step.endless:
                raise UnknownScript(" ".join(argv))
            output, last = output + step.output, step.at
            code = code if step.code is None else step.code
        return Result(code, output, last)

    def expand(self, word: Token) -> list[str]:
        return expand(word.parts, self.machine.variables, self.output_of)

    def output_of(self, script: str) -> str:
        return self.inner(["sh", "-c", script]).output


def _is_endless(item: Compound) -> bool:
    """Whether a loop has a condition that always holds and no way out."""
    condition = [part for part in item.condition if part != ";"]
    if len(condition) != 1 or not isinstance(condition[0], Simple):
        return False
    words = [word.keyword for word in condition[0].words]
    always = words in (["true"], [":"], ["false"]) and (words == ["false"]) == (item.keyword == "until")
    return always and not _leaves(item.body)


def _leaves(script: list[object]) -> bool:
    for item in script:
        if isinstance(item, Compound) and (_leaves(item.body) or _leaves(item.otherwise)):
            return True
        if isinstance(item, Simple) and item.words and item.words[0].keyword in ("exit", "break", "exec"):
            return True
    return False


def copy_of(machine: Machine) -> Machine:
    """An independent copy for another run."""
    return Machine(dict(machine.variables), dict(machine.files), machine.hostname, machine.now)
