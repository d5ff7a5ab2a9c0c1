"""The command line ``k8scourse scenario run | check FILES``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from k8scourse.scenario import report
from k8scourse.scenario.faults import Fault
from k8scourse.scenario.grammar import GrammarNeedsJsonschema
from k8scourse.scenario.loader import load_files
from k8scourse.scenario.outcome import Outcome
from k8scourse.scenario.runner import Build, run_scenarios

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: SubParsers) -> argparse.ArgumentParser:
    """Adds the command ``scenario`` to the parsers of a command line; its ``main`` is set as ``run_command``."""
    parser = subparsers.add_parser("scenario", help="run or check scenarios", description=__doc__)
    _fill(parser)
    parser.set_defaults(run_command=main)
    return parser


def _fill(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="run | check")
    run = verbs.add_parser("run", help="run the scenarios of files and report")
    run.add_argument("files", nargs="+", metavar="FILE", help="a file of scenarios; - is standard input")
    run.add_argument("--id", action="append", default=[], metavar="ID", help="run only this scenario (repeatable)")
    run.add_argument("--json", action="store_true", help="print the report as JSON")
    run.add_argument("--junit", metavar="PATH", help="also write the report as JUnit XML")
    check = verbs.add_parser("check", help="check that files fit the grammar; nothing runs")
    check.add_argument("files", nargs="+", metavar="FILE", help="a file of scenarios; - is standard input")


def main(args: argparse.Namespace, *, build: Build | None = None, out: TextIO | None = None) -> int:
    """Does what the parsed arguments say and returns the exit code: 0 all passed, 1 something failed, 2 invalid.

    *build* makes the world of a scenario (by default a Cluster), *out* gets the report (by default standard output).
    """
    stream = out or sys.stdout
    try:
        return _check(args.files, stream) if args.verb == "check" else _run(args, build, stream)
    except GrammarNeedsJsonschema as error:
        print(error, file=sys.stderr)
        return 2


def _check(names: Sequence[str], out: TextIO) -> int:
    files, faults = load_files(names)
    _print_faults(faults, out)
    count = sum(len(file.scenarios) for file in files)
    print(f"{_plural(count, 'scenario')} in {_plural(len(files), 'valid file')}", file=out)
    return 2 if faults else 0


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _run(args: argparse.Namespace, build: Build | None, out: TextIO) -> int:
    files, faults = load_files(args.files)
    scenarios = [scenario for file in files for scenario in file.scenarios]
    unknown = [name for name in args.id if all(scenario.id != name for scenario in scenarios)]
    if unknown and not faults:
        print(f"no scenario is named {', '.join(unknown)}", file=sys.stderr)
        return 2
    chosen = [scenario for scenario in scenarios if not args.id or scenario.id in args.id]
    if not args.json:
        _print_faults(faults, out)
    outcomes = []
    for outcome in _with_progress(run_scenarios(chosen, build or cluster_world()), len(chosen), out):
        outcomes.append(outcome)
        if not args.json:
            print(report.scenario_line(outcome), file=out)
    invalid = len({fault.file for fault in faults})
    if args.json:
        print(report.as_json(outcomes, [str(fault) for fault in faults]), file=out)
    else:
        for outcome in outcomes:
            if outcome.failures:
                print(f"\n{report.outcome_text(outcome)}", file=out)
        print(f"\n{report.totals(outcomes, invalid)}", file=out)
    if args.junit:
        Path(args.junit).write_text(report.as_junit(outcomes), "utf-8")
    return report.exit_code(outcomes, invalid)


def cluster_world() -> Build:
    """What makes the world of a scenario from a Cluster; imported only when something runs."""
    from k8scourse.scenario.cluster_world import ClusterWorld

    return ClusterWorld.from_world


def _print_faults(faults: Iterable[Fault], out: TextIO) -> None:
    for fault in faults:
        print(fault, file=out)


def _with_progress(outcomes: Iterable[Outcome], total: int, out: TextIO) -> Iterable[Outcome]:
    """Shows how far the run is when the report goes into a file and standard error is a terminal."""
    if out.isatty() or not sys.stderr.isatty():
        yield from outcomes
        return
    for done, outcome in enumerate(outcomes, start=1):
        print(f"\r{done}/{total}", end="", file=sys.stderr, flush=True)
        yield outcome
    print("\r\033[K", end="", file=sys.stderr, flush=True)


def run_command_line(arguments: Sequence[str]) -> int:
    """Parses *arguments* (without the word ``scenario``) and runs them."""
    parser = argparse.ArgumentParser(prog="k8scourse scenario", description=__doc__)
    _fill(parser)
    return main(parser.parse_args(arguments))
