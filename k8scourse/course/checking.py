"""Checks an answer: a pure function of the exercise, its variant and the answer's text.

Nothing here reads a clock or a file, and what decides when an answer takes too long is a number of simulated steps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from k8scourse import __version__
from k8scourse.course.answer_world import AnswerWorld
from k8scourse.course.answers import Command, Unreadable, choices_of, commands_of, documents_of, is_empty
from k8scourse.course.blame import wrong_type
from k8scourse.course.exercise import Check, Exercise, Part
from k8scourse.course.playing import DEFAULT_BUDGET, ExerciseBroken, fates, is_answer, play, prepare, unanswered
from k8scourse.course.reasons import why_waiting
from k8scourse.course.result import CheckResult, Problem, Result
from k8scourse.course.variants import Variant
from k8scourse.course.wording import expected_in_words, found_in_words
from k8scourse.machinery.fieldpath import FieldPathError, parse_path
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.yaml import Document
from k8scourse.scenario.answer import Answer
from k8scourse.scenario.model import Located, only_item
from k8scourse.scenario.outcome import Failure
from k8scourse.scenario.words import NotSimulated
from k8scourse.simulation.engine import StepBudgetExceeded

__all__ = ["DEFAULT_BUDGET", "ExerciseBroken", "check_answer", "earns_all"]

LONGEST_QUOTE = 120
"""Characters of a line that feedback repeats."""

_UNKNOWN_FIELD = re.compile(r'unknown field "([^"]+)"')
_DEFECT = "a defect of the simulator: "
_POSITION = re.compile(r"\n +at STDIN:\d+:\d+(?=\n|$)")
"""Where kubectl's standard input has a mistake; the feedback names the line of the cell."""

_LABELS = {"predict": ("you predicted", "it happened"), "explain": ("you chose", "found")}
"""What a question's option and its fate are called, by the kind of the exercise."""


def check_answer(
    exercise: Exercise, variant: Variant, answers: Mapping[str, str], *, budget: int = DEFAULT_BUDGET
) -> Result:
    """Judge *answers* (the text of each part; "" names the only one) and say what was right and what was not.

    *budget* limits the simulated steps. Never raises for what an answer holds; ExerciseBroken for the exercise.
    """
    return _Checking(exercise, variant, answers, budget).result()


def earns_all(
    exercise: Exercise, variant: Variant, answers: Mapping[str, str], *, budget: int = DEFAULT_BUDGET
) -> bool:
    """Whether *answers* get all points; stops at the first check that fails."""
    return _Checking(exercise, variant, answers, budget, to_the_end=False).result().complete


