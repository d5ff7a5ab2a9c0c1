"""Questions about a pod's status and its conditions (kubernetes: pkg/api/v1/pod/util.go)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.machinery.timestamps import parse_time

Condition = Mapping[str, Any]


def pod_condition(pod: Mapping[str, Any], condition_type: str) -> dict[str, Any] | None:
    """The condition of *condition_type* in a pod's status, or None."""
    for condition in pod.get("status", {}).get("conditions") or ():
        if condition.get("type") == condition_type:
            return condition
    return None


def is_pod_ready(pod: Mapping[str, Any]) -> bool:
    """Whether the condition Ready is True."""
    condition = pod_condition(pod, "Ready")
    return condition is not None and condition.get("status") == "True"


def is_pod_available(pod: Mapping[str, Any], min_ready_seconds: int, now: int) -> bool:
    """Whether the pod has been ready for *min_ready_seconds* at *now* (nanoseconds since the Unix epoch)."""
    condition = pod_condition(pod, "Ready")
    if condition is None or condition.get("status") != "True":
        return False
    if min_ready_seconds == 0:
        return True
    since = condition.get("lastTransitionTime")
    return since is not None and parse_time(since) + min_ready_seconds * 1_000_000_000 <= now


def is_terminal(pod: Mapping[str, Any]) -> bool:
    """Whether the pod has ended for good: phase Succeeded or Failed."""
    return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def is_terminating(pod: Mapping[str, Any]) -> bool:
    """Whether the pod's deletion has begun."""
    return pod.get("metadata", {}).get("deletionTimestamp") is not None


def pod_priority(pod: Mapping[str, Any]) -> int:
    """The pod's priority, 0 when it has none (component-helpers/scheduling/corev1 PodPriority)."""
    return pod.get("spec", {}).get("priority") or 0


def updated_condition(pod: Mapping[str, Any], condition: Condition, now: str) -> dict[str, Any] | None:
    """The condition to store when *condition* holds at *now* (RFC 3339), or None when nothing changes.

    *condition* has type, status and perhaps reason, message and observedGeneration. The time of the last transition
    moves only with the status; a change of observedGeneration alone is no change.
    """
    old = pod_condition(pod, condition["type"])
    transition = now
    if old is not None and old.get("status") == condition["status"]:
        transition = old.get("lastTransitionTime", now)
        if all((old.get(name) or "") == (condition.get(name) or "") for name in ("reason", "message")):
            return None
    new = {name: value for name, value in condition.items() if value not in (None, "")}
    new.setdefault("lastProbeTime", None)
    new["lastTransitionTime"] = transition
    return new


def with_condition(pod: Mapping[str, Any], condition: Condition) -> list[dict[str, Any]]:
    """The pod's conditions with *condition* in the place of the one with its type, else at the end."""
    conditions: list[dict[str, Any]] = list(pod.get("status", {}).get("conditions") or ())
    for index, present in enumerate(conditions):
        if present.get("type") == condition["type"]:
            conditions[index] = dict(condition)
            return conditions
    return [*conditions, dict(condition)]
