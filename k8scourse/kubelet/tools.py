"""What all parts of the kubelet share: time, caches, events about containers, what processes do."""

from __future__ import annotations

from typing import Any

from k8scourse.client.component import Context
from k8scourse.client.events import EventRecorder
from k8scourse.kubelet.processes import Processes
from k8scourse.kubelet.runtime import ContainerRuntime

Object = dict[str, Any]

KUBELET = "kubelet"
SECOND = 1_000_000_000


class Tools:
    """One for the kubelets of a cluster."""

    def __init__(self, context: Context, recorder: EventRecorder) -> None:
        self.engine = context.engine
        self.informers = context.informers
        self.images = context.images
        self.recorder = recorder
        self.processes = Processes(context)

    @property
    def now(self) -> int:
        """The virtual time in ns since the Unix epoch."""
        return self.engine.now

    def event(
        self, pod: Object, container: Object, state: ContainerRuntime, kind: str, reason: str, message: str
    ) -> None:
        """Tell that something happened to a container of *pod*."""
        path = f"spec.{state.place}{{{container['name']}}}"
        self.recorder.event(pod, kind, reason, message, field_path=path, host=pod["spec"]["nodeName"])

    def look_again(self, pod: Object, time: int) -> None:
        """Have *pod* looked at again at *time* (ns)."""
        self.engine.call_at(time, KUBELET, "enqueue", (pod["metadata"]["namespace"], pod["metadata"]["name"]))

    def call(self, time: int, method: str, pod: Object, container: Object, state: ContainerRuntime, *rest: Any) -> None:
        """Have a method of the kubelet called about this start of a container at *time* (ns)."""
        key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        uid = pod["metadata"]["uid"]
        self.engine.call_at(time, KUBELET, method, key, uid, container["name"], state.serial, *rest)


def full_name(pod: Object) -> str:
    """The pod as the kubelet calls it: NAME_NAMESPACE(UID)."""
    metadata = pod["metadata"]
    return f"{metadata['name']}_{metadata['namespace']}({metadata['uid']})"


def all_containers(pod: Object) -> list[Object]:
    """The containers of *pod*: init containers, containers, ephemeral containers."""
    spec = pod["spec"]
    inits, ephemeral = spec.get("initContainers"), spec.get("ephemeralContainers")
    if not inits and not ephemeral:
        return spec["containers"]
    return [*(inits or ()), *spec["containers"], *(ephemeral or ())]