class _Checking:
    """One answer on its way to a result."""

    def __init__(
        self,
        exercise: Exercise,
        variant: Variant,
        answers: Mapping[str, str],
        budget: int,
        *,
        to_the_end: bool = True,
    ) -> None:
        self.exercise = exercise
        self.variant = variant
        self.task = exercise.task(variant)
        self.answers = answers
        self.budget = budget
        self.to_the_end = to_the_end
        self.notes: list[Problem] = []
        self.documents: dict[str, list[Document]] = {}
        self.chosen: dict[str, tuple[Part, str, int]] = {}

    def result(self) -> Result:
        try:
            return self._result(self._checks())
        except Unreadable as error:
            return self._result(self._unjudged(), error.problem)
        except _Refused as error:
            return self._result(self._unjudged(), error.problem)
        except StepBudgetExceeded:
            text = f"the answer keeps the cluster busy for more than {self.budget} steps"
            return self._result(self._unjudged(), Problem("too long", text))

    def _result(self, checks: Sequence[CheckResult], problem: Problem | None = None) -> Result:
        return Result(
            exercise=self.exercise.id,
            version=self.exercise.version,
            variant=self.variant.seed,
            simulator=__version__,
            checks=tuple(replace(check, quoted=self._quoted(check.part, check.line)) for check in checks),
            problem=None if problem is None else replace(problem, quoted=self._quoted(problem.part, problem.line)),
            notes=tuple(replace(note, quoted=self._quoted(note.part, note.line)) for note in self.notes),
            values=self.variant.values,
        )

    def _quoted(self, part: str, line: int | None) -> str:
        """What a line of the answer says, without the space around it; "" where there is no such line."""
        lines = self.answers.get(part, "").splitlines()
        return lines[line - 1].strip()[:LONGEST_QUOTE] if line is not None and 1 <= line <= len(lines) else ""

    def _unjudged(self) -> list[CheckResult]:
        return [CheckResult(check.id, "waiting", check.points, check.wrong) for check in self.task.checks]

    # the answer happens

    def _checks(self) -> list[CheckResult]:
        self._read()
        if not self._answered:
            return [CheckResult(check.id, "unanswered", check.points, check.wrong) for check in self.task.checks]
        for part in self.exercise.parts:
            if is_empty(self._text(part)):
                self.notes.append(Problem("missing", "this part has no answer yet", part.name))
        if all(part.kind == "choice" for part in self.exercise.parts):
            return self._verdicts(unanswered(self.exercise, self.variant.seed, self.budget))
        world = prepare(self.exercise, self.variant, budget=self.budget)
        started = False
        for action in self.task.do:
            if is_answer(action):
                started = True
                self._answer(world, self._part(action))
            elif started:
                self._refuse_failures(play(self.exercise, self.task, world, do=[action]))
        return self._verdicts(world)

    @property
    def _answered(self) -> bool:
        return any(not is_empty(self._text(part)) for part in self.exercise.parts)

    def _text(self, part: Part) -> str:
        return self.answers.get(part.name, "")

    def _part(self, action: Located) -> Part:
        part = self.exercise.part(only_item(action.value)[1].get("part", ""))
        if part is None:
            raise ExerciseBroken(f"{self.exercise.id}: an answer without a part")
        return part

    def _read(self) -> None:
        """Read every part before anything happens, so that an unreadable one costs no simulation."""
        for part in self.exercise.parts:
            text = self._text(part)
            if is_empty(text):
                continue
            if part.kind == "choice":
                chosen, lines = choices_of(part, text, self.task.questions)
                self.chosen |= {name: (part, option, lines[name]) for name, option in chosen.items()}
            else:
                commands_of(part, text)
            if part.kind == "manifest":
                self.documents[part.name] = documents_of(part, text)

    def _answer(self, world: AnswerWorld, part: Part) -> None:
        text = self._text(part)
        if part.kind == "choice" or is_empty(text):
            return
        for command in commands_of(part, text):
            answer = self._run(world, part, command)
            if answer.ok:
                continue
            problem = self._refusal(part, command, answer)
            if part.kind == "manifest":
                raise _Refused(problem)
            self.notes.append(problem)

    def _run(self, world: AnswerWorld, part: Part, command: Command) -> Answer:
        try:
            answer = world.kubectl(command.text, stdin=command.stdin)
            world.settle()
        except (NotSimulated, ApiError) as error:
            line = command.line if part.kind == "kubectl" else None
            raise _Refused(Problem("not simulated", str(error), part.name, line)) from error
        if answer.status is not None and answer.status.get("reason") == "NotSimulated":
            raise _Refused(Problem("not simulated", answer.message, part.name, command.line))
        return answer

    def _refusal(self, part: Part, command: Command, answer: Answer) -> Problem:
        text = answer.printed.strip() or answer.describe()
        if part.kind != "manifest":
            return Problem("refused", text, part.name, command.line)
        line, remedy = self._line_of_refusal(part, answer)
        return Problem("refused", _POSITION.sub("", text), part.name, line, remedy)

    def _line_of_refusal(self, part: Part, answer: Answer) -> tuple[int, str]:
        """The line of the field that the API server names, in the object that it refused, and what to do about it."""
        for document in self.documents[part.name]:
            if (found := wrong_type(document, answer.printed)) is not None:
                return found
        details = (answer.status or {}).get("details") or {}
        documents = self.documents[part.name]
        document = next((item for item in documents if _name(item) == details.get("name")), documents[0])
        unknown = _UNKNOWN_FIELD.search(answer.printed)
        fields = [unknown[1]] if unknown else answer.fields
        return (_line(document, fields[0]) if fields else document.line), ""

    def _refuse_failures(self, failures: Sequence[Failure]) -> None:
        if failures:
            raise _Refused(Problem("defect", f"{failures[0].expected}: {failures[0].found}"))

    # the checks

    def _failures(self, world: AnswerWorld, check: Check) -> list[Failure]:
        """What of a check does not hold; an `answer` among what it does gives the answer once more."""
        own = world.fork() if check.do else world
        failures = self._judged(own, check)
        if failures and not failures[0].why:
            return [replace(failures[0], why=why_waiting(own.cluster)), *failures[1:]]
        return failures

    def _judged(self, world: AnswerWorld, check: Check) -> list[Failure]:
        if not any(is_answer(action) for action in check.do):
            return play(self.exercise, self.task, world, do=check.do, expect=check.expect)
        for action in check.do:
            if is_answer(action):
                self._answer(world, self._part(action))
            elif failures := play(self.exercise, self.task, world, do=[action]):
                return failures
        return play(self.exercise, self.task, world, do=(), expect=check.expect)

    def _verdicts(self, world: AnswerWorld) -> list[CheckResult]:
        results: list[CheckResult] = []
        passed: set[str] = set()
        for check in self.task.checks:
            if not passed.issuperset(check.needs) or (results and not self.to_the_end and len(passed) < len(results)):
                result = CheckResult(check.id, "waiting", check.points, check.wrong)
            elif check.question:
                result = self._question(check)
            else:
                result = self._verdict(check, self._failures(world, check))
            if result.verdict == "right":
                passed.add(check.id)
            results.append(result)
        return results

    def _verdict(self, check: Check, failures: Sequence[Failure]) -> CheckResult:
        if not failures:
            return CheckResult(check.id, "right", check.points, check.right)
        first = failures[0]
        if first.found.startswith((_DEFECT, "not simulated yet")):
            trouble = "defect" if first.found.startswith(_DEFECT) else "not simulated"
            raise _Refused(Problem(trouble, first.found))
        part, line = self._place(check)
        return CheckResult(
            check.id,
            "wrong",
            check.points,
            check.wrong,
            expected=expected_in_words(first.expected),
            found=found_in_words(first.found),
            why=first.why,
            part=part,
            line=line,
        )

    def _place(self, check: Check) -> tuple[str, int | None]:
        """The part and the line of the field that a failed check points at; of the object where it lacks the field."""
        for part, documents in self.documents.items():
            if check.at and documents:
                return part, _line(documents[0], check.at)
        if self.notes:
            return self.notes[0].part, self.notes[0].line
        return "", None

    def _question(self, check: Check) -> CheckResult:
        if check.id not in self.chosen:
            return CheckResult(check.id, "unanswered", check.points, check.wrong)
        part, name, line = self.chosen[check.id]
        option = next(option for option in check.options if option.name == name)
        failures = dict(fates(self.exercise, self.variant.seed, self.budget, check.id))[name]
        if not failures:
            return CheckResult(check.id, "right", check.points, check.right, part=part.name, line=line)
        first = failures[0]
        return CheckResult(
            check.id,
            "wrong",
            check.points,
            check.wrong,
            expected=option.text,
            found=found_in_words(first.found),
            why=first.why,
            part=part.name,
            line=line,
            misconception=option.wrong,
            labels=_LABELS.get(self.exercise.kind, ("you chose", "found")),
        )


class _Refused(Exception):
    """The answer cannot be judged any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def _name(document: Document) -> str:
    value = document.value
    metadata = value.get("metadata") if isinstance(value, Mapping) else None
    return str(metadata.get("name", "")) if isinstance(metadata, Mapping) else ""


def _line(document: Document, path: str) -> int:
    try:
        segments = parse_path(path)
    except FieldPathError:
        return document.line
    return document.positions.nearest(segments).line
