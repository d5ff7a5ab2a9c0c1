"""Single-field edits of an object: what could be dropped, changed, renamed or added, the smallest first.

Candidates only; whether one helps is found out by trying it on a fork (smallest_edit.py).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.machinery.fieldpath import Path, format_path, get_path, remove_path, set_path

DROP, CHANGE, ADD, RENAME = "drop", "change", "add", "rename"

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """One field dropped, changed, renamed, or one item added."""

    action: str
    path: Path
    """The field; for a new item the place that it gets; for a renamed one its old name."""
    old: Any = None
    new: Any = None

    def apply(self, obj: Object) -> Object:
        """*obj* with the edit; *obj* stays as it is."""
        if self.action == DROP:
            return _without(obj, self.path)
        if self.action == RENAME:
            value = get_path(obj, self.path)
            return set_path(remove_path(obj, self.path), (*self.path[:-1], self.new), value)
        return set_path(obj, self.path, self.new)

    @property
    def size(self) -> tuple[float, str]:
        """How much a person would have to change; the text makes the order of equals a fixed one."""
        return round(self._cost(), 3), str(self)

    def _cost(self) -> float:
        if self.action in (CHANGE, RENAME):
            old = str(self.path[-1] if self.action == RENAME else self.old)
            return 2 - difflib.SequenceMatcher(None, old, str(self.new), autojunk=False).ratio()
        leaves = _leaves(self.old if self.action == DROP else self.new)
        return 2 + leaves / 100 if self.action == DROP else 3 + leaves / 100

    def __str__(self) -> str:
        where = format_path(self.path)
        if self.action == DROP:
            return f"drop {where}{_shown(self.old)}"
        if self.action == RENAME:
            return f"rename {where} to {self.new}"
        if self.action == ADD and isinstance(self.path[-1], int):
            return f"add to {format_path(self.path[:-1])}: {flow(self.new)}"
        if self.action == ADD:
            return f"add {where}: {flow(self.new)}"
        return f"change {where} from {flow(self.old)} to {flow(self.new)}"


def _without(obj: Object, path: Path) -> Object:
    """*obj* without the field, and without the list that it leaves empty."""
    shorter = remove_path(obj, path)
    parent = path[:-1]
    if parent and get_path(shorter, parent) in ([], {}) and isinstance(path[-1], int):
        return remove_path(shorter, parent)
    return shorter


def _shown(value: Any) -> str:
    """A value worth repeating: one that is short."""
    text = flow(value)
    return f" ({text})" if len(text) <= 60 else ""


def _leaves(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(_leaves(item) for item in value.values()) or 1
    if isinstance(value, list):
        return sum(_leaves(item) for item in value) or 1
    return 1


def flow(value: Any) -> str:
    """*value* in one line, as YAML's flow style with texts in quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every field and item below *value* with its path, outer ones first."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield (*path, key), item
        yield from walk(item, (*path, key))


def meaning(obj: Object) -> str:
    """A text that is equal for objects that differ only in empty lists and mappings."""
    return json.dumps(_pruned(obj), sort_keys=True)


def _pruned(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _pruned(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ({}, [])}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def drops(obj: Object, within: Iterable[Path]) -> Iterator[Edit]:
    """Dropping each field or item at or below the paths *within*."""
    for start in within:
        value = get_path(obj, start)
        if value or value in (0, "", False):
            yield Edit(DROP, start, value)
            yield from (Edit(DROP, path, item) for path, item in walk(value, start))


def changes(path: Path, old: Any, values: Iterable[Any]) -> Iterator[Edit]:
    """Changing the scalar at *path* to each of *values*."""
    yield from (Edit(CHANGE, path, old, new) for new in values if new != old)


def smallest_first(edits: Iterable[Edit], obj: Object, *, limit: int) -> list[Edit]:
    """At most *limit* different edits of *obj*, ordered by size; those with the same result count as one."""
    chosen: dict[str, Edit] = {}
    for edit in sorted(edits, key=lambda one: one.size):
        chosen.setdefault(json.dumps(edit.apply(obj), sort_keys=True), edit)
        if len(chosen) == limit:
            break
    return list(chosen.values())
