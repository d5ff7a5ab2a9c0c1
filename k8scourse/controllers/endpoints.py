"""Services with a selector have an Endpoints object of their name, the older form of EndpointSlices.

Source: pkg/controller/endpoint/endpoints_controller.go, pkg/api/v1/endpoints/util.go
"""

from __future__ import annotations

from collections.abc import Iterable

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object
from k8scourse.component_helpers.endpoints import (
    addresses_of,
    belongs_in_endpoints,
    find_port,
    hostname_for,
    sorted_subset_ports,
)
from k8scourse.component_helpers.pod_status import is_pod_ready
from k8scourse.controllers.endpointslice_rules import HEADLESS_LABEL
from k8scourse.controllers.ownership import namespace_terminating
from k8scourse.controllers.service_watcher import ServiceWatcher
from k8scourse.controllers.trigger_times import annotated
from k8scourse.machinery.status import ApiError

ENDPOINTS = "endpoints"
MANAGED_BY = "endpoints.kubernetes.io/managed-by"
CONTROLLER = "endpoint-controller"
OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity"
MAX_CAPACITY = 1000

CREATE_FAILED = "Failed to create endpoint for service {namespace}/{name}: {error}"
UPDATE_FAILED = "Failed to update endpoint {namespace}/{name}: {error}"

PortKey = tuple[str, int, str, str | None]
_NO_PORT: PortKey = ("", -1, "", None)


