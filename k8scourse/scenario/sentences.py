"""Says in one sentence how a value breaks a rule of the grammar."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from k8scourse.scenario.faults import one_of, suggest
from k8scourse.scenario.model import Path
from k8scourse.scenario.values import show

if TYPE_CHECKING:
    from jsonschema import ValidationError

_TYPES = {
    "string": "a text",
    "object": "a map",
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}

_PATTERNS = {
    "^-?(0s|": "a duration such as 90s, 5m or 1h30m",
    "^[A-Za-z0-9][A-Za-z0-9.-]*$": "letters, digits, dots and hyphens",
    "^[a-z][a-z-]*$": "lower-case letters and hyphens",
    "^[^=:]+": "KEY=VALUE:EFFECT with effect NoSchedule, PreferNoSchedule or NoExecute",
    "^[0-9]+:[0-9]+$": 'numbers as in "0:0"',
    "^[0-7]{4}$": 'four octal digits as in "0755"',
}

_MISSING_MARK = " is missing; "


def is_missing(text: str) -> bool:
    """Whether a sentence says that a key is missing."""
    return _MISSING_MARK in text


def unknown_keys(error: ValidationError) -> list[str]:
    """The keys of a map that its schema does not name."""
    known = _schema(error).get("properties", {})
    return [key for key in error.instance if key not in known] if isinstance(error.instance, dict) else []


def known_keys(error: ValidationError) -> list[str]:
    """The keys of a map that its schema names."""
    known = _schema(error).get("properties", {})
    return [key for key in error.instance if key in known] if isinstance(error.instance, dict) else []


def is_choice_of_keys(error: ValidationError) -> bool:
    """Whether the alternatives only ask for one key each, as the comparisons of ``field`` do."""
    return all(branch.keys() == {"required"} for branch in _wanted(error))


def is_choice_of_types(error: ValidationError, branches: Mapping[int, list[ValidationError]]) -> bool:
    """Whether the value has a type that no alternative accepts."""
    return all(_rejects_type(error.instance, errors) for errors in branches.values())


def _rejects_type(instance: Any, errors: list[ValidationError]) -> bool:
    return any(error.validator == "type" and error.instance is instance and not error.path for error in errors)


def describe(error: ValidationError) -> Iterator[tuple[Path, bool, str]]:
    """The sentences for one broken rule: path, whether it stands at the field's name, what is wrong and expected."""
    path: Path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = _schema(error).get("properties", {})
        for key in unknown_keys(error):
            yield (*path, key), True, f"unknown key; {suggest(key, known)}"
    elif error.validator == "required":
        key = missing_key(error)
        known = [name for name in _wanted(error) if name != key]
        also = f", beside {', '.join(known)}" if known else ""
        yield path, False, f'"{key}"{_MISSING_MARK}expected it here{also}'
    else:
        yield path, False, _about_value(error)


def missing_key(error: ValidationError) -> str:
    """The key that a "required" error is about."""
    return next(key for key in _wanted(error) if error.message.startswith(f"'{key}'"))


def _about_value(error: ValidationError) -> str:
    rule, wanted = str(error.validator), _wanted(error)
    value = error.instance
    if rule == "type":
        pattern = _schema(error).get("pattern")
        if wanted == "string" and not pattern and isinstance(value, bool | int | float):
            return f"is {_type_of(value)}; expected a text, in quotes"
        return f"is {_type_of(value)}; expected {_pattern(pattern) if pattern else _types(wanted)}"
    if rule in ("oneOf", "anyOf"):
        return _about_choice(error)
    if rule == "enum":
        words = [item if isinstance(item, str) else show(item) for item in wanted]
        return f"{_quoted(value)} is not known here; {suggest(value if isinstance(value, str) else show(value), words)}"
    if rule == "pattern":
        return f"{_quoted(value)} does not fit; expected {_pattern(str(wanted))}"
    if rule == "format":
        return f'{_quoted(value)} is no instant; expected one such as "2026-01-01T00:00:00Z"'
    if rule in ("minProperties", "maxProperties"):
        return _about_size(error)
    return _about_bounds(rule, wanted, value)


def _about_choice(error: ValidationError) -> str:
    if is_choice_of_keys(error):
        names = [name for branch in _wanted(error) for name in branch["required"]]
        given = [name for name in names if name in error.instance]
        if given:
            return f"has {' and '.join(given)}; expected exactly one of {', '.join(names)}"
        return f"a comparison{_MISSING_MARK}expected {one_of(names)}"
    if error.context:
        wanted = [_wanted(inner) for inner in error.context if inner.validator == "type" and not inner.path]
        return f"is {_type_of(error.instance)}; expected {_types(wanted)}"
    return f"{show(error.instance, 80)} can be read in more than one way; expected the keys of one form only"


def _about_size(error: ValidationError) -> str:
    keys: list[str] = [*error.instance] if isinstance(error.instance, dict) else []
    known = list(_schema(error).get("properties", {}))
    if not keys:
        return f"is an empty map; expected {one_of(known)}" if known else "is an empty map; expected a key"
    count = "one" if _wanted(error) == 1 else _wanted(error)
    return f"has {len(keys)} keys ({', '.join(keys)}); expected exactly {count}"


def _about_bounds(rule: str, wanted: Any, value: Any) -> str:
    if rule == "minimum":
        return f"{show(value)} is too small; expected at least {show(wanted)}"
    if rule == "maximum":
        return f"{show(value)} is too large; expected at most {show(wanted)}"
    if rule == "minItems":
        return f"has {len(value)} elements; expected at least {wanted}"
    if rule == "maxItems":
        return f"has {len(value)} elements; expected at most {wanted}"
    if rule == "uniqueItems":
        return f"{show(value, 80)} has an element twice; expected each once"
    return f"{show(value, 80)} does not fit; expected {rule} {show(wanted, 80)}"


def _wanted(error: ValidationError) -> Any:
    """What the broken rule of the grammar says."""
    return error.validator_value


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _pattern(pattern: str) -> str:
    return next((words for start, words in _PATTERNS.items() if pattern.startswith(start)), f"a text like {pattern}")


def _types(wanted: Any) -> str:
    flat: list[str] = []
    for item in wanted if isinstance(wanted, list) else [wanted]:
        flat.extend(item if isinstance(item, list) else [item])
    return " or ".join(dict.fromkeys(_TYPES[name] for name in flat))


def _type_of(value: Any) -> str:
    if value is None:
        return "empty (null)"
    if isinstance(value, bool):
        return f"{show(value)}, a boolean"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    return f"{'the text' if isinstance(value, str) else 'the number'} {_quoted(value)}"


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) and len(value) < 80 else show(value, 80)
