"""The quality-of-service class of a pod.

Source: kubernetes pkg/apis/core/helper/qos/qos.go.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from k8scourse.component_helpers.pod_requests import Resources
from k8scourse.component_helpers.resource_names import CPU, MEMORY
from k8scourse.machinery.quantity import parse_quantity

BEST_EFFORT = "BestEffort"
BURSTABLE = "Burstable"
GUARANTEED = "Guaranteed"
_COMPUTE = (CPU, MEMORY)


def pod_qos(pod: Mapping[str, Any]) -> str:
    """Return status.qosClass if it is set (it never changes), else what the spec of *pod* says."""
    return (pod.get("status") or {}).get("qosClass") or compute_pod_qos(pod)


def compute_pod_qos(pod: Mapping[str, Any]) -> str:
    """Return the class that the spec of *pod* asks for.

    Only cpu and memory count. Guaranteed: every container (init containers too) has limits for both, equal to the
    requests. BestEffort: no container has any request or limit. Pod-level resources, when present, count instead.
    """
    spec = pod.get("spec") or {}
    if spec.get("resources") is not None:
        return _classify([spec["resources"]], is_pod_level=True)
    containers = (*(spec.get("containers") or ()), *(spec.get("initContainers") or ()))
    return _classify([container.get("resources") or {} for container in containers], is_pod_level=False)


def _classify(claims: Iterable[Mapping[str, Any]], *, is_pod_level: bool) -> str:
    requests: Resources = {}
    limits: Resources = {}
    all_limited = True
    for claim in claims:
        _sum_compute(requests, claim.get("requests"))
        claimed_limits = claim.get("limits")
        limited = _sum_compute(limits, claimed_limits)
        if limited < len(_COMPUTE) and (claimed_limits or not is_pod_level):
            all_limited = False
    if not requests and not limits:
        return BEST_EFFORT
    return GUARANTEED if all_limited and requests == limits else BURSTABLE


def _sum_compute(total: Resources, amounts: Mapping[str, Any] | None) -> int:
    """Add the positive cpu and memory of *amounts* to *total*; return how many of the two there were."""
    if not amounts:
        return 0
    found = 0
    for name in _COMPUTE:
        if name not in amounts:
            continue
        amount = parse_quantity(amounts[name])
        if amount.milli_value() > 0:
            found += 1
            total[name] = total[name] + amount if name in total else amount
    return found
