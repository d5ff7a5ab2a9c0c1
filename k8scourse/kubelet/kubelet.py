"""The kubelets of all nodes: take bound pods to Running and Ready, restart their containers, end them.

Source: pkg/kubelet/kubelet.go
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from k8scourse.client.client import Client
from k8scourse.client.component import Component, Context
from k8scourse.client.informers import Key, Object
from k8scourse.component_helpers.pod_requests import Resources, pod_requests
from k8scourse.component_helpers.pod_status import is_terminal
from k8scourse.images.commands import Ending
from k8scourse.kubelet import messages
from k8scourse.kubelet.addresses import PodAddresses
from k8scourse.kubelet.admission import admit
from k8scourse.kubelet.changes import SourceChanges
from k8scourse.kubelet.probe_actions import Asker
from k8scourse.kubelet.probing import Probing
from k8scourse.kubelet.pulling import ImagePuller
from k8scourse.kubelet.queries import Queries
from k8scourse.kubelet.registration import NodeRegistration
from k8scourse.kubelet.reporting import Reporter
from k8scourse.kubelet.runtime import (
    CONTAINERS,
    CREATING,
    INIT_CONTAINERS,
    INITIALIZING,
    RUNNING,
    ContainerRuntime,
    PodRuntime,
    SourceKey,
)
from k8scourse.kubelet.sources import CONFIG_MAPS, SECRETS
from k8scourse.kubelet.starting import Starter
from k8scourse.kubelet.status import TERMINAL_PHASES, pod_phase
from k8scourse.kubelet.stopping import Stopper
from k8scourse.kubelet.tools import SECOND, Tools, all_containers
from k8scourse.kubelet.workers import Workers, grace_of
from k8scourse.machinery.timestamps import parse_time

NODE_GROUPS = ("system:nodes", "system:authenticated")


class Kubelet(Component):
    """Runs the pods of every node whose kubelet reports."""

    name = "kubelet"
    user = "system:node:"
    groups = NODE_GROUPS

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.heartbeats = context.heartbeats
        self.registration = NodeRegistration(context)
        self.tools = Tools(context, self.recorder)
        self.puller = ImagePuller(self.tools)
        self.addresses = PodAddresses()
        asker = Asker(self.tools)
        self.probing = Probing(self.tools, asker)
        self.stopper = Stopper(self.tools, self.probing, asker)
        starter = Starter(self.tools, self.puller, self.probing, asker, self.stopper)
        self.workers = Workers(self.tools, starter, self.stopper, self.puller)
        self.changes = SourceChanges(self.tools, self.probing)
        self.reports = Reporter(self.tools)
        self._clients: dict[str, Client] = {}
        self._pods: dict[Key, PodRuntime] = {}
        self.queries = Queries(self.tools, self._pods)
        self._requests: dict[Key, tuple[tuple[str, int | None], Resources]] = {}
        self._held: set[Key] = set()
        self._queued: set[Key] = set()

    def start(self) -> None:
        """Watch pods and nodes."""
        self.informers.subscribe("pods", self.name, "pod_changed")
        self.informers.subscribe("nodes", self.name, "node_changed")
        self.informers.subscribe(CONFIG_MAPS, self.name, "config_map_changed")
        self.informers.subscribe(SECRETS, self.name, "secret_changed")

    def copy_state(self, source: Self) -> None:
        """Take over what runs on the nodes."""
        self.tools.recorder = self.recorder
        self._pods.update((key, runtime.copy()) for key, runtime in source._pods.items())
        self._requests = source._requests.copy()
        self._held = source._held.copy()
        self._queued = source._queued.copy()
        self.addresses.copy_state(source.addresses)
        self.puller.copy_state(source.puller)

    def client_of(self, node: str) -> Client:
        """The client with which the kubelet of *node* speaks."""
        client = self._clients.get(node)
        if client is None:
            client = self._clients[node] = Client(self.context.handler, f"system:node:{node}", NODE_GROUPS)
        return client

    # nodes

    def register(self, node: Object) -> None:
        """Start the kubelet of a node of the world: it registers its Node and begins to report."""
        self.registration.register(self.client_of(node["metadata"]["name"]), node)

    def node_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a Node that is Ready has a kubelet; one that is gone has none."""
        if new is None and old is not None:
            self.heartbeats.forget(old["metadata"]["name"])
        elif new is not None and self.registration.appears(new):
            self.engine.call_soon(self.name, "adopt", new["metadata"]["name"])

    def adopt(self, node: str) -> None:
        """Run pods on a Node that somebody else registered as Ready."""
        self.heartbeats.begin(node, self.engine.now)
        for pod in self.informers.pods_on(node):
            self.enqueue((pod["metadata"]["namespace"], pod["metadata"]["name"]))

    def stop(self, node: str) -> None:
        """Cut a node off: its kubelet reports no more and hears nothing."""
        self.heartbeats.stop(node, self.engine.now)

    def resume(self, node: str) -> None:
        """Let a kubelet report again, with everything that happened meanwhile."""
        self.heartbeats.begin(node, self.engine.now)
        self.registration.report_ready(self.client_of(node), node)
        keys = {key for key, runtime in self._pods.items() if runtime.node == node}
        keys.update((pod["metadata"]["namespace"], pod["metadata"]["name"]) for pod in self.informers.pods_on(node))
        for key in sorted(keys):
            self.enqueue(key)

    # pods

    def hold(self, namespace: str, name: str) -> None:
        """Leave a pod as it is: its status was given by hand."""
        self._held.add((namespace, name))

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: queue pods that are bound to a node."""
        pod = new or old
        if pod is None or not pod["spec"].get("nodeName"):
            return
        if (
            new is None
            or old is None
            or old["metadata"].get("deletionTimestamp") != new["metadata"].get("deletionTimestamp")
            or old["spec"] != new["spec"]
            or (new["spec"].get("readinessGates") and old.get("status") != new.get("status"))
            or (is_terminal(new) and not is_terminal(old))
        ):
            self.enqueue((pod["metadata"]["namespace"], pod["metadata"]["name"]))

    def enqueue(self, key: Key) -> None:
        """Have a pod looked at soon."""
        if key not in self._queued:
            self._queued.add(key)
            self.engine.call_soon(self.name, "sync", key)

    def sync(self, key: Key) -> None:
        """Bring one pod a step further and report its status."""
        self._queued.discard(key)
        pod = self.informers.get("pods", key[1], key[0])
        runtime = self._pods.get(key)
        if pod is None or (runtime is not None and runtime.uid != pod["metadata"]["uid"]):
            self._pods.pop(key, None)
            if pod is None:
                self._held.discard(key)
                self._requests.pop(key, None)
                return
            runtime = None
        node = pod["spec"].get("nodeName", "")
        if not self.heartbeats.alive(node):
            return
        if key in self._held:
            return
        if runtime is None:
            runtime = self._begin(pod, node)
            if runtime is None:
                return
            self._pods[key] = runtime
        else:
            self._work(pod, runtime)
        self.reports.report(pod, runtime, self.client_of(runtime.node))

    def _work(self, pod: Object, runtime: PodRuntime) -> None:
        if "deletionTimestamp" in pod["metadata"]:
            deadline = parse_time(pod["metadata"]["deletionTimestamp"])
            runtime.finished = self.stopper.stop_all(pod, runtime, deadline)
            return
        if is_terminal(pod) and pod_phase(pod["spec"], runtime) not in TERMINAL_PHASES:
            self._evict(pod, runtime, pod["status"])
        if runtime.eviction is not None:
            runtime.finished = runtime.finished or self.stopper.stop_all(pod, runtime, runtime.stop_by)
        elif runtime.rejection is None and not runtime.finished:
            runtime.prepared = True
            self._watch_deadline(pod, runtime)
            self.workers.advance(pod, runtime)

    def _evict(self, pod: Object, runtime: PodRuntime, status: Object) -> None:
        """End a pod, with phase, reason and message of *status*; a phase that others wrote is heeded like this, too."""
        runtime.eviction = (status["phase"], status.get("reason", ""), status.get("message", ""))
        runtime.stop_by = self.engine.now + grace_of(pod)

    def _watch_deadline(self, pod: Object, runtime: PodRuntime) -> None:
        """Plan the end of a pod whose activeDeadlineSeconds is set (it may be set or lowered later)."""
        seconds = pod["spec"].get("activeDeadlineSeconds")
        if seconds is None:
            return
        until = runtime.started_at + seconds * SECOND
        if until != runtime.active_until or until <= self.engine.now:
            runtime.active_until = until
            key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
            self.engine.call_at(until, self.name, "deadline_passed", key, runtime.uid, until)

    def _begin(self, pod: Object, node_name: str) -> PodRuntime | None:
        """Take a new pod over: check it, give it an address, and wait for its containers to be created."""
        node = self.informers.get("nodes", node_name)
        phase = (pod.get("status") or {}).get("phase")
        if node is None or phase in TERMINAL_PHASES:
            if "deletionTimestamp" in pod["metadata"]:
                self.reports.remove(pod, self.client_of(node_name))
            return None
        runtime = PodRuntime(pod["metadata"]["uid"], node_name, self.engine.now)
        others = [other for other in self.informers.pods_on(node_name) if self._runs(other)]
        runtime.rejection = admit(pod, node, others, self._requests_of)
        spec = pod["spec"]
        reason = INITIALIZING if spec.get("initContainers") else CREATING
        for place in (INIT_CONTAINERS, CONTAINERS):
            for container in spec.get(place) or ():
                runtime.containers[container["name"]] = ContainerRuntime(place=place, reason=reason)
        if runtime.rejection is not None:
            reason, message = runtime.rejection
            self.recorder.event(pod, "Warning", reason, message, host=node_name)
            self.decide(("Pod", pod["metadata"]["namespace"], pod["metadata"]["name"]), "Rejected", message)
        else:
            runtime.ip = self.addresses.address_for(pod, node)
            self._enqueue_again(pod)
        return runtime

    def _requests_of(self, pod: Object) -> Resources:
        """The pod's requests, worked out once for each generation of it."""
        metadata = pod["metadata"]
        key, generation = (metadata["namespace"], metadata["name"]), (metadata["uid"], metadata.get("generation"))
        known = self._requests.get(key)
        if known is None or known[0] != generation:
            known = self._requests[key] = (generation, pod_requests(pod))
        return known[1]

    def _runs(self, pod: Object) -> bool:
        runtime = self._pods.get((pod["metadata"]["namespace"], pod["metadata"]["name"]))
        if runtime is None:
            return (pod["metadata"]["namespace"], pod["metadata"]["name"]) in self._held
        return runtime.uid == pod["metadata"]["uid"] and runtime.rejection is None and not runtime.finished

    def _enqueue_again(self, pod: Object) -> None:
        self.enqueue((pod["metadata"]["namespace"], pod["metadata"]["name"]))

    # timers and changes

    def _running(
        self, key: Key, uid: str, container: str, serial: int
    ) -> tuple[Object, Object, PodRuntime, ContainerRuntime] | None:
        """Pod and container of a timer, if the start that it belongs to is still the container's newest."""
        runtime = self._pods.get(key)
        pod = self.informers.get("pods", key[1], key[0])
        if runtime is None or pod is None or runtime.uid != uid:
            return None
        state = runtime.containers.get(container)
        if state is None or (state.serial, state.state) != (serial, RUNNING):
            return None
        spec = next((item for item in all_containers(pod) if item["name"] == container), None)
        return (pod, spec, runtime, state) if spec is not None else None

    def container_ends(self, key: Key, uid: str, container: str, serial: int, ending: Ending) -> None:
        """A timer: the process ends by itself."""
        found = self._running(key, uid, container, serial)
        if found is not None:
            pod, spec, runtime, state = found
            self.workers.container_ends(pod, runtime, spec, state, ending)
            self.enqueue(key)

    def probe(self, key: Key, uid: str, container: str, serial: int, kind: str, turn: int) -> None:
        """A timer: a probe is due."""
        found = self._running(key, uid, container, serial)
        if found is None:
            return
        pod, spec, runtime, state = found
        if not self.heartbeats.alive(runtime.node):
            self.probing.postpone(pod, spec, state, kind, turn)
            return
        change = self.probing.due(pod, spec, runtime, state, kind, turn)
        if change == "kill":
            self.workers.probe_failed(pod, runtime, spec, state, kind)
        if change is not None:
            self.enqueue(key)

    def deadline_passed(self, key: Key, uid: str, until: int) -> None:
        """A timer: a pod has been active for as long as it may."""
        runtime = self._pods.get(key)
        pod = self.informers.get("pods", key[1], key[0])
        if runtime is None or pod is None or runtime.uid != uid or runtime.active_until != until:
            return
        if runtime.finished or runtime.eviction is not None or not self.heartbeats.alive(runtime.node):
            return
        self._evict(pod, runtime, {"phase": "Failed", "reason": "DeadlineExceeded", "message": messages.DEADLINE})
        self.recorder.event(pod, "Normal", "DeadlineExceeded", messages.DEADLINE, host=runtime.node)
        self.enqueue(key)

    def config_map_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a ConfigMap changed."""
        self._source_changed(CONFIG_MAPS, old, new)

    def secret_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a Secret changed."""
        self._source_changed(SECRETS, old, new)

    def _source_changed(self, resource: str, old: Object | None, new: Object | None) -> None:
        if old is not None and (
            new is None or (old.get("data"), old.get("binaryData")) != (new.get("data"), new.get("binaryData"))
        ):
            self.changes.changed((resource, old["metadata"]["name"]), old, self._pods)

    def volumes_synced(self, key: Key, uid: str, source: SourceKey) -> None:
        """A timer: the kubelet syncs a pod whose volumes have to follow a change."""
        runtime = self._pods.get(key)
        pod = self.informers.get("pods", key[1], key[0])
        if runtime is None or pod is None or runtime.uid != uid:
            return
        if self.heartbeats.alive(runtime.node):
            self.changes.synced(pod, runtime, source)
        else:
            self.changes.sync_later(key, runtime, source)

    # questions of the API server

    def log(self, pod: Object, container: str, query: Mapping[str, str]) -> str:
        """The log of a container of *pod*; *query* as in the API. Raises ApiError."""
        return self.queries.log(pod, container, query)

    def execute(self, pod: Object, container: str, command: Sequence[str]) -> Object:
        """Run *command* in a container: stdout, stderr and exitCode. Raises ApiError."""
        return self.queries.execute(pod, container, command)
