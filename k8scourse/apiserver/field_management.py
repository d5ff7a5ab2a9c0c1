"""Who writes, and what its writes do to the managers of an object's fields.

Sources: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go (managerOrUserAgent) and
staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/fieldmanager.go
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from k8scourse.apiserver.call import Call
from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.managed_fields.entries import decode, encode, is_reset
from k8scourse.apiserver.managed_fields.field_sets import FieldSet
from k8scourse.apiserver.managed_fields.kinds import ignored_fields
from k8scourse.apiserver.managed_fields.ledger import Kind, Note
from k8scourse.apiserver.managed_fields.managers import APPLY, UPDATE, Managers, Writer, updated
from k8scourse.apiserver.managed_fields.walking import compare
from k8scourse.apiserver.patching import MAX_MANAGER_LENGTH
from k8scourse.apiserver.request import APPLY_PATCH, PROTOBUF

Object = dict[str, Any]

_MANAGED_FIELDS = "managedFields"
UNKNOWN_MANAGER = "unknown"
_KUBELET, _CONTROLLER_MANAGER = "kubelet", "kube-controller-manager"


def writer_of(call: Call) -> Writer:
    """The manager, operation, version and subresource of a write."""
    request = call.request
    operation = APPLY if request.content_type == APPLY_PATCH else UPDATE
    manager = request.query.get("fieldManager") or _program(request.headers.get("user-agent", ""), request.user)
    return _writer(manager, operation, call.resource.group_version, call.info.subresource)


@lru_cache(maxsize=4096)
def _writer(manager: str, operation: str, api_version: str, subresource: str) -> Writer:
    return Writer(manager, operation, api_version, subresource)


@lru_cache(maxsize=4096)
def _program(user_agent: str, user: str) -> str:
    """The name of the program: from its user agent, or that of the component which acts as *user*."""
    if user_agent:
        return "".join(filter(str.isprintable, user_agent.partition("/")[0]))[:MAX_MANAGER_LENGTH] or UNKNOWN_MANAGER
    if user.startswith("system:node:"):
        return _KUBELET
    if user.startswith("system:serviceaccount:kube-system:"):
        return _CONTROLLER_MANAGER
    return user.removeprefix("system:") if user.startswith("system:kube-") else UNKNOWN_MANAGER


def ignored(resource: ResourceInfo, subresource: str) -> FieldSet:
    """The fields that a write through *resource* or its *subresource* cannot change."""
    return ignored_fields(resource.group_resource, subresource, has_status="status" in resource.subresources)


def given_managers(call: Call, obj: Object) -> Managers | None:
    """The managers that the request itself states in metadata.managedFields; None where it leaves that to the server.

    Entries that can't be read count as not stated, and those in a subresource's body are not looked at.
    """
    entries = obj["metadata"].get("managedFields")
    if entries is None or call.info.subresource or call.request.content_type == PROTOBUF:
        return None
    if is_reset(entries):
        return {}
    try:
        return decode(entries) or None
    except (ValueError, AttributeError, TypeError):
        return None


def creation(call: Call, obj: Object) -> Note:
    """The note of a creation; *obj* as it is before admission."""
    writer, now, without = writer_of(call), call.server.engine.now, ignored(call.resource, "")
    given = given_managers(call, obj)
    note = Note.created(writer, now, obj, without)
    if not given:
        return note
    kind = call.server.kind_of(call.resource)
    change = compare(kind.empty(obj["apiVersion"], obj["kind"]), obj, kind.shape)
    return Note.known(updated(given, writer, now, change, without))


def stored_note(call: Call, obj: Object) -> Note | None:
    """The note beside the stored *obj*."""
    metadata = obj["metadata"]
    return call.server.storage.note(call.resource.group_resource, metadata.get("namespace", ""), metadata["name"])


def current(call: Call, obj: Object) -> Managers:
    """Who manages the fields of the stored *obj*."""
    note = stored_note(call, obj)
    return {} if note is None else note.managers(call.server.kind_of(call.resource))


def changes_managers(call: Call, old: Object, given: Managers | None) -> bool:
    """Whether stated managers differ from those of *old* in more than their times."""
    return given is not None and not same_but_for_times(given, current(call, old))


def as_patched(call: Call, old: Object, patch: Any) -> Object:
    """*old* as a patch finds it: with its managedFields if the patch is about them."""
    if _MANAGED_FIELDS not in str(patch):
        return old
    return with_managed_fields(old, stored_note(call, old), call.server.kind_of(call.resource))


def change(call: Call, before: Object, after: Object, given: Managers | None, *, applied: bool = False) -> Note | None:
    """The note of an update; None where nobody keeps track of the object's managers.

    *given* are the managers as the request states them, or, if it *applied* a configuration, as that left them.
    """
    if applied and given is not None:
        return Note.known(given)
    writer, now = writer_of(call), call.server.engine.now
    without = ignored(call.resource, call.info.subresource)
    kind = call.server.kind_of(call.resource)
    if given is not None:
        if not given:
            return Note.known({})
        return Note.known(updated(given, writer, now, compare(before, after, kind.shape), without))
    note = stored_note(call, before)
    return None if note is None else note.changed(writer, now, before, after, without, kind)


def same_but_for_times(one: Managers, other: Managers) -> bool:
    """Whether two states of ownership differ in nothing but when (ignoreManagedFieldsTimestampsTransformer)."""
    if one.keys() != other.keys():
        return False
    return all(share._replace(time=0) == other[writer]._replace(time=0) for writer, share in one.items())


def with_managed_fields(obj: Object, note: Note | None, kind: Kind) -> Object:
    """*obj* as a client sees it that wants to know who manages its fields."""
    managers = {} if note is None else note.managers(kind)
    if not managers:
        return obj
    return {**obj, "metadata": {**obj["metadata"], "managedFields": encode(managers)}}
