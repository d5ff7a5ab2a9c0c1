"""Deleting a CustomResourceDefinition: first its objects go.

Source: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/etcd.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver import rest, writing
from k8scourse.apiserver.call import Call
from k8scourse.apiserver.custom_resources.controller import DEFINITIONS, FINALIZER, with_condition

Object = dict[str, Any]


def delete_definition(call: Call) -> Object:
    """Mark the definition as terminating; it goes once no object of it is left. Raises ApiError."""
    options = writing.read_options(call)
    definition = call.server.read(call.resource, "", call.info.name)
    rest.check_preconditions(definition, call.resource, options)
    attributes = call.admit("DELETE", None, definition, options)
    writing.mutating_admission(attributes)
    writing.validating_admission(attributes)
    if "deletionTimestamp" in definition["metadata"]:
        return writing.delete_object(call, definition, options)
    now = call.server.engine.now
    marked = rest.mark_deleted(definition, now, 0)
    finalizers = marked["metadata"].get("finalizers") or []
    if FINALIZER not in finalizers:
        marked["metadata"]["finalizers"] = [*finalizers, FINALIZER]
    found: Object = dict(marked.get("status") or {})
    text = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
    found["conditions"] = with_condition(
        found.get("conditions"), now, "Terminating", True, "InstanceDeletionPending", text
    )
    marked["status"] = found
    return marked if call.dry_run else call.server.storage.write(DEFINITIONS, marked)
