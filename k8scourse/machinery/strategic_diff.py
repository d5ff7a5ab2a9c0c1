"""Strategic merge patches made from two documents.

Source: apimachinery, pkg/util/strategicpatch/patch.go (diffMaps and below).
"""

from dataclasses import dataclass, replace
from typing import Any

from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.merge_patch import PatchError, same
from k8scourse.machinery.patch_schema import (
    DELETE_PREFIX,
    DIRECTIVE,
    RETAIN_KEYS,
    SET_ORDER_PREFIX,
    PatchSchema,
    element_kind,
    in_order,
    key_of,
    lookup,
    position,
)


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """Which differences go into the patch; `retain_keys` asks for that directive in the mapping at hand."""

    changes: bool = True
    deletions: bool = True
    retain_keys: bool = False


def create_strategic_patch(original: dict[str, Any], modified: dict[str, Any], schema: PatchSchema) -> dict[str, Any]:
    """Return the strategic merge patch that turns *original* into *modified*. Raises PatchError."""
    return diff(original, modified, schema, DiffOptions())


def diff(
    original: dict[str, Any], modified: dict[str, Any], schema: PatchSchema | None, options: DiffOptions
) -> dict[str, Any]:
    """Return a patch with the differences that *options* ask for. Raises PatchError for lists that cannot be merged."""
    patch: dict[str, Any] = {}
    for name, value in modified.items():
        if name not in original:
            if options.changes:
                patch[name] = value
            continue
        before = original[name]
        if isinstance(before, dict) and isinstance(value, dict):
            _diff_map(patch, name, before, value, schema, options)
        elif isinstance(before, list) and isinstance(value, list):
            _diff_list(patch, name, before, value, schema, options)
        elif options.changes and not same(before, value):
            patch[name] = value
    gone = [name for name in original if name not in modified]
    if options.deletions:
        patch.update(dict.fromkeys(gone))
    retained = sorted((name for name in modified if modified[name] is not None), key=str)
    if options.retain_keys and retained and (patch or any(original[name] is not None for name in gone)):
        patch[RETAIN_KEYS] = retained
    return patch


def _diff_map(
    patch: dict[str, Any],
    name: str,
    before: dict[str, Any],
    after: dict[str, Any],
    schema: PatchSchema | None,
    options: DiffOptions,
) -> None:
    try:
        below, _, strategy, retain_keys = lookup(schema, name)
    except PatchError:
        if same(before, after):
            return
        raise
    if strategy == "replace":
        if options.changes:
            patch[name] = after
        return
    inner = diff(before, after, below, replace(options, retain_keys=retain_keys))
    if inner:
        patch[name] = inner


def _diff_list(
    patch: dict[str, Any],
    name: str,
    before: list[Any],
    after: list[Any],
    schema: PatchSchema | None,
    options: DiffOptions,
) -> None:
    try:
        below, merge_key, strategy, retain_keys = lookup(schema, name)
    except PatchError:
        if same(before, after):
            return
        raise
    if strategy != "merge":
        if options.changes and not same(before, after):
            patch[name] = after
        return
    if not before:
        if after and options.changes:
            patch[name] = after
        return
    options = replace(options, retain_keys=retain_keys)
    if element_kind(before, after) == "map[string]interface {}":
        _diff_merged_maps(patch, name, before, after, below, merge_key or "", options)
    else:
        _diff_merged_scalars(patch, name, before, after, options)


def _diff_merged_scalars(
    patch: dict[str, Any], name: str, before: list[Any], after: list[Any], options: DiffOptions
) -> None:
    added = _surplus(after, before) if options.changes else []
    deleted = _surplus(sorted(before, key=go_value), after) if options.deletions else []
    if added:
        patch[name] = in_order(added, after, None)
    if deleted:
        patch[DELETE_PREFIX + name] = [item for index, item in enumerate(deleted) if item not in deleted[:index]]
    # Upstream has sorted the old list by this point, so an unsorted list yields an order even if nothing changed.
    if deleted or (options.changes and not same(sorted(before, key=go_value), after)):
        patch[SET_ORDER_PREFIX + name] = after


def _surplus(items: list[Any], others: list[Any]) -> list[Any]:
    """The items that *others* does not hold, or holds fewer times; texts are compared, as upstream does."""
    left = [go_value(other) for other in others]
    surplus: list[Any] = []
    for item in items:
        text = go_value(item)
        if text in left:
            left.remove(text)
        else:
            surplus.append(item)
    return surplus


def _diff_merged_maps(
    patch: dict[str, Any],
    name: str,
    before: list[Any],
    after: list[Any],
    schema: PatchSchema | None,
    merge_key: str,
    options: DiffOptions,
) -> None:
    changes = _changed_items(before, after, schema, merge_key, options)
    deletions: list[Any] = []
    if options.deletions:
        gone = [item for item in before if position(after, item, merge_key) < 0]
        gone.sort(key=lambda item: go_value(item[merge_key]))
        deletions = [{merge_key: item[merge_key], DIRECTIVE: "delete"} for item in gone]
    same_order = [item[merge_key] for item in before] == [item[merge_key] for item in after]
    items = in_order(changes, after, merge_key) + deletions
    if items:
        patch[name] = items
    if items or (options.changes and not same_order):
        order = [{merge_key: item[merge_key]} for item in after]
        if order:
            patch[SET_ORDER_PREFIX + name] = order


def _changed_items(
    before: list[Any], after: list[Any], schema: PatchSchema | None, merge_key: str, options: DiffOptions
) -> list[Any]:
    for item in (*before, *after):
        key_of(item, merge_key)
    changed: list[Any] = []
    for item in after:
        index = position(before, item, merge_key)
        if index < 0:
            if options.changes:
                changed.append(item)
            continue
        inner = diff(before[index], item, schema, options)
        if inner:
            changed.append({**inner, merge_key: item[merge_key]})
    return changed
