"""What the controllers of EndpointSlices and Endpoints have in common: they look at the Services that pods belong to.

Source: staging/src/k8s.io/endpointslice/util/controller_utils.go (podEndpointsChanged, GetServicesToUpdate)
"""

from __future__ import annotations

from typing import Self

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object
from k8scourse.client.workqueue import Controller
from k8scourse.component_helpers.endpoints import selects
from k8scourse.component_helpers.pod_status import is_pod_ready, is_terminal
from k8scourse.controllers.trigger_times import TriggerTimes

SERVICES = "services"


class ServiceWatcher(Controller):
    """Queues Services by themselves and for their pods."""

    resource = SERVICES

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._times = TriggerTimes()

    def start(self) -> None:
        """Watch Services and pods."""
        self.informers.subscribe(SERVICES, self.name, "service_changed")
        self.informers.subscribe("pods", self.name, "pod_changed")

    def copy_state(self, source: Self) -> None:
        """Take over the queue and the times of the last changes."""
        super().copy_state(source)
        self._times = source._times.copy()

    def service_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: every change of a Service counts."""
        metadata = (new or old or {})["metadata"]
        self.enqueue((metadata["namespace"], metadata["name"]))

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: the Services that select or selected a pod that changed for them look again."""
        pod = new if new is not None else old
        if pod is None or (old is not None and new is not None and not _matters(old, new)):
            return
        namespace = pod["metadata"]["namespace"]
        labels = [obj["metadata"].get("labels") for obj in (old, new) if obj is not None]
        if len(labels) == 2 and labels[0] == labels[1]:
            labels.pop()
        for service in self.informers.list(SERVICES, namespace):
            if any(selects(service, found) for found in labels):
                self.enqueue_late((namespace, service["metadata"]["name"]))

    def selected_pods(self, service: Object) -> list[Object]:
        """The pods of a Service, in the order of their creation."""
        pods = self.informers.list("pods", service["metadata"]["namespace"])
        return [pod for pod in pods if selects(service, pod["metadata"].get("labels"))]

    def service_to_sync(self, key: Key) -> Object | None:
        """The Service, unless it is gone or its endpoints are nobody's or the user's own business."""
        service = self.informers.get(SERVICES, key[1], key[0])
        if service is None or service["spec"].get("type") == "ExternalName" or not service["spec"].get("selector"):
            return None
        return service


def _matters(old: Object, new: Object) -> bool:
    """Whether a changed pod may change endpoints."""
    before, after = old["metadata"], new["metadata"]
    return (
        before.get("labels") != after.get("labels")
        or before.get("deletionTimestamp") != after.get("deletionTimestamp")
        or is_pod_ready(old) != is_pod_ready(new)
        or is_terminal(old) != is_terminal(new)
        or (old.get("status") or {}).get("podIPs") != (new.get("status") or {}).get("podIPs")
    )
