"""The status of a Deployment and the progress of its rollout.

Source: pkg/controller/deployment/{sync,progress}.go
"""

from __future__ import annotations

from collections.abc import Sequence

from k8scourse.client.informers import Object
from k8scourse.controllers import deployment_messages as words
from k8scourse.controllers import deployment_rules as rules
from k8scourse.controllers.conditions import find_condition, set_condition, without_condition
from k8scourse.machinery.timestamps import format_time, parse_time

SECOND = 1_000_000_000
AVAILABLE, PROGRESSING, REPLICA_FAILURE = "Available", "Progressing", "ReplicaFailure"


def condition(kind: str, status: str, reason: str, message: str, now: int) -> Object:
    """A condition that begins *now* (ns since the Unix epoch)."""
    time = format_time(now)
    return {
        "type": kind,
        "status": status,
        "lastUpdateTime": time,
        "lastTransitionTime": time,
        "reason": reason,
        "message": message,
    }


def calculate_status(deployment: Object, sets: Sequence[Object], new: Object | None, now: int) -> Object:
    """The status with its counts and the condition Available; *sets* are all ReplicaSets, *new* among them."""
    available = rules.status_sum(sets, "availableReplicas")
    before = deployment.get("status") or {}
    counts = {
        "observedGeneration": deployment["metadata"].get("generation", 0),
        "replicas": rules.status_sum(sets, "replicas"),
        "updatedReplicas": rules.status_sum([new] if new is not None else [], "replicas"),
        "readyReplicas": rules.status_sum(sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(rules.total_replicas(sets) - available, 0),
    }
    status: Object = {field: count for field, count in counts.items() if count}
    terminating = _terminating(sets)
    if terminating is not None:
        status["terminatingReplicas"] = terminating
    if before.get("collisionCount") is not None:
        status["collisionCount"] = before["collisionCount"]
    if available >= deployment["spec"]["replicas"] - rules.max_unavailable(deployment):
        has_minimum = condition(AVAILABLE, "True", words.MINIMUM_AVAILABLE, words.AVAILABLE_TEXT, now)
    else:
        has_minimum = condition(AVAILABLE, "False", words.MINIMUM_UNAVAILABLE, words.UNAVAILABLE_TEXT, now)
    status["conditions"] = set_condition(before.get("conditions"), has_minimum)
    return status


def _terminating(sets: Sequence[Object]) -> int | None:
    total = 0
    for rs in sets:
        status = rs.get("status") or {}
        count = status.get("terminatingReplicas")
        if count is None and status.get("observedGeneration"):
            return None
        total += count or 0
    return total


def rollout_status(deployment: Object, sets: Sequence[Object], new: Object | None, now: int) -> Object:
    """The status with the conditions Progressing and ReplicaFailure as well (syncRolloutStatus)."""
    status = calculate_status(deployment, sets, new, now)
    conditions: list[Object] = status["conditions"]
    if rules.progress_deadline(deployment) is None:
        conditions = without_condition(conditions, PROGRESSING)
    else:
        conditions = _progress(deployment, status, conditions, new, now)
    failures = _replica_failures([new] if new is not None else []) or _replica_failures(sets)
    if failures:
        conditions = set_condition(conditions, failures[0])
    else:
        conditions = without_condition(conditions, REPLICA_FAILURE)
    return {**status, "conditions": conditions}


def _progress(
    deployment: Object, status: Object, conditions: list[Object], new: Object | None, now: int
) -> list[Object]:
    before = deployment.get("status") or {}
    current = find_condition(before.get("conditions"), PROGRESSING)
    reason = current["reason"] if current is not None else ""
    if status.get("replicas") == status.get("updatedReplicas") and reason == words.NEW_REPLICA_SET_AVAILABLE:
        return conditions
    kind, name = ("ReplicaSet", new) if new is not None else ("Deployment", deployment)
    about = {"kind": kind, "name": name["metadata"]["name"]}
    if rules.is_complete(deployment, status):
        text = words.PROGRESSED.format(**about)
        return set_condition(conditions, condition(PROGRESSING, "True", words.NEW_REPLICA_SET_AVAILABLE, text, now))
    if rules.is_progressing(before, status):
        text = words.PROGRESSING.format(**about)
        progressing = condition(PROGRESSING, "True", words.REPLICA_SET_UPDATED, text, now)
        if current is not None and current["status"] == "True":
            progressing["lastTransitionTime"] = current["lastTransitionTime"]
        return [*without_condition(conditions, PROGRESSING), progressing]
    if timed_out(deployment, conditions, now):
        text = words.TIMED_OUT.format(**about)
        return set_condition(conditions, condition(PROGRESSING, "False", words.PROGRESS_DEADLINE_EXCEEDED, text, now))
    return conditions


def timed_out(deployment: Object, conditions: list[Object], now: int) -> bool:
    """Whether the deployment has made no progress for longer than its deadline (DeploymentTimedOut)."""
    deadline, current = rules.progress_deadline(deployment), find_condition(conditions, PROGRESSING)
    if deadline is None or current is None or current["reason"] == words.NEW_REPLICA_SET_AVAILABLE:
        return False
    if current["reason"] == words.PROGRESS_DEADLINE_EXCEEDED:
        return True
    return parse_time(current["lastUpdateTime"]) + deadline * SECOND < now


def progress_check(deployment: Object, status: Object, now: int) -> int | None:
    """In how many nanoseconds to look for progress again; None when nothing is awaited (requeueStuckDeployment)."""
    deadline = rules.progress_deadline(deployment)
    current = find_condition((deployment.get("status") or {}).get("conditions"), PROGRESSING)
    if deadline is None or current is None:
        return None
    settled = (words.PROGRESS_DEADLINE_EXCEEDED, words.NEW_REPLICA_SET_AVAILABLE)
    if rules.is_complete(deployment, status) or current["reason"] in settled:
        # A rollout that once was complete never times out; Kubernetes looks at it every 5 ms all the same, in vain.
        return None
    left = parse_time(current["lastUpdateTime"]) + deadline * SECOND - now
    return left + SECOND if left >= SECOND else max(left, 0) + 5_000_000


def _replica_failures(sets: Sequence[Object]) -> list[Object]:
    found: list[Object] = []
    for rs in sets:
        failure = find_condition((rs.get("status") or {}).get("conditions"), REPLICA_FAILURE)
        if failure is not None:
            time = failure["lastTransitionTime"]
            times = {"lastUpdateTime": time, "lastTransitionTime": time}
            found.append(
                {
                    "type": REPLICA_FAILURE,
                    "status": failure["status"],
                    **times,
                    "reason": failure.get("reason", ""),
                    "message": failure.get("message", ""),
                }
            )
    return found


def paused_condition(deployment: Object, now: int) -> Object | None:
    """The condition to set when the deployment was paused or resumed, or None (checkPausedConditions)."""
    if rules.progress_deadline(deployment) is None:
        return None
    current = find_condition((deployment.get("status") or {}).get("conditions"), PROGRESSING)
    reason = current["reason"] if current is not None else ""
    if reason == words.PROGRESS_DEADLINE_EXCEEDED:
        return None
    paused, noted = bool(deployment["spec"].get("paused")), reason == words.DEPLOYMENT_PAUSED
    if paused and not noted:
        return condition(PROGRESSING, "Unknown", words.DEPLOYMENT_PAUSED, words.PAUSED_TEXT, now)
    if not paused and noted:
        return condition(PROGRESSING, "Unknown", words.DEPLOYMENT_RESUMED, words.RESUMED_TEXT, now)
    return None
