"""The conditions that tell why a namespace is still terminating.

Source: pkg/controller/namespace/deletion/status_condition_utils.go
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from k8scourse.client.informers import Object
from k8scourse.controllers.conditions import find_condition
from k8scourse.machinery.timestamps import format_time

CONTENT_FAILURE = "NamespaceDeletionContentFailure"
CONTENT_REMAINING = "NamespaceContentRemaining"
FINALIZERS_REMAINING = "NamespaceFinalizersRemaining"
_WELL: Mapping[str, tuple[str, str]] = {
    "NamespaceDeletionDiscoveryFailure": ("ResourcesDiscovered", "All resources successfully discovered"),
    "NamespaceDeletionGroupVersionParsingFailure": (
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    CONTENT_FAILURE: ("ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
    CONTENT_REMAINING: ("ContentRemoved", "All content successfully removed"),
    FINALIZERS_REMAINING: ("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
}
"""Reason and message of each condition, in their order, when nothing is wrong."""


def failures(
    errors: Sequence[str], remaining: Mapping[tuple[str, str], int], finalizers: Mapping[str, int]
) -> dict[str, tuple[str, str]]:
    """Reason and message of the conditions that are True.

    *errors* kept content from being deleted, *remaining* counts objects by (plural, group), *finalizers* objects by
    finalizer.
    """
    found: dict[str, tuple[str, str]] = {}
    if errors:
        text = f"Failed to delete all resource types, {len(errors)} remaining: {', '.join(sorted(errors))}"
        found[CONTENT_FAILURE] = ("ContentDeletionFailed", text)
    if remaining:
        parts = [f"{plural}.{group} has {count} resource instances" for (plural, group), count in remaining.items()]
        text = f"Some resources are remaining: {', '.join(sorted(parts))}"
        found[CONTENT_REMAINING] = ("SomeResourcesRemain", text)
    if finalizers:
        parts = [f"{finalizer} in {count} resource instances" for finalizer, count in finalizers.items()]
        text = f"Some content in the namespace has finalizers remaining: {', '.join(sorted(parts))}"
        found[FINALIZERS_REMAINING] = ("SomeFinalizersRemain", text)
    return found


def updated_conditions(before: list[Object] | None, wrong: Mapping[str, tuple[str, str]], now: int) -> list[Object]:
    """All conditions, those in *wrong* True and the others False, at *now* (ns since the Unix epoch)."""
    conditions = list(before or ())
    for kind, well in _WELL.items():
        status = "True" if kind in wrong else "False"
        reason, message = wrong.get(kind, well)
        present = find_condition(conditions, kind)
        time = format_time(now)
        if present is not None and present["status"] == status:
            time = present["lastTransitionTime"]
        condition = {
            "type": kind,
            "status": status,
            "lastTransitionTime": time,
            "reason": reason,
            "message": message,
        }
        if present is None:
            conditions.append(condition)
        else:
            conditions = [condition if item is present else item for item in conditions]
    return conditions
