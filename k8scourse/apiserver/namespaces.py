"""Deleting a namespace: it is Terminating until its content and its finalizers are gone.

Source: pkg/registry/core/namespace/storage/storage.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver import rest, writing
from k8scourse.apiserver.call import Call
from k8scourse.machinery.timestamps import format_time

Object = dict[str, Any]


def delete_namespace(call: Call) -> Object:
    """Mark the namespace as terminating, or remove it if nothing holds it any more; raises ApiError."""
    options = writing.read_options(call)
    namespace = call.server.read(call.resource, "", call.info.name)
    rest.check_preconditions(namespace, call.resource, options)
    attributes = call.admit("DELETE", None, namespace, options)
    writing.mutating_admission(attributes)
    writing.validating_admission(attributes)
    metadata = namespace["metadata"]
    if "deletionTimestamp" not in metadata:
        marked = {
            **namespace,
            "metadata": {**metadata, "deletionTimestamp": format_time(call.server.engine.now)},
            "status": {**(namespace.get("status") or {}), "phase": "Terminating"},
        }
        return marked if call.dry_run else call.server.storage.write("namespaces", marked)
    if namespace["spec"].get("finalizers"):
        return namespace
    return writing.delete_object(call, namespace, options)
