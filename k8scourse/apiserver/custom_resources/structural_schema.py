"""Structural schemas at work: pruning, defaults, and the shape for server-side apply.

Source: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{pruning,defaulting}/algorithm.go
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from k8scourse.apiserver.managed_fields.shapes import ATOMIC, DEDUCED, GRANULAR, Shape, struct_shape
from k8scourse.machinery.copying import copy_json

Object = dict[str, Any]
Schema = Mapping[str, Any]

PRESERVE = "x-kubernetes-preserve-unknown-fields"
EMBEDDED = "x-kubernetes-embedded-resource"
INT_OR_STRING = "x-kubernetes-int-or-string"
LIST_TYPE, LIST_MAP_KEYS, MAP_TYPE = "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type"
RULES = "x-kubernetes-validations"
OBJECT_META = "meta/v1.ObjectMeta"
_IMPLIED = ("apiVersion", "kind", "metadata")
_SCALARS = {"string": "string", "integer": "numeric", "number": "numeric", "boolean": "boolean"}


def prune(value: Any, schema: Schema | None, *, is_resource: bool = False, path: str = "") -> list[str]:
    """Remove from *value*, in place, what the schema does not declare; gives the paths of what went."""
    if isinstance(value, dict):
        return _prune_map(value, schema or {}, is_resource or bool((schema or {}).get(EMBEDDED)), path)
    if isinstance(value, list):
        items = (schema or {}).get("items")
        keeps = bool((schema or {}).get(PRESERVE)) and items is None
        if keeps:
            return []
        return [gone for i, item in enumerate(value) for gone in prune(item, items, path=f"{path}[{i}]")]
    return []


def _prune_map(value: Object, schema: Schema, is_resource: bool, path: str) -> list[str]:
    properties: Mapping[str, Schema] = schema.get("properties") or {}
    others = schema.get("additionalProperties")
    gone: list[str] = []
    for name in list(value):
        below = f"{path}.{name}" if path else name
        if is_resource and name in _IMPLIED:
            continue
        if name in properties:
            gone += prune(value[name], properties[name], path=below)
        elif isinstance(others, Mapping):
            gone += prune(value[name], others, path=below)
        elif not others and not schema.get(PRESERVE):
            del value[name]
            gone.append(below)
    return gone


def set_defaults(value: Any, schema: Schema | None) -> None:
    """Fill in the defaults of *schema*, in place; a null that is not allowed counts as missing where there is one."""
    if schema is None:
        return
    if isinstance(value, dict):
        _drop_nulls(value, schema)
        properties: Mapping[str, Schema] = schema.get("properties") or {}
        for name, declared in properties.items():
            if "default" in declared and name not in value:
                value[name] = copy_json(declared["default"])
        others = schema.get("additionalProperties")
        for name, inner in value.items():
            declared = properties.get(name, others)
            set_defaults(inner, declared if isinstance(declared, Mapping) else None)
    elif isinstance(value, list):
        for item in value:
            set_defaults(item, schema.get("items"))


def _drop_nulls(value: Object, schema: Schema) -> None:
    for name, declared in (schema.get("properties") or {}).items():
        may_go = "default" in declared or name not in (schema.get("required") or ())
        if name in value and value[name] is None and not declared.get("nullable") and may_go:
            del value[name]


def has_rules(schema: Any) -> bool:
    """Whether CEL rules stand anywhere in *schema*."""
    if isinstance(schema, Mapping):
        return bool(schema.get(RULES)) or any(has_rules(inner) for inner in schema.values())
    return isinstance(schema, list) and any(has_rules(inner) for inner in schema)


def shape_of(schema: Schema, *, is_resource: bool = False) -> Shape:
    """What structured merge must know of *schema* (schemaconv/openapi.go)."""
    if schema.get(INT_OR_STRING):
        return Shape(scalar="untyped")
    kind = schema.get("type", "")
    if kind in _SCALARS:
        return Shape(scalar=_SCALARS[kind])
    if kind == "array":
        return _list_shape(schema)
    if kind != "object" and not is_resource:
        return DEDUCED
    fields: dict[str, Callable[[], Shape]] = {}
    for name, declared in (schema.get("properties") or {}).items():
        fields[name] = _thunk(declared)
    if is_resource or schema.get(EMBEDDED):
        fields["apiVersion"] = fields["kind"] = lambda: Shape(scalar="string")
        fields["metadata"] = lambda: struct_shape(OBJECT_META)
    others = schema.get("additionalProperties")
    values = _thunk(others) if isinstance(others, Mapping) else None
    if values is None and (schema.get(PRESERVE) or others):
        values = _deduced
    return Shape(map=ATOMIC if schema.get(MAP_TYPE) == ATOMIC else GRANULAR, fields=fields, values=values)


def _deduced() -> Shape:
    return DEDUCED


def _thunk(schema: Schema) -> Callable[[], Shape]:
    return lru_cache(maxsize=1)(lambda: shape_of(schema))


def _list_shape(schema: Schema) -> Shape:
    items: Schema = schema.get("items") or {}
    keys: tuple[str, ...] = tuple(schema.get(LIST_MAP_KEYS) or ())
    properties: Mapping[str, Schema] = items.get("properties") or {}
    defaults: dict[str, Any] = {key: properties[key]["default"] for key in keys if "default" in properties.get(key, {})}
    return Shape(list=schema.get(LIST_TYPE) or ATOMIC, keys=keys, defaults=defaults, items=_thunk(items))
