"""Who manages which fields, and how updates and applies change that.

Sources: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/{fieldmanager,structuredmerge,stripmeta,
buildmanagerinfo,capmanagers,managedfieldsupdater,skipnonapplied,conflict}.go, sigs.k8s.io/structured-merge-diff/v6
merge/{update,conflict}.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from k8scourse.apiserver.managed_fields.field_sets import EMPTY, FieldSet, Path, path_text
from k8scourse.apiserver.managed_fields.merging import merge
from k8scourse.apiserver.managed_fields.shapes import Shape
from k8scourse.apiserver.managed_fields.walking import (
    MISSING,
    Comparison,
    compare,
    field_set,
    remove_items,
    with_named_fields,
)
from k8scourse.machinery import status
from k8scourse.machinery.go_format import go_json, go_quote

APPLY, UPDATE = "Apply", "Update"
BEFORE_FIRST_APPLY = "before-first-apply"
ANCIENT_CHANGES = "ancient-changes"
MAX_UPDATE_MANAGERS = 10
_SECOND = 1_000_000_000


class Writer(NamedTuple):
    """Who writes: a manager with an operation through a version and a subresource."""

    manager: str
    operation: str
    api_version: str
    subresource: str = ""

    @property
    def identity(self) -> Writer:
        """What tells managers apart: for applies the version does not count (BuildManagerIdentifier)."""
        return self._replace(api_version="") if self.operation == APPLY else self

    def __str__(self) -> str:
        """As conflicts name it, without the time of an update (conflict.go printManager)."""
        text = go_quote(self.manager)
        if self.subresource:
            text += f" with subresource {go_quote(self.subresource)}"
        return f"{text} using {self.api_version}" if self.operation == UPDATE else text

    @property
    def order(self) -> str:
        """Sorts as upstream's identifiers do, which are JSON."""
        names = ("manager", "operation", "apiVersion", "subresource")
        return ",".join(f'"{name}":{go_json(value)}' for name, value in zip(names, self.identity, strict=True) if value)


class Share(NamedTuple):
    """What a manager owns, since when (ns since the Unix epoch), and through which version."""

    fields: FieldSet
    api_version: str
    time: int


Managers = Mapping[Writer, Share]
"""By identity."""

STRIPPED = FieldSet.of(
    [
        ("f:apiVersion",),
        ("f:kind",),
        ("f:metadata",),
        *(
            ("f:metadata", f"f:{name}")
            for name in (
                "name",
                "namespace",
                "creationTimestamp",
                "selfLink",
                "uid",
                "clusterName",
                "generation",
                "managedFields",
                "resourceVersion",
            )
        ),
    ]
)
"""What nobody owns (stripmeta.go)."""


class Conflict(NamedTuple):
    """A field that another manager owns and an apply would change."""

    owner: Writer
    path: Path


class Conflicts(Exception):
    """An apply met fields of others; `found` lists them."""

    def __init__(self, found: list[Conflict]) -> None:
        super().__init__(message(found))
        self.found = found

    def as_status(self) -> status.ApiError:
        """409 Conflict with one cause per field."""
        causes = [
            {
                "reason": "FieldManagerConflict",
                "message": f"conflict with {conflict.owner}",
                "field": path_text(conflict.path),
            }
            for conflict in self.found
        ]
        return status.apply_conflict(causes, str(self))


def message(conflicts: list[Conflict]) -> str:
    """The text of an apply's refusal (conflict.go getConflictMessage)."""
    if len(conflicts) == 1:
        return f"Apply failed with 1 conflict: conflict with {conflicts[0].owner}: {path_text(conflicts[0].path)}"
    by_owner: dict[Writer, list[str]] = {}
    for conflict in conflicts:
        by_owner.setdefault(conflict.owner, []).append(f"- {path_text(conflict.path)}")
    lines = [
        line
        for owner in sorted(by_owner, key=lambda one: one.order)
        for line in (f"conflicts with {owner}:", *by_owner[owner])
    ]
    return f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines)


