"""Structured merge: what an applied configuration makes of a live object, and what is wrong with it.

Source: sigs.k8s.io/structured-merge-diff/v6 typed/{merge,validate,helpers}.go
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8scourse.apiserver.managed_fields.field_sets import Element, element_text, field_element
from k8scourse.apiserver.managed_fields.shapes import ATOMIC, Shape
from k8scourse.apiserver.managed_fields.walking import MISSING, branch, item_element
from k8scourse.machinery.go_format import go_json, go_value


def merge(live: Any, config: Any, shape: Shape) -> Any:
    """*live* with what *config* says; nothing is removed, and neither is changed (TypedValue.Merge).

    Items keep their places where *config* does not change them, else they come in the order of *config*.
    """
    if live is MISSING or config is MISSING:
        return config if live is MISSING else live
    kind = branch(shape, config)
    if kind == "scalar" or (shape.map if kind == "map" else shape.list) == ATOMIC:
        return config
    if kind == "map" and isinstance(live, Mapping | None) and isinstance(config, Mapping | None):
        return _merge_maps(live, config, shape) if live or config else config
    if kind == "list" and isinstance(live, list | None) and isinstance(config, list | None):
        return _merge_lists(live or [], config or [], shape) if live or config else config
    return config


def _merge_maps(live: Mapping[str, Any] | None, config: Mapping[str, Any] | None, shape: Shape) -> dict[str, Any]:
    merged = dict(live or {})
    for name, value in (config or {}).items():
        declared = shape.of_name(name)
        merged[name] = value if declared is None else merge(merged.get(name, MISSING), value, declared)
    return merged


def _merge_lists(live: list[Any], config: list[Any], shape: Shape) -> list[Any]:
    items = shape.of_item()
    left, right = [item_element(shape, item) for item in live], [item_element(shape, item) for item in config]
    olds: dict[Element, Any] = {}
    for element, item in zip(left, live, strict=True):
        olds[element] = None if element in olds else item  # duplicates are not merged
    news = dict(zip(right, config, strict=True))
    shared = [element for element in right if element in olds]
    merged: list[Any] = []
    done: set[Element] = set()
    i = j = 0
    while i < len(left) or j < len(right):
        if i < len(left) and j < len(right):
            element = left[i]
            if element == right[j]:
                merged.append(merge(olds[element], news[element], items))
                done.add(element)
                shared = shared[1:]
                i, j = i + 1, j + 1
                continue
            if element in news and shared and shared[0] != element:
                i += 1  # a shared item whose turn comes with the configuration's order
                continue
        if i < len(left):
            element = left[i]
            if element not in news:
                merged.append(live[i])
                i += 1
                continue
            if element in done:
                i += 1
        if j < len(right):
            element = right[j]
            merged.append(merge(olds.get(element, MISSING), news[element], items))
            done.add(element)
            j += 1
            if shared and shared[0] == element:
                shared = shared[1:]
    return merged


def faults(value: Any, shape: Shape) -> list[str]:
    """What is wrong with *value*, each fault as `path: text` (TypedValue.Validate)."""
    return [f"{path}: {text}" if path else text for path, text in _faults(value, shape, "")]


def joined(texts: list[str]) -> str:
    """Several faults as one text (ValidationErrors.Error)."""
    return texts[0] if len(texts) == 1 else "\n".join(["errors:", *(f"  {text}" for text in texts)])


def _faults(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    kind = branch(shape, value)
    if kind == "scalar":
        text = _scalar_fault(shape.scalar, value)
        if text:
            yield path, text
    elif kind == "map":
        yield from _map_faults(value, shape, path)
    else:
        yield from _list_faults(value, shape, path)


def _scalar_fault(scalar: str, value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if scalar == "numeric" and not is_number:
        return f"expected numeric (int or float), got {_go_type(value)}"
    if scalar == "string" and not isinstance(value, str):
        return f"expected string, got &value.valueUnstructured{{Value:{_go_syntax(value)}}}"
    if scalar == "boolean" and not isinstance(value, bool):
        return f"expected boolean, got &{{{go_value(value)}}}"
    if scalar == "untyped" and isinstance(value, Mapping | list):
        return f"expected any scalar, got &{{{go_value(value)}}}"
    return ""


def _map_faults(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield path, f"expected map, got &{{{go_value(value)}}}"
        return
    for name, inner in value.items():
        below = path + element_text(field_element(name))
        declared = shape.of_name(name)
        if declared is None:
            yield below, "field not declared in schema"
            return  # upstream looks no further in this map
        yield from _faults(inner, declared, below)


def _list_faults(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, f"expected list, got &{{{go_value(value)}}}"
        return
    items, seen = shape.of_item(), set[Element]()
    for index, item in enumerate(value):
        element = f"i:{index}"
        if shape.list != ATOMIC:
            try:
                element = item_element(shape, item)
            except ValueError as error:
                yield path, f"element {index}: {error}"
                return
            if element in seen:
                yield path, f"duplicate entries for key {element_text(element)}"
            seen.add(element)
        yield from _faults(item, items, path + element_text(element))


def _go_type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    return "map[string]interface {}" if isinstance(value, Mapping) else "[]interface {}"


def _go_syntax(value: Any) -> str:
    """A value as Go's %#v shows it."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{go_json(name)}:{_go_syntax(value[name])}" for name in sorted(value))
        return f"map[string]interface {{}}{{{inner}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(_go_syntax(item) for item in value)}}}"
    return "interface {}(nil)" if value is None else go_json(value)
