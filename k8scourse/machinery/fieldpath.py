"""Paths to fields of an object: ``spec.containers[0].image``, ``metadata.annotations['example.com/team']``.

A path is a tuple of segments: `str` names an entry of a mapping, `int` an item of a list. Objects are never changed;
`set_path` and `remove_path` copy what lies along the path and share the rest.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

Segment = str | int
Path = tuple[Segment, ...]


class FieldPathError(ValueError):
    """A path can't be read, or does not fit the object it is applied to."""


class _Missing:
    """The type of `MISSING`; false in a condition."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()
"""What `get_path` returns where the object has nothing; `None` is a value (JSON's null)."""

_SEGMENT = re.compile(
    r"""(?P<dot>\.?)(?P<name>[^.\[\]'"\s]+)
      | \[(?P<index>\d+)\]
      | \['(?P<single>(?:[^'\\]|\\.)*)'\]
      | \["(?P<double>(?:[^"\\]|\\.)*)"\]
      | \[(?P<bare>[^\]'"]+)\]""",
    re.VERBOSE | re.ASCII,
)
_PLAIN = re.compile(r"[A-Za-z0-9_$-]+")
_ESCAPED = re.compile(r"\\(.)")


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Path:
    """Return the segments of a field path; the empty text is the object itself.

    Keys with dots or slashes stand in brackets, quoted; the form of validation errors, ``metadata.labels[a/b]``, is
    read as well. Raises FieldPathError with the place of the fault.
    """
    segments: list[Segment] = []
    position = 0
    while position < len(text):
        match = _SEGMENT.match(text, position)
        if match is None or (match["name"] is not None and bool(match["dot"]) != bool(position)):
            raise FieldPathError(
                f"field path {text!r}: can't read {text[position:]!r} at character {position + 1}; "
                "expected a form like spec.containers[0].image or metadata.annotations['example.com/team']"
            )
        segments.append(_segment(match))
        position = match.end()
    return tuple(segments)


def _segment(match: re.Match[str]) -> Segment:
    if match["index"] is not None:
        return int(match["index"])
    quoted = match["single"] if match["single"] is not None else match["double"]
    if quoted is not None:
        return _ESCAPED.sub(r"\1", quoted)
    return match["name"] or match["bare"]


def format_path(segments: Sequence[Segment]) -> str:
    """Return the text of a path; ``parse_path(format_path(p)) == p`` for every path."""
    parts: list[str] = []
    for segment in segments:
        if isinstance(segment, int):
            parts.append(f"[{segment}]")
        elif _PLAIN.fullmatch(segment):
            parts.append(f".{segment}" if parts else segment)
        else:
            parts.append(f"[{_quote(segment)}]")
    return "".join(parts)


def _quote(name: str) -> str:
    mark = '"' if "'" in name and '"' not in name else "'"
    escaped = name.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"{mark}{escaped}{mark}"


def _as_path(path: str | Sequence[Segment]) -> Sequence[Segment]:
    return parse_path(path) if isinstance(path, str) else path


def get_path(obj: Any, path: str | Sequence[Segment]) -> Any:
    """Return what *obj* has at *path* (a text or its segments), `MISSING` where it has nothing."""
    for segment in _as_path(path):
        if isinstance(segment, str):
            if not isinstance(obj, dict) or segment not in obj:
                return MISSING
            obj = obj[segment]
        elif isinstance(obj, list) and 0 <= segment < len(obj):
            obj = obj[segment]
        else:
            return MISSING
    return obj


def set_path(obj: Any, path: str | Sequence[Segment], value: Any) -> Any:
    """Return *obj* with *value* at *path*; what lies along the path is copied, absent mappings and lists are made.

    An index may be the length of its list (the value is appended). Raises FieldPathError when the object has something
    else than the path expects.
    """
    segments = _as_path(path)
    return _set(obj, segments, 0, value)


def _set(obj: Any, segments: Sequence[Segment], depth: int, value: Any) -> Any:
    if depth == len(segments):
        return value
    segment = segments[depth]
    if obj is MISSING or obj is None:
        obj = {} if isinstance(segment, str) else []
    if isinstance(segment, str) and isinstance(obj, dict):
        return {**obj, segment: _set(obj.get(segment, MISSING), segments, depth + 1, value)}
    if isinstance(segment, int) and isinstance(obj, list) and 0 <= segment <= len(obj):
        old = obj[segment] if segment < len(obj) else MISSING
        return [*obj[:segment], _set(old, segments, depth + 1, value), *obj[segment + 1 :]]
    raise FieldPathError(f"can't set {format_path(segments)}: {_mismatch(obj, segments, depth)}")


def _mismatch(obj: Any, segments: Sequence[Segment], depth: int) -> str:
    where = format_path(segments[:depth]) or "the object"
    if isinstance(obj, list) and isinstance(segments[depth], int):
        return f"{where} has {len(obj)} items"
    found = {dict: "a mapping", list: "a list"}.get(type(obj), f"the value {obj!r}")
    return f"{where} is {found}"


def remove_path(obj: Any, path: str | Sequence[Segment]) -> Any:
    """Return *obj* without what it has at *path*; *obj* itself when there is nothing to remove."""
    segments = _as_path(path)
    if not segments:
        raise FieldPathError("can't remove the object itself: the field path is empty")
    parent = get_path(obj, segments[:-1])
    last = segments[-1]
    if get_path(parent, segments[-1:]) is MISSING:
        return obj
    if isinstance(parent, dict):
        remainder: Any = {name: value for name, value in parent.items() if name != last}
    else:
        remainder = [item for index, item in enumerate(parent) if index != last]
    return set_path(obj, segments[:-1], remainder)
