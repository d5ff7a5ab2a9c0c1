"""LimitRanger: the LimitRanges of a namespace give containers defaults, and bounds to containers, pods and claims.

Source: kubernetes plugin/pkg/admission/limitranger/admission.go.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from k8scourse.apiserver.admission.attributes import CREATE, DELETE, UPDATE, Attributes
from k8scourse.component_helpers.pod_requests import Resources, parse_resources, pod_limits, pod_requests
from k8scourse.machinery.field import aggregate_texts
from k8scourse.machinery.quantity import Quantity

ANNOTATION = "kubernetes.io/limit-ranger"
_CLAIMS = "persistentvolumeclaims"

Object = dict[str, Any]
Item = Mapping[str, Any]


class LimitRanger:
    """Applies LimitRanges, on creation and when a pod is resized."""

    name = "LimitRanger"

    def admit(self, attributes: Attributes) -> None:
        """Write the defaults into the containers of a pod, in place, and say so in an annotation."""
        pod = attributes.object
        if pod is None or attributes.resource.group_resource != "pods" or not _is_concerned(attributes):
            return
        for limit_range in _limit_ranges(attributes):
            _merge(pod, limit_range)

    def validate(self, attributes: Attributes) -> None:
        """Raise ApiError 403 with everything that a LimitRange forbids; the first one that forbids anything decides."""
        obj = attributes.object
        if obj is None or not _is_concerned(attributes):
            return
        find = _claim_faults if attributes.resource.group_resource == _CLAIMS else _pod_faults
        for limit_range in _limit_ranges(attributes):
            faults = [
                fault for item in (limit_range.get("spec") or {}).get("limits") or () for fault in find(item, obj)
            ]
            if faults:
                raise attributes.forbidden(aggregate_texts(faults))


def _is_concerned(attributes: Attributes) -> bool:
    if attributes.operation == DELETE or ((attributes.old_object or {}).get("metadata") or {}).get("deletionTimestamp"):
        return False
    if attributes.is_about("pods"):
        return attributes.operation == CREATE
    if attributes.is_about(_CLAIMS):
        return attributes.operation in (CREATE, UPDATE)
    return attributes.resource.group_resource == "pods" and attributes.subresource == "resize"


def _limit_ranges(attributes: Attributes) -> Iterator[Mapping[str, Any]]:
    yield from attributes.reader.list("limitranges", attributes.namespace)


def _merge(pod: Object, limit_range: Mapping[str, Any]) -> None:
    defaults: dict[str, dict[str, Any]] = {"limits": {}, "requests": {}}
    for item in (limit_range.get("spec") or {}).get("limits") or ():
        if item.get("type") == "Container":
            defaults["requests"].update(item.get("defaultRequest") or {})
            defaults["limits"].update(item.get("default") or {})
    said: list[str] = []
    for kind, title in (("containers", "container"), ("initContainers", "init container")):
        for container in pod["spec"].get(kind) or ():
            for field, word in (("requests", "request"), ("limits", "limit")):
                given = _fill(container, field, defaults[field])
                if given:
                    said.append(f"{', '.join(given)} {word} for {title} {container.get('name', '')}")
    if said:
        metadata = pod["metadata"]
        note = {ANNOTATION: f"LimitRanger plugin set: {'; '.join(said)}"}
        metadata["annotations"] = {**(metadata.get("annotations") or {}), **note}


def _fill(container: Object, field: str, defaults: Mapping[str, Any]) -> list[str]:
    """Give *container* the amounts it lacks; returns their names."""
    resources = container.get("resources") or {}
    own = resources.get(field) or {}
    missing = sorted(set(defaults).difference(own))
    if missing:
        container["resources"] = {**resources, field: {**own, **{name: defaults[name] for name in missing}}}
    return missing


def _claim_faults(item: Item, claim: Mapping[str, Any]) -> Iterator[str]:
    if item.get("type") != "PersistentVolumeClaim":
        return
    requests = parse_resources(((claim.get("spec") or {}).get("resources") or {}).get("requests"))
    for name, bound in _bounds(item, "min"):
        yield from _below_minimum(item, name, bound, requests, {})
    for name, bound in _bounds(item, "max"):
        start = f"maximum {name} usage per PersistentVolumeClaim is {bound}"
        if name not in requests:
            yield f"{start}.  No request is specified"
        elif requests[name] > bound:
            yield f"{start}, but request is {requests[name]}"


def _pod_faults(item: Item, pod: Mapping[str, Any]) -> Iterator[str]:
    if item.get("type") == "Container":
        for kind in ("containers", "initContainers"):
            for container in pod["spec"].get(kind) or ():
                resources = container.get("resources") or {}
                requests, limits = (parse_resources(resources.get(field)) for field in ("requests", "limits"))
                yield from _faults(item, requests, limits)
    elif item.get("type") == "Pod":
        yield from _faults(item, pod_requests(pod, exclude_overhead=True), pod_limits(pod, exclude_overhead=True))


def _faults(item: Item, requests: Resources, limits: Resources) -> Iterator[str]:
    for name, bound in _bounds(item, "min"):
        yield from _below_minimum(item, name, bound, requests, limits)
    for name, bound in _bounds(item, "max"):
        start = f"maximum {name} usage per {item['type']} is {bound}"
        if name not in limits:
            yield f"{start}.  No limit is specified"
        elif limits[name] > bound:
            yield f"{start}, but limit is {limits[name]}"
        elif name in requests and requests[name] > bound:
            yield f"{start}, but request is {requests[name]}"
    for name, bound in _bounds(item, "maxLimitRequestRatio"):
        yield from _ratio_faults(item, name, bound, requests, limits)


def _below_minimum(item: Item, name: str, bound: Quantity, requests: Resources, limits: Resources) -> Iterator[str]:
    start = f"minimum {name} usage per {item['type']} is {bound}"
    if name not in requests:
        yield f"{start}.  No request is specified"
    elif requests[name] < bound:
        yield f"{start}, but request is {requests[name]}"
    elif name in limits and limits[name] < bound:
        yield f"{start}, but limit is {limits[name]}"


def _ratio_faults(item: Item, name: str, bound: Quantity, requests: Resources, limits: Resources) -> Iterator[str]:
    start = f"{name} max limit to request ratio per {item['type']} is {bound}"
    if not requests.get(name):
        yield f"{start}, but no request is specified or request is 0"
    elif not limits.get(name):
        yield f"{start}, but no limit is specified or limit is 0"
    else:
        ratio = limits[name].milli_value() / requests[name].milli_value()
        if ratio * 1000 > bound.milli_value():
            yield f"{start}, but provided ratio is {ratio:f}"


def _bounds(item: Item, field: str) -> Iterator[tuple[str, Quantity]]:
    yield from sorted(parse_resources(item.get(field)).items())
