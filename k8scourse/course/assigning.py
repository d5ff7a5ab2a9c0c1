"""Hands exercises out: for each learner of a roster a folder with notebooks in that learner's own variants.

The variants come from the class's secret; the grader derives the same ones from the roster and the same secret.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import exercise_ids, find_exercise
from k8scourse.course.exercise_notebook import notebook_name, notebook_text
from k8scourse.course.roster import InvalidRoster, Learner, read_roster, read_secret, variant_for
from k8scourse.scenario.faults import suggest

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]


class UnknownChoice(LookupError):
    """No exercise or chapter has that name; the text names the nearest one."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What `assign` did, as paths within the target folder."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    """Files that were there with another content: left alone, because a learner may have worked in them."""


def chosen_exercises(names: Sequence[str] | None, root: Path | None = None) -> list[str]:
    """The ids that *names* (chapters, or chapter/slug) stand for, sorted; all without names. Raises UnknownChoice."""
    known = exercise_ids(root)
    found: set[str] = set()
    for name in names or ():
        fitting = [item for item in known if item == name or item.startswith(f"{name.rstrip('/')}/")]
        if not fitting:
            chapters = sorted({item.partition("/")[0] for item in known})
            raise UnknownChoice(f'there is no exercise or chapter "{name}"; {suggest(name, [*chapters, *known])}')
        found.update(fitting)
    return sorted(found) if names else known


def assign(exercises: Sequence[Exercise], learners: Sequence[Learner], secret: str, target: Path) -> Assigned:
    """Write TARGET/<learner>/<chapter>/<slug>.ipynb for everybody. Raises OSError."""
    written: list[str] = []
    kept: list[str] = []
    for name, text in _notebooks(exercises, learners, secret):
        path = target / name
        if path.exists():
            if path.read_bytes() != text.encode():
                kept.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(text, "utf-8")
        beside.replace(path)
        written.append(name)
    return Assigned(tuple(written), tuple(kept))


def _notebooks(exercises: Sequence[Exercise], learners: Sequence[Learner], secret: str) -> Iterator[tuple[str, str]]:
    for learner in learners:
        for exercise in exercises:
            chapter = exercise.id.partition("/")[0]
            text = notebook_text(exercise, variant_for(exercise, learner.id, secret))
            yield f"{learner.id}/{chapter}/{notebook_name(exercise)}", text


def add_parser(verbs: SubParsers) -> argparse.ArgumentParser:
    """Adds the verb ``assign`` to those of ``k8scourse exercise``; its ``main`` is set as ``run_command``."""
    parser = verbs.add_parser("assign", help="write notebooks with variants for a class", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="chapters or exercises (chapter/slug); all by default")
    parser.add_argument(
        "--roster", type=Path, required=True, metavar="FILE", help="CSV with the columns learner, name, email"
    )
    parser.add_argument("--secret-file", type=Path, required=True, metavar="FILE", help="the class's secret, one line")
    parser.add_argument("--out", type=Path, default=Path("assigned"), metavar="DIR", help="where to write (assigned)")
    parser.set_defaults(run_command=main)
    return parser


def main(args: argparse.Namespace, *, root: Path | None = None, out: TextIO | None = None) -> int:
    """Does what the parsed arguments say; gives the exit code: 0 all is written, 1 something was kept, 2 unusable."""
    stream = out or sys.stdout
    try:
        exercises = [find_exercise(name, root) for name in chosen_exercises(args.names, root)]
        learners, secret = read_roster(args.roster), read_secret(args.secret_file)
    except (InvalidRoster, UnknownChoice) as error:
        print(error, file=sys.stderr)
        return 2
    done = assign(exercises, learners, secret, args.out)
    print(f"{len(done.written)} notebooks for {len(learners)} learners written to {args.out}", file=stream)
    for name in done.kept:
        print(f"{args.out / name} has another content and was left alone", file=stream)
    return 1 if done.kept else 0
