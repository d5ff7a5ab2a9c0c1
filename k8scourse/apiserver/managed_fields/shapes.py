"""Shapes: what structured merge must know of a type - what is one value, what is a map, a set or a list with keys.

Sources: k8s.io/kube-openapi/pkg/schemaconv/smd.go (from OpenAPI to shapes), sigs.k8s.io/structured-merge-diff/v6
schema/elements.go
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from k8scourse.apiserver.go_type import GoType
from k8scourse.apiserver.schemas import FieldSchema, type_schema

ATOMIC, SET, KEYED, GRANULAR = "atomic", "set", "map", "granular"

Thunk = Callable[[], "Shape"]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What values of a type may be: a scalar, a list, a map, or several of these.

    scalar: '', 'numeric', 'string', 'boolean' or 'untyped' (any). list: '', 'atomic' (one value), 'set' or 'map' (items
    known by *keys*, with *defaults* of keys that are left out). map: '', 'atomic' or 'granular'. fields: the declared
    names; values: of other names, None where there are none. items: of lists.
    """

    scalar: str = ""
    list: str = ""
    map: str = ""
    keys: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Thunk] = field(default_factory=dict)
    values: Thunk | None = None
    items: Thunk | None = None

    def of_name(self, name: str) -> Shape | None:
        """The shape of a map's entry; None where the name is not allowed."""
        thunk = self.fields.get(name) or self.values
        return None if thunk is None else thunk()

    def of_item(self) -> Shape:
        """The shape of a list's items."""
        return UNTYPED_ATOMIC if self.items is None else self.items()


def _untyped_atomic() -> Shape:
    return UNTYPED_ATOMIC


def _deduced() -> Shape:
    return DEDUCED


UNTYPED_ATOMIC = Shape(scalar="untyped", list=ATOMIC, map=ATOMIC, items=_untyped_atomic, values=_untyped_atomic)
DEDUCED = Shape(scalar="untyped", list=ATOMIC, map=GRANULAR, items=_untyped_atomic, values=_deduced)
"""Of values without a type: maps are merged, lists replaced."""

_SCALARS = {
    name: Shape(scalar=scalar)
    for name, scalar in {
        "string": "string",
        "bool": "boolean",
        "int32": "numeric",
        "int64": "numeric",
        "float64": "numeric",
        "bytes": "string",
        "quantity": "untyped",
        "int-or-string": "untyped",
        "time": "untyped",
        "micro-time": "untyped",
    }.items()
}

ATOMIC_STRUCTS = frozenset(
    {
        "admissionregistration/v1.NamedRuleWithOperations",
        "admissionregistration/v1.Variable",
        "autoscaling/v1.CrossVersionObjectReference",
        "core/v1.ConfigMapKeySelector",
        "core/v1.EndpointAddress",
        "core/v1.EndpointPort",
        "core/v1.FileKeySelector",
        "core/v1.LocalObjectReference",
        "core/v1.NodeSelector",
        "core/v1.NodeSelectorTerm",
        "core/v1.ObjectFieldSelector",
        "core/v1.ObjectReference",
        "core/v1.ResourceFieldSelector",
        "core/v1.ScopeSelector",
        "core/v1.SecretKeySelector",
        "core/v1.SecretReference",
        "core/v1.TopologySelectorTerm",
        "core/v1.TypedLocalObjectReference",
        "discovery/v1.EndpointPort",
        "meta/v1.LabelSelector",
        "meta/v1.OwnerReference",
        "networking/v1.ServiceBackendPort",
        "rbac/v1.RoleRef",
        "rbac/v1.Subject",
    }
)
"""Structs that are one value wherever they stand (+structType=atomic in staging/src/k8s.io/api)."""

_KEY_DEFAULTS: Mapping[tuple[str, ...], Mapping[str, Any]] = {
    ("containerPort", "protocol"): {"protocol": "TCP"},
    ("port", "protocol"): {"protocol": "TCP"},
}
"""Defaults of keys (+default in staging/src/k8s.io/api/core/v1/types.go)."""


@cache
def struct_shape(name: str) -> Shape:
    """The shape of a built-in struct such as 'core/v1.PodSpec'."""
    fields = {key: _thunk(declared) for key, declared in type_schema(name).fields.items()}
    return Shape(map=ATOMIC if name in ATOMIC_STRUCTS else GRANULAR, fields=fields)


def _thunk(declared: FieldSchema) -> Thunk:
    return lru_cache(maxsize=1)(lambda: _field_shape(declared))


def _field_shape(declared: FieldSchema) -> Shape:
    go = declared.go
    if go.kind == "slice":
        kind, keys = _list_kind(declared)
        defaults = _KEY_DEFAULTS.get(keys, {})
        return Shape(list=kind, keys=keys, defaults=defaults, items=_go_thunk(go.elem))
    if go.kind == "map":
        kind = ATOMIC if declared.map_type == ATOMIC else GRANULAR
        return Shape(map=kind, values=_go_thunk(go.elem))
    if go.kind == "struct" and declared.map_type == ATOMIC and go.struct is not None:
        return Shape(map=ATOMIC, fields=struct_shape(go.struct).fields)
    return _go_shape(go)


def _list_kind(declared: FieldSchema) -> tuple[str, tuple[str, ...]]:
    """How the items of a list are told apart (smd.go getListElementRelationship)."""
    if declared.list_type is not None:
        return declared.list_type, declared.list_map_keys
    if "merge" in declared.strategies:
        return (KEYED, (declared.merge_key,)) if declared.merge_key else (SET, ())
    return ATOMIC, ()


def _go_thunk(go: GoType | None) -> Thunk:
    return _untyped_atomic if go is None else lru_cache(maxsize=1)(lambda: _go_shape(go))


def _go_shape(go: GoType) -> Shape:
    if go.kind == "struct" and go.struct is not None:
        return struct_shape(go.struct)
    if go.kind == "slice":
        return Shape(list=ATOMIC, items=_go_thunk(go.elem))
    if go.kind == "map":
        return Shape(map=GRANULAR, values=_go_thunk(go.elem))
    return _SCALARS.get(go.kind, UNTYPED_ATOMIC)


@cache
def zero_struct(name: str) -> Mapping[str, Any]:
    """What a struct without any content is like once Go has written it: what an object is compared with at creation."""
    found: dict[str, Any] = {}
    for key, declared in type_schema(name).fields.items():
        go = declared.go
        if go.kind == "struct" and not go.pointer and go.struct is not None:
            if not declared.omitzero:
                found[key] = zero_struct(go.struct)
        elif not declared.omitempty and not declared.omitzero:
            found[key] = None if go.pointer else _ZERO.get(go.kind)
    return found


_ZERO: Mapping[str, Any] = {"string": "", "bool": False, "int32": 0, "int64": 0, "float64": 0, "quantity": "0"}
