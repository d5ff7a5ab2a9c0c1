"""What `--help` shows: names and flags of commands, in this project's own words."""

from __future__ import annotations

from collections.abc import Mapping

from k8scourse.kubectl import command_table
from k8scourse.kubectl.command_line import Flag


def overview() -> str:
    """The commands, those that are simulated first."""
    known = {command.partition(" ")[0] for command in command_table.COMMANDS}
    simulated = [name for name in command_table.REAL_COMMANDS if name in known]
    others = [name for name in command_table.REAL_COMMANDS if name not in known]
    return (
        "kubectl controls the Kubernetes cluster manager.\n\n"
        f"Available Commands:\n{_lines(simulated)}\n"
        f"Not simulated yet:\n{_lines(others)}\n"
        "Usage:\n  kubectl [flags] [options]\n\n"
        'Use "kubectl <command> --help" for the flags of a command.\n'
        'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'
    )


def subcommands(command: str) -> str:
    """The commands below *command*."""
    return (
        f"Available Commands:\n{_lines(list(command_table.SUBCOMMANDS[command]))}\n"
        f"Usage:\n  kubectl {command} SUBCOMMAND\n\n"
        f'Use "kubectl {command} <command> --help" for the flags of a command.\n'
        'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'
    )


def usage(command: str, flags: Mapping[str, Flag]) -> str:
    """The flags of *command* without the global ones."""
    own = {name: flag for name, flag in flags.items() if name not in command_table.flags_of("")}
    return (
        f"{_options(own)}Usage:\n  kubectl {command} [flags] [options]\n\n"
        'Use "kubectl options" for a list of global command-line options (applies to all commands).\n'
    )


def flags(command: str, known: Mapping[str, Flag]) -> str:
    """The global flags."""
    return f"The following options can be passed to any command of {command}:\n\n{_options(known)}"


def _lines(names: list[str]) -> str:
    return "".join(f"  {name}\n" for name in names)


def _options(known: Mapping[str, Flag]) -> str:
    if not known:
        return ""
    lines: list[str] = []
    for name in sorted(known):
        flag = known[name]
        short = f"-{flag.short}, " if flag.short else ""
        lines.append(f"    {short}--{name}={_default(flag)}")
    return "Options:\n" + "\n".join(lines) + "\n\n"


def _default(flag: Flag) -> str:
    match flag.kind:
        case "bool":
            return "true" if flag.default else "false"
        case "string":
            return f"'{flag.default}'"
        case "slice" | "array":
            return "[]"
        case "duration":
            return f"{flag.default // 1_000_000_000}s"
        case _:
            return str(flag.default)
