"""`kubectl rollout restart`: an annotation on the pod template that makes it a different one.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_restart.go, pkg/polymorphichelpers/objectrestarter.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import rollouts
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery.timestamps import format_time

ANNOTATION = "kubectl.kubernetes.io/restartedAt"

_KINDS = ("DaemonSet", "Deployment", "StatefulSet")

Object = dict[str, Any]


def run(session: Session) -> None:
    """Restart the pods of workloads. Raises KubectlError, ApiError or Several."""
    instant = format_time(session.clock.now)
    rollouts.patch_each(session, lambda obj: _restarted(obj, instant), "restarted", _too_soon)


def _too_soon(info: Info) -> KubectlError:
    return KubectlError(
        f"failed to create patch for {info.name}: if restart has already been triggered within the past second, "
        "please wait before attempting to trigger another"
    )


def _restarted(obj: Object, instant: str) -> Object:
    if obj["apiVersion"] != "apps/v1" or obj["kind"] not in _KINDS:
        raise KubectlError("restarting is not supported")
    if obj["spec"].get("paused"):
        raise KubectlError("can't restart paused deployment (run rollout resume first)")
    template = obj["spec"].get("template") or {}
    metadata = template.get("metadata") or {}
    annotations = {**(metadata.get("annotations") or {}), ANNOTATION: instant}
    changed = {**template, "metadata": {**metadata, "annotations": annotations}}
    return {**obj, "spec": {**obj["spec"], "template": changed}}
