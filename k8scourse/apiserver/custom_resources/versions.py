"""The versions of a custom resource: their schemas, columns and subresources, and the strategy of their objects.

Sources: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/{strategy,status_strategy,validator}.go
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from k8scourse.apiserver.custom_resources.schema_validation import validate
from k8scourse.apiserver.custom_resources.structural_schema import has_rules, prune, set_defaults, shape_of
from k8scourse.apiserver.kinds import Column, ResourceInfo, Subresource
from k8scourse.apiserver.managed_fields.kinds import custom_kind
from k8scourse.apiserver.managed_fields.ledger import Kind
from k8scourse.apiserver.strategies.generic import generic_strategy
from k8scourse.apiserver.strategies.strategy import Strategy, keep
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.machinery import status
from k8scourse.machinery.field import FieldError

Object = dict[str, Any]

VERBS = ("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")
_SUBRESOURCE_VERBS = ("get", "patch", "update")


class CustomVersion:
    """One served version of a custom resource."""

    def __init__(self, definition: Mapping[str, Any], version: Mapping[str, Any], resource: ResourceInfo) -> None:
        self.resource = resource
        self.schema: Mapping[str, Any] = (version.get("schema") or {}).get("openAPIV3Schema") or {}
        self.subresources: Mapping[str, Any] = version.get("subresources") or {}
        self.is_preserving = bool(definition["spec"].get("preserveUnknownFields"))
        self._has_rules = has_rules(self.schema)

    def prune(self, obj: Object) -> list[str]:
        """Remove undeclared fields, in place; gives their paths."""
        return [] if self.is_preserving else prune(obj, self.schema, is_resource=True)

    def set_defaults(self, obj: Object) -> None:
        """Fill in the defaults of the schema, in place."""
        set_defaults(obj, self.schema)

    @cached_property
    def kind(self) -> Kind:
        """The shape of its objects."""
        return custom_kind(shape_of(self.schema, is_resource=True))

    def _schema_faults(self, obj: Object) -> list[FieldError]:
        if self._has_rules:
            raise status.not_simulated("validation by CEL rules (x-kubernetes-validations)")
        return validate({name: value for name, value in obj.items() if name != "metadata"}, self.schema)

    @cached_property
    def strategy(self) -> Strategy:
        """How its objects behave when they are written."""
        generic = generic_strategy(self.resource)
        has_status = "status" in self.subresources

        def prepare_for_create(obj: Object) -> None:
            if has_status:
                obj.pop("status", None)
            obj["metadata"]["generation"] = 1

        def prepare_for_update(new: Object, old: Object) -> None:
            if has_status:
                keep(new, old, "status")
            if not semantic_equal(_content(new, has_status), _content(old, has_status)):
                new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1

        def prepare_for_status_update(new: Object, old: Object) -> None:
            for name in {*new, *old} - {"status", "apiVersion", "kind", "metadata"}:
                keep(new, old, name)
            version = new["metadata"].get("resourceVersion")
            new["metadata"] = {**old["metadata"], **({"resourceVersion": version} if version else {})}

        def validate_update(new: Object, old: Object) -> list[FieldError]:
            return [*generic.validate_update(new, old), *self._schema_faults(new)]

        return Strategy(
            prepare_for_create=prepare_for_create,
            prepare_for_update=prepare_for_update,
            prepare_for_status_update=prepare_for_status_update,
            validate=lambda obj: [*generic.validate(obj), *self._schema_faults(obj)],
            validate_update=validate_update,
            validate_status_update=validate_update,
            selectable_fields=generic.selectable_fields,
            has_status=has_status,
            allow_unconditional_update=False,
        )


def _content(obj: Object, has_status: bool) -> Object:
    hidden = ("metadata", "apiVersion", "kind", *(("status",) if has_status else ()))
    return {name: value for name, value in obj.items() if name not in hidden}


def resources_of(definition: Mapping[str, Any]) -> list[ResourceInfo]:
    """What the API serves for *definition*: one resource for each served version."""
    spec = definition["spec"]
    names = (definition.get("status") or {}).get("acceptedNames") or spec["names"]
    return [_resource(spec, names, version) for version in spec.get("versions") or () if version.get("served")]


def _resource(spec: Mapping[str, Any], names: Mapping[str, Any], version: Mapping[str, Any]) -> ResourceInfo:
    group, kind = spec["group"], names["kind"]
    subresources: dict[str, Subresource] = {}
    declared = version.get("subresources") or {}
    if declared.get("status") is not None:
        subresources["status"] = Subresource("status", group, version["name"], kind, _SUBRESOURCE_VERBS)
    if declared.get("scale") is not None:
        subresources["scale"] = Subresource("scale", "autoscaling", "v1", "Scale", _SUBRESOURCE_VERBS)
    columns = tuple(
        Column(
            column["name"],
            column["type"],
            column["jsonPath"],
            column.get("format") or "",
            column.get("description") or "",
            column.get("priority") or 0,
        )
        for column in version.get("additionalPrinterColumns") or ()
    )
    return ResourceInfo(
        group=group,
        version=version["name"],
        kind=kind,
        plural=names["plural"],
        singular=names.get("singular") or kind.lower(),
        short_names=tuple(names.get("shortNames") or ()),
        namespaced=spec["scope"] == "Namespaced",
        verbs=VERBS,
        subresources=subresources,
        categories=tuple(names.get("categories") or ()),
        columns=columns or (AGE_COLUMN,),
    )


AGE_COLUMN = Column("Age", "date", ".metadata.creationTimestamp", "", "", 0)
"""What a custom resource shows that names no columns of its own."""


def version_of(definition: Mapping[str, Any], resource: ResourceInfo) -> CustomVersion | None:
    """The version of *definition* that *resource* stands for."""
    for version in definition["spec"].get("versions") or ():
        if version["name"] == resource.version:
            return CustomVersion(definition, version, resource)
    return None
