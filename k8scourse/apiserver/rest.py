"""What every kind has in common when it is created, updated and deleted.

Source: staging/src/k8s.io/apiserver/pkg/registry/rest/{meta,create,update,delete}.go and generic/registry/store.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.machinery import field, status
from k8scourse.machinery.timestamps import format_time, parse_time
from k8scourse.simulation.names import Names

Object = dict[str, Any]

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"
NANOSECONDS = 1_000_000_000
MAX_GENERATED_BASE = 63 - 5

CONFLICT_TEXT = "the object has been modified; please apply your changes to the latest version and try again"
_SYSTEM_FIELDS = ("selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion", "managedFields")
_KEPT_FIELDS = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation")


def match_namespace(obj: Object, resource: ResourceInfo, namespace: str) -> None:
    """Put *obj* into the request's namespace; raises ApiError 400 when it names another one."""
    metadata = obj.setdefault("metadata", {})
    if not resource.namespaced:
        metadata.pop("namespace", None)
    elif (metadata.get("namespace") or namespace) != namespace:
        raise status.bad_request(
            "the namespace of the provided object does not match the namespace sent on the request"
        )
    else:
        metadata["namespace"] = namespace


def fill_system_fields(obj: Object, now: int, names: Names, resource: ResourceInfo) -> None:
    """Give a new object its name (from generateName), uid and creationTimestamp; *now* in ns since the epoch."""
    metadata = obj["metadata"]
    for name in _SYSTEM_FIELDS:
        metadata.pop(name, None)
    namespace = metadata.get("namespace", "")
    if metadata.get("generateName") and not metadata.get("name"):
        base = metadata["generateName"]
        metadata["name"] = base[:MAX_GENERATED_BASE] + names.suffix("generateName", namespace, resource.kind, base)
    metadata["creationTimestamp"] = format_time(now)
    metadata["uid"] = names.uid(namespace, resource.kind, metadata.get("name", ""))


def carry_system_fields(new: Object, old: Object, resource: ResourceInfo, key: str, *, unconditional: bool) -> None:
    """Check an update's uid and resourceVersion against the stored object and carry over the system's own fields.

    Raises ApiError 409 for a stale or foreign object and 422 where a resourceVersion is required.
    """
    metadata, before = new["metadata"], old["metadata"]
    version, uid = metadata.get("resourceVersion", ""), metadata.get("uid")
    if uid and uid != before["uid"]:
        text = (
            f"StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: "
            f"Precondition failed: UID in precondition: {uid}, UID in object meta: {before['uid']}"
        )
        raise status.conflict(resource.group_resource, before["name"], text)
    if version and version != before["resourceVersion"]:
        raise status.conflict(resource.group_resource, before["name"], CONFLICT_TEXT)
    if not version and not unconditional:
        error = field.invalid("metadata.resourceVersion", 0, "must be specified for an update")
        raise status.invalid(resource.group_kind, before["name"], [error])
    for name in _KEPT_FIELDS:
        if name in before:
            metadata[name] = before[name]
        else:
            metadata.pop(name, None)
    metadata.pop("managedFields", None)
    metadata.pop("selfLink", None)
    metadata["resourceVersion"] = before["resourceVersion"]


def check_preconditions(obj: Object, resource: ResourceInfo, options: Mapping[str, Any]) -> None:
    """Check the preconditions of DeleteOptions; raises ApiError 409."""
    wanted = options.get("preconditions") or {}
    metadata = obj["metadata"]
    uid, version = wanted.get("uid"), wanted.get("resourceVersion")
    if uid is not None and uid != metadata["uid"]:
        text = (
            f"the UID in the precondition ({uid}) does not match the UID in record ({metadata['uid']}). "
            "The object might have been deleted and then recreated"
        )
    elif version is not None and version != metadata["resourceVersion"]:
        text = (
            f"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record "
            f"({metadata['resourceVersion']}). The object might have been modified"
        )
    else:
        return
    raise status.conflict(resource.group_kind, metadata["name"], text)


def mark_deleted(obj: Object, now: int, grace_seconds: int) -> Object:
    """A copy of *obj* whose deletion began, with *grace_seconds* to go; its generation goes up."""
    metadata = dict(obj["metadata"])
    metadata["deletionTimestamp"] = format_time(now + grace_seconds * NANOSECONDS)
    metadata["deletionGracePeriodSeconds"] = grace_seconds
    if metadata.get("generation", 0) > 0:
        metadata["generation"] += 1
    return {**obj, "metadata": metadata}


def shorten_grace(obj: Object, now: int, grace_seconds: int) -> Object | None:
    """A copy of an already terminating *obj* with a shorter grace period, or None if it is not shorter.

    A grace period cannot end in the past: then it ends now, after at least one second if the deletion is graceful.
    """
    metadata = dict(obj["metadata"])
    before = metadata["deletionGracePeriodSeconds"]
    if grace_seconds >= before:
        return None
    began = parse_time(metadata["deletionTimestamp"]) - before * NANOSECONDS
    ends = began + grace_seconds * NANOSECONDS
    if ends < now:
        ends = now
        grace_seconds = 1 if grace_seconds else 0
    metadata["deletionTimestamp"] = format_time(ends)
    metadata["deletionGracePeriodSeconds"] = grace_seconds
    return {**obj, "metadata": metadata}


def collection_finalizers(obj: Object, options: Mapping[str, Any], default_policy: str | None) -> list[str]:
    """The object's finalizers once *options* (DeleteOptions) asked for orphaning or for foreground deletion.

    Source: store.go deletionFinalizersForGarbageCollection, shouldOrphanDependents, shouldDeleteDependents.
    """
    before: list[str] = list(obj["metadata"].get("finalizers") or ())
    policy = options.get("propagationPolicy")
    if options.get("orphanDependents") is not None:
        policy = "Orphan" if options["orphanDependents"] else "Background"
    if policy is None and ORPHAN in before:
        policy = "Orphan"
    elif policy is None and FOREGROUND in before:
        policy = "Foreground"
    elif policy is None:
        policy = default_policy
    after = [finalizer for finalizer in before if finalizer not in (ORPHAN, FOREGROUND)]
    if policy == "Orphan":
        after.append(ORPHAN)
    if policy == "Foreground":
        after.append(FOREGROUND)
    return after


def deletable(obj: Object) -> bool:
    """Whether an update left nothing that keeps a terminating object (store.go ShouldDeleteDuringUpdate)."""
    metadata = obj["metadata"]
    return (
        "deletionTimestamp" in metadata
        and not metadata.get("finalizers")
        and not metadata.get("deletionGracePeriodSeconds")
    )
