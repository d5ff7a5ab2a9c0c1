"""Variants of an exercise: which values its variables have for one seed, and texts with `$(name)` filled in.

The values depend on the seed, the exercise and the variable alone, never on an order or on other variables.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SELF_STUDY = "self-study"
"""The seed of the notebooks that come with the course; it claims no secrecy."""

_REFERENCE = re.compile(r"(\$?)\$\(([a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)*)\)")


class UnknownVariable(LookupError):
    """A text refers to a variable that the exercise does not have; ``args[0]`` says which, and what there is."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The seed of a variant and the value of every variable."""

    seed: str
    values: Mapping[str, Any]


def derive_seed(secret: str, learner: str, exercise: str) -> str:
    """The seed for *learner* in a class with *secret*: 16 hexadecimal digits that say nothing about the secret."""
    message = f"{learner}\n{exercise}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:16]


def choose(variables: Mapping[str, Any], exercise: str, seed: str) -> Variant:
    """The variant of *exercise* for *seed*. A variable is a list of values, or a map with one generator:

    ``integer: [least, most]`` is a whole number between both, ``shuffle: [...]`` the list in some order.
    """
    values = {name: _value(rule, f"{seed}\n{exercise}\n{name}") for name, rule in variables.items()}
    return Variant(seed, values)


def _value(rule: Any, key: str) -> Any:
    if isinstance(rule, list):
        return rule[_number(key) % len(rule)]
    if "integer" in rule:
        least, most = rule["integer"]
        return least + _number(key) % (most - least + 1)
    return _shuffled(rule["shuffle"], key)


def _number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])


def _shuffled(items: list[Any], key: str) -> list[Any]:
    order = sorted(range(len(items)), key=lambda index: _number(f"{key}\n{index}"))
    return [items[index] for index in order]


def fill(value: Any, values: Mapping[str, Any]) -> Any:
    """*value* with every ``$(name)`` in its texts and keys replaced; ``$$(name)`` stands for ``$(name)`` itself.

    A text that is nothing but a reference becomes the variable's value, whatever its type. ``$(pool.key)`` is what a
    map has at a key, ``$(nodes.0)`` an element of a list. Raises UnknownVariable.
    """
    if isinstance(value, str):
        return _fill_text(value, values) if "$(" in value else value
    if isinstance(value, Mapping):
        return {str(fill(key, values)): fill(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, values) for item in value]
    return value


def _fill_text(text: str, values: Mapping[str, Any]) -> Any:
    whole = _REFERENCE.fullmatch(text)
    if whole is not None and not whole[1]:
        return _look(whole[2], values)
    return _REFERENCE.sub(lambda match: match[0][1:] if match[1] else str(_look(match[2], values)), text)


def _look(name: str, values: Mapping[str, Any]) -> Any:
    found: Any = values
    for part in name.split("."):
        if isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, Mapping) and part in found:
            found = found[part]
        else:
            raise UnknownVariable(f"there is no variable $({name}); there are {', '.join(values) or 'none'}")
    return found
