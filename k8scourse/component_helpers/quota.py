"""What objects use up of a namespace's quota, and which quotas look at which objects.

Source: kubernetes pkg/quota/v1/evaluator/core, staging/src/k8s.io/apiserver/pkg/quota/v1/generic/evaluator.go.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from k8scourse.component_helpers import resource_names
from k8scourse.component_helpers.pod_requests import Resources, pod_limits, pod_requests
from k8scourse.component_helpers.qos import compute_pod_qos
from k8scourse.machinery.quantity import Quantity, parse_quantity

COMPUTE = ("cpu", "memory", "ephemeral-storage")
POD_RESOURCES = frozenset(
    {"count/pods", "pods", *COMPUTE, *(f"{kind}.{name}" for kind in ("requests", "limits") for name in COMPUTE)}
)
SERVICE_RESOURCES = frozenset({"count/services", "services", "services.nodeports", "services.loadbalancers"})
CLAIM_RESOURCES = ("persistentvolumeclaims", "requests.storage")
CLASS_MARK = ".storageclass.storage.k8s.io/"
COUNTED_BY_NAME = frozenset({"configmaps", "resourcequotas", "replicationcontrollers", "secrets"})
UNCOUNTED = frozenset({"bindings", "componentstatuses", "events", "events.events.k8s.io"})
"""Resources that quotas do not look at."""
_COUNT = "count/"
_HUGE_PAGES = (resource_names.HUGE_PAGES_PREFIX, f"requests.{resource_names.HUGE_PAGES_PREFIX}")
_FINISHED = ("Failed", "Succeeded")
_CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"

Object = Mapping[str, Any]
Selector = Mapping[str, Any]


def matching_resources(group_resource: str, names: Iterable[str]) -> list[str]:
    """Return those of the quota's resource *names*, sorted, that objects of *group_resource* may use up."""
    return sorted({name for name in names if _uses(group_resource, name)})


def _uses(group_resource: str, name: str) -> bool:
    if group_resource == "pods":
        is_extended = name.startswith("requests.") and not resource_names.is_native(name)
        return name in POD_RESOURCES or name.startswith(_HUGE_PAGES) or is_extended
    if group_resource == "services":
        return name in SERVICE_RESOURCES
    if group_resource == "persistentvolumeclaims":
        by_class = name.endswith(tuple(CLASS_MARK + resource for resource in CLAIM_RESOURCES))
        return name == _COUNT + group_resource or name in CLAIM_RESOURCES or by_class
    return name == _COUNT + group_resource or (name == group_resource and name in COUNTED_BY_NAME)


def usage(group_resource: str, obj: Object) -> Resources:
    """Return what *obj* uses up, by the quota's resource names."""
    one = Quantity.of(1)
    if group_resource == "pods":
        return _pod_usage(obj)
    if group_resource == "services":
        return _service_usage(obj)
    if group_resource == "persistentvolumeclaims":
        return _claim_usage(obj)
    used = {_COUNT + group_resource: one}
    return {**used, group_resource: one} if group_resource in COUNTED_BY_NAME else used


def _pod_usage(pod: Object) -> Resources:
    """A finished pod is still counted as an object, but uses nothing."""
    used: Resources = {"count/pods": Quantity.of(1)}
    if (pod.get("status") or {}).get("phase") not in _FINISHED:
        used.update(compute_usage(pod_requests(pod), pod_limits(pod)))
    return used


def compute_usage(requests: Mapping[str, Quantity], limits: Mapping[str, Quantity]) -> Resources:
    """Return requests and limits (of a pod or a container) by the quota's names; a plain name means the request."""
    used: Resources = {"pods": Quantity.of(1)}
    for name in COMPUTE:
        if name in requests:
            used[name] = used[f"requests.{name}"] = requests[name]
        if name in limits:
            used[f"limits.{name}"] = limits[name]
    for name, amount in requests.items():
        if resource_names.is_huge_page(name):
            used[name] = amount
        if resource_names.is_huge_page(name) or resource_names.is_extended(name):
            used[f"requests.{name}"] = amount
    return used


