"""What a strategy is: the behaviour of one kind when it is created, updated and deleted.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/registry/rest/{create,update,delete}.go (RESTCreateStrategy etc.).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from k8scourse.machinery.field import FieldError

Object = dict[str, Any]
Prepare = Callable[[Object], None]
PrepareUpdate = Callable[[Object, Object], None]
Validate = Callable[[Object], list[FieldError]]
ValidateUpdate = Callable[[Object, Object], list[FieldError]]


def object_fields(obj: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields by which every namespaced object can be selected."""
    metadata = obj.get("metadata") or {}
    return {"metadata.name": metadata.get("name") or "", "metadata.namespace": metadata.get("namespace") or ""}


def cluster_object_fields(obj: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields by which every cluster-scoped object can be selected."""
    return {"metadata.name": (obj.get("metadata") or {}).get("name") or ""}


def nothing_to_prepare(obj: Object) -> None:
    """Leave a new object as it is."""


def nothing_to_prepare_on_update(new: Object, old: Object) -> None:
    """Leave a changed object as it is."""


def no_warnings(obj: Object) -> list[str]:
    """Warn of nothing on creation."""
    return []


def no_warnings_on_update(new: Object, old: Object) -> list[str]:
    """Warn of nothing on update."""
    return []


def deleted_at_once(obj: Object, options: Mapping[str, Any]) -> int | None:
    """Objects other than pods know no grace period."""
    return None


def spec_from_old(new: Object, old: Object) -> None:
    """A write to the status subresource leaves the spec alone."""
    keep(new, old, "spec")


def keep(new: Object, old: Object, name: str) -> None:
    """Give *new* the field *name* as *old* (stored, shared, never mutated) has it."""
    if name in old:
        new[name] = old[name]
    else:
        new.pop(name, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subresource:
    """How a write through a subresource other than status is prepared and validated."""

    prepare: PrepareUpdate
    validate: ValidateUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """The behaviour of one kind.

    ``prepare_*`` change the request's private object in place (its stored counterpart never); ``validate_*`` return
    faults; ``graceful_deletion(obj, options)`` returns the grace period in seconds, or None if the kind has none.
    """

    validate: Validate
    validate_update: ValidateUpdate
    prepare_for_create: Prepare = nothing_to_prepare
    prepare_for_update: PrepareUpdate = nothing_to_prepare_on_update
    prepare_for_status_update: PrepareUpdate = spec_from_old
    validate_status_update: ValidateUpdate
    warnings_on_create: Callable[[Object], list[str]] = no_warnings
    warnings_on_update: Callable[[Object, Object], list[str]] = no_warnings_on_update
    selectable_fields: Callable[[Mapping[str, Any]], dict[str, str]] = object_fields
    graceful_deletion: Callable[[Object, Mapping[str, Any]], int | None] = deleted_at_once
    subresources: Mapping[str, Subresource] = field(default_factory=lambda: MappingProxyType({}))
    has_status: bool = False
    allow_create_on_update: bool = False
    allow_unconditional_update: bool = True
    default_propagation: str = "Background"
    """What becomes of an object's dependents if the one who deletes it says nothing: Background or Orphan."""
    propagation_warning: str = ""
    """What the one who deletes it and says nothing is told."""
