"""Validation of metadata, which all kinds share.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/validation/{objectmeta,generic}.go.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.validation.internal_values import owner_reference_value
from k8scourse.apiserver.validation.label_selector import check_labels
from k8scourse.apiserver.validation.support import Errors, Rule, check, check_immutable, check_nonnegative
from k8scourse.machinery.field import FieldError, forbidden, invalid, required, too_long
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.names import (
    is_dns1123_label,
    is_dns1123_subdomain,
    is_path_segment_name,
    is_qualified_name,
    mask_trailing_dash,
)

ANNOTATIONS_LIMIT = 256 * 1024  # bytes of all keys and values together
ORPHAN_FINALIZER = "orphan"
FOREGROUND_FINALIZER = "foregroundDeletion"
_IMMUTABLE = ("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")


def validate_object_meta(obj: Mapping[str, Any], resource: ResourceInfo) -> list[FieldError]:
    """Return the faults of an object's metadata by the rule for all kinds: a name that fits into a URL."""
    return check_metadata(obj["metadata"], namespaced=resource.namespaced, name_rule=is_path_segment_name)


def validate_object_meta_update(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[FieldError]:
    """Return the faults of changing the metadata of the stored object *old* to that of *new*."""
    return check_metadata_update(new["metadata"], old["metadata"])


def check_metadata(
    metadata: Mapping[str, Any],
    *,
    namespaced: bool,
    name_rule: Rule = is_dns1123_subdomain,
    path: str = "metadata",
) -> list[FieldError]:
    """Return the faults of *metadata*; *name_rule* checks metadata.name and (with its dash masked) generateName."""
    errors: Errors = []
    _check_name(errors, metadata, name_rule, path)
    namespace = metadata.get("namespace")
    if namespaced:
        if not namespace:
            errors.append(required(f"{path}.namespace"))
        else:
            check(errors, f"{path}.namespace", namespace, is_dns1123_label)
    elif namespace:
        errors.append(forbidden(f"{path}.namespace", "not allowed on this type"))
    check_nonnegative(errors, f"{path}.generation", metadata.get("generation"))
    _check_content(errors, metadata, path)
    if metadata.get("finalizers"):
        check_finalizers(errors, metadata["finalizers"], f"{path}.finalizers")
    return errors


def check_metadata_update(
    new: Mapping[str, Any], old: Mapping[str, Any], *, path: str = "metadata"
) -> list[FieldError]:
    """Return the faults of changing metadata *old* (stored) to *new*."""
    errors: Errors = []
    if old.get("deletionTimestamp"):
        _check_no_finalizer_added(errors, new.get("finalizers") or (), old.get("finalizers") or (), path)
    if not new.get("resourceVersion"):
        errors.append(invalid(f"{path}.resourceVersion", "", "must be specified for an update"))
    if (new.get("generation") or 0) < (old.get("generation") or 0):
        errors.append(invalid(f"{path}.generation", new.get("generation") or 0, "must not be decremented"))
    for name in _IMMUTABLE:
        fallback = "" if name in ("name", "namespace", "uid") else None
        check_immutable(errors, f"{path}.{name}", new.get(name, fallback), old.get(name, fallback))
    _check_content(errors, new, path)
    return errors


def check_annotations(errors: Errors, annotations: Mapping[str, str], path: str) -> None:
    """Check the keys (in any case) and the total size of annotations."""
    size = 0
    for key, value in annotations.items():
        for message in is_qualified_name(key.lower()):
            errors.append(invalid(path, key, message))
        size += len(key.encode()) + len(value.encode())
    if size > ANNOTATIONS_LIMIT:
        errors.append(too_long(path, "", ANNOTATIONS_LIMIT))


def check_finalizers(errors: Errors, finalizers: Sequence[str], path: str) -> None:
    """Check the names of finalizers; the two of the garbage collector exclude each other."""
    for finalizer in finalizers:
        check(errors, path, finalizer, is_qualified_name)
    if ORPHAN_FINALIZER in finalizers and FOREGROUND_FINALIZER in finalizers:
        both = f"finalizer {ORPHAN_FINALIZER} and {FOREGROUND_FINALIZER} cannot be both set"
        errors.append(invalid(path, list(finalizers), both))


def _check_name(errors: Errors, metadata: Mapping[str, Any], rule: Rule, path: str) -> None:
    base = metadata.get("generateName")
    if base:
        for message in rule(mask_trailing_dash(base)):
            errors.append(invalid(f"{path}.generateName", base, message))
    name = metadata.get("name")
    if not name:
        errors.append(required(f"{path}.name", "name or generateName is required"))
    else:
        check(errors, f"{path}.name", name, rule)


def _check_content(errors: Errors, metadata: Mapping[str, Any], path: str) -> None:
    labels = metadata.get("labels")
    if labels:
        check_labels(errors, labels, f"{path}.labels")
    annotations = metadata.get("annotations")
    if annotations:
        check_annotations(errors, annotations, f"{path}.annotations")
    owners = metadata.get("ownerReferences")
    if owners:
        _check_owner_references(errors, owners, f"{path}.ownerReferences")


def _check_owner_references(errors: Errors, references: Sequence[Mapping[str, Any]], path: str) -> None:
    controller = ""
    for reference in references:
        _check_owner_reference(errors, reference, path)
        if not reference.get("controller"):
            continue
        named = f"{reference.get('kind', '')}/{reference.get('name', '')}"
        if controller:
            text = (
                "Only one reference can have Controller set to true. "
                f'Found "true" in references for {controller} and {named}'
            )
            errors.append(invalid(path, [owner_reference_value(item) for item in references], text))
        else:
            controller = named


def _check_owner_reference(errors: Errors, reference: Mapping[str, Any], path: str) -> None:
    api_version = reference.get("apiVersion") or ""
    if not api_version.rpartition("/")[2]:
        errors.append(invalid(f"{path}.apiVersion", api_version, "version must not be empty"))
    for name in ("kind", "name", "uid"):
        if not reference.get(name):
            errors.append(invalid(f"{path}.{name}", "", "must not be empty"))
    if api_version == "v1" and reference.get("kind") == "Event":
        text = "/v1, Kind=Event is disallowed from being an owner"
        errors.append(invalid(path, owner_reference_value(reference), text))


def _check_no_finalizer_added(errors: Errors, new: Sequence[str], old: Sequence[str], path: str) -> None:
    added = sorted(set(new).difference(old))
    if added:
        listed = "[]string{" + ", ".join(map(go_quote, added)) + "}"
        text = f"no new finalizers can be added if the object is being deleted, found new finalizers {listed}"
        errors.append(forbidden(f"{path}.finalizers", text))