def _service_usage(service: Object) -> Resources:
    """Node ports are counted by intent: they are allocated later."""
    spec = service.get("spec") or {}
    ports = spec.get("ports") or ()
    is_balanced = spec.get("type") == "LoadBalancer"
    node_ports = 0
    if is_balanced and spec.get("allocateLoadBalancerNodePorts") is False:
        node_ports = sum(1 for port in ports if port.get("nodePort"))
    elif is_balanced or spec.get("type") == "NodePort":
        node_ports = len(ports)
    return {
        "count/services": Quantity.of(1),
        "services": Quantity.of(1),
        "services.loadbalancers": Quantity.of(int(is_balanced)),
        "services.nodeports": Quantity.of(node_ports),
    }


def _claim_usage(claim: Object) -> Resources:
    spec = claim.get("spec") or {}
    used: Resources = {name: Quantity.of(1) for name in ("persistentvolumeclaims", "count/persistentvolumeclaims")}
    size = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if size is not None:
        used["requests.storage"] = parse_quantity(size)
    annotations = (claim.get("metadata") or {}).get("annotations") or {}
    storage_class = annotations.get(_CLASS_ANNOTATION) or spec.get("storageClassName")
    if storage_class:
        used.update({storage_class + CLASS_MARK + name: used[name] for name in CLAIM_RESOURCES if name in used})
    return used


def matches(group_resource: str, quota: Object, obj: Object) -> bool:
    """Whether *quota* (by what its status limits) counts *obj*: a resource and all of its scopes fit."""
    hard = (quota.get("status") or {}).get("hard") or {}
    return bool(matching_resources(group_resource, hard)) and matches_scopes(group_resource, quota, obj)


def matches_scopes(group_resource: str, quota: Object, obj: Object) -> bool:
    """Whether *obj* is in all scopes of *quota*; kinds without scopes are in none."""
    spec = quota.get("spec") or {}
    selectors: list[Selector] = [{"scopeName": scope, "operator": "Exists"} for scope in spec.get("scopes") or ()]
    selectors += (spec.get("scopeSelector") or {}).get("matchExpressions") or ()
    return all(_is_in_scope(group_resource, selector, obj) for selector in selectors)


def _is_in_scope(group_resource: str, selector: Selector, obj: Object) -> bool:
    spec, scope = obj.get("spec") or {}, selector.get("scopeName")
    if group_resource == "persistentvolumeclaims" and scope == "VolumeAttributesClass":
        return _selects(selector, spec.get("volumeAttributesClassName"))
    if group_resource != "pods":
        return False
    if scope in ("Terminating", "NotTerminating"):
        return (spec.get("activeDeadlineSeconds") is not None) == (scope == "Terminating")
    if scope in ("BestEffort", "NotBestEffort"):
        return (compute_pod_qos(obj) == "BestEffort") == (scope == "BestEffort")
    if scope == "PriorityClass":
        return _selects(selector, spec.get("priorityClassName"))
    return scope == "CrossNamespacePodAffinity" and _looks_into_other_namespaces(spec.get("affinity") or {})


def _selects(selector: Selector, value: str | None) -> bool:
    operator, values = selector.get("operator"), selector.get("values") or ()
    if operator == "NotIn":
        return not value or value not in values
    if operator == "In":
        return bool(value) and value in values
    return bool(value) == (operator == "Exists")


def _looks_into_other_namespaces(affinity: Mapping[str, Any]) -> bool:
    for kind in ("podAffinity", "podAntiAffinity"):
        rules = affinity.get(kind) or {}
        terms = list(rules.get("requiredDuringSchedulingIgnoredDuringExecution") or ())
        weighted = rules.get("preferredDuringSchedulingIgnoredDuringExecution") or ()
        terms += [item.get("podAffinityTerm") or {} for item in weighted]
        if any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in terms):
            return True
    return False
