"""Which EndpointSlices a Service should have, given those that it has: pure rules.

Source: staging/src/k8s.io/endpointslice/{reconciler,utils}.go
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from k8scourse.client.informers import Object
from k8scourse.component_helpers.endpoints import (
    addresses_of,
    belongs_in_endpoints,
    hostname_for,
    slice_ports,
)
from k8scourse.component_helpers.pod_status import is_pod_ready, is_terminating
from k8scourse.controllers.ownership import controller_reference
from k8scourse.machinery.names import is_dns1123_subdomain

CONTROLLER = "endpointslice-controller.k8s.io"
SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
HEADLESS_LABEL = "service.kubernetes.io/headless"
ZONE = "topology.kubernetes.io/zone"
MAX_ENDPOINTS = 100
"""--max-endpoints-per-slice"""
IPV4 = "IPv4"

_RESERVED = (SERVICE_NAME, MANAGED_BY, HEADLESS_LABEL)
PortsKey = tuple[tuple[str, int, str, str | None], ...]
EndpointKey = tuple[tuple[str, ...], str, str]
Desired = dict[PortsKey, tuple[list[Object], dict[EndpointKey, Object]]]
"""Ports and endpoints of the slices of each set of ports."""


@dataclass
class Changes:
    """What is to be written; slices to create have no name yet."""

    create: list[Object] = field(default_factory=list)
    update: list[Object] = field(default_factory=list)
    delete: list[Object] = field(default_factory=list)


def endpoint_of(pod: Object, node: Object | None, service: Object) -> Object:
    """The endpoint that *pod* is in a slice of *service* (podToEndpoint)."""
    metadata, serving, terminating = pod["metadata"], is_pod_ready(pod), is_terminating(pod)
    published = bool(service["spec"].get("publishNotReadyAddresses"))
    endpoint: Object = {
        "addresses": addresses_of(pod),
        "conditions": {
            "ready": published or (serving and not terminating),
            "serving": serving,
            "terminating": terminating,
        },
        "targetRef": {
            "kind": "Pod",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "uid": metadata["uid"],
        },
    }
    if pod["spec"].get("nodeName"):
        endpoint["nodeName"] = pod["spec"]["nodeName"]
    zone = (node["metadata"].get("labels") or {}).get(ZONE) if node is not None else None
    if zone:
        endpoint["zone"] = zone
    hostname = hostname_for(pod, service)
    if hostname:
        endpoint["hostname"] = hostname
    return endpoint


def labels_of(service: Object) -> dict[str, str]:
    """The labels of a Service's slices: its own and three reserved ones (setEndpointSliceLabels)."""
    labels = _own_labels(service)
    if service["spec"].get("clusterIP") in (None, "", "None"):
        labels[HEADLESS_LABEL] = ""
    labels[SERVICE_NAME] = service["metadata"]["name"]
    labels[MANAGED_BY] = CONTROLLER
    return labels


def _own_labels(obj: Object) -> dict[str, str]:
    return {name: value for name, value in (obj["metadata"].get("labels") or {}).items() if name not in _RESERVED}


def new_slice(service: Object, ports: Sequence[Object]) -> Object:
    """A slice of *service* without endpoints and without a name."""
    metadata = service["metadata"]
    prefix = f"{metadata['name']}-"
    if is_dns1123_subdomain(f"{prefix[:-1]}a"):
        prefix = metadata["name"]
    return {
        "metadata": {
            "generateName": prefix,
            "namespace": metadata["namespace"],
            "labels": labels_of(service),
            "ownerReferences": [controller_reference(service)],
        },
        "addressType": IPV4,
        "endpoints": None,
        "ports": list(ports) or None,
    }


def owned_by(endpoint_slice: Object, service: Object) -> bool:
    """Whether a slice belongs to this very Service, not to an earlier one of its name."""
    uid = service["metadata"]["uid"]
    return any(
        owner["uid"] == uid and owner["kind"] == "Service"
        for owner in endpoint_slice["metadata"].get("ownerReferences") or ()
    )


def reconcile(
    service: Object, pods: Iterable[Object], existing: Sequence[Object], node_of: Callable[[str], Object | None]
) -> tuple[Changes, list[tuple[str, str]]]:
    """What is to be written so that the slices of *service* list its *pods*, and (pod, node) where the node is missing.

    *existing* are the slices that this controller manages; *node_of* finds a Node by name.
    """
    changes = Changes()
    present: dict[PortsKey, list[Object]] = {}
    for endpoint_slice in existing:
        if owned_by(endpoint_slice, service) and endpoint_slice.get("addressType") == IPV4:
            present.setdefault(_ports_key(endpoint_slice.get("ports")), []).append(endpoint_slice)
        else:
            changes.delete.append(endpoint_slice)
    desired, lost = _desired(service, pods, node_of)
    for key, (ports, endpoints) in desired.items():
        _fill(service, ports, present.pop(key, []), endpoints, changes)
    for slices in present.values():
        changes.delete.extend(slices)
    if len(existing) == len(changes.delete) and not changes.create:
        _keep_placeholder(service, changes)
    return _reuse(service, changes), lost


