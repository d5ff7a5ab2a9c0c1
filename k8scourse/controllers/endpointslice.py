"""Services with a selector have EndpointSlices that list their pods.

Source: pkg/controller/endpointslice/endpointslice_controller.go
"""

from __future__ import annotations

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object
from k8scourse.controllers.endpointslice_rules import CONTROLLER, MANAGED_BY, SERVICE_NAME, Changes, reconcile
from k8scourse.controllers.ownership import namespace_terminating
from k8scourse.controllers.service_watcher import ServiceWatcher
from k8scourse.controllers.trigger_times import annotated
from k8scourse.machinery.field import aggregate_texts
from k8scourse.machinery.status import ApiError

SLICES = "endpointslices.discovery.k8s.io"

UPDATE_FAILED = "Error updating Endpoint Slices for Service {namespace}/{name}: {error}"
NODE_MISSING = "skipping Pod {pod} for Service {namespace}/{name}: Node {node} Not Found"


class EndpointSliceController(ServiceWatcher):
    """Writes which pods stand behind a Service, whether they are ready, and on which port."""

    name = "endpointslice-controller"
    user = "system:serviceaccount:kube-system:endpointslice-controller"
    reporter = "endpoint-slice-controller"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._is_writing = False

    def start(self) -> None:
        """Watch Services, pods, slices and nodes."""
        super().start()
        self.informers.subscribe(SLICES, self.name, "slice_changed")
        self.informers.subscribe("nodes", self.name, "node_changed")

    def node_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: pods may have waited for a node to appear."""
        if old is None and new is not None:
            for pod in self.informers.pods_on(new["metadata"]["name"]):
                self.pod_changed(None, pod)

    def slice_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a slice that somebody else changed or deleted is put right."""
        if self._is_writing:
            return
        for obj in (old, new):
            labels = (obj["metadata"].get("labels") or {}) if obj is not None else {}
            if labels.get(MANAGED_BY) == CONTROLLER and labels.get(SERVICE_NAME) and obj is not None:
                self.enqueue_late((obj["metadata"]["namespace"], labels[SERVICE_NAME]))

    def sync(self, key: Key) -> None:
        """Create, update and delete slices until they list the Service's pods."""
        service = self.service_to_sync(key)
        if service is None:
            if self.informers.get("services", key[1], key[0]) is None:
                self._times.forget(key)
            return
        pods = self.selected_pods(service)
        time = self._times.next(service, pods)
        changes, lost = reconcile(service, pods, self._slices(key), self._node)
        try:
            self._is_writing = True
            self._write(service, changes, time)
        except ApiError as error:
            if namespace_terminating(error):
                return
            self._tell(service, error.message)
            raise
        finally:
            self._is_writing = False
        if lost:
            told = [NODE_MISSING.format(pod=pod, namespace=key[0], name=key[1], node=node) for pod, node in lost]
            self._tell(service, aggregate_texts(told))

    def _tell(self, service: Object, error: str) -> None:
        metadata = service["metadata"]
        text = UPDATE_FAILED.format(namespace=metadata["namespace"], name=metadata["name"], error=error)
        self.recorder.event(service, "Warning", "FailedToUpdateEndpointSlices", text)

    def _slices(self, key: Key) -> list[Object]:
        found: list[Object] = []
        for endpoint_slice in self.informers.list(SLICES, key[0]):
            labels = endpoint_slice["metadata"].get("labels") or {}
            mine = labels.get(SERVICE_NAME) == key[1] and labels.get(MANAGED_BY) == CONTROLLER
            if mine and "deletionTimestamp" not in endpoint_slice["metadata"]:
                found.append(endpoint_slice)
        return found

    def _node(self, name: str) -> Object | None:
        return self.informers.get("nodes", name)

    def _write(self, service: Object, changes: Changes, time: str) -> None:
        namespace = service["metadata"]["namespace"]
        for endpoint_slice in changes.create:
            self.client.create(SLICES, annotated(endpoint_slice, time), namespace)
        for endpoint_slice in changes.update:
            self.client.update(SLICES, annotated(endpoint_slice, time))
        for endpoint_slice in changes.delete:
            self.client.delete(SLICES, endpoint_slice["metadata"]["name"], namespace)
        if changes.create or changes.update or changes.delete:
            counts = {"pods": sum(len(item["endpoints"] or ()) for item in (*changes.create, *changes.update))}
            metadata = service["metadata"]
            subject = ("Service", namespace, metadata["name"])
            self.decide(subject, "EndpointsWritten", "the pods that the selector matches", "spec.selector", counts)
