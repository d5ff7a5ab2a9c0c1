"""Reading a kubectl command line: POSIX words, then flags as cobra and pflag read them.

kubectl uses github.com/spf13/pflag (flag.go parseArgs, parseLongArg, parseShortArg) and cobra's search for the command
(command.go Find, stripFlags); texts of errors are theirs.
"""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from k8scourse.kubectl.errors import FlagError, KubectlError
from k8scourse.machinery import duration
from k8scourse.machinery.go_format import go_quote

_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})
_INTEGER = re.compile(r"[+-]?(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|[0-9][0-9_]*)")


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag of a command. *kind*: bool, string, int, duration, slice (values split at commas) or array."""

    name: str
    short: str = ""
    kind: str = "string"
    default: Any = ""
    bare: str | None = None
    """The value that the flag has when it is given without one (pflag's NoOptDefVal)."""

    @property
    def label(self) -> str:
        """The flag in messages: `-w, --watch` or `--grace-period`."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


@dataclass(slots=True)
class Arguments:
    """A parsed command line: positional words, the value of every flag and the names of those given."""

    words: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    given: dict[str, None] = field(default_factory=dict)
    words_before_dash: int = -1
    """Number of words before `--`; -1 without one."""
    texts: list[tuple[str, str]] = field(default_factory=list)
    """The names and texts of the flags as given, in order."""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a flag; *default* if the command has no such flag."""
        return self.values.get(name, default)

    def changed(self, name: str) -> bool:
        """Whether the flag was given."""
        return name in self.given


def split(text: str) -> list[str]:
    """The words of *text* as a POSIX shell splits them; KubectlError for an open quotation."""
    try:
        return shlex.split(text, comments=False, posix=True)
    except ValueError as error:
        raise KubectlError(f"can't read the command line: {str(error).lower()}") from error


def flag_table(text: str) -> dict[str, Flag]:
    """Flags written as `name/short:kind=default` words; a default in `[...]` is the value of a bare flag."""
    flags = [_read_flag(word) for word in text.split()]
    return {flag.name: flag for flag in flags}


_FLAG = re.compile(
    r"(?P<name>[\w-]+)(/(?P<short>\w))?:(?P<kind>bool|string|int|duration|slice|array)"
    r"(=(?P<default>[^\[\s]*))?(\[(?P<bare>\w+)\])?"
)


def _read_flag(word: str) -> Flag:
    match = _FLAG.fullmatch(word)
    if match is None:
        raise ValueError(f"not a flag: {word!r}")
    kind, default = match["kind"], match["default"] or ""
    value: Any = [] if kind in ("slice", "array") else convert(kind, default) if default else _ZERO[kind]
    bare = "true" if kind == "bool" else match["bare"]
    return Flag(match["name"], match["short"] or "", kind, value, bare)


_ZERO: Mapping[str, Any] = {"bool": False, "string": "", "int": 0, "duration": 0}


class BadValue(ValueError):
    """A flag's value can't be read; the message is the one of Go's strconv or time package."""


def convert(kind: str, text: str) -> Any:
    """The value of *text* for a flag of this *kind*; durations are ns. Raises BadValue."""
    match kind:
        case "bool":
            return _boolean(text)
        case "int":
            return _integer(text)
        case "duration":
            try:
                return duration.parse_duration(text)
            except ValueError as error:
                raise BadValue(f"time: invalid duration {go_quote(text)}") from error
        case "slice":
            return next(csv.reader([text]), [])
        case "array":
            return [text]
        case _:
            return text


def _boolean(text: str) -> bool:
    if text not in _TRUE | _FALSE:
        raise BadValue(f"strconv.ParseBool: parsing {go_quote(text)}: invalid syntax")
    return text in _TRUE


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise BadValue(f"strconv.ParseInt: parsing {go_quote(text)}: invalid syntax")
    octal = re.fullmatch(r"([+-]?)0([0-7]+)", text)
    value = int(f"{octal[1]}0o{octal[2]}", 0) if octal else int(text, 0)
    if not -(2**63) <= value < 2**63:
        raise BadValue(f"strconv.ParseInt: parsing {go_quote(text)}: value out of range")
    return value


def find_command(words: Sequence[str], flags: Mapping[str, Flag]) -> tuple[str | None, list[str]]:
    """The first word that is no flag and no value of one, and all other words in order; None if there is none."""
    shorts = {flag.short: flag for flag in flags.values() if flag.short}
    index = 0
    while index < len(words):
        word = words[index]
        if word == "--":
            break
        if word.startswith("--") and len(word) > 2:
            known = flags.get(word[2:])
            takes_next = "=" not in word and (known is None or known.bare is None)
        elif word.startswith("-") and len(word) > 1:
            known = shorts.get(word[1])
            takes_next = len(word) == 2 and (known is None or known.bare is None)
        else:
            return word, [*words[:index], *words[index + 1 :]]
        index += 2 if takes_next else 1
    return None, list(words)


class HelpRequested(Exception):
    """The command line asks for help (-h or --help)."""


class Parser:
    """Reads the words of one command with its flags."""

    def __init__(self, command: str, flags: Mapping[str, Flag]) -> None:
        """*command* is the path that errors name, such as `kubectl get`."""
        self._command = command
        self._flags = flags
        self._shorts = {flag.short: flag for flag in flags.values() if flag.short}

    def parse(self, words: Sequence[str]) -> Arguments:
        """The arguments in *words*; flags and words may be mixed, `--` ends the flags.

        Raises FlagError with pflag's text, HelpRequested for -h and --help.
        """
        arguments = Arguments(values={flag.name: _copy(flag.default) for flag in self._flags.values()})
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if word == "--":
                arguments.words_before_dash = len(arguments.words)
                arguments.words.extend(rest)
                break
            if len(word) < 2 or not word.startswith("-"):
                arguments.words.append(word)
            elif word.startswith("--"):
                self._long(word, rest, arguments)
            else:
                self._short(word[1:], rest, arguments)
        return arguments

    def _long(self, word: str, rest: list[str], arguments: Arguments) -> None:
        name, equals, value = word[2:].partition("=")
        if not name or name.startswith("-"):
            raise FlagError(self._command, f"bad flag syntax: {word}")
        flag = self._flags.get(name)
        if flag is None:
            if name == "help":
                raise HelpRequested
            raise FlagError(self._command, f"unknown flag: --{name}")
        if not equals:
            value = self._implied(flag, rest, f"--{name}")
        self._set(flag, value, arguments)

    def _short(self, letters: str, rest: list[str], arguments: Arguments) -> None:
        while letters:
            flag = self._shorts.get(letters[0])
            if flag is None:
                if letters[0] == "h":
                    raise HelpRequested
                raise FlagError(self._command, f"unknown shorthand flag: '{letters[0]}' in -{letters}")
            if len(letters) > 2 and letters[1] == "=":
                return self._set(flag, letters[2:], arguments)
            if flag.bare is not None:
                self._set(flag, flag.bare, arguments)
                letters = letters[1:]
                continue
            value = letters[1:] or self._implied(flag, rest, f"'{letters[0]}' in -{letters}")
            return self._set(flag, value, arguments)
        return None

    def _implied(self, flag: Flag, rest: list[str], where: str) -> str:
        if flag.bare is not None:
            return flag.bare
        if not rest:
            raise FlagError(self._command, f"flag needs an argument: {where}")
        return rest.pop(0)

    def _set(self, flag: Flag, text: str, arguments: Arguments) -> None:
        try:
            value = convert(flag.kind, text)
        except BadValue as error:
            message = f"invalid argument {go_quote(text)} for {go_quote(flag.label)} flag: {error}"
            raise FlagError(self._command, message) from error
        if isinstance(value, list) and flag.name in arguments.given:
            value = [*arguments.values[flag.name], *value]
        arguments.values[flag.name] = value
        arguments.given[flag.name] = None
        arguments.texts.append((flag.name, text))


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def suggestions(typed: str, commands: Sequence[str], also: Callable[[str], bool] = lambda _: False) -> list[str]:
    """The commands that cobra suggests for *typed*: distance at most 2, or starting with it.

    Source: cobra, command.go SuggestionsFor.
    """
    return [
        name
        for name in commands
        if _distance(typed.lower(), name.lower()) <= 2 or name.lower().startswith(typed.lower()) or also(name)
    ]


def _distance(left: str, right: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], previous if a == b else 1 + min(previous, row[j], row[j - 1])
    return row[-1]
