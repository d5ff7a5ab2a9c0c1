"""Strategic merge patches, applied as the API server does; inputs are never changed.

Source: apimachinery, pkg/util/strategicpatch/patch.go; codes: apiserver, pkg/endpoints/handlers/patch.go.
"""

from typing import Any

from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.merge_patch import PatchError, same, without_nulls
from k8scourse.machinery.patch_schema import (
    DELETE_PREFIX,
    DIRECTIVE,
    RETAIN_KEYS,
    SET_ORDER_PREFIX,
    PatchSchema,
    element_kind,
    expect_list,
    in_order,
    interleave,
    key_of,
    lookup,
    partition,
    position,
)

__all__ = ["PatchError", "merge_patches", "strategic_merge_patch"]

_MAP = "map[string]interface {}"
_BAD_ORDER = "invalid patch format of setElementOrder list"
_BAD_RETAIN_KEYS = "invalid patch format of retainKeys"


def strategic_merge_patch(original: dict[str, Any], patch: dict[str, Any], schema: PatchSchema) -> dict[str, Any]:
    """Return *original* with *patch* applied, lists merged by their merge keys and all directives obeyed.

    Raises PatchError with the server's text and code (400 bad directives, 422 lists of lists, 500 the rest).
    """
    return _merge_map(original, patch, schema, final=True)


def merge_patches(first: dict[str, Any], second: dict[str, Any], schema: PatchSchema) -> dict[str, Any]:
    """Return one patch that does what *first* and then *second* do: nulls and directives are kept, not obeyed."""
    return _merge_map(first, second, schema, final=False)


def _merge_map(
    original: dict[str, Any], patch: dict[str, Any], schema: PatchSchema | None, *, final: bool
) -> dict[str, Any]:
    if DIRECTIVE in patch:
        return _directed(patch)
    merged, rest = dict(original), dict(patch)
    _retain_keys(merged, rest, final=final)
    _merge_ordered_lists(merged, rest, schema, final=final)
    for name, value in rest.items():
        if name.startswith(DELETE_PREFIX.rstrip("/")):
            _delete_primitives(merged, name, value, schema, final=final)
        else:
            _merge_field(merged, name, value, schema, final=final)
    return merged


def _directed(patch: dict[str, Any]) -> dict[str, Any]:
    directive = patch[DIRECTIVE]
    if directive == "replace":
        return {name: value for name, value in patch.items() if name != DIRECTIVE}
    if directive == "delete":
        return {}
    raise PatchError(f"unknown patch type: {go_value(directive)} in map: {go_value(patch)}", 500)


def _retain_keys(merged: dict[str, Any], patch: dict[str, Any], *, final: bool) -> None:
    if RETAIN_KEYS not in patch:
        return
    keys = patch.pop(RETAIN_KEYS)
    if not final:
        if RETAIN_KEYS in merged and not same(merged[RETAIN_KEYS], keys):
            found = f"{go_value(merged[RETAIN_KEYS])} and {go_value(keys)}"
            raise PatchError(f"{found} are not deep equal: this may happen when calculating the 3-way diff patch", 500)
        merged[RETAIN_KEYS] = keys
        return
    if not isinstance(keys, list):
        raise PatchError(_BAD_RETAIN_KEYS, 400)
    for name, value in patch.items():
        if value is not None and not name.startswith((DELETE_PREFIX, SET_ORDER_PREFIX)) and name not in keys:
            raise PatchError(_BAD_RETAIN_KEYS, 400)
    for name in [name for name in merged if name not in keys]:
        del merged[name]


def _merge_ordered_lists(
    merged: dict[str, Any], patch: dict[str, Any], schema: PatchSchema | None, *, final: bool
) -> None:
    """Merge the lists that have a `$setElementOrder` and put them in that order; both leave the patch."""
    for directive in [name for name in patch if name.startswith(SET_ORDER_PREFIX.rstrip("/"))]:
        order = patch.pop(directive)
        if not final:
            if directive in merged and not same(merged[directive], order):
                raise PatchError(_BAD_ORDER, 400)
            merged[directive] = order
        order = expect_list(order)
        if not directive.startswith(SET_ORDER_PREFIX):
            raise PatchError(_BAD_ORDER, 400)
        name = directive.removeprefix(SET_ORDER_PREFIX)
        live = expect_list(merged[name]) if name in merged else None
        changes = expect_list(patch[name]) if name in patch else None
        below, merge_key, strategy, _ = lookup(schema, name)
        _check_order(changes or [], order, merge_key)
        if live is None and changes is None:
            continue
        patch.pop(name, None)
        if changes is None:
            items = live or []
        elif live is None:
            items = _without_directives(changes)
        else:
            items = _merge_list_by(strategy, live, changes, below, merge_key, final=final)
        inside, outside = partition(items, order, merge_key)
        element_kind(live or [], changes or [])
        server_order = _order_after_merge(live or [], changes or [], merge_key) if strategy == "merge" else live or []
        merged[name] = _arranged(inside, outside, order, server_order, merge_key)


