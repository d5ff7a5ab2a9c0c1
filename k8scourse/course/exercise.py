"""What an exercise is: its text, the world it plays in, the answers it takes and the checks that judge them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path as FilePath
from typing import Any, Literal

from k8scourse.course.variants import Variant, choose, fill
from k8scourse.scenario.model import Located, Path, ScenarioFile

Kind = Literal["predict", "repair", "build", "explain"]
AnswerKind = Literal["manifest", "kubectl", "choice", "dockerfile"]

_JUDGED = ("points", "variables", "scenario", "checks")
"""The parts of exercise.yaml that decide about points; a change in one makes another version."""


@dataclass(frozen=True, slots=True)
class Part:
    """One answer that the exercise asks for: what it is and what it may hold."""

    name: str
    """"" where the exercise has a single answer."""
    kind: AnswerKind
    kinds: tuple[str, ...] = ()
    """The kinds of objects that a manifest may have; () means any."""
    verbs: tuple[str, ...] = ()
    """The kubectl commands that may stand in it; () means any."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question; it is right when its expectations hold in the simulation."""

    name: str
    text: str
    wrong: str
    """The misconception that choosing it shows; "" where none is known."""
    do: tuple[Located, ...]
    expect: tuple[Located, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that an answer must achieve."""

    id: str
    points: int
    right: str
    wrong: str
    needs: tuple[str, ...]
    """Checks without which this one is not judged."""
    at: str
    """The field of the learner's manifest to look at when it fails; "" where there is none."""
    do: tuple[Located, ...]
    expect: tuple[Located, ...]
    question: str
    options: tuple[Option, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Task:
    """An exercise with one variant's values in every text."""

    text: str
    world: Mapping[str, Any]
    given: tuple[Located, ...]
    do: tuple[Located, ...]
    checks: tuple[Check, ...]
    hints: tuple[str, ...]
    starter: Mapping[str, str]

    @property
    def questions(self) -> tuple[Check, ...]:
        """The checks that ask a question."""
        return tuple(check for check in self.checks if check.question)


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise as its file has it, before a variant's values are filled in."""

    id: str
    """chapter/slug"""
    folder: FilePath
    raw: Mapping[str, Any] = field(repr=False)
    file: ScenarioFile = field(repr=False)

    @property
    def title(self) -> str:
        return self.raw["title"]

    @property
    def kind(self) -> Kind:
        return self.raw["kind"]

    @property
    def points(self) -> int:
        """The points of all checks together."""
        return self.raw["points"]

    @property
    def minutes(self) -> int:
        """How long it takes, roughly."""
        return self.raw["minutes"]

    @property
    def objectives(self) -> tuple[str, ...]:
        return tuple(self.raw["objectives"])

    @cached_property
    def version(self) -> str:
        """12 hexadecimal digits: the hash of all that decides about points."""
        judged = {key: self.raw[key] for key in _JUDGED if key in self.raw}
        text = json.dumps(judged, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The answers that the exercise asks for, in order."""
        asked = [action["answer"] for action in self.raw["scenario"]["do"] if "answer" in action]
        return tuple(
            Part(item.get("part", ""), item["as"], tuple(item.get("kinds", ())), tuple(item.get("verbs", ())))
            for item in asked
        )

    def part(self, name: str) -> Part | None:
        """The part of that name, or None."""
        return next((part for part in self.parts if part.name == name), None)

    def variant(self, seed: str) -> Variant:
        """The variant for *seed*; equal seeds give equal variants."""
        return choose(self.raw.get("variables", {}), self.id, seed)

    def task(self, variant: Variant) -> Task:
        """The exercise with the variant's values filled in. Raises UnknownVariable."""
        return _task(self, variant.seed)


@lru_cache(maxsize=256)
def _task(exercise: Exercise, seed: str) -> Task:
    raw = fill(exercise.raw, exercise.variant(seed).values)
    scenario = raw["scenario"]
    starter = raw.get("starter", "")
    return Task(
        text=raw["task"],
        world=scenario.get("world", {}),
        given=_located(scenario.get("given", ()), ("scenario", "given")),
        do=_located(scenario["do"], ("scenario", "do")),
        checks=tuple(_check(item, ("checks", index)) for index, item in enumerate(raw["checks"])),
        hints=tuple(raw["hints"]),
        starter=starter if isinstance(starter, dict) else {part.name: starter for part in exercise.parts[:1]},
    )


def _check(item: Mapping[str, Any], path: Path) -> Check:
    options = item.get("options", {})
    return Check(
        id=item["id"],
        points=item["points"],
        right=item["right"],
        wrong=item["wrong"],
        needs=tuple(item.get("needs", ())),
        at=item.get("at", ""),
        do=_located(item.get("do", ()), (*path, "do")),
        expect=_located(item.get("expect", ()), (*path, "expect")),
        question=item.get("question", ""),
        options=tuple(_option(name, body, (*path, "options", name)) for name, body in options.items()),
        path=path,
    )


def _option(name: str, body: Mapping[str, Any], path: Path) -> Option:
    return Option(
        name=name,
        text=body["text"],
        wrong=body.get("wrong", ""),
        do=_located(body.get("do", ()), (*path, "do")),
        expect=_located(body["expect"], (*path, "expect")),
    )


def _located(values: Any, path: Path) -> tuple[Located, ...]:
    return tuple(Located(value, (*path, index)) for index, value in enumerate(values))
