"""Fills the placeholders of a text: ``${Kind/name:path}``, ``${answer:path}``, ``${repeat:TEXT:N}``.

What only looks like one (``${VAR}``, ``${VAR:-default}`` of a shell or Dockerfile) stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from k8scourse.scenario.values import show

Look = Callable[[str, str], Any]
"""What a reference names: takes ``Kind/name``, ``Kind/namespace/name`` or an answer's name, and a field path."""

_PATH = r"""[A-Za-z\[](?:[^${}:'"]|'[^']*'|"[^"]*")*"""
_PLACEHOLDER = re.compile(
    r"\$\{repeat:(?P<text>(?:(?!\$\{).)+?):(?P<times>[0-9]+)\}"
    rf"|\$\{{(?P<target>[A-Za-z][A-Za-z0-9._-]*(?:/[^/{{}}\s]+){{0,2}}):(?P<path>{_PATH})\}}",
    re.DOTALL,
)
_LONGEST = 16 * 1024 * 1024


class PlaceholderError(ValueError):
    """A placeholder that has no meaning: no such object, answer or field."""


def fill(value: Any, look: Look) -> Any:
    """Returns *value* with every placeholder in its texts and keys replaced; *value* itself stays as it is.

    A text that is nothing but a reference becomes the field, whatever its type; inside a longer text, and as a key, the
    field's text stands in.

    Raises:
        PlaceholderError: from *look*, or when a repetition is longer than 16 MiB.
    """
    if isinstance(value, str):
        return _fill_text(value, look) if "${" in value else value
    if isinstance(value, dict):
        return {_as_text(fill(key, look)): fill(item, look) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, look) for item in value]
    return value


def _fill_text(text: str, look: Look) -> Any:
    whole = _PLACEHOLDER.fullmatch(text)
    if whole is not None:
        return _replacement(whole, look)
    return _PLACEHOLDER.sub(lambda match: _as_text(_replacement(match, look)), text)


def _replacement(match: re.Match[str], look: Look) -> Any:
    if match["times"] is None:
        return look(match["target"], match["path"])
    times = int(match["times"])
    if len(match["text"]) * times > _LONGEST:
        raise PlaceholderError(f"{show(match[0], 80)} is longer than {_LONGEST} characters")
    return match["text"] * times


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
