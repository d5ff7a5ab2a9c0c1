"""The revisions of a StatefulSet's template, kept as ControllerRevisions.

Source: pkg/controller/statefulset/stateful_set_control.go (getStatefulSetRevisions, truncateHistory),
pkg/controller/history/controller_history.go
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from k8scourse.client.component import Component
from k8scourse.client.informers import Object
from k8scourse.controllers.ownership import claim_objects, controller_reference
from k8scourse.controllers.statefulset_rules import revision_of
from k8scourse.controllers.template_hash import REVISION_HASH, template_hash
from k8scourse.machinery.labels import Selector
from k8scourse.machinery.status import ApiError

REVISIONS = "controllerrevisions.apps"
_PREFIX = 223
"""So much of the set's name begins the name of a revision at most."""


class Revisions(NamedTuple):
    """Where a set is, where it goes, and how many hashes of its templates were taken."""

    current: Object
    update: Object
    collisions: int


def revision_data(owner: Object) -> Object:
    """What a revision holds: the patch that brings the template back."""
    return {"spec": {"template": {**owner["spec"]["template"], "$patch": "replace"}}}


def at_revision(owner: Object, revision: Object) -> Object:
    """The set with the template of *revision* (ApplyRevision)."""
    template = {key: value for key, value in revision["data"]["spec"]["template"].items() if key != "$patch"}
    return {**owner, "spec": {**owner["spec"], "template": template}}


def list_revisions(controller: Component, owner: Object, selector: Selector) -> list[Object]:
    """The set's revisions, the oldest first; orphans that it selects are adopted. Raises ApiError."""
    metadata = owner["metadata"]
    candidates = controller.informers.controlled_by(REVISIONS, metadata["uid"])
    candidates += controller.informers.orphans(REVISIONS, metadata["namespace"])
    return sorted(claim_objects(controller.client, REVISIONS, owner, selector, candidates), key=_age)


def _age(revision: Object) -> tuple[int, str, str]:
    metadata = revision["metadata"]
    return revision["revision"], metadata["creationTimestamp"], metadata["name"]


def find_revisions(controller: Component, owner: Object, revisions: list[Object]) -> Revisions:
    """The current revision and that of the set's template, which is created if it is missing. Raises ApiError.

    *revisions* are the set's, the oldest first. A template that was there before gets the highest number again.
    """
    status = owner.get("status") or {}
    collisions = status.get("collisionCount", 0)
    data = revision_data(owner)
    number = revisions[-1]["revision"] + 1 if revisions else 1
    equal = [revision for revision in revisions if revision.get("data") == data]
    if equal and equal[-1] is revisions[-1]:
        update = equal[-1]
    elif equal:
        update = controller.client.update(REVISIONS, {**equal[-1], "revision": number})
    else:
        update, collisions = _create(controller, owner, number, collisions)
    named = [revision for revision in revisions if revision["metadata"]["name"] == status.get("currentRevision")]
    return Revisions(named[0] if named else update, update, collisions)


def _create(controller: Component, owner: Object, number: int, collisions: int) -> tuple[Object, int]:
    metadata, template = owner["metadata"], owner["spec"]["template"]
    while True:
        digest = template_hash(template, collisions)
        name = f"{metadata['name'][:_PREFIX]}-{digest}"
        labels = {**((template.get("metadata") or {}).get("labels") or {}), REVISION_HASH: digest}
        revision: Object = {
            "apiVersion": "apps/v1",
            "kind": "ControllerRevision",
            "metadata": {
                "name": name,
                "namespace": metadata["namespace"],
                "labels": labels,
                "ownerReferences": [controller_reference(owner)],
            },
            "data": revision_data(owner),
            "revision": number,
        }
        if metadata.get("annotations"):
            revision["metadata"]["annotations"] = metadata["annotations"]
        try:
            return controller.client.create(REVISIONS, revision, metadata["namespace"]), collisions
        except ApiError as error:
            if error.reason != "AlreadyExists":
                raise
        present = controller.client.get(REVISIONS, name, metadata["namespace"])
        if present.get("data") == revision["data"]:
            return present, collisions
        collisions += 1


def truncate(
    controller: Component, owner: Object, pods: Iterable[Object], revisions: list[Object], live: Iterable[Object]
) -> None:
    """Delete the oldest of *revisions* beyond revisionHistoryLimit that neither are *live* nor have pods."""
    limit = owner["spec"].get("revisionHistoryLimit", 10)
    names = {revision["metadata"]["name"] for revision in live} | {revision_of(pod) for pod in pods}
    past = [revision for revision in revisions if revision["metadata"]["name"] not in names]
    if limit < 0:
        return
    for revision in past[: max(len(past) - limit, 0)]:
        metadata = revision["metadata"]
        controller.client.delete(REVISIONS, metadata["name"], metadata["namespace"])
