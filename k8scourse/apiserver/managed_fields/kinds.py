"""What field management must know of each kind: its shape, and which fields a write cannot change.

Source: GetResetFields in pkg/registry/*/*/strategy.go
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from k8scourse.apiserver.managed_fields.field_sets import EMPTY, FieldSet
from k8scourse.apiserver.managed_fields.ledger import Kind
from k8scourse.apiserver.managed_fields.shapes import DEDUCED, Shape, struct_shape, zero_struct

_STATUS = FieldSet.of([("f:status",)])
_SPEC = FieldSet.of([("f:spec",)])
_SPEC_AND_LABELS = FieldSet.of([("f:spec",), ("f:metadata", "f:labels")])
_METADATA_AND_SPEC = FieldSet.of([("f:metadata",), ("f:spec",)])
_POD_STATUS = FieldSet.of([("f:spec",), ("f:metadata", "f:deletionTimestamp"), ("f:metadata", "f:ownerReferences")])

_IGNORED: Mapping[tuple[str, str], FieldSet] = {
    ("deployments.apps", "status"): _SPEC_AND_LABELS,
    ("pods", "status"): _POD_STATUS,
    ("flowschemas.flowcontrol.apiserver.k8s.io", "status"): _METADATA_AND_SPEC,
    ("prioritylevelconfigurations.flowcontrol.apiserver.k8s.io", "status"): _METADATA_AND_SPEC,
    ("customresourcedefinitions.apiextensions.k8s.io", "status"): _METADATA_AND_SPEC,
    ("servicecidrs.networking.k8s.io", "status"): _METADATA_AND_SPEC,
    ("volumeattachments.storage.k8s.io", "status"): _METADATA_AND_SPEC,
}


def ignored_fields(group_resource: str, subresource: str, *, has_status: bool) -> FieldSet:
    """The fields that a write through this resource or subresource resets, so that nobody comes to own them."""
    if subresource == "status":
        return _IGNORED.get((group_resource, subresource), _SPEC)
    if subresource in ("", "finalize") and has_status:
        return _STATUS
    return EMPTY


@cache
def builtin_kind(struct: str) -> Kind:
    """The kind whose objects have this built-in type, such as 'apps/v1.Deployment'."""
    return Kind(struct_shape(struct), lambda: zero_struct(struct))


def custom_kind(shape: Shape) -> Kind:
    """A kind of custom resources; an empty one has no content at all."""

    def nothing() -> Mapping[str, Any]:
        return {"metadata": {"creationTimestamp": None}}

    return Kind(shape, nothing)


UNTYPED = custom_kind(DEDUCED)
"""Of kinds whose structure is not known."""
