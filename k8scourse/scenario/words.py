"""The words of the language and what they do: a registry that the modules of actions and expectations fill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from k8scourse.scenario.answer import Answer

if TYPE_CHECKING:
    from k8scourse.scenario.context import Context


class NotSimulated(Exception):
    """A scenario needs what the simulator does not simulate yet; it fails and says what that is."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not simulated yet: {what}")


class NoMeaning(ValueError):
    """A name of the scenario stands for nothing: a fixture, an answer, a mark or a placeholder."""


@dataclass(frozen=True, slots=True)
class Miss:
    """What was found instead of what an expectation wants; *about* (kind, namespace, name) leads to the reason why."""

    found: str
    about: tuple[str, str, str] | None = None


Act = Callable[["Context", Any], "Answer | None"]
"""Does what an action says. Takes its argument, placeholders filled, and returns its answer, if it has one."""

Judge = Callable[["Context", Any], "Miss | None"]
"""Judges an expectation. Takes its argument, placeholders filled; None: it holds."""


@dataclass(frozen=True, slots=True)
class Action:
    """A word that may stand in ``do``."""

    act: Act
    has_answer: bool
    fills: bool
    """Whether placeholders in its argument are filled (not in builds and files)."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A word that may stand in ``expect`` and ``check``."""

    judge: Judge
    about_answer: bool
    """Whether it asks about the last answer when it has no ``of``."""


ACTIONS: dict[str, Action] = {}
EXPECTATIONS: dict[str, Expectation] = {}


def action(*names: str, answer: bool = False, fills: bool = True) -> Callable[[Act], Act]:
    """Registers a function as the meaning of one or more actions."""

    def register(act: Act) -> Act:
        for name in names:
            ACTIONS[name] = Action(act, answer, fills)
        return act

    return register


def expectation(*names: str, about_answer: bool = False) -> Callable[[Judge], Judge]:
    """Registers a function as the meaning of one or more expectations."""

    def register(judge: Judge) -> Judge:
        for name in names:
            EXPECTATIONS[name] = Expectation(judge, about_answer)
        return judge

    return register


def unsimulated_actions(what: str, *names: str, answer: bool = False, fills: bool = True) -> None:
    """Registers actions that fail until *what* is simulated."""

    def act(context: Context, argument: Any) -> Answer | None:
        raise NotSimulated(what)

    action(*names, answer=answer, fills=fills)(act)


def unsimulated_expectations(what: str, *names: str, about_answer: bool = False) -> None:
    """Registers expectations that fail until *what* is simulated."""

    def judge(context: Context, argument: Any) -> Miss | None:
        raise NotSimulated(what)

    expectation(*names, about_answer=about_answer)(judge)
