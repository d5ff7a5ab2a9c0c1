"""Grades one submission: which notebook answers which exercise, and what the checks say.

The variant is the roster's, whatever the notebook claims; of a notebook only the version is believed, because an answer
to another version would be judged by rules that it was not written for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from k8scourse import __version__
from k8scourse.course.checking import DEFAULT_BUDGET
from k8scourse.course.exercise import Exercise
from k8scourse.course.roster import Learner, variant_for
from k8scourse.course.variants import SELF_STUDY, Variant
from k8scourse.grading.cache import Recent
from k8scourse.grading.grades import Grade, LearnerGrades, first_reason
from k8scourse.grading.judging import Reply, Task, checking, reading
from k8scourse.grading.plain import canonical_json, digest
from k8scourse.grading.submissions import Submission, Trouble, fingerprint
from k8scourse.grading.workers import Performer, TookTooLong, WorkerDied
from k8scourse.scenario.faults import one_of, suggest

MOST_REMARKS = 10
"""The most remarks that are kept of one notebook."""


class Entry(NamedTuple):
    """One learner of the class and what came from him or her."""

    learner: Learner
    submission: Submission | None
    on_roster: bool = True


@dataclass(frozen=True, slots=True)
class _Read:
    """A notebook that could be read."""

    shown: str
    answers: Mapping[str, Mapping[str, str]]
    origin: Mapping[str, str] | None


@dataclass(frozen=True)
class Grader:
    """How a class is graded: by which exercises, with which secret and budget."""

    exercises: Sequence[Exercise]
    known: Sequence[str]
    """The ids of all exercises of the course, graded or not."""
    secret: str | None = None
    budget: int = DEFAULT_BUDGET
    results: Recent = field(default_factory=Recent)
    """Results as JSON, by the digest of all that they depend on: equal answers are checked once."""
    seeds: Recent = field(default_factory=Recent)
    """For each set of a variant's values the seed by which they are checked, so that workers meet few seeds."""

    def key(self, entry: Entry) -> str:
        """A text that changes with everything that the grades of *entry* depend on."""
        submission = entry.submission
        files = [[submission.shown(path), fingerprint(path)] for path in submission.notebooks] if submission else []
        troubles = [[item.file, item.reason] for item in submission.troubles] if submission else []
        judged = [[item.id, item.version, self.variant(item, entry).seed] for item in self.exercises]
        return digest([__version__, self.budget, entry.learner.id, entry.on_roster, judged, files, troubles])

    def variant(self, exercise: Exercise, entry: Entry) -> Variant:
        """The variant of *exercise* that the roster gives to the learner."""
        return variant_for(exercise, entry.learner.id, self.secret)

    def grade(self, entry: Entry, performer: Performer) -> LearnerGrades:
        """The grades of one learner. Never raises for what was handed in; raises WorkersClosed."""
        if not entry.on_roster:
            trouble = Trouble("", "is not on the roster; nothing was graded")
            return LearnerGrades(entry.learner.id, (), (trouble,))
        return _Grading(self, entry, performer).grades()


