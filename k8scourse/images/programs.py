"""Programs that every image is assumed to have: sleep, echo, cat, touch, test and their like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from k8scourse.images.shell_words import UnknownScript
from k8scourse.machinery.timestamps import format_time

SECOND = 1_000_000_000
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}
FOREVER = 2**62


@dataclass(slots=True)
class Machine:
    """What a process finds: variables, files, the name of its host, and when it starts."""

    variables: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    hostname: str = ""
    now: int = 0
    """The start, in ns since the Unix epoch."""


class Result(NamedTuple):
    """What a program leaves: exit code, output (with line breaks), how long it ran (ns), files (None: removed)."""

    code: int = 0
    output: str = ""
    duration: int = 0
    files: tuple[tuple[str, str | None], ...] = ()


Program = Callable[[Sequence[str], Machine, int], Result]


def seconds(text: str) -> int | None:
    """A time as sleep reads it (1.5, 10s, 2m, infinity) in ns, or None."""
    if text in ("infinity", "inf"):
        return FOREVER
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text)
    return round(float(match[1]) * _UNITS[match[2]] * SECOND) if match else None


def _sleep(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    times = [seconds(text) for text in argv[1:]]
    if not times or None in times:
        return Result(1, f"sleep: invalid time interval '{(argv[1:] or [''])[0]}'\n")
    return Result(duration=sum(filter(None, times)))


def _echo(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    words = list(argv[1:])
    end, escapes = "\n", False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        option = words.pop(0)
        end = "" if "n" in option else end
        escapes = escapes or "e" in option
    text = " ".join(words)
    return Result(output=(_unescape(text) if escapes else text) + end)


def _printf(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    if len(argv) < 2:
        return Result(2)
    text, values = _unescape(argv[1]), list(argv[2:])
    text = re.sub(r"%[sd]", lambda match: values.pop(0) if values else "", text)
    return Result(output=text.replace("%%", "%"))


def _unescape(text: str) -> str:
    return re.sub(r"\\[nt\\]", lambda match: _ESCAPES[match[0]], text)


def _cat(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    code, output = 0, ""
    for path in (word for word in argv[1:] if not word.startswith("-")):
        if path in machine.files:
            output += machine.files[path]
        else:
            code, output = 1, output + f"cat: can't open '{path}': No such file or directory\n"
    return Result(code, output)


def _touch(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    paths = [word for word in argv[1:] if not word.startswith("-")]
    return Result(files=tuple((path, machine.files.get(path, "")) for path in paths))


def _remove(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    force = any(word.startswith("-") and "f" in word for word in argv[1:])
    paths = [word for word in argv[1:] if not word.startswith("-")]
    missing = [path for path in paths if path not in machine.files and not force]
    text = "".join(f"rm: can't remove '{path}': No such file or directory\n" for path in missing)
    files: list[tuple[str, str | None]] = [(path, None) for path in paths if path in machine.files]
    return Result(1 if missing else 0, text, files=tuple(files))


def _directories(machine: Machine) -> set[str]:
    found = {"/", "/tmp"}
    for path in machine.files:
        while path.count("/") > 1:
            path = path.rpartition("/")[0]
            found.add(path)
    return found


def _list(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    code, output = 0, ""
    for path in [word for word in argv[1:] if not word.startswith("-")] or ["/"]:
        folder = path.rstrip("/")
        if path in machine.files:
            output += f"{path}\n"
        elif (folder or "/") in _directories(machine):
            inside = {
                name[len(folder) + 1 :].partition("/")[0] for name in machine.files if name.startswith(f"{folder}/")
            }
            output += "".join(f"{name}\n" for name in sorted(inside) if not name.startswith(".."))
        else:
            code, output = 1, output + f"ls: {path}: No such file or directory\n"
    return Result(code, output)


def _test(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    words = list(argv[1:-1] if argv[0] == "[" else argv[1:])
    negated = bool(words) and words[0] == "!"
    words = words[1:] if negated else words
    return Result(int(_holds(words, machine) == negated))


def _holds(words: list[str], machine: Machine) -> bool:
    if len(words) == 1:
        return bool(words[0])
    if len(words) == 2:
        checks = {
            "-z": lambda word: not word,
            "-n": bool,
            "-f": lambda word: word in machine.files,
            "-e": lambda word: word in machine.files or word.rstrip("/") in _directories(machine),
            "-s": lambda word: bool(machine.files.get(word)),
            "-r": lambda word: word in machine.files,
            "-d": lambda word: (word.rstrip("/") or "/") in _directories(machine),
        }
        if words[0] in checks:
            return checks[words[0]](words[1])
    if len(words) == 3 and words[1] in ("=", "==", "!="):
        return (words[0] == words[2]) == (words[1] != "!=")
    if len(words) == 3 and all(re.fullmatch(r"-?\d+", word) for word in (words[0], words[2])):
        left, right = int(words[0]), int(words[2])
        answers = {
            "-eq": left == right,
            "-ne": left != right,
            "-lt": left < right,
            "-le": left <= right,
            "-gt": left > right,
            "-ge": left >= right,
        }
        if words[1] in answers:
            return answers[words[1]]
    raise UnknownScript(" ".join(words))


def _date(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    if len(argv) > 1 and argv[1] not in ("-u", "+%s"):
        raise UnknownScript(" ".join(argv))
    instant = machine.now + elapsed
    if len(argv) > 1 and argv[1] == "+%s":
        return Result(output=f"{instant // SECOND}\n")
    text = format_time(instant)
    month, day = _MONTHS[int(text[5:7]) - 1], int(text[8:10])
    weekday = _DAYS[instant // (86_400 * SECOND) % 7]
    return Result(output=f"{weekday} {month} {day:>2} {text[11:19]} UTC {text[:4]}\n")


def _environment(argv: Sequence[str], machine: Machine, elapsed: int) -> Result:
    if len(argv) == 1:
        return Result(output="".join(f"{name}={value}\n" for name, value in machine.variables.items()))
    if argv[0] == "env":
        raise UnknownScript(" ".join(argv))
    found = [machine.variables[name] for name in argv[1:] if name in machine.variables]
    return Result(int(len(found) < len(argv) - 1), "".join(f"{value}\n" for value in found))


def _says(text: str) -> Program:
    return lambda argv, machine, elapsed: Result(output=text)


def _ends(code: int) -> Program:
    return lambda argv, machine, elapsed: Result(code)


KNOWN: dict[str, Program] = {
    "true": _ends(0),
    ":": _ends(0),
    "false": _ends(1),
    "sleep": _sleep,
    "echo": _echo,
    "printf": _printf,
    "cat": _cat,
    "touch": _touch,
    "rm": _remove,
    "mkdir": _ends(0),
    "ls": _list,
    "test": _test,
    "[": _test,
    "date": _date,
    "env": _environment,
    "printenv": _environment,
    "hostname": lambda argv, machine, elapsed: Result(output=f"{machine.hostname}\n"),
    "pwd": _says("/\n"),
    "id": _says("uid=0(root) gid=0(root) groups=0(root)\n"),
    "whoami": _says("root\n"),
    "uname": _says("Linux\n"),
    "sync": _ends(0),
}
"""The programs by name; anything else is not known here."""
