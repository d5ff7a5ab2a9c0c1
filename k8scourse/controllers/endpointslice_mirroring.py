"""Endpoints that people write for a Service without selector are mirrored into EndpointSlices.

Source: pkg/controller/endpointslicemirroring/{endpointslicemirroring_controller,reconciler,utils}.go
"""

from __future__ import annotations

from collections.abc import Iterator

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object
from k8scourse.client.workqueue import Controller
from k8scourse.controllers.endpointslice_rules import MANAGED_BY, SERVICE_NAME
from k8scourse.controllers.ownership import controller_reference, namespace_terminating
from k8scourse.controllers.trigger_times import LAST_CHANGE
from k8scourse.machinery.status import ApiError

ENDPOINTS = "endpoints"
SLICES = "endpointslices.discovery.k8s.io"
CONTROLLER = "endpointslicemirroring-controller.k8s.io"
SKIP = "endpointslice.kubernetes.io/skip-mirror"
LEADER = "control-plane.alpha.kubernetes.io/leader"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
MAX_ENDPOINTS = 1000
"""--mirroring-max-endpoints-per-subset"""

TOO_MANY = (
    "A max of {most} addresses can be mirrored to EndpointSlices per Endpoints subset. {skipped} addresses were skipped"
)


class EndpointSliceMirroringController(Controller):
    """Gives hand-written Endpoints slices, which are what is read."""

    name = "endpointslice-mirroring-controller"
    user = "system:serviceaccount:kube-system:endpointslicemirroring-controller"
    reporter = "endpoint-slice-mirroring-controller"
    resource = ENDPOINTS

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._is_writing = False

    def start(self) -> None:
        """Watch Endpoints, Services and the mirrored slices."""
        self.informers.subscribe(ENDPOINTS, self.name, "enqueue_object")
        self.informers.subscribe("services", self.name, "service_changed")
        self.informers.subscribe(SLICES, self.name, "slice_changed")

    def service_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: Endpoints of its name may have to be mirrored, or no longer."""
        metadata = (new or old or {})["metadata"]
        key = (metadata["namespace"], metadata["name"])
        if self.informers.get(ENDPOINTS, key[1], key[0]) is not None:
            self.enqueue(key)

    def slice_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a mirrored slice that somebody changed is put right."""
        for obj in (old, new):
            labels = (obj["metadata"].get("labels") or {}) if obj is not None else {}
            if obj is not None and labels.get(MANAGED_BY) == CONTROLLER and not self._is_writing:
                self.enqueue_late((obj["metadata"]["namespace"], labels.get(SERVICE_NAME, "")))

    def sync(self, key: Key) -> None:
        """Write the slices that mirror the Endpoints; delete those that mirror nothing any more."""
        endpoints = self.informers.get(ENDPOINTS, key[1], key[0])
        service = self.informers.get("services", key[1], key[0])
        existing = self._mirrored(key)
        wanted: list[Object] = []
        if endpoints is not None and service is not None and _is_mirrored(endpoints, service):
            wanted = list(slices_for(endpoints))
            self._tell_skipped(endpoints)
        try:
            self._is_writing = True
            self._write(key[0], wanted, existing)
        except ApiError as error:
            if not namespace_terminating(error):
                raise
        finally:
            self._is_writing = False

    def _mirrored(self, key: Key) -> list[Object]:
        wanted = {SERVICE_NAME: key[1], MANAGED_BY: CONTROLLER}
        return [
            item
            for item in self.informers.list(SLICES, key[0])
            if wanted.items() <= (item["metadata"].get("labels") or {}).items()
        ]

    def _write(self, namespace: str, wanted: list[Object], existing: list[Object]) -> None:
        """Change slices of the same ports, then any others that are left over, before one is created."""
        free = list(existing)
        for item in wanted:
            same = [found for found in free if _place(found) == _place(item)]
            reusable = same or [found for found in free if found["addressType"] == item["addressType"]]
            if not reusable:
                self.client.create(SLICES, item, namespace)
                continue
            found = reusable[0]
            free.remove(found)
            if not _says_the_same(found, item):
                metadata = {name: value for name, value in item["metadata"].items() if name != "generateName"}
                changed = {**item, "metadata": {**metadata, "name": found["metadata"]["name"]}}
                self.client.update(SLICES, changed)
        for item in free:
            self.client.delete(SLICES, item["metadata"]["name"], namespace)

    def _tell_skipped(self, endpoints: Object) -> None:
        skipped = sum(max(len(_addresses(subset)) - MAX_ENDPOINTS, 0) for subset in endpoints.get("subsets") or ())
        if skipped:
            text = TOO_MANY.format(most=MAX_ENDPOINTS, skipped=skipped)
            self.recorder.event(endpoints, "Warning", "TooManyAddressesToMirror", text)


def _is_mirrored(endpoints: Object, service: Object) -> bool:
    metadata = endpoints["metadata"]
    skips = (metadata.get("labels") or {}).get(SKIP) == "true"
    return not skips and LEADER not in (metadata.get("annotations") or {}) and not service["spec"].get("selector")


def _addresses(subset: Object) -> list[tuple[Object, bool]]:
    ready = [(address, True) for address in subset.get("addresses") or ()]
    return ready + [(address, False) for address in subset.get("notReadyAddresses") or ()]


def slices_for(endpoints: Object) -> Iterator[Object]:
    """The slices that mirror Endpoints: one for each set of ports and family of addresses; they have no name yet."""
    found: dict[tuple[str, str], Object] = {}
    for subset in endpoints.get("subsets") or ():
        ports = [{"name": "", "protocol": "TCP", **port} for port in subset.get("ports") or ()]
        for address, ready in _addresses(subset)[:MAX_ENDPOINTS]:
            family = "IPv6" if ":" in address["ip"] else "IPv4"
            fresh = _new_slice(endpoints, family, ports)
            found.setdefault(_place(fresh), fresh)["endpoints"].append(_endpoint(address, ready=ready))
    yield from found.values()


def _endpoint(address: Object, *, ready: bool) -> Object:
    kept = {name: address[name] for name in ("targetRef", "nodeName", "hostname") if address.get(name)}
    return {"addresses": [address["ip"]], "conditions": {"ready": ready}, **kept}


def _new_slice(endpoints: Object, family: str, ports: list[Object]) -> Object:
    metadata = endpoints["metadata"]
    labels = {**(metadata.get("labels") or {}), SERVICE_NAME: metadata["name"], MANAGED_BY: CONTROLLER}
    annotations = {
        name: value
        for name, value in (metadata.get("annotations") or {}).items()
        if name not in (LAST_CHANGE, LAST_APPLIED)
    }
    made: Object = {
        "generateName": f"{metadata['name']}-",
        "namespace": metadata["namespace"],
        "labels": labels,
        "ownerReferences": [controller_reference(endpoints)],
    }
    if annotations:
        made["annotations"] = annotations
    return {"metadata": made, "addressType": family, "endpoints": [], "ports": ports or None}


def _place(endpoint_slice: Object) -> tuple[str, str]:
    ports = sorted(
        (port.get("name") or "", port["port"], port.get("protocol", "TCP"), port.get("appProtocol") or "")
        for port in endpoint_slice.get("ports") or ()
    )
    return endpoint_slice["addressType"], str(ports)


def _says_the_same(found: Object, wanted: Object) -> bool:
    def said(item: Object) -> list[object]:
        metadata = item["metadata"]
        return [_place(item), item.get("endpoints") or [], metadata.get("labels"), metadata.get("annotations") or {}]

    return said(found) == said(wanted)
