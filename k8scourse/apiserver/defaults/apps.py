"""Defaults of the apps group, and of ReplicationControllers.

Source: kubernetes pkg/apis/apps/v1/defaults.go, pkg/apis/core/v1/defaults.go and each zz_generated.defaults.go.
"""

from typing import Any

from k8scourse.apiserver.defaults.pod import default_pod_template
from k8scourse.apiserver.defaults.storage import default_claim


def default_deployment(deployment: dict[str, Any]) -> None:
    """Fill a Deployment: one replica, rolling update by a quarter, ten old revisions, ten minutes for progress."""
    spec = _spec(deployment)
    _fill(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600)
    strategy = _rolling(spec, "strategy")
    if strategy is not None:
        _fill(strategy, maxUnavailable="25%", maxSurge="25%")


def default_replica_set(replica_set: dict[str, Any]) -> None:
    """Fill a ReplicaSet."""
    _fill(_spec(replica_set), replicas=1)


def default_daemon_set(daemon_set: dict[str, Any]) -> None:
    """Fill a DaemonSet: rolling update, one node at a time."""
    spec = _spec(daemon_set)
    _fill(spec, revisionHistoryLimit=10)
    strategy = _rolling(spec, "updateStrategy")
    if strategy is not None:
        _fill(strategy, maxUnavailable=1, maxSurge=0)


def default_stateful_set(stateful_set: dict[str, Any]) -> None:
    """Fill a StatefulSet: ordered, rolling update of all ordinals, claims that stay."""
    spec = _spec(stateful_set)
    _fill(spec, replicas=1, revisionHistoryLimit=10)
    if not spec.get("podManagementPolicy"):
        spec["podManagementPolicy"] = "OrderedReady"
    strategy = spec.get("updateStrategy")
    if strategy is None:
        strategy = spec["updateStrategy"] = {}
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
        _fill(strategy, rollingUpdate={})
    if strategy["type"] == "RollingUpdate" and strategy.get("rollingUpdate") is not None:
        _fill(strategy["rollingUpdate"], partition=0)
    retention = spec.get("persistentVolumeClaimRetentionPolicy")
    if retention is None:
        retention = spec["persistentVolumeClaimRetentionPolicy"] = {}
    for field in ("whenDeleted", "whenScaled"):
        if not retention.get(field):
            retention[field] = "Retain"
    for claim in spec.get("volumeClaimTemplates") or ():
        default_claim(claim)


def default_replication_controller(controller: dict[str, Any]) -> None:
    """Fill a ReplicationController: selector and labels come from the template."""
    spec = controller.setdefault("spec", {})
    template = spec.get("template")
    labels = ((template or {}).get("metadata") or {}).get("labels")
    if labels:
        if not spec.get("selector"):
            spec["selector"] = dict(labels)
        metadata = controller.setdefault("metadata", {})
        if not metadata.get("labels"):
            metadata["labels"] = dict(labels)
    _fill(spec, replicas=1)
    if template is not None:
        default_pod_template(template)


def _spec(workload: dict[str, Any]) -> dict[str, Any]:
    spec = workload.setdefault("spec", {})
    if spec.get("template") is None:
        spec["template"] = {}
    default_pod_template(spec["template"])
    return spec


def _rolling(spec: dict[str, Any], field: str) -> dict[str, Any] | None:
    """Default the type to RollingUpdate; return its parameters, or None for another type."""
    strategy = spec.get(field)
    if strategy is None:
        strategy = spec[field] = {}
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
    if strategy["type"] != "RollingUpdate":
        return None
    if strategy.get("rollingUpdate") is None:
        strategy["rollingUpdate"] = {}
    return strategy["rollingUpdate"]


def _fill(target: dict[str, Any], **values: Any) -> None:
    for field, value in values.items():
        if target.get(field) is None:
            target[field] = value
