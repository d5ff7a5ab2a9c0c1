"""`kubectl rollout pause` and `kubectl rollout resume`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_pause.go and rollout_resume.go,
pkg/polymorphichelpers/objectpauser.go and objectresumer.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import rollouts
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import Session

Object = dict[str, Any]


def run(session: Session) -> None:
    """Pause or resume deployments. Raises KubectlError, ApiError or Several."""
    if session.command.endswith("pause"):
        return rollouts.patch_each(session, _paused, "paused", lambda _: "already paused")
    return rollouts.patch_each(session, _resumed, "resumed", lambda _: "already resumed")


def _paused(obj: Object) -> Object:
    if not _is_deployment(obj):
        raise KubectlError("pausing is not supported")
    if obj["spec"].get("paused"):
        raise KubectlError("is already paused")
    return {**obj, "spec": {**obj["spec"], "paused": True}}


def _resumed(obj: Object) -> Object:
    if not _is_deployment(obj):
        raise KubectlError("resuming is not supported")
    if not obj["spec"].get("paused"):
        raise KubectlError("is not paused")
    return {**obj, "spec": {field: value for field, value in obj["spec"].items() if field != "paused"}}


def _is_deployment(obj: Object) -> bool:
    return (obj["apiVersion"], obj["kind"]) == ("apps/v1", "Deployment")
