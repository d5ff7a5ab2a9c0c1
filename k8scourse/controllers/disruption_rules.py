"""Pure rules of pod disruption budgets: how many pods are healthy, how many must be, how many may go.

Source: pkg/controller/disruption/disruption.go, component-helpers/apps/poddisruptionbudget/helpers.go
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_ready, is_terminal, pod_condition
from k8scourse.controllers.conditions import find_condition
from k8scourse.controllers.scaled_values import scaled_value
from k8scourse.machinery.timestamps import format_time, parse_time

SECOND = 1_000_000_000
DELETION_TIMEOUT = 2 * 60 * SECOND
"""For so long a pod whose eviction was granted is expected to be deleted."""
STALE_CONDITION_TIMEOUT = 2 * 60 * SECOND
"""For so long a pod that is not deleted may keep the condition DisruptionTarget."""
DISRUPTION_ALLOWED = "DisruptionAllowed"
DISRUPTION_TARGET = "DisruptionTarget"
SUFFICIENT, INSUFFICIENT, SYNC_FAILED = "SufficientPods", "InsufficientPods", "SyncFailed"


class Expected(NamedTuple):
    """How many pods there should be, and how many of them healthy."""

    pods: int
    healthy: int


def needs_scale(budget: Object) -> bool:
    """Whether the budget counts the replicas that the pods' controllers want, and not the pods."""
    spec = budget["spec"]
    return spec.get("maxUnavailable") is not None or isinstance(spec.get("minAvailable"), str)


def expected(budget: Object, scale: int, pods: int) -> Expected:
    """What *budget* asks for; *scale* is the sum of the controllers' replicas, *pods* the number of matching pods."""
    spec = budget["spec"]
    if spec.get("maxUnavailable") is not None:
        return Expected(scale, max(scale - scaled_value(spec["maxUnavailable"], scale, round_up=True), 0))
    minimum = spec.get("minAvailable")
    if isinstance(minimum, str):
        return Expected(scale, scaled_value(minimum, scale, round_up=True))
    return Expected(pods, minimum) if minimum is not None else Expected(0, 0)


def still_disrupted(budget: Object, pods: Sequence[Object], now: int) -> tuple[dict[str, str], list[Object]]:
    """Pods whose granted eviction is still expected to delete them, with its time, and pods that were not deleted.

    *now* is in nanoseconds since the Unix epoch. Source: buildDisruptedPodMap.
    """
    granted: Mapping[str, str] = (budget.get("status") or {}).get("disruptedPods") or {}
    waiting: dict[str, str] = {}
    missed: list[Object] = []
    for pod in pods:
        name = pod["metadata"]["name"]
        if name not in granted or "deletionTimestamp" in pod["metadata"]:
            continue
        if parse_time(granted[name]) + DELETION_TIMEOUT < now:
            missed.append(pod)
        else:
            waiting[name] = granted[name]
    return waiting, missed


def next_check(waiting: Mapping[str, str], now: int) -> int | None:
    """In how many nanoseconds the first of the *waiting* pods counts as not deleted, or None."""
    ends = [parse_time(granted) + DELETION_TIMEOUT + 1 - now for granted in waiting.values()]
    return min(ends, default=None)


def healthy_pods(pods: Sequence[Object], waiting: Mapping[str, str], now: int) -> int:
    """How many pods are ready and not about to go."""
    return sum(
        is_pod_ready(pod)
        and "deletionTimestamp" not in pod["metadata"]
        and not _leaving(waiting.get(pod["metadata"]["name"]), now)
        for pod in pods
    )


def _leaving(granted: str | None, now: int) -> bool:
    return granted is not None and parse_time(granted) + DELETION_TIMEOUT > now


def calculate_status(budget: Object, wanted: Expected, healthy: int, waiting: Mapping[str, str], now: int) -> Object:
    """The budget's status with its condition DisruptionAllowed."""
    allowed = max(healthy - wanted.healthy, 0) if wanted.pods > 0 else 0
    generation = budget["metadata"].get("generation", 0)
    condition = {
        "type": DISRUPTION_ALLOWED,
        "status": "True" if allowed else "False",
        "observedGeneration": generation,
        "reason": SUFFICIENT if allowed else INSUFFICIENT,
        "message": "",
    }
    status: Object = {
        "conditions": _with(budget, condition, now),
        "currentHealthy": healthy,
        "desiredHealthy": wanted.healthy,
        "disruptionsAllowed": allowed,
        "expectedPods": wanted.pods,
        "observedGeneration": generation,
    }
    if waiting:
        status["disruptedPods"] = dict(waiting)
    return status


def failed_status(budget: Object, text: str, now: int) -> Object:
    """The status when it cannot be worked out: nothing may be disrupted (failSafe)."""
    status = budget.get("status") or {}
    condition: Object = {"type": DISRUPTION_ALLOWED, "status": "False", "reason": SYNC_FAILED, "message": text}
    if status.get("observedGeneration"):
        condition["observedGeneration"] = status["observedGeneration"]
    counts = {field: status.get(field, 0) for field in ("currentHealthy", "desiredHealthy", "expectedPods")}
    return {**status, **counts, "disruptionsAllowed": 0, "conditions": _with(budget, condition, now)}


def _with(budget: Object, condition: Object, now: int) -> list[Object]:
    """The budget's conditions with *condition* (apimachinery meta.SetStatusCondition)."""
    conditions: list[Object] = list((budget.get("status") or {}).get("conditions") or ())
    present = find_condition(conditions, condition["type"])
    time = format_time(now)
    if present is not None and present["status"] == condition["status"]:
        time = present["lastTransitionTime"]
    changed = {**condition, "lastTransitionTime": time}
    if present is None:
        return [*conditions, changed]
    return [changed if item is present else item for item in conditions]


def stale_condition_wait(pod: Object, now: int) -> int | None:
    """In how many nanoseconds the pod's condition DisruptionTarget is stale (0: it is); None if it has none.

    Source: nonTerminatingPodHasStaleDisruptionCondition.
    """
    condition = pod_condition(pod, DISRUPTION_TARGET)
    if condition is None or condition["status"] != "True" or condition.get("reason") == "TerminationByKubelet":
        return None
    if "deletionTimestamp" in pod["metadata"] or is_terminal(pod):
        return None
    return max(parse_time(condition["lastTransitionTime"]) + STALE_CONDITION_TIMEOUT - now, 0)


def selector_text(selector: Object | None) -> str:
    """A label selector as Go prints it with %v."""
    if selector is None:
        return "nil"
    labels: Mapping[str, str] = selector.get("matchLabels") or {}
    expressions: Sequence[Object] = selector.get("matchExpressions") or ()
    pairs = "".join(f"{name}: {labels[name]}," for name in sorted(labels))
    requirements = "".join(
        f"LabelSelectorRequirement{{Key:{item['key']},Operator:{item['operator']},"
        f"Values:[{' '.join(item.get('values') or ())}],}},"
        for item in expressions
    )
    return (
        f"&LabelSelector{{MatchLabels:map[string]string{{{pairs}}},"
        f"MatchExpressions:[]LabelSelectorRequirement{{{requirements}}},}}"
    )