class EndpointsController(ServiceWatcher):
    """Mirrors the pods of each Service into Endpoints."""

    name = "endpoints-controller"
    user = "system:serviceaccount:kube-system:endpoint-controller"
    reporter = "endpoint-controller"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._is_writing = False

    def start(self) -> None:
        """Watch Services, pods and Endpoints."""
        super().start()
        self.informers.subscribe(ENDPOINTS, self.name, "endpoints_changed")

    def endpoints_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: Endpoints that somebody deletes come back."""
        if new is None and old is not None and not self._is_writing:
            self.enqueue((old["metadata"]["namespace"], old["metadata"]["name"]))

    def sync(self, key: Key) -> None:
        """Write the Endpoints of the Service; delete those of a Service that is gone."""
        if self.informers.get("services", key[1], key[0]) is None:
            self._times.forget(key)
            if self.informers.get(ENDPOINTS, key[1], key[0]) is not None:
                self._delete(key)
            return
        service = self.service_to_sync(key)
        if service is None:
            return
        pods = self.selected_pods(service)
        time = self._times.next(service, pods)
        current = self.informers.get(ENDPOINTS, key[1], key[0])
        wanted = annotated(endpoints_of(service, pods, current), time)
        if current is None:
            self._write(service, wanted, exists=False)
        elif not _is_right(current, wanted):
            self._write(service, wanted, exists=True)

    def _delete(self, key: Key) -> None:
        self._is_writing = True
        try:
            self.client.delete(ENDPOINTS, key[1], key[0])
        finally:
            self._is_writing = False

    def _write(self, service: Object, wanted: Object, *, exists: bool) -> None:
        metadata = service["metadata"]
        try:
            if exists:
                self.client.update(ENDPOINTS, wanted)
            else:
                self.client.create(ENDPOINTS, wanted, metadata["namespace"])
        except ApiError as error:
            if namespace_terminating(error):
                return
            text = (UPDATE_FAILED if exists else CREATE_FAILED).format(
                namespace=metadata["namespace"], name=metadata["name"], error=error.message
            )
            reason = "FailedToUpdateEndpoint" if exists else "FailedToCreateEndpoint"
            self.recorder.event({"apiVersion": "v1", "kind": "Endpoints", **wanted}, "Warning", reason, text)
            raise


def _is_right(current: Object, wanted: Object) -> bool:
    labels = current["metadata"].get("labels") or {}
    annotations = current["metadata"].get("annotations") or {}
    over = OVER_CAPACITY in (wanted["metadata"].get("annotations") or {})
    same_labels = {**labels, HEADLESS_LABEL: ""} == {**wanted["metadata"]["labels"], HEADLESS_LABEL: ""}
    return (
        (current.get("subsets") or []) == (wanted.get("subsets") or [])
        and same_labels
        and (OVER_CAPACITY in annotations) == over
    )


def endpoints_of(service: Object, pods: Iterable[Object], current: Object | None) -> Object:
    """The Endpoints that a Service with these selected *pods* should have, in place of *current*."""
    metadata = service["metadata"]
    labels = dict(metadata.get("labels") or {})
    labels.pop(HEADLESS_LABEL, None)
    if service["spec"].get("clusterIP") in (None, "", "None"):
        labels[HEADLESS_LABEL] = ""
    labels[MANAGED_BY] = CONTROLLER
    base = current or {"metadata": {"name": metadata["name"], "namespace": metadata["namespace"]}}
    subsets, cut = _truncated(pack_subsets(service, pods))
    changed = {**base["metadata"], "labels": labels}
    annotations = {
        name: value for name, value in (changed.pop("annotations", None) or {}).items() if name != OVER_CAPACITY
    }
    if cut:
        annotations[OVER_CAPACITY] = "truncated"
    if annotations:
        changed["annotations"] = annotations
    found = {**base, "metadata": changed}
    found.pop("subsets", None)
    if subsets:
        found["subsets"] = subsets
    return found


def pack_subsets(service: Object, pods: Iterable[Object]) -> list[Object]:
    """The subsets of Endpoints: addresses that offer the same ports stand together (RepackSubsets)."""
    spec = service["spec"]
    published = bool(spec.get("publishNotReadyAddresses"))
    offered: dict[PortKey, dict[tuple[str, str], bool]] = {}
    addresses: dict[tuple[str, str], Object] = {}
    for pod in pods:
        if not belongs_in_endpoints(pod, include_terminating=published):
            continue
        address = _address_of(pod, service)
        key = (address["ip"], address["targetRef"]["uid"])
        addresses[key] = address
        ready = published or is_pod_ready(pod)
        for port in _ports_of(service, pod):
            offered.setdefault(port, {})[key] = ready
    grouped: dict[tuple[tuple[str, str], ...], list[PortKey]] = {}
    for port, keys in offered.items():
        grouped.setdefault(tuple(sorted(keys)), []).append(port)
    packed = [_subset(keys, ports, offered[ports[0]], addresses) for keys, ports in grouped.items()]
    return sorted(packed, key=lambda subset: str(subset.get("ports")))


def _address_of(pod: Object, service: Object) -> Object:
    metadata = pod["metadata"]
    address: Object = {"ip": addresses_of(pod)[0]}
    hostname = hostname_for(pod, service)
    if hostname:
        address["hostname"] = hostname
    address["nodeName"] = pod["spec"].get("nodeName") or ""
    address["targetRef"] = {
        "kind": "Pod",
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "uid": metadata["uid"],
    }
    return address


def _ports_of(service: Object, pod: Object) -> list[PortKey]:
    ports: list[Object] = service["spec"].get("ports") or []
    if not ports and service["spec"].get("clusterIP") == "None":
        return [_NO_PORT]
    found: list[PortKey] = []
    for port in ports:
        number = find_port(pod, port)
        if number is not None:
            found.append((port.get("name") or "", number, port.get("protocol", "TCP"), port.get("appProtocol")))
    return found


def _subset(
    keys: Iterable[tuple[str, str]],
    ports: Iterable[PortKey],
    readiness: dict[tuple[str, str], bool],
    addresses: dict[tuple[str, str], Object],
) -> Object:
    keys = list(keys)
    ready = [addresses[key] for key in keys if readiness[key]]
    unready = [addresses[key] for key in keys if not readiness[key]]
    subset: Object = {}
    if ready:
        subset["addresses"] = ready
    if unready:
        subset["notReadyAddresses"] = unready
    shown = [_port(port) for port in ports if port != _NO_PORT]
    if shown:
        subset["ports"] = sorted_subset_ports(shown)
    return subset


def _port(key: PortKey) -> Object:
    name, number, protocol, application = key
    port: Object = {"name": name} if name else {}
    port |= {"port": number, "protocol": protocol}
    if application is not None:
        port["appProtocol"] = application
    return port


def _truncated(subsets: list[Object]) -> tuple[list[Object], bool]:
    """At most 1,000 addresses, ready ones first, each subset its share rounded up; whether any was left out."""
    ready = sum(len(subset.get("addresses") or ()) for subset in subsets)
    unready = sum(len(subset.get("notReadyAddresses") or ()) for subset in subsets)
    if ready + unready <= MAX_CAPACITY:
        return subsets, False
    only_ready = ready > MAX_CAPACITY
    name, total, room = (
        ("addresses", ready, MAX_CAPACITY)
        if only_ready
        else (
            "notReadyAddresses",
            unready,
            MAX_CAPACITY - ready,
        )
    )
    left, cut = room, []
    for subset in subsets:
        addresses = subset.get(name) or []
        kept = addresses[: min(-(-len(addresses) * room // total), left)]
        left -= len(kept)
        changed = {key: value for key, value in subset.items() if key != "notReadyAddresses"}
        if kept:
            changed[name] = kept
        cut.append(changed)
    return cut, True