def updated(managers: Managers, writer: Writer, time: int, change: Comparison, ignored: FieldSet = EMPTY) -> Managers:
    """The managers after *writer* changed an object: it owns what it changed, and others do not any more."""
    change = Comparison(*(fields.without_all(ignored) for fields in change))
    changed = change.modified | change.added
    after = _without(managers, changed | change.removed)
    own = (changed - STRIPPED) if changed else EMPTY
    if own:
        before = after.get(writer.identity)
        after[writer.identity] = Share(own if before is None else own | before.fields, writer.api_version, time)
    return _capped(after)


def applied(
    managers: Managers,
    live: Any,
    config: Any,
    shape: Shape,
    writer: Writer,
    time: int,
    *,
    ignored: FieldSet = EMPTY,
    force: bool = False,
) -> tuple[Any, Managers]:
    """The object and its managers after *writer* applied *config*; raises Conflicts unless *force*.

    What the same manager applied before and does not any more is removed, unless somebody else owns it.
    """
    identity = writer.identity
    last = managers.get(identity)
    own = field_set(config, shape).without_all(ignored)
    after: dict[Writer, Share] = {**managers, identity: Share(own, writer.api_version, time)}
    merged = merge(live, config, shape)
    if last is not None and last.fields:
        merged = _pruned(merged, shape, after, last.fields)
    change = Comparison(*(fields.without_all(ignored) for fields in compare(live, merged, shape)))
    others = {one: share for one, share in after.items() if one != identity}
    changed = change.modified | change.added
    if not force:
        found = [
            Conflict(one, path)
            for one in sorted(others, key=lambda other: other.order)
            for path in (others[one].fields & changed)
        ]
        if found:
            raise Conflicts(found)
    left: dict[Writer, Share] = _without(others, changed | change.removed)
    stripped = own - STRIPPED
    if stripped:
        left[identity] = Share(stripped, writer.api_version, time)
    return merged, left


def _without(managers: Managers, gone: FieldSet) -> dict[Writer, Share]:
    if not gone:
        return dict(managers)
    shares = {one: share._replace(fields=share.fields - gone) for one, share in managers.items()}
    return {one: share for one, share in shares.items() if share.fields}


def _pruned(merged: Any, shape: Shape, managers: Managers, last: FieldSet) -> Any:
    """Without what was applied last time, but with what anybody owns (update.go prune, addBack...)."""
    last = with_named_fields(last, shape)
    pruned = _present(remove_items(merged, last, shape))
    owned = EMPTY
    for share in managers.values():
        owned = owned | share.fields
    whole = with_named_fields(field_set(merged, shape), shape)
    kept = with_named_fields(field_set(pruned, shape), shape) | with_named_fields(owned, shape)
    pruned = _present(remove_items(merged, whole - kept, shape))
    gone = whole - with_named_fields(field_set(pruned, shape), shape)
    return _present(remove_items(merged, gone & last, shape))


def _present(value: Any) -> Any:
    return {} if value is MISSING else value


def _capped(managers: dict[Writer, Share]) -> Managers:
    """At most ten managers by update: the oldest become one (capmanagers.go)."""
    updaters = [one for one in managers if one.operation == UPDATE]
    excess = len(updaters) - MAX_UPDATE_MANAGERS
    if excess <= 0:
        return managers
    updaters.sort(key=lambda one: (managers[one].time // _SECOND, one.order))
    first: dict[str, Writer] = {}
    for one in updaters:
        if excess <= 0:
            break
        share = managers[one]
        bucket = Writer(ANCIENT_CHANGES, UPDATE, share.api_version)
        if share.api_version not in first:
            first[share.api_version] = one
            continue
        if bucket not in managers:
            managers[bucket] = managers.pop(first[share.api_version])
        managers[bucket] = Share(share.fields | managers[bucket].fields, share.api_version, share.time)
        del managers[one]
        excess -= 1
    return managers
