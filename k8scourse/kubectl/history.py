"""The revisions of a workload: replica sets of a deployment, controller revisions of the others.

Kubernetes: staging/src/k8s.io/kubectl/pkg/polymorphichelpers (history.go, rollback.go), pkg/util/deployment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import strategic
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.status import ApiError

REVISION = "deployment.kubernetes.io/revision"
HASH = "pod-template-hash"

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of a history."""

    number: int
    record: Object
    """The ReplicaSet or ControllerRevision."""
    workload: Object
    """What `-o yaml` shows: the ReplicaSet, or the DaemonSet or StatefulSet as it was."""
    template: Object
    """The pod template."""


def revisions(session: Session, info: Info) -> tuple[Object, list[Revision]]:
    """The workload as it is, and its revisions as listed. Raises KubectlError."""
    kind = info.resource.kind
    name = "deployment" if kind == "Deployment" else kind
    try:
        workload = session.api.get(info.resource, info.namespace, info.name)
    except ApiError as error:
        raise KubectlError(f"failed to retrieve {name} {info.name}: {error.message}") from error
    if kind == "Deployment":
        old, new = replica_sets(session, workload)
        listed = [(revision_of(each), each) for each in (*old, *new)]
        return workload, [
            Revision(number, each, each, each["spec"].get("template") or {}) for number, each in listed if number >= 0
        ]
    records = _owned(session, "ControllerRevision", workload)
    schema = session.schemas.for_kind(info.resource.group_version, kind)
    found: list[Revision] = []
    for record in records:
        applied = strategic.strategic_merge_patch(workload, record.get("data") or {}, schema)
        found.append(Revision(record.get("revision", 0), record, applied, applied["spec"]["template"]))
    return workload, found


def revision_of(obj: Object) -> int:
    """The revision in an object's annotations: 0 without one, -1 if it is no number."""
    text = (obj["metadata"].get("annotations") or {}).get(REVISION, "0")
    return int(text) if text.removeprefix("-").isdigit() else -1


def replica_sets(session: Session, deployment: Object) -> tuple[list[Object], list[Object]]:
    """The deployment's replica sets: old ones, and the oldest one of the present template (at most one)."""
    owned = _owned(session, "ReplicaSet", deployment)
    owned.sort(key=lambda each: (each["metadata"].get("creationTimestamp", ""), each["metadata"]["name"]))
    template = deployment["spec"].get("template") or {}
    new = [each for each in owned if equal_ignoring_hash(each["spec"].get("template") or {}, template)][:1]
    return [each for each in owned if each not in new], new


def _owned(session: Session, kind: str, owner: Object) -> list[Object]:
    resource = session.resource_of("apps/v1", kind)
    selector = str(selector_from(owner["spec"].get("selector")))
    listed = session.api.list(resource, owner["metadata"]["namespace"], labelSelector=selector)
    uid = owner["metadata"].get("uid")
    head = {"apiVersion": "apps/v1", "kind": kind}
    return [{**head, **each} for each in listed.get("items") or [] if _controller_uid(each) == uid]


def _controller_uid(obj: Object) -> str | None:
    owners = obj["metadata"].get("ownerReferences") or []
    return next((owner.get("uid") for owner in owners if owner.get("controller")), None)


def equal_ignoring_hash(left: Object, right: Object) -> bool:
    """Whether two pod templates say the same, apart from the label that tells replica sets apart."""
    return semantic_equal(without_hash(left), without_hash(right))


def without_hash(template: Object) -> Object:
    """A pod template without the label that tells replica sets apart."""
    metadata = template.get("metadata") or {}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}
