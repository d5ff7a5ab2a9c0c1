"""Skeletons: what a created object consists of, without its values.

Who creates an object owns its fields as they are before admission adds to them. Keeping a copy of every object for
that would be dear; the names of fields and the keys of list items are enough, and pods made from one template share
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Skeleton = Any
"""A tuple of (name, skeleton) for a map, a tuple that begins with _LIST for a list, a scalar or its stand-in."""

_SOMETHING = "…"
_LIST = object()
_KEYS = frozenset(
    [
        "name",
        "type",
        "uid",
        "key",
        "ip",
        "port",
        "protocol",
        "containerPort",
        "mountPath",
        "devicePath",
        "topologyKey",
        "whenUnsatisfiable",
        "driver",
        "device",
        "pool",
        "shareID",
        "apiServerID",
        "resourceID",
        "rule",
    ]
)
"""Names of fields by which items of some list are known."""
_NONE: frozenset[str] = frozenset()


def skeleton_of(obj: Mapping[str, Any]) -> Skeleton:
    """The skeleton of *obj*; equal ones are one object."""
    return _shared(_of_map(obj, _NONE))


def _of_map(value: Mapping[str, Any], kept: frozenset[str]) -> Skeleton:
    return tuple(
        [
            (
                name,
                inner
                if inner is None or inner is True or inner is False
                else _of_map(inner, _NONE)
                if type(inner) is dict
                else _of_list(inner)
                if type(inner) is list
                else inner
                if not inner or name in kept
                else _SOMETHING,
            )
            for name, inner in value.items()
        ]
    )


def _of_list(value: list[Any]) -> Skeleton:
    return (_LIST, *[_of_item(item) for item in value])


def _of_item(item: Any) -> Skeleton:
    if type(item) is dict:
        return _of_map(item, _KEYS)
    return _of_list(item) if type(item) is list else item


@lru_cache(maxsize=4096, typed=True)
def _shared(skeleton: Skeleton) -> Skeleton:
    return skeleton


def as_value(skeleton: Skeleton) -> Any:
    """A value of the same structure, with stand-ins for scalars."""
    if type(skeleton) is not tuple:
        return skeleton
    if skeleton and skeleton[0] is _LIST:
        return [as_value(item) for item in skeleton[1:]]
    return {name: as_value(inner) for name, inner in skeleton}
