"""Values and their shapes: which fields a value has, what changed between two, merging and removing.

Source: sigs.k8s.io/structured-merge-diff/v6 typed/{tofieldset,compare,merge,remove,helpers,validate}.go
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from k8scourse.apiserver.managed_fields.field_sets import (
    Element,
    FieldSet,
    Path,
    field_element,
    key_element,
    value_element,
)
from k8scourse.apiserver.managed_fields.shapes import ATOMIC, KEYED, Shape

MISSING: Any = object()
"""Stands for a value that is not there; None is JSON's null."""


class Comparison(NamedTuple):
    """The fields that differ between two values, each in one of the three sets."""

    removed: FieldSet
    modified: FieldSet
    added: FieldSet


def branch(shape: Shape, value: Any) -> str:
    """Whether *value* is taken as a 'scalar', a 'list' or a 'map' (helpers.go deduceAtom, handleAtom)."""
    if isinstance(value, Mapping):
        if shape.map:
            return "map"
    elif isinstance(value, list):
        if shape.list:
            return "list"
    elif value is not None and value is not MISSING and shape.scalar:
        return "scalar"
    return "map" if shape.map else "scalar" if shape.scalar else "list"


def item_element(shape: Shape, item: Any) -> Element:
    """How an item of a set or of a list with keys is known; raises ValueError with upstream's text."""
    if shape.list == KEYED:
        if item is None:
            raise ValueError("associative list with keys may not have a null element")
        if not isinstance(item, Mapping):
            raise ValueError("associative list with keys may not have non-map elements")
        keys = {name: item[name] for name in shape.keys if name in item}
        keys.update((name, value) for name, value in shape.defaults.items() if name not in keys)
        if not keys:
            names = " ".join(f'"{name}"' for name in shape.keys)
            raise ValueError(
                f"associative list with keys has an element that omits all key fields [{names}] "
                "(and doesn't have default values for any key fields)"
            )
        return key_element(keys)
    if isinstance(item, Mapping):
        raise ValueError("associative list without keys has an element that's a map type")
    if isinstance(item, list):
        raise ValueError("not supported: associative list with lists as elements")
    if item is None:
        raise ValueError("associative list without keys has an element that's an explicit null")
    return value_element(item)


def field_set(value: Any, shape: Shape) -> FieldSet:
    """Every field and item that *value* mentions (TypedValue.ToFieldSet)."""
    return FieldSet.of(_mentioned(value, shape, ()))


def _mentioned(value: Any, shape: Shape, path: Path) -> Iterator[Path]:
    kind = branch(shape, value)
    if kind == "scalar" or (shape.map if kind == "map" else shape.list) == ATOMIC:
        yield path
    elif kind == "map" and isinstance(value, Mapping):
        for name, inner in value.items():
            below = (*path, field_element(name))
            declared = shape.of_name(name)
            if declared is not None:
                yield from _mentioned(inner, declared, below)
            if inner is None or inner == {} or name not in shape.fields:
                yield below
    elif kind == "list" and isinstance(value, list):
        items = shape.of_item()
        try:
            elements = [item_element(shape, item) for item in value]
        except ValueError:  # a stored list whose items can't be told apart has one owner
            yield path
            return
        for element, item in zip(elements, value, strict=True):
            yield (*path, element)
            if elements.count(element) == 1:
                yield from _mentioned(item, items, (*path, element))


def compare(old: Any, new: Any, shape: Shape) -> Comparison:
    """What differs between two values of *shape* (TypedValue.Compare)."""
    found: tuple[list[Path], list[Path], list[Path]] = ([], [], [])
    _compare(old, new, shape, (), found)
    return Comparison(*(FieldSet.of(paths) for paths in found))


