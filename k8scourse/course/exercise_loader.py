"""Finds and reads exercises: `exercises/<chapter>/<slug>/exercise.yaml` and the `solution.yaml` beside it.

Faults are those of scenario files: `FILE:LINE: ID: PATH: what is wrong; what was expected`, all of them at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from k8scourse.course.content import content_dir
from k8scourse.course.exercise import Exercise
from k8scourse.course.variants import UnknownVariable, choose, fill
from k8scourse.machinery.yaml import Document, ManifestError, read_documents
from k8scourse.scenario import grammar
from k8scourse.scenario.duplicates import repeated_keys
from k8scourse.scenario.faults import Fault, InvalidFile, Violation, suggest
from k8scourse.scenario.model import Path, ScenarioFile, show_path

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

EXERCISE, SOLUTION = "exercise.yaml", "solution.yaml"


class NoSuchExercise(LookupError):
    """No exercise has that id; the message names the nearest one."""


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """A wrong answer that learners give, the check that must catch it, and the misconception that it shows."""

    answer: Any
    caught_by: tuple[str, ...]
    """The checks that fail, all of them; or the kind of trouble, such as refused."""
    misconception: str


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Changes of the solution that change nothing that matters: of *part*, named like the pattern *change*."""

    part: str
    change: str
    why: str


@dataclass(frozen=True, slots=True)
class Solution:
    """What proves an exercise; answers still have their variables in them."""

    solution: Any
    alternatives: tuple[tuple[str, Any], ...]
    """Why each is right too, and the answer."""
    one_way: str
    wrong: tuple[WrongAnswer, ...]
    equivalent: tuple[Equivalent, ...]


def exercise_ids(root: FilePath | None = None) -> list[str]:
    """The ids (chapter/slug) of all exercises under *root* (by default the course's own), sorted."""
    top = root or content_dir("exercises")
    return sorted(path.parent.relative_to(top).as_posix() for path in top.glob(f"*/*/{EXERCISE}"))


@lru_cache(maxsize=256)
def find_exercise(name: str, root: FilePath | None = None) -> Exercise:
    """The exercise with the id *name*, as it was proven. Raises NoSuchExercise, InvalidFile."""
    top = root or content_dir("exercises")
    known = exercise_ids(root)
    if name not in known:
        raise NoSuchExercise(f'there is no exercise "{name}"; {suggest(name, known)}')
    return load_exercise(top / name)


def load_exercise(folder: FilePath, *, strict: bool = False) -> Exercise:
    """The exercise in *folder*. With *strict*, its file is judged by the grammar, which needs jsonschema.

    Raises InvalidFile with every fault.
    """
    name = str(folder / EXERCISE)
    text, document = _read(folder / EXERCISE)
    identity = f"{folder.parent.name}/{folder.name}"
    if strict:
        _refuse([*_faults(name, text, document, identity)])
    file = ScenarioFile(name, {}, [], document.positions)
    return Exercise(identity, folder, document.value, file)


def load_solution(exercise: Exercise, *, strict: bool = False) -> Solution:
    """The solution beside an exercise. Raises InvalidFile."""
    path = exercise.folder / SOLUTION
    text, document = _read(path)
    if strict:
        found = [*grammar.violations(document.value, _solution_rules()), *repeated_keys(text)]
        _refuse([_fault(str(path), document, exercise.id, violation) for violation in found])
    raw = document.value
    return Solution(
        solution=raw["solution"],
        alternatives=tuple((item["why"], item["answer"]) for item in raw.get("alternatives", ())),
        one_way=raw.get("one_way", ""),
        wrong=tuple(_wrong(item) for item in raw["wrong"]),
        equivalent=tuple(
            Equivalent(item.get("part", ""), item["change"], item["why"]) for item in raw.get("equivalent", ())
        ),
    )


def _wrong(item: Mapping[str, Any]) -> WrongAnswer:
    caught_by = item["caught_by"]
    names = tuple(caught_by) if isinstance(caught_by, list) else (caught_by,)
    return WrongAnswer(item["answer"], names, item["misconception"])


