"""Defaults of the apps group.

Source: kubernetes pkg/apis/apps/v1/defaults.go and zz_generated.defaults.go.
"""

from typing import Any

from k8scourse.apiserver.defaults.pod import default_pod_template


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
