"""Runs scenarios by the rules of scenario.md, section 2."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from k8scourse.machinery.status import ApiError
from k8scourse.scenario.answer import Answer
from k8scourse.scenario.context import Context
from k8scourse.scenario.model import Located, Path, Scenario, only_item, show_path
from k8scourse.scenario.outcome import Failure, Outcome
from k8scourse.scenario.rules import may_fail, merged_given, merged_world
from k8scourse.scenario.values import show
from k8scourse.scenario.vocabulary import ACTIONS, EXPECTATIONS
from k8scourse.scenario.words import Miss, NoMeaning, NotSimulated
from k8scourse.scenario.world import UnknownKind, World
from k8scourse.simulation.engine import StepBudgetExceeded

T = TypeVar("T")

Build = Callable[[Mapping[str, Any]], World]
"""Makes the world of a scenario from its ``world`` map (section 3)."""

SIMULATED_PARTS: frozenset[str] = frozenset()
"""The optional parts (``needs``) that the simulator has; a scenario that needs another one is skipped."""


def run_scenario(scenario: Scenario, build: Build, parts: frozenset[str] = SIMULATED_PARTS) -> Outcome:
    """Runs one scenario in a fresh world of *build* and returns its outcome; never raises for what it finds."""
    lacking = [part for part in scenario.needs if part not in parts]
    if lacking:
        return Outcome(scenario, "skip", reason=f"needs {', '.join(lacking)}, not simulated yet")
    failures = tuple(Run(scenario, build).failures())
    return Outcome(scenario, "FAIL" if failures else "ok", failures)


def run_scenarios(scenarios: Iterable[Scenario], build: Build) -> Iterator[Outcome]:
    """Runs scenarios one after the other, each in a world of its own, and yields the outcomes as they come."""
    for scenario in scenarios:
        yield run_scenario(scenario, build)


@dataclass(slots=True)
class Run:
    """One run of a scenario in a world of *build*; ``context`` and ``start`` exist once the world is built.

    After `failures` has gone through it, `judge_all` may ask more about the world that is left.
    """

    scenario: Scenario
    build: Build
    context: Context | None = None
    start: int = 0

    def failures(self) -> Iterator[Failure]:
        """Goes through given, do and expect; a refused object or a failed action ends the run."""
        path = (*self.scenario.path, "world")
        try:
            given = merged_given(self.scenario)
            world = self._attempt(lambda: self.build(merged_world(self.scenario)))
        except _Stop as stop:
            yield self._failure(path, stop.expected or "a world to run in", stop.found)
            return
        except NoMeaning as error:
            yield self._failure((*self.scenario.path, "use"), "fixtures of this file", str(error))
            return
        self.context, self.start = Context(world), world.now
        world.settle()
        try:
            self._give(given)
            for index, located in enumerate(self.scenario.do):
                yield from self._step(index, located)
            yield from self.judge_all(self.scenario.expect)
        except _Stop as stop:
            yield self._failure(stop.path, stop.expected, stop.found)

    @property
    def _context(self) -> Context:
        if self.context is None:
            raise RuntimeError("the world is not built")
        return self.context

    def _give(self, given: Iterable[Located]) -> None:
        context = self._context

        def give(obj: Mapping[str, Any]) -> Answer:
            answer = context.world.give(context.filled(obj))
            context.world.settle()
            return answer

        for located in given:
            expected = f"the object is accepted: {_brief(located.value)}"
            answer = self._attempt(partial(give, located.value), located.path, expected)
            if not answer.ok:
                raise _Stop(located.path, expected, answer.describe())

    def _step(self, index: int, located: Located) -> Iterator[Failure]:
        name, argument = only_item(located.value)
        if name == "check":
            path = (*located.path, "check")
            yield from self.judge_all(Located(item, (*path, i)) for i, item in enumerate(argument))
            return
        expected = f"{name}: {show(argument, 300)}"
        answer = self._attempt(partial(self._act, name, argument), located.path, expected)
        if answer is not None and not answer.ok and not may_fail(self.scenario, index):
            raise _Stop(located.path, f"{expected} succeeds", answer.describe())

    def _act(self, name: str, argument: Any) -> Answer | None:
        context, word = self._context, ACTIONS[name]
        filled = context.filled(argument) if word.fills else argument
        answer = word.act(context, filled)
        context.world.settle()
        if answer is None:
            return None
        if isinstance(filled, dict) and isinstance(filled.get("as"), str):
            context.answers[filled["as"]] = answer
        if word.has_answer:
            context.last = answer
        return answer

    def judge_all(self, expectations: Iterable[Located]) -> Iterator[Failure]:
        """Evaluates all *expectations* and yields a failure for each that does not hold; changes nothing."""
        for located in expectations:
            name, argument = only_item(located.value)
            expected = f"{name}: {show(argument)}"
            try:
                miss = self._attempt(partial(self._judge, name, argument), located.path, expected)
            except _Stop as stop:
                yield self._failure(stop.path, stop.expected, stop.found)
                continue
            if miss is not None:
                yield self._failure(located.path, expected, miss.found, self._why(miss))

    def _judge(self, name: str, argument: Any) -> Miss | None:
        return EXPECTATIONS[name].judge(self._context, self._context.filled(argument))

    def _why(self, miss: Miss) -> str:
        return self._context.world.why(*miss.about) if miss.about is not None else ""

    def _attempt(self, act: Callable[[], T], path: Path = (), expected: str = "") -> T:
        """Calls *act*; what it cannot do becomes the end of the step, with the reason in words."""
        try:
            return act()
        except ApiError as error:
            raise _Stop(path, expected, f"{error.reason}: {error}") from error
        except (NotSimulated, NoMeaning, UnknownKind) as error:
            raise _Stop(path, expected, str(error)) from error
        except StepBudgetExceeded:
            # Whoever set a budget wants to know; a scenario of its own has none.
            raise
        except Exception as error:
            # A defect of the simulator fails this scenario; the others still run.
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{place.filename.rpartition('k8scourse/')[2]}:{place.lineno}"
            found = f"a defect of the simulator: {type(error).__name__}: {error} ({where})"
            raise _Stop(path, expected, found) from error

    def _failure(self, path: Path, expected: str, found: str, why: str = "") -> Failure:
        own = len(self.scenario.path)
        inside = path[own:] if path[:own] == self.scenario.path else path
        now = self.context.world.now if self.context is not None else None
        elapsed = now - self.start if now is not None else None
        return Failure(show_path(inside), self.scenario.file.line(path), expected, found, now, elapsed, why)


class _Stop(Exception):
    """A step that could not be done."""

    def __init__(self, path: Path, expected: str, found: str) -> None:
        super().__init__(found)
        self.path, self.expected, self.found = path, expected, found


def _brief(obj: Mapping[str, Any]) -> str:
    metadata = obj.get("metadata") or {}
    return f"{obj['kind']} {metadata.get('name') or metadata.get('generateName', '')}".strip()