def _read(path: FilePath) -> tuple[str, Document]:
    name = str(path)
    try:
        text = path.read_text("utf-8")
        documents = read_documents(text, name)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidFile([Fault(name, 1, "", "", f"cannot be read: {error}; expected a YAML text")]) from error
    except ManifestError as error:
        remedy = error.remedy or "expected one map in YAML"
        raise InvalidFile([Fault(name, error.line, "", "", f"is not YAML: {error.message}; {remedy}")]) from error
    if len(documents) != 1 or not isinstance(documents[0].value, dict):
        raise InvalidFile([Fault(name, 1, "", "", "is no single map; expected one map in YAML")])
    return text, documents[0]


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise InvalidFile(sorted(faults, key=lambda fault: (fault.line, fault.path)))


def _faults(name: str, text: str, document: Document, identity: str) -> Iterator[Fault]:
    found = [*_filled_violations(document.value, identity), *repeated_keys(text)]
    if not found:
        found = list(_rules(document.value))
    for violation in found:
        yield _fault(name, document, identity, violation)


def _fault(name: str, document: Document, identity: str, violation: Violation) -> Fault:
    positions = document.positions
    place = None if violation.at_key else positions.value(violation.path)
    line = violation.line or (place or positions.nearest(violation.path)).line
    return Fault(name, line, identity, show_path(violation.path), violation.text)


def _filled_violations(raw: Mapping[str, Any], identity: str) -> list[Violation]:
    """What breaks the grammar once a variant's values stand in the texts, as they do when it runs."""
    variables = raw.get("variables", {})
    own = grammar.violations({"variables": variables}, _variable_rules())
    if own:
        return own
    try:
        filled = fill(raw, choose(variables, identity, "grammar").values)
    except UnknownVariable as error:
        return [Violation(_path_of_fault(raw, variables, identity), False, f"{error}; expected one of these")]
    return grammar.violations({**filled, **({"variables": variables} if variables else {})}, _exercise_rules())


def _path_of_fault(value: Any, variables: Mapping[str, Any], identity: str, path: Path = ()) -> Path:
    """The way to the first text that refers to an unknown variable."""
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        try:
            fill(item, choose(variables, identity, "grammar").values)
        except UnknownVariable:
            return _path_of_fault(item, variables, identity, (*path, key))
    return path


def _rules(raw: Mapping[str, Any]) -> Iterator[Violation]:
    """What a JSON Schema cannot say: how points, checks and parts fit together."""
    total = sum(check["points"] for check in raw["checks"])
    if total != raw["points"]:
        yield Violation(("points",), False, f"is {raw['points']}; expected {total}, the points of all checks")
    known: list[str] = []
    for index, check in enumerate(raw["checks"]):
        path: Path = ("checks", index)
        if check["id"] in known:
            yield Violation((*path, "id"), False, f"{check['id']} is the id of another check; expected its own")
        for number, need in enumerate(check.get("needs", ())):
            if need not in known:
                yield Violation((*path, "needs", number), False, f"is no earlier check; {suggest(need, known)}")
        known.append(check["id"])
    yield from _part_rules(raw)


def _part_rules(raw: Mapping[str, Any]) -> Iterator[Violation]:
    answers = [
        (("scenario", "do", index, "answer"), action["answer"])
        for index, action in enumerate(raw["scenario"]["do"])
        if "answer" in action
    ]
    if not answers:
        yield Violation(("scenario", "do"), False, "has no answer; expected one action `answer: {as: ...}`")
    parts: list[str] = []
    for path, answer in answers:
        part = answer.get("part", "")
        if part in parts or (len(answers) > 1 and not part):
            yield Violation(path, False, "has no part of its own; expected a `part` that tells the answers apart")
        parts.append(part)
    starter = raw.get("starter", "")
    for part in starter if isinstance(starter, dict) else ():
        if part not in parts:
            yield Violation(("starter", part), True, f"is no part; {suggest(part, parts)}")


@cache
def _schema(name: str) -> dict[str, Any]:
    return json.loads(resources.files("k8scourse.course").joinpath(f"schemas/{name}").read_text("utf-8"))


@cache
def _exercise_rules() -> Draft202012Validator:
    return grammar.validator(_schema("exercise.schema.json"))


@cache
def _variable_rules() -> Draft202012Validator:
    rules = _schema("exercise.schema.json")
    own = {"type": "object", "properties": {"variables": rules["properties"]["variables"]}}
    return grammar.validator({**own, "$defs": {"variable": rules["$defs"]["variable"]}})


@cache
def _solution_rules() -> Draft202012Validator:
    return grammar.validator(_schema("solution.schema.json"))
