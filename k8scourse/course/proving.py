"""Proves an exercise: that right answers get all points, that wrong ones are caught, and that little slips through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from k8scourse.course.checking import check_answer, earns_all
from k8scourse.course.exercise import Exercise
from k8scourse.course.exercise_loader import Equivalent, Solution, WrongAnswer
from k8scourse.course.mutants import mutants_of
from k8scourse.course.playing import ExerciseBroken, right_options
from k8scourse.course.result import Result
from k8scourse.course.variants import Variant, fill

VARIANTS = 5
"""For how many variants an exercise is proven."""

REFUSED_AT_LEAST = 95
"""Per cent of the solution's mutants that must be refused or listed as equivalent."""

_SEEDS = 200


@dataclass(slots=True)
class Proof:
    """What was proven of one exercise, and what spoke against it."""

    exercise: str
    variants: int = 0
    right_answers: int = 0
    wrong_answers: int = 0
    mutants: int = 0
    equivalent: int = 0
    survivors: list[str] = field(default_factory=list)
    """Mutants that got all points and are not listed as equivalent."""
    complaints: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether the exercise is proven."""
        return not self.complaints

    def __str__(self) -> str:
        refused = self.mutants - self.equivalent - len(self.survivors)
        return (
            f"{self.exercise}: {self.variants} variants, {self.right_answers} right answers accepted, "
            f"{self.wrong_answers} wrong ones caught, {refused} of {self.mutants} mutants refused, "
            f"{self.equivalent} equivalent" + (f", {len(self.survivors)} slip through" if self.survivors else "")
        )


def variants_of(exercise: Exercise, count: int = VARIANTS) -> list[Variant]:
    """*count* variants with different values; fewer if there are not so many."""
    found: list[Variant] = []
    for number in range(_SEEDS):
        variant = exercise.variant(f"proof-{number}")
        if all(variant.values != other.values for other in found):
            found.append(variant)
        if len(found) == count:
            break
    return found


def as_answers(exercise: Exercise, answer: Any, variant: Variant) -> dict[str, str]:
    """An answer of solution.yaml as a learner would give it: the text of each part, values filled in."""
    filled = fill(answer, variant.values)
    return dict(filled) if isinstance(filled, Mapping) else {exercise.parts[0].name: str(filled)}


def prove(exercise: Exercise, solution: Solution, *, variants: int = VARIANTS) -> Proof:
    """Prove an exercise for several variants; whatever is wrong with it becomes a complaint."""
    return _Proving(exercise, solution, variants).proof()


class _Proving:
    def __init__(self, exercise: Exercise, solution: Solution, variants: int) -> None:
        self.exercise = exercise
        self.solution = solution
        self.variants = variants_of(exercise, variants)
        self.found = Proof(exercise.id)
        self.unused = {item.change: item for item in solution.equivalent}

    def proof(self) -> Proof:
        if len(self.solution.alternatives) < 2 and not self.solution.one_way:
            self._complain("has fewer than 2 alternatives and does not say why (one_way)")
        try:
            for variant in self.variants:
                self._prove(variant)
        except ExerciseBroken as error:
            self._complain(str(error))
        for change in self.unused:
            self._complain(f'equivalent "{change}" fits no mutant that gets all points')
        return self._judged()

    def _judged(self) -> Proof:
        found = self.found
        if len(found.survivors) * 100 > found.mutants * (100 - REFUSED_AT_LEAST):
            listed = "".join(f"\n    {survivor}" for survivor in found.survivors)
            self._complain(f"{len(found.survivors)} of {found.mutants} mutants get all points:{listed}")
        return found

    def _complain(self, text: str) -> None:
        self.found.complaints.append(text)

    def _check(self, variant: Variant, answer: Any) -> Result:
        return check_answer(self.exercise, variant, as_answers(self.exercise, answer, variant))

    def _prove(self, variant: Variant) -> None:
        self.found.variants += 1
        self._one_right_option(variant)
        self._accepts(variant, "the solution", self.solution.solution)
        for why, answer in self.solution.alternatives:
            self._accepts(variant, f'the alternative "{why}"', answer)
        starter = check_answer(self.exercise, variant, self.exercise.task(variant).starter)
        if starter.earned:
            self._complain(f"{_name(variant)}: the starter gets {starter.earned} points\n{starter}")
        for wrong in self.solution.wrong:
            self._catches(variant, wrong)
        for change, answers in self._mutants(variant):
            self._refuses(variant, change, answers)

    def _one_right_option(self, variant: Variant) -> None:
        for question, options in right_options(self.exercise, variant).items():
            if len(options) != 1:
                shown = ", ".join(options) or "none"
                self._complain(f"{_name(variant)}: question {question} has {len(options)} right options: {shown}")

    def _accepts(self, variant: Variant, words: str, answer: Any) -> None:
        result = self._check(variant, answer)
        self.found.right_answers += 1
        if not result.complete:
            self._complain(f"{_name(variant)}: {words} does not get all points\n{result}")
        elif result.notes:
            self._complain(f"{_name(variant)}: {words} has commands that fail\n{result}")

    def _catches(self, variant: Variant, wrong: WrongAnswer) -> None:
        result = self._check(variant, wrong.answer)
        self.found.wrong_answers += 1
        caught = [check.id for check in result.checks if check.verdict in ("wrong", "unanswered")]
        if result.problem is not None:
            caught = [result.problem.trouble]
        if caught != list(wrong.caught_by):
            by = f"caught by {', '.join(caught)}" if caught else "not caught"
            wanted = ", ".join(wrong.caught_by)
            what = f'the wrong answer "{wrong.misconception}" is {by}, not by {wanted}'
            self._complain(f"{_name(variant)}: {what}\n{result}")

    def _mutants(self, variant: Variant) -> Iterator[tuple[str, dict[str, str]]]:
        answers = as_answers(self.exercise, self.solution.solution, variant)
        for part in self.exercise.parts:
            for change, text in mutants_of(self.exercise, variant, part, answers[part.name]):
                name = f"{part.name}: {change}" if part.name else change
                yield name, {**answers, part.name: text}

    def _refuses(self, variant: Variant, change: str, answers: Mapping[str, str]) -> None:
        self.found.mutants += 1
        if not earns_all(self.exercise, variant, answers):
            return
        listed = self._listed(change, variant)
        if listed is None:
            self.found.survivors.append(f"{_name(variant)}: {change}")
            return
        self.found.equivalent += 1
        self.unused.pop(listed.change, None)

    def _listed(self, change: str, variant: Variant) -> Equivalent | None:
        for item in self.solution.equivalent:
            pattern = str(fill(item.change, variant.values))
            if item.part:
                pattern = f"{item.part}: {pattern}"
            if re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), change):
                return item
        return None


def _name(variant: Variant) -> str:
    return f"variant {variant.seed}"
