"""The revisions of a DaemonSet's template, kept as ControllerRevisions.

Source: pkg/controller/daemon/update.go (constructHistory, cleanupHistory, snapshot)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from k8scourse.client.component import Component
from k8scourse.client.informers import Object
from k8scourse.controllers.ownership import claim_objects, controller_reference
from k8scourse.controllers.template_hash import REVISION_HASH, template_hash
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.status import ApiError

DAEMON_SETS = "daemonsets.apps"
REVISIONS = "controllerrevisions.apps"


def revision_data(daemon_set: Object) -> Object:
    """What a revision holds: the patch that brings the template back."""
    return {"spec": {"template": {**daemon_set["spec"]["template"], "$patch": "replace"}}}


def revision_hash(revision: Object) -> str:
    """The hash by which pods name the revision that they follow."""
    return (revision["metadata"].get("labels") or {}).get(REVISION_HASH, "")


def construct(controller: Component, daemon_set: Object, pods: Iterable[Object]) -> tuple[Object, list[Object]]:
    """The revision of the set's template, created if it is missing, and the others; raises ApiError.

    *pods* are the set's pods: they follow when several revisions turn out to be the same.
    """
    metadata = daemon_set["metadata"]
    candidates = controller.informers.controlled_by(REVISIONS, metadata["uid"])
    candidates += controller.informers.orphans(REVISIONS, metadata["namespace"])
    selector = selector_from(daemon_set["spec"]["selector"])
    revisions = claim_objects(controller.client, REVISIONS, daemon_set, selector, candidates)
    data = revision_data(daemon_set)
    current = [revision for revision in revisions if revision.get("data") == data]
    old = [revision for revision in revisions if revision.get("data") != data]
    number = max((revision["revision"] for revision in old), default=0) + 1
    if not current:
        return _snapshot(controller, daemon_set, number), old
    kept = _only_one(controller, current, pods)
    if kept["revision"] < number:
        kept = controller.client.update(REVISIONS, {**kept, "revision": number})
    return kept, old


def _snapshot(controller: Component, daemon_set: Object, number: int) -> Object:
    metadata, template = daemon_set["metadata"], daemon_set["spec"]["template"]
    digest = template_hash(template, (daemon_set.get("status") or {}).get("collisionCount"))
    name = f"{metadata['name']}-{digest}"
    labels = {**((template.get("metadata") or {}).get("labels") or {}), REVISION_HASH: digest}
    revision: Object = {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {
            "name": name,
            "namespace": metadata["namespace"],
            "labels": labels,
            "ownerReferences": [controller_reference(daemon_set)],
        },
        "data": revision_data(daemon_set),
        "revision": number,
    }
    if metadata.get("annotations"):
        revision["metadata"]["annotations"] = metadata["annotations"]
    try:
        return controller.client.create(REVISIONS, revision, metadata["namespace"])
    except ApiError as error:
        if error.reason != "AlreadyExists":
            raise
        present = controller.client.get(REVISIONS, name, metadata["namespace"])
        if present.get("data") == revision["data"]:
            return present
        status = daemon_set.get("status") or {}
        counted = {**status, "collisionCount": status.get("collisionCount", 0) + 1}
        controller.client.update_status(DAEMON_SETS, {**daemon_set, "status": counted})
        raise


def _only_one(controller: Component, current: Sequence[Object], pods: Iterable[Object]) -> Object:
    """The newest of several equal revisions; pods are moved to it and the others are deleted (dedupCurHistories)."""
    if len(current) == 1:
        return current[0]
    kept = max(reversed(current), key=lambda revision: revision["revision"])
    digest = revision_hash(kept)
    for pod in pods:
        metadata = pod["metadata"]
        if (metadata.get("labels") or {}).get(REVISION_HASH) != digest:
            patch = {"metadata": {"labels": {REVISION_HASH: digest}}}
            controller.client.patch("pods", metadata["name"], patch, metadata["namespace"], kind="merge")
    for revision in current:
        if revision is not kept:
            controller.client.delete(REVISIONS, revision["metadata"]["name"], revision["metadata"]["namespace"])
    return kept


def clean_up(controller: Component, daemon_set: Object, old: Sequence[Object], pods: Iterable[Object]) -> None:
    """Delete old revisions beyond revisionHistoryLimit that no pod follows, the oldest first; raises ApiError."""
    surplus = len(old) - daemon_set["spec"].get("revisionHistoryLimit", 10)
    if surplus <= 0:
        return
    live = {(pod["metadata"].get("labels") or {}).get(REVISION_HASH, "") for pod in pods}
    for revision in sorted(old, key=lambda revision: revision["revision"]):
        if surplus <= 0:
            return
        if revision_hash(revision) not in live:
            metadata = revision["metadata"]
            controller.client.delete(REVISIONS, metadata["name"], metadata["namespace"])
            surplus -= 1