def _order_after_merge(live: list[Any], changes: list[Any], merge_key: str | None) -> list[Any]:
    """The server's order as upstream sees it after merging: it deletes in place and appends into the freed slots."""
    if not merge_key:
        return live
    slots, length = list(live), len(live)
    for doomed in (item for item in changes if item.get(DIRECTIVE) == "delete"):
        while (index := position(slots[:length], doomed, merge_key)) >= 0:
            slots[index : length - 1] = slots[index + 1 : length]
            length -= 1
    if any(item.get(DIRECTIVE) == "replace" for item in changes):
        return slots
    for item in changes:
        if length == len(slots):
            break
        if DIRECTIVE not in item and position(slots[:length], item, merge_key) < 0:
            slots[length] = item
            length += 1
    return slots


def _arranged(
    patched: list[Any], server_only: list[Any], order: list[Any], live: list[Any], merge_key: str | None
) -> list[Any]:
    return interleave(in_order(server_only, live, merge_key), in_order(patched, order, merge_key), live, merge_key)


def _check_order(changes: list[Any], order: list[Any], merge_key: str | None) -> None:
    """Items of the patch (but those with directives) must appear in the order list, in the same order."""
    if not changes or not order:
        return
    listed = changes
    if merge_key:
        changes = [item for item in changes if not (isinstance(item, dict) and item.get(DIRECTIVE) == "delete")]
    i = j = 0
    while i < len(changes) and j < len(order):
        if _is_directive(changes[i]):
            i += 1
            continue
        left, right = changes[i], order[j]
        if merge_key:
            left, right = key_of(left, merge_key), key_of(right, merge_key)
        i += same(left, right)
        j += 1
    if i < len(changes):
        text = f"The order in patch list:\n{go_value(listed)}\n doesn't match $setElementOrder list:\n"
        raise PatchError(f"{text}{go_value(order)}\n", 500)


def _delete_primitives(
    merged: dict[str, Any], directive: str, values: Any, schema: PatchSchema | None, *, final: bool
) -> None:
    if not final:
        merged[directive] = values
        return
    if not directive.startswith(DELETE_PREFIX):
        raise PatchError("invalid patch format of primitive list", 400)
    name = directive.removeprefix(DELETE_PREFIX)
    if isinstance(merged.get(name), list) and isinstance(values, list):
        lookup(schema, name)
        merged[name] = [item for item in merged[name] if position(values, item, None) < 0]


def _merge_field(merged: dict[str, Any], name: str, value: Any, schema: PatchSchema | None, *, final: bool) -> None:
    if value is None:
        merged.pop(name, None)
        if not final:
            merged[name] = None
        return
    current = merged.get(name)
    if isinstance(current, dict) and isinstance(value, dict):
        below, _, strategy, _ = lookup(schema, name)
        merged[name] = value if strategy == "replace" else _merge_map(current, value, below, final=final)
    elif isinstance(current, list) and isinstance(value, list):
        below, merge_key, strategy, _ = lookup(schema, name)
        merged[name] = _merge_list_by(strategy, current, value, below, merge_key, final=final)
    elif isinstance(value, dict) and DIRECTIVE in value:
        merged.pop(name, None)
    else:
        merged[name] = _without_directives(without_nulls(value) if final else value)


def _without_directives(value: Any) -> Any:
    """*value* without the mappings in it that carry a `$patch` directive."""
    if isinstance(value, dict):
        return {name: _without_directives(item) for name, item in value.items() if not _is_directive(item)}
    if isinstance(value, list):
        return [_without_directives(item) for item in value if not _is_directive(item)]
    return value


def _is_directive(value: Any) -> bool:
    return isinstance(value, dict) and DIRECTIVE in value


def _merge_list_by(
    strategy: str, live: list[Any], patch: list[Any], schema: PatchSchema | None, merge_key: str | None, *, final: bool
) -> list[Any]:
    if strategy != "merge":
        return patch
    if not live and not patch:
        return live
    if element_kind(live, patch) != _MAP:
        merged: list[Any] = []
        for item in live + patch:
            if position(merged, item, None) < 0:
                merged.append(item)
        merge_key = None
    elif not merge_key:
        raise PatchError("cannot merge lists without merge key for struct", 500)
    else:
        live, patch = _obey_item_directives(live, patch, merge_key)
        merged = _merge_items(live, patch, schema, merge_key, final=final)
    inside, outside = partition(merged, patch, merge_key)
    return _arranged(inside, outside, patch, live, merge_key)


def _obey_item_directives(live: list[Any], patch: list[Any], merge_key: str) -> tuple[list[Any], list[Any]]:
    """Return the list without the items that the patch deletes, and the patch without directives."""
    plain = [item for item in patch if DIRECTIVE not in item]
    for item in patch:
        directive = item.get(DIRECTIVE)
        if DIRECTIVE not in item or directive == "replace":
            continue
        if directive == "merge":
            raise PatchError("merging lists cannot yet be specified in the patch", 500)
        if directive != "delete":
            raise PatchError(f"unknown patch type: {go_value(directive)} in map: {go_value(item)}", 500)
        doomed = key_of(item, merge_key)
        live = [other for other in live if merge_key not in other or not same(other[merge_key], doomed)]
    if any(item.get(DIRECTIVE) == "replace" for item in patch):
        return plain, []
    return live, plain


def _merge_items(
    live: list[Any], patch: list[Any], schema: PatchSchema | None, merge_key: str, *, final: bool
) -> list[Any]:
    merged = list(live)
    for item in patch:
        key_of(item, merge_key)
        index = position(merged, item, merge_key)
        if index < 0:
            merged.append(item)
        else:
            merged[index] = _merge_map(merged[index], item, schema, final=final)
    return merged
