"""ResourceQuota: what is created in a namespace is charged to its quotas, and refused where it exceeds them.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go CheckRequest.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from k8scourse.apiserver.admission.attributes import CREATE, UPDATE, Attributes
from k8scourse.component_helpers import quota as rules
from k8scourse.component_helpers.pod_requests import Resources, parse_resources
from k8scourse.machinery.quantity import Quantity

_NEEDED = frozenset({"cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"})
_ZERO = Quantity.of(0)

Quota = Mapping[str, Any]


class ResourceQuota:
    """Charges requests to the quotas of their namespace."""

    name = "ResourceQuota"

    def validate(self, attributes: Attributes) -> None:
        """Raise ApiError 403 for a request beyond a quota; otherwise the quotas' status counts it from here on."""
        if not attributes.namespace or attributes.object is None or not _is_charged(attributes):
            return
        resource = attributes.resource.group_resource
        quotas = list(attributes.reader.list("resourcequotas", attributes.namespace))
        concerned = [quota for quota in quotas if rules.matches(resource, quota, attributes.object)]
        for quota in concerned:
            _check_status(attributes, quota)
        charged = [(quota, _new_usage(attributes, quota)) for quota in concerned]
        if attributes.writer is not None:
            for quota, used in charged:
                if used is not None:
                    _store(attributes, quota, used)


def _is_charged(attributes: Attributes) -> bool:
    """Whether the request can change what is counted."""
    resource, operation = attributes.resource.group_resource, attributes.operation
    if resource in rules.UNCOUNTED or attributes.resource.kind == "Namespace":
        return False
    if resource == "pods" and operation == UPDATE:
        return attributes.subresource == "resize" or (not attributes.subresource and _changed_its_scope(attributes))
    if attributes.subresource:
        return False
    can_grow = resource in ("services", "persistentvolumeclaims")
    return operation == CREATE or (operation == UPDATE and can_grow)


def _changed_its_scope(attributes: Attributes) -> bool:
    pods = (attributes.object or {}, attributes.old_object or {})
    new, old = ((pod.get("spec") or {}).get("activeDeadlineSeconds") is None for pod in pods)
    return new != old


def _check_status(attributes: Attributes, quota: Quota) -> None:
    """Raise ApiError 403 if the object lacks amounts that *quota* asks for, or if nobody has counted yet."""
    resource, name = attributes.resource.group_resource, quota["metadata"]["name"]
    status = quota.get("status") or {}
    names = rules.matching_resources(resource, status.get("hard") or {})
    if resource == "pods" and attributes.object is not None:
        missing = _missing_amounts(attributes.object["spec"], names)
        if missing:
            raise attributes.forbidden(f"failed quota: {name}: must specify {missing}")
    if any(item not in (status.get("used") or {}) for item in names):
        raise attributes.forbidden(f"status unknown for quota: {name}, resources: {','.join(names)}")


def _missing_amounts(spec: Mapping[str, Any], names: Iterable[str]) -> str:
    """Name the requests and limits that containers must state because a quota limits them."""
    if (spec.get("resources") or {}).get("limits") or (spec.get("resources") or {}).get("requests"):
        return ""
    lacking: dict[str, set[str]] = {}
    for kind in ("containers", "initContainers"):
        for container in spec.get(kind) or ():
            resources = container.get("resources") or {}
            requests, limits = (parse_resources(resources.get(field)) for field in ("requests", "limits"))
            for name in _NEEDED.intersection(names).difference(rules.compute_usage(requests, limits)):
                lacking.setdefault(name, set()).add(container.get("name") or "")
    return "; ".join(f"{name} for: {','.join(sorted(lacking[name]))}" for name in sorted(lacking))


def _new_usage(attributes: Attributes, quota: Quota) -> Resources | None:
    """Return what would be used of *quota*, None if the request changes nothing; raises ApiError 403 beyond it."""
    status = quota["status"]
    hard, used = parse_resources(status.get("hard")), parse_resources(status.get("used"))
    requested = {name: amount for name, amount in _charge(attributes, quota).items() if name in hard and amount}
    if not requested:
        return None
    total = {name: used.get(name, _ZERO) + amount for name, amount in requested.items()}
    exceeded = sorted(name for name, amount in total.items() if amount > hard[name])
    if exceeded:
        shown = ", ".join(
            f"{title}: {','.join(f'{name}={amounts.get(name, _ZERO)}' for name in exceeded)}"
            for title, amounts in (("requested", requested), ("used", used), ("limited", hard))
        )
        raise attributes.forbidden(f"exceeded quota: {quota['metadata']['name']}, {shown}")
    return {**used, **total}


def _charge(attributes: Attributes, quota: Quota) -> Resources:
    """Return what the request adds; an update of an object that *quota* counts already pays the increase only."""
    resource, old = attributes.resource.group_resource, attributes.old_object
    charge = rules.usage(resource, attributes.object or {})
    negative = sorted(name for name, amount in charge.items() if amount < _ZERO)
    if negative:
        raise attributes.forbidden(f"quota usage is negative for resource(s): {','.join(negative)}")
    if attributes.operation == UPDATE and old is not None and rules.matches(resource, quota, old):
        before = rules.usage(resource, old)
        return {name: max(amount - before.get(name, _ZERO), _ZERO) for name, amount in charge.items()}
    return charge


def _store(attributes: Attributes, quota: Quota, used: Resources) -> None:
    if attributes.writer is not None:
        status = {**quota["status"], "used": {name: str(amount) for name, amount in sorted(used.items())}}
        updated = {**quota, "metadata": dict(quota["metadata"]), "status": status}
        attributes.writer.write("resourcequotas", updated)
