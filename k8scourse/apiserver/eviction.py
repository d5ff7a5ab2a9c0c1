"""The eviction API: delete a pod unless a disruption budget forbids it.

Source: pkg/registry/core/pod/storage/eviction.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver import writing
from k8scourse.apiserver.call import Call
from k8scourse.component_helpers.pod_status import is_pod_ready, updated_condition, with_condition
from k8scourse.machinery import status
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.timestamps import format_time

Object = dict[str, Any]

MAX_DISRUPTED_PODS = 2000
VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget."
MORE_THAN_ONE = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
_IGNORED_PHASES = ("Succeeded", "Failed", "Pending")


def evict(call: Call) -> tuple[int, Any]:
    """POST pods/eviction; raises ApiError 429 when a budget forbids it, 500 when several budgets match."""
    if call.info.verb != "create":
        raise status.method_not_supported("pods/eviction", call.info.verb)
    pod = call.server.read(call.resource, call.namespace, call.info.name)
    options = dict((call.request.body or {}).get("deleteOptions") or {})
    ignored = pod.get("status", {}).get("phase") in _IGNORED_PHASES or "deletionTimestamp" in pod["metadata"]
    budgets = [] if ignored else _budgets_of(call, pod)
    if len(budgets) > 1:
        raise status.internal_error(MORE_THAN_ONE)
    if budgets and not _may_ignore(budgets[0], pod):
        _use_up(call, budgets[0], pod)
    if call.dry_run:
        return 201, _success()
    pod = _mark_disrupted(call, pod)
    writing.delete_object(call, pod, options)
    return 201, _success()


def _success() -> Object:
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


def _budgets_of(call: Call, pod: Object) -> list[Object]:
    labels = pod["metadata"].get("labels")
    return [
        budget
        for budget in call.server.storage.list("poddisruptionbudgets.policy", call.namespace)
        if selector_from(budget["spec"].get("selector")).matches(labels)
    ]


def _may_ignore(budget: Object, pod: Object) -> bool:
    """Whether an unhealthy pod may go whatever the budget says (spec.unhealthyPodEvictionPolicy)."""
    if is_pod_ready(pod):
        return False
    if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    found = budget.get("status") or {}
    return found.get("currentHealthy", 0) >= found.get("desiredHealthy", 0) > 0


def _use_up(call: Call, budget: Object, pod: Object) -> None:
    """Count one disruption against *budget*, or raise ApiError 429."""
    metadata, found = budget["metadata"], budget.get("status") or {}
    if found.get("observedGeneration", 0) < metadata.get("generation", 0):
        text = f"The disruption budget {metadata['name']} is still being processed by the server."
        raise _violation(text, retry_after=10)
    allowed, disrupted = found.get("disruptionsAllowed", 0), found.get("disruptedPods") or {}
    if allowed < 0:
        raise status.forbidden("poddisruptionbudgets.policy", metadata["name"], "pdb disruptions allowed is negative")
    if len(disrupted) > MAX_DISRUPTED_PODS:
        text = "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
        raise status.forbidden("poddisruptionbudgets.policy", metadata["name"], text)
    if allowed == 0:
        raise _violation(
            f"The disruption budget {metadata['name']} needs {found.get('desiredHealthy', 0)} healthy pods "
            f"and has {found.get('currentHealthy', 0)} currently"
        )
    if call.dry_run:
        return
    now = format_time(call.server.engine.now)
    counted = {**found, "disruptionsAllowed": allowed - 1, "disruptedPods": {**disrupted, pod["metadata"]["name"]: now}}
    call.server.storage.write("poddisruptionbudgets.policy", {**budget, "metadata": dict(metadata), "status": counted})


def _violation(text: str, retry_after: int = 0) -> status.ApiError:
    return status.too_many_requests(VIOLATION, retry_after, [{"reason": "DisruptionBudget", "message": text}])


def _mark_disrupted(call: Call, pod: Object) -> Object:
    """The pod with the condition DisruptionTarget, which tells why it goes."""
    condition: Object = {
        "type": "DisruptionTarget",
        "status": "True",
        "reason": "EvictionByEvictionAPI",
        "message": "Eviction API: evicting",
    }
    changed = updated_condition(pod, condition, format_time(call.server.engine.now))
    if changed is None:
        return pod
    found = {**(pod.get("status") or {}), "conditions": with_condition(pod, changed)}
    return call.server.storage.write("pods", {**pod, "metadata": dict(pod["metadata"]), "status": found})