def _compare(old: Any, new: Any, shape: Shape, path: Path, found: tuple[list[Path], list[Path], list[Path]]) -> None:
    if old is new:
        return
    removed, modified, added = found
    kind = branch(shape, old if new is MISSING else new)
    is_leaf = kind == "scalar" or (shape.map if kind == "map" else shape.list) == ATOMIC
    lhs, rhs = (None if side is MISSING else side for side in (old, new))
    container: Any = Mapping if kind == "map" else list
    if (lhs is not None and not isinstance(lhs, container)) or (rhs is not None and not isinstance(rhs, container)):
        is_leaf = True
    if is_leaf or (not lhs and not rhs):
        if old is not MISSING and new is not MISSING:
            if not _equal(old, new):
                modified.append(path)
            return
    elif kind == "map":
        _compare_maps(lhs or {}, rhs or {}, shape, path, found)
    else:
        _compare_lists(lhs or [], rhs or [], shape, path, found)
    if old is MISSING:
        added.append(path)
    elif new is MISSING:
        removed.append(path)


def _equal(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _compare_maps(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    shape: Shape,
    path: Path,
    found: tuple[list[Path], list[Path], list[Path]],
) -> None:
    for name in (*old, *(name for name in new if name not in old)):
        before, after = old.get(name, MISSING), new.get(name, MISSING)
        if before is not after:
            declared = shape.of_name(name)
            if declared is not None:
                _compare(before, after, declared, (*path, field_element(name)), found)


def _compare_lists(
    old: list[Any], new: list[Any], shape: Shape, path: Path, found: tuple[list[Path], list[Path], list[Path]]
) -> None:
    removed, modified, added = found
    items = shape.of_item()
    try:
        before, after = _by_element(old, shape), _by_element(new, shape)
    except ValueError:
        if old != new:
            modified.append(path)
        return
    for element in (*before, *(element for element in after if element not in before)):
        lhs, rhs = before.get(element, []), after.get(element, [])
        below = (*path, element)
        if len(lhs) <= 1 and len(rhs) <= 1:
            _compare(lhs[0] if lhs else MISSING, rhs[0] if rhs else MISSING, items, below, found)
        elif len(lhs) >= 2 and len(rhs) >= 2:
            if lhs != rhs:
                modified.append(below)
        elif len(lhs) >= 2:
            if rhs:
                _compare(MISSING, rhs[0], items, below, found)
            removed.append(below)
        else:
            if lhs:
                _compare(lhs[0], MISSING, items, below, found)
            added.append(below)


def _by_element(items: list[Any], shape: Shape) -> dict[Element, list[Any]]:
    found: dict[Element, list[Any]] = {}
    for item in items:
        found.setdefault(item_element(shape, item), []).append(item)
    return found


def remove_items(value: Any, unwanted: FieldSet, shape: Shape) -> Any:
    """*value* without the fields and items of *unwanted*; MISSING where nothing is left (TypedValue.RemoveItems)."""
    kind = branch(shape, value)
    if kind == "map" and isinstance(value, Mapping):
        if shape.map == ATOMIC or not value:
            return MISSING
        kept = {}
        for name, inner in value.items():
            element = field_element(name)
            if element in unwanted.members:
                continue
            declared, below = shape.of_name(name), unwanted.children.get(element)
            if below and declared is not None:
                inner = remove_items(inner, below, declared)
                inner = None if inner is MISSING else inner
            kept[name] = inner
        return kept or MISSING
    if kind == "list" and isinstance(value, list):
        if shape.list == ATOMIC or not value:
            return MISSING
        left = []
        for item in value:
            element = item_element(shape, item)
            if element in unwanted.members:
                continue
            below = unwanted.children.get(element)
            if below:
                item = remove_items(item, below, shape.of_item())
            left.append(None if item is MISSING else item)
        return left or MISSING
    return value


def with_named_fields(fields: FieldSet, shape: Shape | None) -> FieldSet:
    """*fields* with the declared fields on the way to them (Set.EnsureNamedFieldsAreMembers)."""
    members = set(fields.members)
    children: dict[Element, FieldSet] = {}
    for element, below in fields.children.items():
        inner: Shape | None = None
        if shape is not None and element[0] == "f":
            name = element[2:]
            inner = shape.of_name(name)
            if shape.map and name in shape.fields:
                members.add(element)
        elif shape is not None and shape.list:
            inner = shape.of_item()
        children[element] = with_named_fields(below, inner)
    return FieldSet(frozenset(members), children)
