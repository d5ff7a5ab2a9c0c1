"""Changes of ConfigMaps and Secrets, and how they reach the pods that use them.

Environments and subPath files of running containers keep the old version. Volumes follow when their pod is next synced:
at most 90 s later, because the kubelet syncs every pod every minute, with up to half a minute of jitter.
Sources: pkg/kubelet/kubelet.go (syncFrequency 1m), pkg/kubelet/pod_workers.go workerResyncIntervalJitterFactor
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from k8scourse.client.informers import Key
from k8scourse.kubelet.probing import Probing
from k8scourse.kubelet.runtime import RUNNING, ContainerRuntime, PodRuntime, SourceKey
from k8scourse.kubelet.sources import used_by_environment, volumes_with
from k8scourse.kubelet.tools import KUBELET, SECOND, Tools, all_containers

Object = dict[str, Any]

SYNC_PERIOD = 60
JITTER = 30


class SourceChanges:
    """Remembers for pods what they still have to see."""

    def __init__(self, tools: Tools, probing: Probing) -> None:
        self._tools = tools
        self._probing = probing

    def changed(self, source: SourceKey, old: Object, pods: Mapping[Key, PodRuntime]) -> None:
        """*old* is no longer what the API server has for *source*."""
        namespace = old["metadata"]["namespace"]
        for key, runtime in pods.items():
            pod = self._tools.informers.get("pods", key[1], key[0]) if key[0] == namespace else None
            if pod is not None and not runtime.finished and runtime.rejection is None:
                self._pin(key, pod, runtime, source, old)

    def _pin(self, key: Key, pod: Object, runtime: PodRuntime, source: SourceKey, old: Object) -> None:
        volumes = volumes_with(pod, source)
        for container in all_containers(pod):
            state = runtime.containers.get(container["name"])
            if state is not None and state.state == RUNNING and _keeps(container, source, volumes):
                self._keep(state, source, old)
        if volumes and source not in runtime.pinned and any(state.serial for state in runtime.containers.values()):
            runtime.pinned[source] = old
            self.sync_later(key, runtime, source)

    def sync_later(self, key: Key, runtime: PodRuntime, source: SourceKey) -> None:
        """Have the pod's volumes follow the change of *source* when the kubelet next syncs the pod."""
        time = self.next_sync(runtime)
        self._tools.engine.call_at(time, KUBELET, "volumes_synced", key, runtime.uid, source)

    def _keep(self, state: ContainerRuntime, source: SourceKey, old: Object) -> None:
        if state.pinned is None:
            state.pinned = {}
        state.pinned.setdefault(source, old)

    def next_sync(self, runtime: PodRuntime) -> int:
        """When the kubelet next syncs the pod by itself (ns): a period of 60 to 90 s, the same for all its life."""
        period = (SYNC_PERIOD + crc32(runtime.uid.encode()) % (JITTER + 1)) * SECOND
        return runtime.started_at + ((self._tools.now - runtime.started_at) // period + 1) * period

    def synced(self, pod: Object, runtime: PodRuntime, source: SourceKey) -> None:
        """The pod's volumes follow the change; those of an object that is gone keep what they have."""
        resource, name = source
        if self._tools.informers.get(resource, name, pod["metadata"]["namespace"]) is not None:
            runtime.pinned.pop(source, None)
            self._probing.wake(pod, runtime)


def _keeps(container: Object, source: SourceKey, volumes: list[str]) -> bool:
    """Whether *container* never sees changes of *source* until it is started again."""
    if any(used == source for used in used_by_environment(container)):
        return True
    mounts = container.get("volumeMounts") or ()
    return any(mount.get("subPath") and mount["name"] in volumes for mount in mounts)
