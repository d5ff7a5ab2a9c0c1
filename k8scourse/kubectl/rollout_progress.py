"""How far a rollout is, in kubectl's words.

Kubernetes: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.history import revision_of
from k8scourse.machinery.go_format import go_quote

Object = dict[str, Any]


def progress(obj: Object, revision: int) -> tuple[str, bool]:
    """The line for the state of *obj*, and whether the rollout is complete.

    Raises KubectlError when it failed, and when *revision* (0 means any) is not the one that runs.
    """
    match obj["apiVersion"], obj["kind"]:
        case "apps/v1", "Deployment":
            return _deployment(obj, revision)
        case "apps/v1", "DaemonSet":
            return _daemon_set(obj)
        case "apps/v1", "StatefulSet":
            return _stateful_set(obj)
    group = obj["apiVersion"].rpartition("/")[0]
    raise KubectlError(f"no status viewer has been implemented for {obj['kind']}{'.' if group else ''}{group}")


def _counts(obj: Object, *names: str) -> list[int]:
    status = obj.get("status") or {}
    return [status.get(name) or 0 for name in names]


def _observed(obj: Object) -> bool:
    return obj["metadata"].get("generation", 0) <= (obj.get("status") or {}).get("observedGeneration", 0)


def _deployment(obj: Object, revision: int) -> tuple[str, bool]:
    name = go_quote(obj["metadata"]["name"])
    running = revision_of(obj)
    if revision > 0 and revision != running:
        raise KubectlError(f"desired revision ({revision}) is different from the running revision ({running})")
    if not _observed(obj):
        return "Waiting for deployment spec update to be observed...", False
    for condition in (obj.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Progressing" and condition.get("reason") == "ProgressDeadlineExceeded":
            raise KubectlError(f"deployment {name} exceeded its progress deadline")
    replicas, updated, available = _counts(obj, "replicas", "updatedReplicas", "availableReplicas")
    wanted = obj["spec"].get("replicas", 0)
    waiting = f"Waiting for deployment {name} rollout to finish: "
    if updated < wanted:
        return f"{waiting}{updated} out of {wanted} new replicas have been updated...", False
    if replicas > updated:
        return f"{waiting}{replicas - updated} old replicas are pending termination...", False
    if available < updated:
        return f"{waiting}{available} of {updated} updated replicas are available...", False
    return f"deployment {name} successfully rolled out", True


def _check_strategy(obj: Object) -> None:
    if (obj["spec"].get("updateStrategy") or {}).get("type") != "RollingUpdate":
        raise KubectlError("rollout status is only available for RollingUpdate strategy type")


def _daemon_set(obj: Object) -> tuple[str, bool]:
    name = go_quote(obj["metadata"]["name"])
    _check_strategy(obj)
    if not _observed(obj):
        return "Waiting for daemon set spec update to be observed...", False
    updated, wanted, available = _counts(obj, "updatedNumberScheduled", "desiredNumberScheduled", "numberAvailable")
    waiting = f"Waiting for daemon set {name} rollout to finish: "
    if updated < wanted:
        return f"{waiting}{updated} out of {wanted} new pods have been updated...", False
    if available < wanted:
        return f"{waiting}{available} of {wanted} updated pods are available...", False
    return f"daemon set {name} successfully rolled out", True


def _stateful_set(obj: Object) -> tuple[str, bool]:
    _check_strategy(obj)
    status, spec = obj.get("status") or {}, obj["spec"]
    if not status.get("observedGeneration") or not _observed(obj):
        return "Waiting for statefulset spec update to be observed...", False
    ready, updated, current = _counts(obj, "readyReplicas", "updatedReplicas", "currentReplicas")
    if ready < spec.get("replicas", 0):
        return f"Waiting for {spec['replicas'] - ready} pods to be ready...", False
    rolling = spec["updateStrategy"].get("rollingUpdate")
    if rolling is not None:
        wanted = spec.get("replicas", 0) - rolling.get("partition", 0)
        if rolling.get("partition") is not None and updated < wanted:
            return (
                f"Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods have been updated...",
                False,
            )
        return f"partitioned roll out complete: {updated} new pods have been updated...", True
    if status.get("updateRevision") != status.get("currentRevision"):
        revision = status.get("updateRevision", "")
        return f"waiting for statefulset rolling update to complete {updated} pods at revision {revision}...", False
    return (
        f"statefulset rolling update complete {current} pods at revision {status.get('currentRevision', '')}...",
        True,
    )
