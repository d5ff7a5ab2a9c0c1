"""The command line ``k8scourse exercise check | build | list | assign``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from k8scourse.course import assigning
from k8scourse.course.content import content_dir
from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import EXERCISE, load_exercise, load_solution
from k8scourse.course.exercise_notebook import notebook_name, notebook_text
from k8scourse.course.proving import VARIANTS, Proof, prove
from k8scourse.scenario.faults import InvalidFile
from k8scourse.scenario.grammar import GrammarNeedsJsonschema

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]

_WIDTH = 24


def add_parser(subparsers: SubParsers) -> argparse.ArgumentParser:
    """Adds the command ``exercise`` to the parsers of a command line; its ``main`` is set as ``run_command``."""
    parser = subparsers.add_parser("exercise", help="prove, build, list and hand out exercises", description=__doc__)
    _fill(parser)
    parser.set_defaults(run_command=main)
    return parser


def _fill(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="check | build | list | assign")
    check = verbs.add_parser("check", help="prove that exercises judge right answers right and wrong ones wrong")
    check.add_argument("--variants", type=int, default=VARIANTS, metavar="N", help=f"how many variants ({VARIANTS})")
    build = verbs.add_parser("build", help="write the learner's notebook of each exercise")
    build.add_argument("--check", action="store_true", help="only say which notebooks are not up to date")
    listing = verbs.add_parser("list", help="name the exercises with their points and versions")
    for verb in (check, build, listing):
        verb.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders of exercises (all)")
    assigning.add_parser(verbs)


def main(args: argparse.Namespace, *, out: TextIO | None = None) -> int:
    """Does what the parsed arguments say; exit code 0: all is well, 1: something is not, 2: a file is invalid."""
    stream = out or sys.stdout
    try:
        exercises = [load_exercise(folder, strict=True) for folder in folders(args.paths)]
        if args.verb == "build":
            return _build(exercises, args.check, stream)
        if args.verb == "list":
            return _list(exercises, stream)
        return _check(exercises, args.variants, stream)
    except (InvalidFile, GrammarNeedsJsonschema) as error:
        print(error, file=sys.stderr)
        return 2


def folders(paths: Sequence[Path]) -> list[Path]:
    """The folders of exercises at or below *paths*, sorted; without any, those of the course."""
    found: list[Path] = []
    for path in paths or [content_dir("exercises")]:
        place = path.parent if path.name == EXERCISE else path
        inside = sorted(file.parent for file in place.rglob(EXERCISE))
        if not inside:
            raise LookupError(f"{path} has no {EXERCISE} in it")
        found += [folder for folder in inside if folder not in found]
    return found


def _check(exercises: Sequence[Exercise], variants: int, out: TextIO) -> int:
    bad = 0
    for proof in _with_progress((_proof(exercise, variants) for exercise in exercises), len(exercises), out):
        print(f"{'ok  ' if proof.holds else 'FAIL'} {proof}", file=out)
        for complaint in proof.complaints:
            print("    " + complaint.replace("\n", "\n    "), file=out)
        bad += not proof.holds
    good = len(exercises) - bad
    print(f"\n{len(exercises)} exercises: {good} proven, {bad} not", file=out)
    return 1 if bad else 0


def _proof(exercise: Exercise, variants: int) -> Proof:
    return prove(exercise, load_solution(exercise, strict=True), variants=variants)


def _with_progress(proofs: Iterable[Proof], total: int, out: TextIO) -> Iterator[Proof]:
    """Draws a bar on standard error while proofs come in, if that is a terminal."""
    if not sys.stderr.isatty():
        yield from proofs
        return
    _draw(0, total)
    for done, proof in enumerate(proofs, start=1):
        print("\r\033[K", end="", file=sys.stderr, flush=True)
        yield proof
        out.flush()
        if done < total:
            _draw(done, total)


def _draw(done: int, total: int) -> None:
    full = _WIDTH * done // total
    print(f"\r[{'#' * full}{'.' * (_WIDTH - full)}] {done}/{total}", end="", file=sys.stderr, flush=True)


def _build(exercises: Sequence[Exercise], only_check: bool, out: TextIO) -> int:
    stale = 0
    for exercise in exercises:
        path, text = exercise.folder / notebook_name(exercise), notebook_text(exercise)
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if only_check:
            print(f"{path} is not up to date; run: k8scourse exercise build", file=out)
        else:
            path.write_text(text, "utf-8")
            print(f"wrote {path}", file=out)
    return 1 if stale and only_check else 0


def _list(exercises: Sequence[Exercise], out: TextIO) -> int:
    width = max((len(exercise.id) for exercise in exercises), default=0)
    for exercise in exercises:
        facts = f"{exercise.kind:<8} {exercise.points:>3} points  {exercise.version}"
        print(f"{exercise.id:<{width}}  {facts}  {exercise.title}", file=out)
    return 0
