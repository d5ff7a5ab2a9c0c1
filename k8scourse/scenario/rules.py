"""Rules about a scenario as a text: how fixtures add up, and which action may fail (scenario.md, sections 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from k8scourse.scenario.faults import suggest
from k8scourse.scenario.model import Fixture, Located, Scenario, only_item
from k8scourse.scenario.vocabulary import ACTIONS, EXPECTATIONS
from k8scourse.scenario.words import NoMeaning


def _fixtures(scenario: Scenario) -> Iterator[Fixture]:
    known = scenario.file.fixtures
    for name in scenario.use:
        if name not in known:
            raise NoMeaning(f'no fixture is named "{name}"; {suggest(name, known)}')
        yield known[name]


def merged_world(scenario: Scenario) -> dict[str, Any]:
    """The world of a scenario: a later fixture's key replaces an earlier one's, the scenario's own replace both.

    Raises:
        NoMeaning: ``use`` names no fixture of the file.
    """
    world: dict[str, Any] = {}
    for fixture in _fixtures(scenario):
        world.update(fixture.world)
    return {**world, **scenario.world}


def merged_given(scenario: Scenario) -> list[Located]:
    """The objects of the fixtures in the order of ``use``, then the scenario's own. Raises NoMeaning."""
    objects = [located for fixture in _fixtures(scenario) for located in fixture.given]
    return [*objects, *scenario.given]


def may_fail(scenario: Scenario, index: int) -> bool:
    """Whether the action at ``do[index]`` need not succeed.

    An expectation about its answer follows before the next action that has an answer, or names it with ``of``, or the
    action says ``may_fail: true``.
    """
    name, argument = only_item(scenario.do[index].value)
    options = argument if isinstance(argument, dict) else {}
    if options.get("may_fail") is True:
        return True
    own_name, is_last = options.get("as"), ACTIONS[name].has_answer
    for later in scenario.do[index + 1 :]:
        later_name, later_argument = only_item(later.value)
        if later_name == "check":
            if any(_asks(item, own_name, is_last=is_last) for item in later_argument):
                return True
            continue
        if ACTIONS[later_name].has_answer:
            is_last = False
        if isinstance(later_argument, dict) and own_name is not None and later_argument.get("as") == own_name:
            own_name = None
    return any(_asks(item.value, own_name, is_last=is_last) for item in scenario.expect)


def _asks(expectation: dict[str, Any], own_name: str | None, *, is_last: bool) -> bool:
    """Whether an expectation is about the answer of that name or, without ``of``, about the last answer."""
    name, argument = only_item(expectation)
    if isinstance(argument, dict) and "of" in argument:
        return own_name is not None and argument["of"] == own_name
    return is_last and EXPECTATIONS[name].about_answer
