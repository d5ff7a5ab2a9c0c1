"""Validation of requests and limits.

Source: kubernetes pkg/apis/core/validation/validation.go validateResourceRequirements and following.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from k8scourse.apiserver.validation.support import NOT_NEGATIVE, Errors, check
from k8scourse.component_helpers import resource_names
from k8scourse.component_helpers.pod_requests import (
    aggregate_container_limits,
    aggregate_container_requests,
    parse_resources,
)
from k8scourse.machinery.field import duplicate, forbidden, invalid, key, not_found, not_supported, required
from k8scourse.machinery.names import is_dns1123_label, is_qualified_name
from k8scourse.machinery.quantity import Quantity, parse_quantity

_COMPUTE = (resource_names.CPU, resource_names.MEMORY)
_POD_LEVEL = (resource_names.CPU, resource_names.HUGE_PAGES_PREFIX, resource_names.MEMORY)

NameCheck = Callable[[Errors, str, str], None]


def check_container_resources(
    errors: Errors, resources: Mapping[str, Any], claim_names: Collection[str], path: str
) -> None:
    """Check the resources of a container."""
    if resources:
        _check_requirements(errors, resources, check_container_resource_name, path)
        if resources.get("claims"):
            _check_claims(errors, resources["claims"], claim_names, f"{path}.claims")


def check_overhead(errors: Errors, overhead: Mapping[str, Any], path: str) -> None:
    """Check spec.overhead; upstream reports it as limits of that path."""
    _check_requirements(errors, {"limits": overhead}, check_container_resource_name, path)


def check_pod_resources(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check spec.resources, the pod-level requests and limits, and that they hold the containers' ones."""
    resources = spec["resources"]
    if (spec.get("os") or {}).get("name") == "windows":
        errors.append(forbidden(path, "may not be set for a windows pod"))
        return
    if resources.get("claims") is not None:
        errors.append(forbidden(f"{path}.claims", "claims may not be set for Resources at pod-level"))
    _check_requirements(errors, resources, _check_pod_level_name, path)
    _check_consistency(errors, spec, path)


def check_amount(errors: Errors, name: str, amount: Any, path: str) -> None:
    """Check one amount: not negative, and whole for resources that come in units."""
    quantity = parse_quantity(amount)
    milli = quantity.milli_value()
    if milli < 0:
        errors.append(invalid(path, str(quantity), NOT_NEGATIVE))
    if resource_names.is_integer(name) and milli % 1000:
        errors.append(invalid(path, str(quantity), "must be an integer"))


def _check_requirements(errors: Errors, resources: Mapping[str, Any], check_name: NameCheck, path: str) -> None:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name, amount in limits.items():
        _check_entry(errors, name, amount, check_name, key(f"{path}.limits", name))
    for name, amount in requests.items():
        _check_entry(errors, name, amount, check_name, key(f"{path}.requests", name))
        _check_against_limit(errors, name, parse_quantity(amount), limits, path)
    names = {*limits, *requests}
    if any(map(resource_names.is_huge_page, names)) and not names.intersection(_COMPUTE):
        errors.append(forbidden(path, "HugePages require cpu or memory"))


def _check_entry(errors: Errors, name: str, amount: Any, check_name: NameCheck, path: str) -> None:
    check_name(errors, name, path)
    check_amount(errors, name, amount, path)
    if resource_names.is_huge_page(name):
        quantity = parse_quantity(amount)
        if not resource_names.is_multiple_of_page_size(name, quantity):
            errors.append(invalid(path, str(quantity), f"{quantity} is not positive integer multiple of {name}"))


def _check_against_limit(errors: Errors, name: str, amount: Quantity, limits: Mapping[str, Any], path: str) -> None:
    if name in limits:
        limit = parse_quantity(limits[name])
        if amount == limit:
            return
        if not resource_names.is_overcommit_allowed(name):
            errors.append(invalid(f"{path}.requests", str(amount), f"must be equal to {name} limit of {limit}"))
        elif amount > limit:
            text = f"must be less than or equal to {name} limit of {limit}"
            errors.append(invalid(f"{path}.requests", str(amount), text))
    elif not resource_names.is_overcommit_allowed(name):
        errors.append(required(f"{path}.limits", "Limit must be set for non overcommitable resources"))


def check_resource_name(errors: Errors, name: str, path: str) -> bool:
    """Check the form of a resource's name; whether it is well-formed."""
    before = len(errors)
    check(errors, path, name, is_qualified_name)
    if len(errors) == before and "/" not in name and not resource_names.is_standard(name):
        errors.append(invalid(path, name, "must be a standard resource type or fully qualified"))
    return len(errors) == before


def check_container_resource_name(errors: Errors, name: str, path: str) -> None:
    """Check the name of a resource that a container may ask for."""
    if name in _COMPUTE:
        return
    check_resource_name(errors, name, path)
    if "/" not in name:
        if not resource_names.is_standard_for_container(name):
            errors.append(invalid(path, name, "must be a standard resource for containers"))
    elif not resource_names.is_native(name) and not resource_names.is_extended(name):
        errors.append(invalid(path, name, "doesn't follow extended resource name standard"))


def _check_pod_level_name(errors: Errors, name: str, path: str) -> None:
    if check_resource_name(errors, name, path) and not resource_names.is_pod_level(name):
        errors.append(not_supported(path, name, _POD_LEVEL))


def _check_claims(errors: Errors, claims: Sequence[Mapping[str, Any]], known: Collection[str], path: str) -> None:
    seen: set[str] = set()
    for index, claim in enumerate(claims):
        item, name, request = f"{path}[{index}]", claim.get("name") or "", claim.get("request") or ""
        if not name:
            errors.append(required(item))
            continue
        wanted = f"{name}/{request}" if request else name
        if request:
            check(errors, f"{item}.request", request, is_dns1123_label)
        if name in seen:
            errors.append(duplicate(item, name))
        elif wanted in seen:
            errors.append(duplicate(item, wanted))
        elif not request and any(other.startswith(f"{name}/") for other in seen):
            errors.append(duplicate(item, name))
        seen.add(wanted)
        if name not in known:
            listed = f": {', '.join(sorted(known))}" if known else " which is empty"
            text = f"must be one of the names in pod.spec.resourceClaims{listed}"
            errors.append(replace(not_found(item, name), detail=text))


def _check_consistency(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check that the pod-level amounts are no smaller than what the containers ask for."""
    pod = {"spec": spec}
    requests = parse_resources(spec["resources"].get("requests"))
    limits = parse_resources(spec["resources"].get("limits"))
    for name, amount in aggregate_container_requests(pod).items():
        if name in requests and amount > requests[name]:
            text = f"must be greater than or equal to aggregate container requests of {amount}"
            errors.append(invalid(key(f"{path}.requests", name), str(requests[name]), text))
    for name, amount in aggregate_container_limits(pod).items():
        if resource_names.is_huge_page(name) and name in limits and amount > limits[name]:
            text = f"must be greater than or equal to aggregate container limits of {amount}"
            errors.append(invalid(key(f"{path}.limits", name), str(limits[name]), text))
    for index, container in enumerate(spec.get("containers") or ()):
        for name, amount in parse_resources((container.get("resources") or {}).get("limits")).items():
            if name in limits and amount > limits[name]:
                text = f"must be less than or equal to pod limits of {limits[name]}"
                errors.append(invalid(f"{path}.containers[{index}][{name}].limits", str(amount), text))
