"""Mutants of a solution: each differs from it in one place, and a good check notices nearly all of them.

In a manifest every field is dropped and every scalar changed (to each other value where the schema names some); in
kubectl lines every line and word is dropped, changed or swapped with the next; of choices every other option is taken.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from k8scourse.apiserver.schemas import Schemas, UnknownKind
from k8scourse.course.answers import choices_of
from k8scourse.course.exercise import Exercise, Part
from k8scourse.course.variants import Variant
from k8scourse.machinery.fieldpath import Path, format_path, remove_path, set_path
from k8scourse.machinery.yaml import dump_yaml, read_documents
from k8scourse.views.manifest_fields import field_values


class Mutant(NamedTuple):
    """A changed solution; ``change`` says in words what differs."""

    change: str
    text: str


def mutants_of(exercise: Exercise, variant: Variant, part: Part, text: str) -> Iterator[Mutant]:
    """Every mutant of the solution *text* of *part*, in a fixed order."""
    if part.kind == "manifest":
        yield from _of_manifest(text)
    elif part.kind == "kubectl":
        yield from _of_lines(text)
    else:
        yield from _of_choices(exercise, variant, part, text)


# manifests


def _of_manifest(text: str) -> Iterator[Mutant]:
    values = [document.value for document in read_documents(text)]
    for index, value in enumerate(values):
        mark = f"{value.get('kind', index)}: " if len(values) > 1 else ""
        for change, changed in _of_object(value):
            yield Mutant(mark + change, _as_text([*values[:index], changed, *values[index + 1 :]]))
        if len(values) > 1:
            yield Mutant(f"drop {value.get('kind', index)}", _as_text([*values[:index], *values[index + 1 :]]))


def _as_text(values: list[Any]) -> str:
    return "---\n".join(dump_yaml(value) for value in values)


def _of_object(obj: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for path, value in _fields(obj, ()):
        shown = format_path(path)
        yield f"drop {shown}", remove_path(obj, path)
        for other in _others(obj, path, value):
            yield f"set {shown} to {other}", set_path(obj, path, other)


def _fields(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key), item
        yield from _fields(item, (*path, key))


def _others(obj: Mapping[str, Any], path: Path, value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, 0] if value else [1]
    if not isinstance(value, str):
        return []
    named = _enum(obj, path)
    return [other for other in named if other != value] if named else [f"{value}x"]


@cache
def _schemas() -> Schemas:
    return Schemas()


def _enum(obj: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """The values that the schema names for the field at *path*; () where it names none."""
    try:
        schema: Any = _schemas().for_kind(obj.get("apiVersion", ""), obj.get("kind", ""))
    except UnknownKind:
        return ()
    field: Any = None
    for segment in path:
        if isinstance(segment, int):
            continue
        field = schema.fields.get(segment) if schema is not None else None
        if field is None:
            return ()
        schema = field.ref
    return field_values(field) if field is not None and field.type == "string" else ()


# kubectl lines

_TAINT = re.compile(r"(?P<pair>.+):(?P<effect>NoSchedule|PreferNoSchedule|NoExecute)(?P<minus>-?)")
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def _of_lines(text: str) -> Iterator[Mutant]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for index, line in enumerate(lines):
        number = index + 1
        join = _joiner(lines, index)
        yield Mutant(f"drop line {number}", join())
        if index + 1 < len(lines):
            yield Mutant(f"swap lines {number} and {number + 1}", _swapped(lines, index))
        words = shlex.split(line)
        start = 2 if words[0] == "kubectl" else 1
        for place in range(start, len(words)):
            word = words[place]
            yield Mutant(f"line {number}: drop {word}", join([*words[:place], *words[place + 1 :]]))
            for other in _other_words(word):
                changed = [*words[:place], other, *words[place + 1 :]]
                yield Mutant(f"line {number}: {word} becomes {other}", join(changed))


def _joiner(lines: list[str], index: int) -> Callable[..., str]:
    def join(words: list[str] | None = None) -> str:
        own = [shlex.join(words)] if words is not None else []
        return "\n".join([*lines[:index], *own, *lines[index + 1 :]]) + "\n"

    return join


def _swapped(lines: list[str], index: int) -> str:
    return "\n".join([*lines[:index], lines[index + 1], lines[index], *lines[index + 2 :]]) + "\n"


def _other_words(word: str) -> list[str]:
    taint = _TAINT.fullmatch(word)
    if taint is not None:
        effects = [effect for effect in _EFFECTS if effect != taint["effect"]]
        return [f"{taint['pair']}:{effect}{taint['minus']}" for effect in effects]
    return [f"{word[:-1]}x-" if word.endswith("-") and not word.startswith("-") else f"{word}x"]


# choices


def _of_choices(exercise: Exercise, variant: Variant, part: Part, text: str) -> Iterator[Mutant]:
    questions = exercise.task(variant).questions
    chosen, _ = choices_of(part, text, questions)
    for question in questions:
        for option in question.options:
            if option.name != chosen.get(question.id):
                changed = {**chosen, question.id: option.name}
                yield Mutant(f"{question.id}: {option.name}", dump_yaml(changed))
