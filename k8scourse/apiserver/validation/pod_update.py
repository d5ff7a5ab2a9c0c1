"""Validation of a change to a Pod.

Source: kubernetes pkg/apis/core/validation/validation.go ValidatePodUpdate, ValidatePodEphemeralContainersUpdate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.affinity import check_node_affinity_mutation
from k8scourse.apiserver.validation.containers import check_image_updates
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.internal_values import internal_diff, internal_pod_spec, internal_value
from k8scourse.apiserver.validation.object_meta import check_metadata_update
from k8scourse.apiserver.validation.pod import INT32_MAX, MIRROR_ANNOTATION, check_pod_metadata_and_spec
from k8scourse.apiserver.validation.support import Errors
from k8scourse.apiserver.validation.tolerations import check_only_added_tolerations
from k8scourse.machinery.field import FieldError, forbidden, invalid, key
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.names import range_error

_APP_ARMOR_PREFIX = "container.apparmor.security.beta.kubernetes.io/"
_UPDATABLE = ",".join(
    (
        "`spec.containers[*].image`",
        "`spec.initContainers[*].image`",
        "`spec.activeDeadlineSeconds`",
        "`spec.tolerations` (only additions to existing tolerations)",
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    )
)
_ONLY_ADDITIONS = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"

Pod = Mapping[str, Any]


def validate_pod_update(new: Pod, old: Pod) -> list[FieldError]:
    """Return the faults of changing the stored Pod *old* to *new*: most of the spec cannot change."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    errors.extend(check_pod_metadata_and_spec(new))
    check_pod_annotation_updates(errors, new["metadata"], old["metadata"])
    new_spec, old_spec = new["spec"], old["spec"]
    for kind in ("containers", "initContainers"):
        if not check_image_updates(errors, new_spec.get(kind) or (), old_spec.get(kind) or (), f"spec.{kind}"):
            return errors
    if not _check_deadline(errors, new_spec, old_spec):
        return errors
    tolerations = new_spec.get("tolerations") or (), old_spec.get("tolerations") or ()
    check_only_added_tolerations(errors, *tolerations, "spec.tolerations")
    _check_only_removed_gates(errors, new_spec.get("schedulingGates") or (), old_spec.get("schedulingGates") or ())
    if new_spec != old_spec:
        _check_unchanged(errors, new_spec, old_spec)
    return errors


def check_pod_annotation_updates(errors: Errors, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
    """Check that annotations which configure the pod itself stay as they are."""
    was, now = old.get("annotations") or {}, new.get("annotations") or {}
    if was == now:
        return
    for name in [*was, *(name for name in now if name not in was)]:
        special = "AppArmor annotations" if name.startswith(_APP_ARMOR_PREFIX) else "mirror pod annotation"
        if (name != MIRROR_ANNOTATION and special[0] == "m") or now.get(name) == was.get(name):
            continue
        verb = "remove or update" if name in was else "add"
        errors.append(forbidden(key("metadata.annotations", name), f"may not {verb} {special}"))


def _check_deadline(errors: Errors, new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Check that activeDeadlineSeconds only shrinks; False where upstream stops looking further."""
    path = "spec.activeDeadlineSeconds"
    deadline, before = new.get("activeDeadlineSeconds"), old.get("activeDeadlineSeconds")
    if deadline is None:
        if before is not None:
            errors.append(invalid(path, None, "must not update from a positive integer to nil value"))
        return True
    if not 0 <= deadline <= INT32_MAX:
        errors.append(invalid(path, deadline, range_error(0, INT32_MAX)))
        return False
    if before is not None and before < deadline:
        errors.append(invalid(path, deadline, "must be less than or equal to previous value"))
        return False
    return True


def _check_only_removed_gates(
    errors: Errors, new: Sequence[Mapping[str, Any]], old: Sequence[Mapping[str, Any]]
) -> None:
    known = {gate.get("name") for gate in old}
    for index, gate in enumerate(new):
        if gate.get("name") not in known:
            text = f"only deletion is allowed, but found new scheduling gate '{gate.get('name')}'"
            errors.append(forbidden(f"spec.schedulingGates[{index}].name", text))


def _check_unchanged(errors: Errors, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
    """Report any difference of the specs outside the fields that may change, with a diff of the rest."""
    comparable = {**new}
    for kind in ("containers", "initContainers"):
        if new.get(kind):
            comparable[kind] = [
                {**container, "image": before.get("image")}
                for container, before in zip(new[kind], old[kind], strict=True)
            ]
    for field in ("activeDeadlineSeconds", "schedulingGates", "tolerations"):
        comparable[field] = old.get(field)
    grace, grace_before = new.get("terminationGracePeriodSeconds"), old.get("terminationGracePeriodSeconds")
    if grace == 1 and grace_before is not None and grace_before < 0:
        comparable["terminationGracePeriodSeconds"] = grace_before
    if old.get("schedulingGates"):
        _allow_gated_changes(errors, comparable, old)
    if semantic_equal(comparable, old):
        return
    internal, internal_old = internal_pod_spec(comparable), internal_pod_spec(old)
    if internal != internal_old:
        difference = internal_diff(internal_old, internal)
        text = f"pod updates may not change fields other than {_UPDATABLE}\n{difference}"
        errors.append(forbidden("spec", text))


def _allow_gated_changes(errors: Errors, comparable: dict[str, Any], old: Mapping[str, Any]) -> None:
    """Let a gated pod tighten nodeSelector and node affinity, and treat them as unchanged from then on."""
    selector, selector_before = comparable.get("nodeSelector") or {}, old.get("nodeSelector") or {}
    if selector != selector_before:
        if any(selector.get(name) != value for name, value in selector_before.items()):
            errors.append(invalid("spec.nodeSelector", selector or None, _ONLY_ADDITIONS))
        comparable["nodeSelector"] = old.get("nodeSelector")
    affinity, affinity_before = comparable.get("affinity"), old.get("affinity")
    node, node_before = (affinity or {}).get("nodeAffinity"), (affinity_before or {}).get("nodeAffinity")
    if semantic_equal(node, node_before):
        return
    check_node_affinity_mutation(errors, node, node_before, "spec.affinity.nodeAffinity")
    others = any((affinity or {}).get(kind) is not None for kind in ("podAffinity", "podAntiAffinity"))
    if affinity_before is None and not others:
        comparable["affinity"] = None
    else:
        comparable["affinity"] = {**(affinity or {}), "nodeAffinity": node_before}


def validate_ephemeral_containers_update(new: Pod, old: Pod) -> list[FieldError]:
    """Return the faults of a change through the ephemeralcontainers subresource: it may only add."""
    if MIRROR_ANNOTATION in (old["metadata"].get("annotations") or {}):
        return [forbidden("", "static pods do not support ephemeral containers")]
    errors = check_metadata_update(new["metadata"], old["metadata"])
    errors.extend(check_pod_metadata_and_spec(new))
    check_pod_annotation_updates(errors, new["metadata"], old["metadata"])
    path = "spec.ephemeralContainers"
    by_name = {container.get("name"): container for container in new["spec"].get("ephemeralContainers") or ()}
    for before in old["spec"].get("ephemeralContainers") or ():
        quoted = go_quote(before.get("name") or "")
        after = by_name.get(before.get("name"))
        if after is None:
            errors.append(forbidden(path, f"existing ephemeral containers {quoted} may not be removed\n"))
        elif not semantic_equal(after, before):
            shown = (internal_value("EphemeralContainer", value) for value in (before, after))
            text = f"existing ephemeral containers {quoted} may not be changed\n{internal_diff(*shown)}"
            errors.append(forbidden(path, text))
    return errors
