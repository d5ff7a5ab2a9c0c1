"""The patch that `kubectl apply` sends: from what was applied last, what is wanted, and what is there.

Changes come from *current* to *modified*, deletions from *original* to *modified*; what others added stays.
Source: apimachinery, pkg/util/strategicpatch/patch.go (CreateThreeWayMergePatch), pkg/util/jsonmergepatch/patch.go.
"""

from typing import Any

from k8scourse.machinery.merge_patch import PatchError, apply_merge_patch, create_merge_patch, same
from k8scourse.machinery.patch_schema import PatchSchema
from k8scourse.machinery.strategic import merge_patches
from k8scourse.machinery.strategic_diff import DiffOptions, diff
from k8scourse.machinery.yaml_writer import dump_yaml


def three_way_strategic(
    original: dict[str, Any] | None, modified: dict[str, Any], current: dict[str, Any], schema: PatchSchema
) -> dict[str, Any]:
    """Return the strategic merge patch for a kind whose structure is known; {} when nothing is to be done.

    *original* is None when nothing was applied before. Conflicting changes in *current* are overwritten.
    """
    delta = diff(current, modified, schema, DiffOptions(deletions=False))
    deletions = diff(original or {}, modified, schema, DiffOptions(changes=False))
    return merge_patches(deletions, delta, schema)


def three_way_merge(
    original: dict[str, Any] | None, modified: dict[str, Any], current: dict[str, Any]
) -> dict[str, Any]:
    """Return the JSON merge patch for a custom resource; {} when nothing is to be done.

    Raises PatchError when changes and deletions contradict each other.
    """
    changes = _without_deletions(create_merge_patch(current, modified))
    deletions = _only_deletions(create_merge_patch(original or {}, modified))
    if _conflict(changes, deletions):
        text = f"patch:\n{dump_yaml(changes)}\nconflicts with changes made from original to current:\n"
        raise PatchError(f"{text}{dump_yaml(deletions)}\n", 409)
    return apply_merge_patch(deletions, changes)


def _without_deletions(patch: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in patch.items():
        if isinstance(value, dict) and value:
            inner = _without_deletions(value)
            if inner:
                kept[name] = inner
        elif value is not None:
            kept[name] = value
    return kept


def _only_deletions(patch: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in patch.items():
        if value is None:
            kept[name] = None
        elif isinstance(value, dict):
            inner = _only_deletions(value)
            if inner:
                kept[name] = inner
    return kept


def _conflict(left: Any, right: Any) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return any(name in right and _conflict(value, right[name]) for name, value in left.items())
    return not same(left, right)