class _Grading:
    """One submission on its way to grades."""

    def __init__(self, grader: Grader, entry: Entry, performer: Performer) -> None:
        self.grader = grader
        self.entry = entry
        self.performer = performer
        self.troubles: list[Trouble] = []
        self.final = True

    def grades(self) -> LearnerGrades:
        notebooks = self._read()
        grades = tuple(self._grade(exercise, notebooks) for exercise in self.grader.exercises)
        return LearnerGrades(self.entry.learner.id, grades, tuple(self.troubles), self.final)

    def _call(self, task: Task) -> Reply:
        try:
            return self.performer.call(task)
        except TookTooLong as error:
            text = f"takes longer than {error} to {task['do']}"
        except WorkerDied:
            text = f"ends the process that has to {task['do']} it, as a lack of memory does"
        self.final = False
        return {"trouble": text}

    # notebooks

    def _read(self) -> list[_Read]:
        submission = self.entry.submission
        if submission is None:
            self.troubles.append(Trouble("", "nothing was handed in"))
            return []
        self.troubles += submission.troubles
        if not submission.notebooks and not submission.troubles:
            self.troubles.append(Trouble("", "the folder holds no notebook"))
        found = [self._read_notebook(path, submission.shown(path)) for path in submission.notebooks]
        return [notebook for notebook in found if notebook is not None]

    def _read_notebook(self, path: Path, shown: str) -> _Read | None:
        reply = self._call(reading(path))
        if "trouble" in reply:
            self.troubles.append(Trouble(shown, reply["trouble"]))
            return None
        self.troubles += [Trouble(shown, remark) for remark in reply["remarks"][:MOST_REMARKS]]
        known = self.grader.known
        for name in [name for name in reply["answers"] if name not in known][:MOST_REMARKS]:
            reason = f'answers "{name}", and there is no such exercise; {suggest(name, known)}'
            self.troubles.append(Trouble(shown, reason))
        return _Read(shown, reply["answers"], reply["origin"])

    # exercises

    def _grade(self, exercise: Exercise, notebooks: Sequence[_Read]) -> Grade:
        variant = self.grader.variant(exercise, self.entry)
        blank = Grade(exercise.id, exercise.version, variant.seed, exercise.points, None, "not judged")
        chosen = _choose(exercise.id, notebooks)
        if chosen is None:
            return replace(blank, earned=0, status="missing", reason=_why_missing(exercise, self.troubles))
        blank = replace(blank, notebook=chosen.shown)
        origin = chosen.origin if chosen.origin and chosen.origin["exercise"] == exercise.id else None
        if origin and origin["version"] != exercise.version:
            reason = f"made for version {origin['version']}; graded is version {exercise.version}"
            return replace(blank, status="other version", reason=reason)
        if origin and (reason := _why_other_variant(exercise, origin["variant"], variant)):
            return replace(blank, status="other variant", reason=reason)
        remarks: list[str] = []
        if origin and origin["variant"] != variant.seed:
            remarks.append(f"the notebook was made for variant {origin['variant']}; judged by the learner's own")
        return self._judge(exercise, variant, chosen, blank, remarks)

    def _judge(self, exercise: Exercise, variant: Variant, chosen: _Read, blank: Grade, remarks: list[str]) -> Grade:
        names = [part.name for part in exercise.parts]
        given = chosen.answers[exercise.id]
        strange = sorted(set(given) - set(names))
        if strange:
            wanted = one_of([f"part {name}" if name else "an answer without a part" for name in names])
            remarks.append(
                f"there is an answer to {f'part {strange[0]}' if strange[0] else 'no part'}; expected {wanted}"
            )
        reply = self._check(exercise, variant, {name: given[name] for name in names if name in given})
        blank = replace(blank, remark="; ".join(remarks))
        if "trouble" in reply:
            return replace(blank, reason=reply["trouble"])
        result = reply["result"]
        judged = not result["problem"] or result["problem"]["trouble"] not in ("not simulated", "defect")
        return replace(
            blank,
            earned=result["earned"] if judged else None,
            status="graded" if judged else "not judged",
            reason=first_reason(result),
            result=result,
        )

    def _check(self, exercise: Exercise, variant: Variant, answers: Mapping[str, str]) -> Reply:
        """Check answers, or take the result of an equal answer to a variant with equal values."""
        grader = self.grader
        world = digest([exercise.id, exercise.version, dict(variant.values)])
        key = digest([world, dict(answers), grader.budget])
        known = grader.results.get(key)
        if known is None:
            seed = grader.seeds.get(world) or variant.seed
            grader.seeds.put(world, seed)
            reply = self._call(checking(exercise, seed, answers, grader.budget))
            if "trouble" in reply:
                return reply
            known = canonical_json(reply["result"])
            grader.results.put(key, known)
        return {"result": {**json.loads(known), "variant": variant.seed}}


def _choose(exercise: str, notebooks: Sequence[_Read]) -> _Read | None:
    """The notebook that answers *exercise*: one that was made for it, else any; of several the last by path."""
    having = [notebook for notebook in notebooks if exercise in notebook.answers]
    own = [notebook for notebook in having if notebook.origin and notebook.origin["exercise"] == exercise]
    return (own or having or [None])[-1]


def _why_other_variant(exercise: Exercise, made_for: str, graded: Variant) -> str:
    """Why a notebook and the command line cannot mean the same class; "" where they can.

    Between two learners of a class a foreign variant is the learner's own affair; here somebody handed out or grades
    in the wrong way, and right answers would look wrong.
    """
    if (made_for == SELF_STUDY) == (graded.seed == SELF_STUDY):
        return ""
    if exercise.variant(made_for).values == graded.values:
        return ""
    if made_for == SELF_STUDY:
        return (
            "made for the self-study variant; hand out variants with `k8scourse exercise assign`, "
            "or grade without --secret-file"
        )
    return "made for a variant of a class; grade with --roster and the --secret-file it was assigned with"


def _why_missing(exercise: Exercise, troubles: Sequence[Trouble]) -> str:
    """Why there is no answer; a file named like the exercise's notebook that cannot be used tells most."""
    slug = exercise.id.partition("/")[2]
    own = [item for item in troubles if item.file.rpartition("/")[2] == f"{slug}.ipynb"]
    first = next(iter([*own, *(item for item in troubles if not item.file), *troubles]), None)
    return f"no answer; {first.file} {first.reason}".replace("  ", " ") if first else "no answer"