def _desired(
    service: Object, pods: Iterable[Object], node_of: Callable[[str], Object | None]
) -> tuple[Desired, list[tuple[str, str]]]:
    desired: Desired = {}
    lost: list[tuple[str, str]] = []
    for pod in pods:
        if not belongs_in_endpoints(pod, include_terminating=True):
            continue
        ports = slice_ports(service, pod)
        _, endpoints = desired.setdefault(_ports_key(ports), (ports, {}))
        node = node_of(pod["spec"].get("nodeName") or "")
        if node is None and not service["spec"].get("publishNotReadyAddresses"):
            lost.append((pod["metadata"]["name"], pod["spec"].get("nodeName") or ""))
            continue
        endpoint = endpoint_of(pod, node, service)
        endpoints[_endpoint_key(endpoint)] = endpoint
    return desired, lost


def _ports_key(ports: Iterable[Object] | None) -> PortsKey:
    found = [
        (port.get("name") or "", port.get("port") or 0, port.get("protocol", "TCP"), port.get("appProtocol"))
        for port in ports or ()
    ]
    return tuple(sorted(found, key=lambda port: (*port[:3], port[3] or "")))


def _endpoint_key(endpoint: Object) -> EndpointKey:
    """What makes an endpoint the same one: addresses, hostname and pod (hashEndpoint)."""
    target = endpoint.get("targetRef") or {}
    return tuple(endpoint["addresses"]), endpoint.get("hostname", ""), target.get("uid") or ""


def _fill(
    service: Object,
    ports: Sequence[Object],
    slices: Sequence[Object],
    wanted: dict[EndpointKey, Object],
    changes: Changes,
) -> None:
    """Keep wanted endpoints where they are, then fill changed slices, then unchanged ones, then new ones."""
    wanted = dict(wanted)
    changed: list[Object] = []
    unchanged: list[Object] = []
    labels = labels_of(service)
    for endpoint_slice in slices:
        before: list[Object] = endpoint_slice.get("endpoints") or []
        kept = [wanted.pop(key) for endpoint in before if (key := _endpoint_key(endpoint)) in wanted]
        if kept != before and not kept:
            changes.delete.append(endpoint_slice)
        elif kept != before or _own_labels(endpoint_slice) != _own_labels(service):
            changed.append(_with(endpoint_slice, kept, labels))
        else:
            unchanged.append(endpoint_slice)
    left = list(wanted.values())
    if left and changed:
        changed.sort(key=lambda item: -len(item["endpoints"]))
        for endpoint_slice in changed:
            room = MAX_ENDPOINTS - len(endpoint_slice["endpoints"])
            endpoint_slice["endpoints"] += left[:room]
            left = left[max(room, 0) :]
    while left:
        room_in = _with_room(unchanged, len(left)) if len(left) < MAX_ENDPOINTS else None
        if room_in is None:
            fresh = new_slice(service, ports)
            fresh["endpoints"] = left[:MAX_ENDPOINTS]
            changes.create.append(fresh)
            left = left[MAX_ENDPOINTS:]
        else:
            unchanged.remove(room_in)
            kept = list(room_in.get("endpoints") or ())
            changed.append(_with(room_in, [*kept, *left], dict(room_in["metadata"].get("labels") or {})))
            left = []
    changes.update.extend(changed)


def _with(endpoint_slice: Object, endpoints: list[Object], labels: dict[str, str]) -> Object:
    return {
        **endpoint_slice,
        "metadata": {**endpoint_slice["metadata"], "labels": labels},
        "endpoints": endpoints,
    }


def _with_room(slices: Iterable[Object], count: int) -> Object | None:
    """The slice that *count* more endpoints fill best; None when none has the room (getSliceToFill)."""
    best, closest = None, MAX_ENDPOINTS
    for endpoint_slice in slices:
        rest = MAX_ENDPOINTS - count - len(endpoint_slice.get("endpoints") or ())
        if 0 <= rest < closest:
            best, closest = endpoint_slice, rest
    return best


def _keep_placeholder(service: Object, changes: Changes) -> None:
    """A Service without endpoints has one empty slice, which stays the same one."""
    if len(changes.delete) == 1 and _is_placeholder(changes.delete[0], service):
        changes.delete.clear()
    else:
        changes.create.append(new_slice(service, ()))


def _is_placeholder(endpoint_slice: Object, service: Object) -> bool:
    return (
        owned_by(endpoint_slice, service)
        and not endpoint_slice.get("endpoints")
        and not endpoint_slice.get("ports")
        and (endpoint_slice["metadata"].get("labels") or {}) == labels_of(service)
    )


def _reuse(service: Object, changes: Changes) -> Changes:
    """Turn a deletion and a creation into one update (finalize); a Service that is being deleted gets no new slice."""
    doomed: list[Object] = []
    for endpoint_slice in changes.delete:
        if changes.create and endpoint_slice.get("addressType") == IPV4 and owned_by(endpoint_slice, service):
            fresh = changes.create.pop()
            metadata = {**fresh["metadata"], "name": endpoint_slice["metadata"]["name"]}
            changes.update.append({**fresh, "metadata": metadata})
        else:
            doomed.append(endpoint_slice)
    if "deletionTimestamp" in service["metadata"]:
        changes.create.clear()
    changes.delete = doomed
    return changes
