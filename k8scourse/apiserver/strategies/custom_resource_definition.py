"""How CustomResourceDefinitions behave when they are written.

Sources: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.custom_resources.definition_validation import validate_definition, validate_definition_update
from k8scourse.apiserver.strategies.strategy import Strategy, cluster_object_fields, keep
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.object_meta import check_metadata_update

Object = dict[str, Any]


def _stored_versions(definition: Object) -> None:
    """The storage version is one of those in which objects may be stored."""
    found = definition["status"] = dict(definition.get("status") or {})
    stored = list(found.get("storedVersions") or ())
    for version in definition["spec"].get("versions") or ():
        if version.get("storage") and version["name"] not in stored:
            stored.append(version["name"])
    found["storedVersions"] = stored


def _prepare(definition: Object) -> None:
    definition["status"] = {}
    definition["metadata"]["generation"] = 1
    _stored_versions(definition)


def _prepare_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    _stored_versions(new)
    if not semantic_equal(new.get("spec"), old.get("spec")):
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


def _prepare_status(new: Object, old: Object) -> None:
    keep(new, old, "spec")
    version = new["metadata"].get("resourceVersion")
    new["metadata"] = {**old["metadata"], **({"resourceVersion": version} if version else {})}


CUSTOM_RESOURCE_DEFINITION = Strategy(
    prepare_for_create=_prepare,
    prepare_for_update=_prepare_update,
    prepare_for_status_update=_prepare_status,
    validate=validate_definition,
    validate_update=validate_definition_update,
    validate_status_update=lambda new, old: check_metadata_update(new["metadata"], old["metadata"]),
    selectable_fields=cluster_object_fields,
    has_status=True,
    allow_unconditional_update=False,
)
