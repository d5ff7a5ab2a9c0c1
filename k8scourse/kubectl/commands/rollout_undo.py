"""`kubectl rollout undo`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_undo.go, pkg/polymorphichelpers/rollback.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.request import JSON_PATCH, STRATEGIC_MERGE_PATCH
from k8scourse.kubectl import history, last_applied, rollouts
from k8scourse.kubectl.describe.pod import template_text
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.history import Revision
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import merge_patch
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import ApiError

_KEPT = (
    last_applied.ANNOTATION,
    history.REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
)
"""Annotations that stay those of the deployment."""
_APPLIED = (
    "resource {name} was previously managed with 'kubectl apply'. Rolling back will not update the {annotation} "
    "annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl "
    "apply' with your previous configuration file instead."
)

Object = dict[str, Any]


def run(session: Session) -> None:
    """Give workloads the pod template of an earlier revision. Raises KubectlError, ApiError or Several."""
    session.dry_run()
    show = result_printer(session)

    def undo(info: Info) -> None:
        annotations = ((info.obj or {})["metadata"].get("annotations")) or {}
        if last_applied.ANNOTATION in annotations:
            session.terminal.warn(_APPLIED.format(name=info.label, annotation=last_applied.ANNOTATION))
        show(info.obj or {}, _roll_back(session, info, session.flag("to-revision")))

    rollouts.found(session).visit(undo)


def _roll_back(session: Session, info: Info, number: int) -> str:
    """Undo one rollout; the words for what happened."""
    kind = info.resource.kind
    if info.resource.group != "apps" or kind not in ("Deployment", "DaemonSet", "StatefulSet"):
        raise rollouts.unsupported(info, "rollbacker", "no rollbacker has been implemented")
    if number < 0:
        raise _not_found(number)
    workload, revisions = history.revisions(session, info)
    deployment = kind == "Deployment"
    target = _deployment_target(info, revisions, number) if deployment else _target(revisions, number)
    if session.dry_run() == "client":
        text = template_text(target.template)
        return text if deployment else f"will roll back to {text}"
    if workload["spec"].get("paused"):
        raise KubectlError(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again"
        )
    if _is_present(workload, target, deployment):
        return f"skipped rollback (current template already matches revision {number})"
    patch = _deployment_patch(workload, target) if deployment else target.record.get("data")
    try:
        session.api.patch(
            info.resource,
            info.namespace,
            info.name,
            patch,
            JSON_PATCH if deployment else STRATEGIC_MERGE_PATCH,
            dryRun=session.server_dry_run(),
        )
    except ApiError as error:
        raise KubectlError(f"failed restoring revision {number}: {error.message}") from error
    return "rolled back"


def _not_found(number: int) -> KubectlError:
    return KubectlError(f"unable to find specified revision {number} in history")


def _deployment_target(info: Info, revisions: list[Revision], number: int) -> Revision:
    if number > 0:
        return _numbered(revisions, number)
    ordered = sorted(revisions, key=lambda each: each.number)
    if len(ordered) < 2:
        raise KubectlError(f"no rollout history found for deployment {go_quote(info.name)}")
    return ordered[-2]


def _target(revisions: list[Revision], number: int) -> Revision:
    if number > 0:
        return _numbered(revisions, number)
    if len(revisions) < 2:
        raise KubectlError("no last revision to roll back to")
    return sorted(revisions, key=lambda each: each.number)[-2]


def _numbered(revisions: list[Revision], number: int) -> Revision:
    for revision in revisions:
        if revision.number == number:
            return revision
    raise _not_found(number)


def _is_present(workload: Object, target: Revision, deployment: bool) -> bool:
    template = workload["spec"]["template"]
    if deployment:
        return history.equal_ignoring_hash(target.template, template)
    data = {"spec": {"template": {**template, "$patch": "replace"}}}
    return merge_patch.same(data, target.record.get("data"))


def _deployment_patch(deployment: Object, target: Revision) -> list[Object]:
    present = deployment["metadata"].get("annotations") or {}
    recorded = target.record["metadata"].get("annotations") or {}
    annotations = {key: value for key, value in present.items() if key in _KEPT}
    annotations.update((key, value) for key, value in recorded.items() if key not in _KEPT)
    return [
        {"op": "replace", "path": "/spec/template", "value": history.without_hash(target.template)},
        {"op": "replace", "path": "/metadata/annotations", "value": annotations},
    ]
