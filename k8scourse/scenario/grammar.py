"""Judges a document by the grammar of scenarios (data/scenario.schema.json).

The JSON Schema library says which rules are broken; where a rule has alternatives (oneOf, anyOf), it says so for
every branch. Here the branch that the writer most likely meant is picked, so that one mistake makes one fault.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from k8scourse.machinery.timestamps import parse_time
from k8scourse.scenario import sentences
from k8scourse.scenario.faults import Violation, nearest
from k8scourse.scenario.model import Path

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError


class GrammarNeedsJsonschema(ImportError):
    """The library that reads the grammar is not installed."""


@cache
def schema() -> dict[str, Any]:
    """The grammar itself, a JSON Schema (draft 2020-12)."""
    text = resources.files("k8scourse.scenario").joinpath("data/scenario.schema.json").read_text("utf-8")
    return json.loads(text)


@cache
def _validator() -> Draft202012Validator:
    return validator(schema())


def validator(rules: dict[str, Any]) -> Draft202012Validator:
    """What judges documents by *rules*, a JSON Schema that may refer to the grammar as scenario.schema.json."""
    try:
        from jsonschema import Draft202012Validator, FormatChecker
        from referencing import Registry, Resource
    except ImportError as error:
        raise GrammarNeedsJsonschema(
            "reading scenarios needs the package jsonschema; install it with: pip install 'k8scourse[grading]'"
        ) from error
    formats = FormatChecker(formats=())
    formats.checks("date-time", raises=ValueError)(_is_instant)
    grammar = Resource[Any].from_contents(schema())
    registry: Registry[Any] = Registry[Any]().with_resource("scenario.schema.json", grammar)
    return Draft202012Validator(rules, format_checker=formats, registry=registry)


def _is_instant(value: object) -> bool:
    if isinstance(value, str):
        parse_time(value)
    return True


def violations(document: Any, judge: Draft202012Validator | None = None) -> list[Violation]:
    """Every place where *document* breaks the grammar, each with one sentence, in the order of the document.

    *judge* stands for other rules (see validator).
    """
    found: dict[tuple[Path, bool, str], Violation] = {}
    for error in (judge or _validator()).iter_errors(document):
        for leaf in _meant(error):
            for path, at_key, text in sentences.describe(leaf):
                found.setdefault((path, at_key, text), Violation(path, at_key, text))
    return _without_consequences(list(found.values()))


def _meant(error: ValidationError) -> Iterator[ValidationError]:
    """The errors of the branch that was meant; *error* itself where a rule has no alternatives."""
    if error.validator not in ("oneOf", "anyOf") or not error.context:
        yield error
        return
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(int(inner.schema_path[0]), []).append(inner)
    if sentences.is_choice_of_keys(error) or sentences.is_choice_of_types(error, branches):
        yield error
        return
    best = min(branches.values(), key=lambda errors: _distance(error, errors))
    for inner in best:
        yield from _meant(inner)


def _distance(parent: ValidationError, errors: list[ValidationError]) -> tuple[int, int, int, int]:
    """How far an instance is from a branch: another type, missing or unknown keys, few known ones, other faults."""
    depth = len(parent.absolute_path)
    own = [error for error in errors if len(error.absolute_path) == depth]
    wrong_type = sum(1 for error in own if error.validator in ("type", "enum"))
    unknown = [
        key for error in own if error.validator == "additionalProperties" for key in sentences.unknown_keys(error)
    ]
    missing = [sentences.missing_key(error) for error in own if error.validator == "required"]
    misspelled = sum(1 for key in unknown if nearest(key, missing))
    wrong_value = sum(1 for error in errors if error.validator == "enum" and len(error.absolute_path) == depth + 1)
    known = max((len(sentences.known_keys(error)) for error in own), default=0)
    return (wrong_type, len(unknown) + len(missing) - misspelled + wrong_value, -known, len(errors))


def _without_consequences(found: list[Violation]) -> list[Violation]:
    """Leaves out what follows from another fault: a key is missing because it is there under a wrong name."""
    misspelled = {item.path[:-1] for item in found if item.at_key and "did you mean" in item.text}
    return [item for item in found if item.at_key or item.path not in misspelled or not sentences.is_missing(item.text)]
