"""How much a pod asks for, all its containers taken together.

Source: kubernetes staging/src/k8s.io/component-helpers/resource/helpers.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.component_helpers.resource_names import is_pod_level
from k8scourse.machinery.quantity import Quantity, parse_quantity

Resources = dict[str, Quantity]


def is_sidecar(container: Mapping[str, Any]) -> bool:
    """Whether an init container keeps running beside the others (restartPolicy Always)."""
    return container.get("restartPolicy") == "Always"


def pod_requests(
    pod: Mapping[str, Any],
    *,
    missing: Mapping[str, Quantity] | None = None,
    skip_pod_level: bool = False,
    exclude_overhead: bool = False,
    use_status: bool = False,
) -> Resources:
    """Return the effective requests of *pod* by resource name.

    The larger of (largest init container) and (sum of containers and sidecars); spec.resources.requests replaces the
    sum; spec.overhead is added. *missing* gives amounts for containers without a request (scoring only).
    With *use_status* a resize in progress counts with the larger of what is wanted, allocated and in force.
    """
    spec = pod.get("spec") or {}
    total = aggregate_container_requests(pod, missing=missing, use_status=use_status)
    pod_level = (spec.get("resources") or {}).get("requests")
    if pod_level and not skip_pod_level:
        effective = _effective_pod_level(pod, pod_level) if use_status else parse_resources(pod_level)
        total.update((name, amount) for name, amount in effective.items() if is_pod_level(name))
    overhead = spec.get("overhead")
    if overhead and not exclude_overhead:
        _add(total, parse_resources(overhead))
    return total


def pod_limits(pod: Mapping[str, Any], *, exclude_overhead: bool = False) -> Resources:
    """Return the effective limits of *pod*; overhead is added only where a limit exists."""
    spec = pod.get("spec") or {}
    total = _aggregate(spec, "limits", None, None)
    pod_level = (spec.get("resources") or {}).get("limits")
    if pod_level:
        total.update((name, amount) for name, amount in parse_resources(pod_level).items() if is_pod_level(name))
    overhead = spec.get("overhead")
    if overhead and not exclude_overhead:
        zero = parse_quantity(0)
        for name, amount in parse_resources(overhead).items():
            if name in total and total[name] != zero:
                total[name] = total[name] + amount
    return total


def aggregate_container_requests(
    pod: Mapping[str, Any], *, missing: Mapping[str, Quantity] | None = None, use_status: bool = False
) -> Resources:
    """Return what the containers of *pod* request together, without pod-level resources and overhead."""
    return _aggregate(pod.get("spec") or {}, "requests", missing, pod if use_status else None)


def aggregate_container_limits(pod: Mapping[str, Any]) -> Resources:
    """Return the limits of the containers of *pod* together, without pod-level resources and overhead."""
    return _aggregate(pod.get("spec") or {}, "limits", None, None)


def parse_resources(amounts: Mapping[str, Any] | None) -> Resources:
    """Return a resource list of the API as quantities."""
    if not amounts:
        return {}
    return {name: parse_quantity(amount) for name, amount in amounts.items()}


def _aggregate(
    spec: Mapping[str, Any],
    kind: str,
    missing: Mapping[str, Quantity] | None,
    pod_with_status: Mapping[str, Any] | None,
) -> Resources:
    statuses = _statuses(pod_with_status) if pod_with_status is not None else {}
    total: Resources = {}
    for container in spec.get("containers") or ():
        _add(total, _amounts(container, kind, missing, statuses, pod_with_status))
    init_containers = spec.get("initContainers")
    if not init_containers:
        return total
    sidecars: Resources = {}
    largest: Resources = {}
    for container in init_containers:
        if is_sidecar(container):
            amounts = _amounts(container, kind, missing, statuses, pod_with_status)
            _add(total, amounts)
            _add(sidecars, amounts)
            _maximum(largest, sidecars)
        else:
            step = _amounts(container, kind, missing, {}, None)
            _add(step, sidecars)
            _maximum(largest, step)
    _maximum(total, largest)
    return total


def _amounts(
    container: Mapping[str, Any],
    kind: str,
    missing: Mapping[str, Quantity] | None,
    statuses: Mapping[str, Any],
    pod: Mapping[str, Any] | None,
) -> Resources:
    wanted = parse_resources((container.get("resources") or {}).get(kind))
    status = statuses.get(container.get("name", ""))
    if pod is not None and status is not None and status.get("resources") is not None:
        actuated = parse_resources(status["resources"].get(kind))
        wanted = _effective(pod, wanted, actuated, parse_resources(status.get("allocatedResources")))
    for name, amount in (missing or {}).items():
        wanted.setdefault(name, amount)
    return wanted


def _statuses(pod: Mapping[str, Any]) -> dict[str, Any]:
    status = pod.get("status") or {}
    listed = [*(status.get("containerStatuses") or ()), *(status.get("initContainerStatuses") or ())]
    return {entry["name"]: entry for entry in listed}


def _effective_pod_level(pod: Mapping[str, Any], requests: Mapping[str, Any]) -> Resources:
    status = pod.get("status") or {}
    wanted = parse_resources(requests)
    if status.get("resources") is None:
        return wanted
    actuated = parse_resources(status["resources"].get("requests"))
    return _effective(pod, wanted, actuated, parse_resources(status.get("allocatedResources")))


def _effective(pod: Mapping[str, Any], wanted: Resources, actuated: Resources, allocated: Resources) -> Resources:
    """Return the largest claim; a resize that the node cannot fit (Infeasible) does not count."""
    result = {} if _is_resize_infeasible(pod) else dict(wanted)
    _maximum(result, actuated)
    _maximum(result, allocated)
    return result


def _is_resize_infeasible(pod: Mapping[str, Any]) -> bool:
    for condition in (pod.get("status") or {}).get("conditions") or ():
        if condition.get("type") == "PodResizePending":
            return condition.get("reason") == "Infeasible"
    return False


def _add(total: Resources, more: Mapping[str, Quantity]) -> None:
    for name, amount in more.items():
        total[name] = total[name] + amount if name in total else amount


def _maximum(total: Resources, other: Mapping[str, Quantity]) -> None:
    for name, amount in other.items():
        if name not in total or amount > total[name]:
            total[name] = amount
