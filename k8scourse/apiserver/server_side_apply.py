"""Server-side apply: a PATCH whose body is the wanted part of an object.

Sources: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go (applyPatcher) and
staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/{structuredmerge,versioncheck,skipnonapplied,
lastappliedmanager,lastappliedupdater}.go
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from k8scourse.apiserver import field_management
from k8scourse.apiserver.call import Call
from k8scourse.apiserver.managed_fields.field_sets import EMPTY, FieldSet
from k8scourse.apiserver.managed_fields.ledger import Kind
from k8scourse.apiserver.managed_fields.managers import (
    BEFORE_FIRST_APPLY,
    UPDATE,
    Conflicts,
    Managers,
    Writer,
    applied,
    updated,
)
from k8scourse.apiserver.managed_fields.merging import faults, joined
from k8scourse.apiserver.managed_fields.walking import compare, field_set
from k8scourse.machinery import status
from k8scourse.machinery.copying import copy_json
from k8scourse.machinery.go_format import go_json
from k8scourse.machinery.manifest_error import ManifestError
from k8scourse.machinery.yaml import read_documents

Object = dict[str, Any]

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_KUBECTL = "kubectl"
_TRUE = ("1", "true", "True")


class Outcome(NamedTuple):
    """What an apply makes: the object (not decoded), the stored one it replaces, and the managers of its fields."""

    obj: Object
    live: Object | None
    managers: Managers


def apply(call: Call) -> Outcome:
    """What the request's configuration makes of the live object.

    Raises ApiError 400 for a body of another kind, 409 for fields of other managers, 500 for fields that the kind has
    not.
    """
    server, resource = call.server, call.resource
    config = read_configuration(call)
    old = server.storage.get(resource.group_resource, call.namespace, call.info.name)
    if old is None and call.info.subresource:
        raise status.not_found(resource.group_resource, call.info.name)
    kind = server.kind_of(resource)
    wrong = faults(config, kind.shape)
    if wrong:
        raise _plain(f"failed to create typed patch object ({_described(config)}): {joined(wrong)}")
    empty = kind.empty(resource.group_version, resource.kind)
    live = empty if old is None else server.versioned(old, resource)
    managers = {} if old is None else field_management.current(call, old)
    if not managers:
        writer = Writer(BEFORE_FIRST_APPLY, UPDATE, resource.group_version, call.info.subresource)
        ignored = field_management.ignored(resource, call.info.subresource)
        managers = updated({}, writer, server.engine.now, compare(empty, live, kind.shape), ignored)
    merged, left = _merged(call, kind, live, config, managers)
    return Outcome(_with_last_applied(call, merged, config), old, left)


def read_configuration(call: Call) -> Object:
    """The body as a map of the resource's kind; raises ApiError 400."""
    body = call.request.body
    if isinstance(body, str):
        try:
            documents = read_documents(body)
        except ManifestError as error:
            raise status.bad_request(f"error decoding YAML: {error.message}") from None
        body = documents[0].value if documents else {}
    if not isinstance(body, dict):
        raise status.bad_request("error decoding YAML: error converting YAML to JSON: the body is no map")
    config: Object = copy_json(body)
    resource = call.resource
    if (config.get("apiVersion"), config.get("kind")) != (resource.group_version, resource.kind):
        raise status.bad_request(f"invalid object type: {_gvk(config)}")
    metadata = config.get("metadata")
    if isinstance(metadata, dict) and metadata.get("managedFields") is not None:
        raise status.bad_request("metadata.managedFields must be nil")
    return config


def _merged(call: Call, kind: Kind, live: Object, config: Object, managers: Managers) -> tuple[Object, Managers]:
    writer = field_management.writer_of(call)
    force = call.request.query.get("force") in _TRUE
    ignored, now = field_management.ignored(call.resource, call.info.subresource), call.server.engine.now

    def attempt(*, force: bool) -> tuple[Object, Managers]:
        return applied(managers, live, config, kind.shape, writer, now, ignored=ignored, force=force)

    try:
        merged, left = attempt(force=force)
    except Conflicts as conflicts:
        allowed = _last_applied_fields(call, kind, live) if writer.manager == _KUBECTL else EMPTY
        found = [conflict for conflict in conflicts.found if conflict.path not in allowed]
        if found:
            raise Conflicts(found).as_status() from None
        merged, left = attempt(force=True)
    share, before = left.get(writer.identity), managers.get(writer.identity)
    if merged == live and share is not None:  # nothing happened, so no time is noted
        left = {**left, writer.identity: share._replace(time=0 if before is None else before.time)}
    return merged, left


def _last_applied_fields(call: Call, kind: Kind, live: Object) -> FieldSet:
    """What `kubectl apply` wrote and nobody changed since: kubectl may take it over (lastappliedmanager.go)."""
    text = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    if not text:
        return EMPTY
    try:
        last = json.loads(text)
        if last.get("apiVersion") != call.resource.group_version or faults(last, kind.shape):
            return EMPTY
        change = compare(last, live, kind.shape)
        return field_set(last, kind.shape) - change.modified - change.added - change.removed
    except (ValueError, AttributeError):
        return EMPTY


def _with_last_applied(call: Call, obj: Object, config: Object) -> Object:
    """*obj* with the annotation of `kubectl apply`, if it has one, brought up to date (lastappliedupdater.go)."""
    metadata = obj.get("metadata") or {}
    annotations = metadata.get("annotations") or {}
    if call.request.query.get("fieldManager") != _KUBECTL or not annotations.get(LAST_APPLIED):
        return obj
    plain = copy_json(config)
    (plain.get("metadata", {}).get("annotations") or {}).pop(LAST_APPLIED, None)
    annotations = {**annotations, LAST_APPLIED: go_json(plain) + "\n"}
    return {**obj, "metadata": {**metadata, "annotations": annotations}}


def _plain(text: str) -> status.ApiError:
    """An error that upstream does not make into a Status of its own: 500 without a reason (ErrorToAPIStatus)."""
    return status.failure(500, "", text)


def _described(obj: Object) -> str:
    metadata = obj.get("metadata") or {}
    return f"{metadata.get('namespace') or ''}/{metadata.get('name') or ''}; {_gvk(obj)}"


def _gvk(obj: Object) -> str:
    version = str(obj.get("apiVersion") or "")
    return f"{version if '/' in version else '/' + version}, Kind={obj.get('kind') or ''}"
