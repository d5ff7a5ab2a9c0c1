"""The worlds of an exercise: as a learner finds it, and as it becomes when nobody gives an answer.

What does not depend on the answer happens once for each variant; answers play in forks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from k8scourse.course import history
from k8scourse.course.answer_world import AnswerWorld
from k8scourse.course.exercise import Exercise, Option, Task
from k8scourse.course.variants import Variant
from k8scourse.scenario.model import Located, Scenario
from k8scourse.scenario.outcome import Failure
from k8scourse.scenario.runner import Run

DEFAULT_BUDGET = 2_000
"""Simulated steps, and writes, for one answer; the solutions of the course need less than 300 of either."""

WORDS = (history.ready_pods,)
"""Expectations that exercises have beside those of scenarios; importing their module registers them."""


class ExerciseBroken(Exception):
    """The exercise itself, without any answer, does not run."""


def prepare(exercise: Exercise, variant: Variant, *, budget: int = DEFAULT_BUDGET) -> AnswerWorld:
    """The world that a learner finds: all that happens before the first answer. Raises ExerciseBroken."""
    return _prepared(exercise, variant.seed, budget).fork()


@lru_cache(maxsize=64)
def _prepared(exercise: Exercise, seed: str, budget: int) -> AnswerWorld:
    task = exercise.task(exercise.variant(seed))
    world = AnswerWorld.with_budget(task.world, budget)
    failures = play(exercise, task, world, do=task.do[: _first_answer(task)], given=task.given)
    if failures:
        raise ExerciseBroken(f"{exercise.id}: {failures[0].place}: {failures[0].expected}: {failures[0].found}")
    world.answered_at = world.cluster.revision
    return world


def right_options(exercise: Exercise, variant: Variant, *, budget: int = DEFAULT_BUDGET) -> dict[str, tuple[str, ...]]:
    """For each question the options whose expectations hold, as the simulator finds them."""
    return {
        check.id: tuple(name for name, failures in fates(exercise, variant.seed, budget, check.id) if not failures)
        for check in exercise.task(variant).questions
    }


@lru_cache(maxsize=1024)
def fates(exercise: Exercise, seed: str, budget: int, question: str) -> tuple[tuple[str, tuple[Failure, ...]], ...]:
    """For each option of a question what of it does not hold, in a world to which nobody gives an answer."""
    task, world = exercise.task(exercise.variant(seed)), unanswered(exercise, seed, budget)
    check = next(check for check in task.questions if check.id == question)
    return tuple((option.name, tuple(_judge(exercise, task, world, option))) for option in check.options)


@lru_cache(maxsize=64)
def unanswered(exercise: Exercise, seed: str, budget: int) -> AnswerWorld:
    """The world after all actions but the answers; nobody may change it. Raises ExerciseBroken."""
    variant = exercise.variant(seed)
    task, world = exercise.task(variant), prepare(exercise, variant, budget=budget)
    rest = [action for action in task.do[_first_answer(task) :] if not is_answer(action)]
    failures = play(exercise, task, world, do=rest)
    if failures and task.questions:
        raise ExerciseBroken(f"{exercise.id}: {failures[0].place}: {failures[0].expected}: {failures[0].found}")
    return world


def _first_answer(task: Task) -> int:
    return next(index for index, action in enumerate(task.do) if is_answer(action))


def is_answer(action: Located) -> bool:
    """Whether an action stands for the learner's answer."""
    return "answer" in action.value


def play(
    exercise: Exercise,
    task: Task,
    world: AnswerWorld,
    *,
    do: Sequence[Located],
    expect: Sequence[Located] = (),
    given: Sequence[Located] = (),
) -> list[Failure]:
    """Let a piece of scenario happen in *world*; gives what failed."""
    scenario = Scenario(
        id=exercise.id,
        area=exercise.id.partition("/")[0],
        source="",
        note="",
        tier="core",
        checked=True,
        needs=(),
        use=(),
        world=task.world,
        given=tuple(given),
        do=tuple(do),
        expect=tuple(expect),
        path=(),
        file=exercise.file,
    )
    return list(Run(scenario, lambda _: world).failures())


def _judge(exercise: Exercise, task: Task, world: AnswerWorld, option: Option) -> list[Failure]:
    """What of an option does not hold; what it does beforehand happens in a fork."""
    own = world.fork() if option.do else world
    return play(exercise, task, own, do=option.do, expect=option.expect)
