"""Which objects a controller owns, adopts or releases: the rules of controller references.

Source: pkg/controller/controller_ref_manager.go, staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from k8scourse.client.client import Client
from k8scourse.client.informers import Object, controller_of
from k8scourse.machinery.labels import Selector
from k8scourse.machinery.status import ApiError

Claim = Literal["own", "adopt", "release", "none"]

NAMESPACE_TERMINATING = "NamespaceTerminating"
"""The cause in the Status of a create that is refused because the namespace is being deleted."""


def controller_reference(owner: Object) -> Object:
    """The owner reference that makes *owner* the controller of an object (metav1.NewControllerRef)."""
    metadata = owner["metadata"]
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def claim_of(owner: Object, selector: Selector, obj: Object) -> Claim:
    """What *owner* does about *obj*: it owns it, adopts it, releases it, or has nothing to do with it.

    An object of another controller is never touched; an owner that is being deleted neither adopts nor releases.
    """
    controller = controller_of(obj)
    deleting = "deletionTimestamp" in owner["metadata"]
    matches = selector.matches(obj["metadata"].get("labels"))
    if controller is not None:
        if controller["uid"] != owner["metadata"]["uid"]:
            return "none"
        if matches:
            return "own"
        return "none" if deleting else "release"
    if deleting or not matches or "deletionTimestamp" in obj["metadata"]:
        return "none"
    return "adopt"


def claim_objects(
    client: Client,
    resource: str,
    owner: Object,
    selector: Selector,
    candidates: Iterable[Object],
    finalizers: Sequence[str] = (),
) -> list[Object]:
    """Those of *candidates* that belong to *owner*, after adopting and releasing; raises ApiError.

    What is adopted gets the *finalizers*. Every candidate is tried before the first error is raised.
    """
    claimed: list[Object] = []
    failure: ApiError | None = None
    for obj in candidates:
        claim = claim_of(owner, selector, obj)
        try:
            if claim == "adopt":
                obj = _patch(client, resource, obj, adoption_patch(owner, obj, finalizers))
            elif claim == "release":
                _patch(client, resource, obj, release_patch([owner["metadata"]["uid"]], obj))
        except ApiError as error:
            if error.code != 404 and not (claim == "release" and error.code == 422):
                failure = failure or error
            continue
        if claim in ("own", "adopt"):
            claimed.append(obj)
    if failure is not None:
        raise failure
    return claimed


def _patch(client: Client, resource: str, obj: Object, patch: Object) -> Object:
    metadata = obj["metadata"]
    return client.patch(resource, metadata["name"], patch, metadata.get("namespace", ""))


def adoption_patch(owner: Object, obj: Object, finalizers: Sequence[str] = ()) -> Object:
    """The strategic merge patch that makes *owner* the controller of *obj* and adds *finalizers*."""
    metadata: Object = {"ownerReferences": [controller_reference(owner)], "uid": obj["metadata"]["uid"]}
    if finalizers:
        metadata["finalizers"] = list(finalizers)
    return {"metadata": metadata}


def release_patch(owner_uids: Iterable[str], obj: Object) -> Object:
    """The strategic merge patch that takes the references to the owners with *owner_uids* off *obj*."""
    references = [{"$patch": "delete", "uid": uid} for uid in owner_uids]
    return {"metadata": {"uid": obj["metadata"]["uid"], "ownerReferences": references}}


def namespace_terminating(error: ApiError) -> bool:
    """Whether a create was refused because its namespace is being deleted."""
    return any(cause.get("reason") == NAMESPACE_TERMINATING for cause in error.causes)
