"""The status of a ReplicaSet (pkg/controller/replicaset/replica_set_utils.go)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_available, is_pod_ready, pod_condition
from k8scourse.controllers.conditions import find_condition, set_condition, without_condition
from k8scourse.machinery.labels import selector_from_set
from k8scourse.machinery.timestamps import format_time, parse_time

SECOND = 1_000_000_000
REPLICA_FAILURE = "ReplicaFailure"


def calculate_status(
    owner: Object, active: Sequence[Object], terminating: int | None, failure: str | None, now: int
) -> Object:
    """The status of *owner*, a ReplicaSet with these *active* pods, at *now* (ns since the Unix epoch).

    *terminating* is the number of its pods that are going (None: the kind does not count them), *failure* the text of
    what kept it from creating or deleting pods.
    """
    spec, before = owner["spec"], owner.get("status") or {}
    min_ready = spec.get("minReadySeconds", 0)
    labels = selector_from_set((spec["template"].get("metadata") or {}).get("labels"))
    labelled = ready = available = 0
    for pod in active:
        labelled += labels.matches(pod["metadata"].get("labels"))
        if is_pod_ready(pod):
            ready += 1
            available += is_pod_available(pod, min_ready, now)
    counts = {"fullyLabeledReplicas": labelled, "readyReplicas": ready, "availableReplicas": available}
    status: dict[str, Any] = {
        "replicas": len(active),
        **{field: count for field, count in counts.items() if count},
        "observedGeneration": owner["metadata"].get("generation", 0),
    }
    if terminating is not None:
        status["terminatingReplicas"] = terminating
    conditions = _conditions(before.get("conditions"), len(active) - spec["replicas"], failure, now)
    if conditions:
        status["conditions"] = conditions
    return status


def _conditions(before: list[Object] | None, surplus: int, failure: str | None, now: int) -> list[Object]:
    present = find_condition(before, REPLICA_FAILURE)
    if failure is not None and present is None:
        condition = {
            "type": REPLICA_FAILURE,
            "status": "True",
            "lastTransitionTime": format_time(now),
            "reason": "FailedCreate" if surplus < 0 else "FailedDelete",
            "message": failure,
        }
        return set_condition(before, condition)
    if failure is None and present is not None:
        return without_condition(before, REPLICA_FAILURE)
    return list(before or ())


def next_availability_check(pods: Sequence[Object], min_ready: int, now: int) -> int | None:
    """In how many nanoseconds the next ready pod of *pods* becomes available; None when none is waiting.

    Source: pkg/controller/controller_utils.go FindMinNextPodAvailabilityCheck.
    """
    waits: list[int] = []
    for pod in pods:
        ready = pod_condition(pod, "Ready")
        if ready is not None and ready["status"] == "True" and ready.get("lastTransitionTime"):
            waits.append(parse_time(ready["lastTransitionTime"]) + min_ready * SECOND - now)
    return min((wait for wait in waits if wait > 0), default=None)
