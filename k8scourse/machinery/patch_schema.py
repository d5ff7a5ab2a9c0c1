"""What a strategic merge patch needs to know about a type, and the lists it merges.

Source: apimachinery, pkg/util/strategicpatch/meta.go and patch.go.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.merge_patch import PatchError, same

DIRECTIVE = "$patch"
RETAIN_KEYS = "$retainKeys"
SET_ORDER_PREFIX = "$setElementOrder/"
DELETE_PREFIX = "$deleteFromPrimitiveList/"


class FieldMeta(Protocol):
    """How one field is patched: `schema` describes its value, or the items of its list; None for maps and scalars."""

    @property
    def schema(self) -> "PatchSchema | None": ...
    @property
    def merge_key(self) -> str | None: ...
    @property
    def strategies(self) -> Sequence[str]: ...


class PatchSchema(Protocol):
    """A structure's fields; `field` returns None for a name it lacks."""

    def field(self, name: str, /) -> FieldMeta | None: ...


def lookup(schema: PatchSchema | None, name: str) -> tuple[PatchSchema | None, str | None, str, bool]:
    """Return (schema below, merge key, strategy without retainKeys, whether retainKeys) of the field *name*.

    Raises PatchError (500) for a field that the structure lacks, and for a structure inside a plain map.
    """
    if schema is None:
        raise PatchError("merging an object in json but data type is not struct, instead is: map", 500)
    meta = schema.field(name)
    if meta is None:
        struct = getattr(schema, "name", "")
        raise PatchError(f'unable to find api field in struct {struct} for the json field "{name}"', 500)
    strategies = [strategy for strategy in meta.strategies if strategy != "retainKeys"]
    if len(strategies) > 1:
        raise PatchError(f"unexpected patch strategy: {go_value(list(meta.strategies))}", 500)
    return meta.schema, meta.merge_key, strategies[0] if strategies else "", len(strategies) < len(meta.strategies)


def kind_of(value: Any) -> str:
    """Return the Go type of a JSON value, as error texts name it."""
    if isinstance(value, dict):
        return "map[string]interface {}"
    if isinstance(value, list):
        return "[]interface {}"
    names = {str: "string", bool: "bool", int: "int64", float: "float64"}
    return names.get(type(value), "%!s(<nil>)")


def expect_list(value: Any) -> list[Any]:
    """Return *value* if it is a list. Raises PatchError (500)."""
    if not isinstance(value, list):
        raise PatchError(f"expected a []interface {{}}, but received a {kind_of(value)}", 500)
    return value


def key_of(item: Any, merge_key: str) -> Any:
    """Return the value of the merge key of a list's item. Raises PatchError (500) when it has none."""
    if not isinstance(item, dict):
        raise PatchError(f"expected a map[string]interface {{}}, but received a {kind_of(item)}", 500)
    if merge_key not in item:
        raise PatchError(f"map: {go_value(item)} does not contain declared merge key: {merge_key}", 500)
    return item[merge_key]


def element_kind(*lists: list[Any]) -> str:
    """Return the one Go type of all items. Raises PatchError for mixed types (500) and lists of lists (422)."""
    kinds = [kind_of(item) for items in lists for item in items]
    if not kinds:
        raise PatchError("no elements in any of the given slices", 500)
    if kinds[0] == "[]interface {}":
        raise PatchError("lists of lists are not supported", 422)
    if len(set(kinds)) > 1:
        raise PatchError(f"list element types are not identical: {go_value(list(lists))}", 500)
    return kinds[0]


def position(items: list[Any], item: Any, merge_key: str | None) -> int:
    """Return the index of *item* in *items* (of the item with its merge key, for mappings), or -1."""
    if not merge_key or not isinstance(item, dict):
        return next((index for index, other in enumerate(items) if same(other, item)), -1)
    wanted = item.get(merge_key)
    return next(
        (index for index, other in enumerate(items) if isinstance(other, dict) and same(other.get(merge_key), wanted)),
        -1,
    )


def partition(items: list[Any], by: list[Any], merge_key: str | None) -> tuple[list[Any], list[Any]]:
    """Split *items* into those that *by* holds too and the rest."""
    inside: list[Any] = []
    outside: list[Any] = []
    for item in items:
        if merge_key:
            key_of(item, merge_key)
        (inside if position(by, item, merge_key) >= 0 else outside).append(item)
    return inside, outside


def in_order(items: list[Any], order: list[Any], merge_key: str | None) -> list[Any]:
    """Return *items* sorted by their place in *order*; items to delete come last, as they were."""
    deleted: list[Any] = []
    kept: list[Any] = []
    for item in items:
        is_deletion = isinstance(item, dict) and item.get(DIRECTIVE) == "delete"
        (deleted if is_deletion else kept).append(item)
    return sorted(kept, key=lambda item: position(order, item, merge_key)) + deleted


def interleave(left: list[Any], right: list[Any], order: list[Any], merge_key: str | None) -> list[Any]:
    """Merge two sorted lists; an item of *left* goes before one of *right* only if it stands before it in *order*."""
    merged: list[Any] = []
    i = j = 0
    while i < len(left) and j < len(right):
        left_place = position(order, left[i], merge_key)
        if 0 <= left_place < position(order, right[j], merge_key):
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]
