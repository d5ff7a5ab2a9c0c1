"""Which claims follow a StatefulSet or a pod into deletion: the owner references by the retention policy.

Source: pkg/controller/statefulset/stateful_set_utils.go (isClaimOwnerUpToDate, updateClaimOwnerRefForSetAndPod)
"""

from __future__ import annotations

from k8scourse.client.informers import Object
from k8scourse.controllers.ownership import controller_reference
from k8scourse.controllers.statefulset_rules import claim_name, ordinal_of, ordinals

SET_KIND = ("apps/v1", "StatefulSet")
POD_KIND = ("v1", "Pod")

_Kind = tuple[str, str]


def new_claim(owner: Object, template: Object, ordinal: int) -> Object:
    """The claim to create from a template for the pod with *ordinal*."""
    metadata = {**template["metadata"], "name": claim_name(owner, template, ordinal)}
    metadata["namespace"] = owner["metadata"]["namespace"]
    labels = {**(metadata.get("labels") or {}), **(owner["spec"]["selector"].get("matchLabels") or {})}
    if labels:
        metadata["labels"] = labels
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": template["spec"]}


def retention(owner: Object) -> tuple[bool, bool]:
    """Whether claims are deleted with the set, and when it is scaled down."""
    policy = owner["spec"].get("persistentVolumeClaimRetentionPolicy") or {}
    return policy.get("whenDeleted") == "Delete", policy.get("whenScaled") == "Delete"


def is_up_to_date(claim: Object, owner: Object, pod: Object) -> bool:
    """Whether the claim's owner references are what the policy wants, or nobody's business here."""
    if has_stale_reference(claim, owner, SET_KIND) or has_stale_reference(claim, pod, POD_KIND):
        return True
    by_set, by_pod = _owned_by(claim, owner), _owned_by(claim, pod)
    if has_unexpected_controller(claim, owner, pod):
        return not (by_set or by_pod)
    if _has_plain_owner(claim, owner, pod):
        return False
    return (by_set, by_pod) == _wanted(owner, pod)


def updated_references(claim: Object, owner: Object, pod: Object) -> list[Object]:
    """The owner references that the claim should have."""
    references = [
        reference
        for reference in _references(claim)
        if not _names(reference, owner, SET_KIND) and not _names(reference, pod, POD_KIND)
    ]
    if has_unexpected_controller(claim, owner, pod):
        return references
    by_set, by_pod = _wanted(owner, pod)
    wanted = [*([owner] if by_set else []), *([pod] if by_pod else [])]
    present = {reference["uid"] for reference in references}
    return [*references, *(controller_reference(obj) for obj in wanted if obj["metadata"].get("uid") not in present)]


def has_stale_reference(claim: Object, obj: Object, kind: _Kind) -> bool:
    """Whether the claim belongs to an object of the same name that was there before *obj*."""
    for reference in _references(claim):
        if _names(reference, obj, kind):
            return reference["uid"] != obj["metadata"].get("uid")
    return False


def has_unexpected_controller(claim: Object, owner: Object, pod: Object) -> bool:
    """Whether somebody else manages a claim that a policy other than Retain would manage."""
    if not any(retention(owner)):
        return False
    for reference in _references(claim):
        for obj, kind in ((owner, SET_KIND), (pod, POD_KIND)):
            if _names(reference, obj, kind):
                if reference["uid"] != obj["metadata"].get("uid"):
                    return True
                break
        else:
            if reference.get("controller"):
                return True
    return False


def _wanted(owner: Object, pod: Object) -> tuple[bool, bool]:
    """Whether the set and the pod should own the claim."""
    when_deleted, when_scaled = retention(owner)
    scaled_down = ordinal_of(pod) not in ordinals(owner)
    if not when_scaled:
        return when_deleted, False
    return when_deleted and not scaled_down, scaled_down


def _has_plain_owner(claim: Object, owner: Object, pod: Object) -> bool:
    uids = {owner["metadata"].get("uid"), pod["metadata"].get("uid")}
    return any(reference["uid"] in uids and not reference.get("controller") for reference in _references(claim))


def _owned_by(claim: Object, obj: Object) -> bool:
    return any(reference["uid"] == obj["metadata"].get("uid") for reference in _references(claim))


def _names(reference: Object, obj: Object, kind: _Kind) -> bool:
    return (reference["apiVersion"], reference["kind"]) == kind and reference["name"] == obj["metadata"]["name"]


def _references(claim: Object) -> list[Object]:
    return claim["metadata"].get("ownerReferences") or []
