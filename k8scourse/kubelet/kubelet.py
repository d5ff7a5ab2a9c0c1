"""The kubelets of all nodes: take bound pods to Running and Ready, restart their containers, end them.

Source: pkg/kubelet/kubelet.go, pkg/kubelet/kuberuntime/kuberuntime_manager.go (computePodActions)
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any, Self

from k8scourse.client.client import Client
from k8scourse.client.component import Component, Context
from k8scourse.client.informers import Key, Object
from k8scourse.component_helpers.pod_requests import is_sidecar
from k8scourse.images.behaviour import Behaviour, behaviour_of
from k8scourse.images.commands import Ending
from k8scourse.kubelet import messages, probes, references, restarts
from k8scourse.kubelet.admission import admit
from k8scourse.kubelet.pulling import ImagePuller
from k8scourse.kubelet.registration import NodeRegistration
from k8scourse.kubelet.runtime import (
    CREATING,
    INITIALIZING,
    RUNNING,
    TERMINATED,
    WAITING,
    ContainerRuntime,
    PodRuntime,
    Termination,
)
from k8scourse.kubelet.status import pod_status
from k8scourse.machinery.duration import format_duration
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import parse_time

SECOND = 1_000_000_000
RETRY = 10 * SECOND
"""How soon a kubelet looks again at a pod that lacks something."""
KILLED = 137
"""The exit code after SIGKILL."""
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
        self.puller = ImagePuller(self.recorder)
        self._clients: dict[str, Client] = {}
        self._pods: dict[Key, PodRuntime] = {}
        self._held: set[Key] = set()
        self._queued: set[Key] = set()
        self._addresses: dict[str, int] = {}

    def start(self) -> None:
        """Watch pods and nodes."""
        self.informers.subscribe("pods", self.name, "pod_changed")
        self.informers.subscribe("nodes", self.name, "node_changed")

    def copy_state(self, source: Self) -> None:
        """Take over what runs on the nodes."""
        self._pods = {key: runtime.copy() for key, runtime in source._pods.items()}
        self._held = source._held.copy()
        self._queued = source._queued.copy()
        self._addresses = source._addresses.copy()
        self.puller = source.puller.fork(self.recorder)

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
        key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        if (
            new is None
            or old is None
            or old["metadata"].get("deletionTimestamp") != new["metadata"].get("deletionTimestamp")
        ) or old["spec"] != new["spec"]:
            self.enqueue(key)

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
        elif "deletionTimestamp" in pod["metadata"]:
            self._terminate(pod, runtime)
        elif runtime.rejection is None and not runtime.finished:
            runtime.prepared = True
            self._advance(pod, runtime)
        self._report(pod, runtime)

    def _begin(self, pod: Object, node_name: str) -> PodRuntime | None:
        """Take a new pod over: check it, give it an address, and wait for its containers to be created."""
        node = self.informers.get("nodes", node_name)
        phase = (pod.get("status") or {}).get("phase")
        if node is None or phase in ("Succeeded", "Failed"):
            if "deletionTimestamp" in pod["metadata"]:
                self._remove(pod)
            return None
        runtime = PodRuntime(pod["metadata"]["uid"], node_name, self.engine.now)
        others = [other for other in self.informers.pods_on(node_name) if self._runs(other)]
        runtime.rejection = admit(pod, node, others)
        spec = pod["spec"]
        for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
            runtime.containers[container["name"]] = ContainerRuntime(
                reason=INITIALIZING if spec.get("initContainers") else CREATING
            )
        if runtime.rejection is not None:
            reason, message = runtime.rejection
            self.recorder.event(pod, "Warning", reason, message, host=node_name)
            self._note(pod, "Rejected", message)
        else:
            runtime.ip = self._host_ip(node) if spec.get("hostNetwork") else self._next_address(node)
            self._enqueue_again(pod)
        return runtime

    def _runs(self, pod: Object) -> bool:
        runtime = self._pods.get((pod["metadata"]["namespace"], pod["metadata"]["name"]))
        if runtime is None:
            return (pod["metadata"]["namespace"], pod["metadata"]["name"]) in self._held
        return runtime.uid == pod["metadata"]["uid"] and runtime.rejection is None and not runtime.finished

    def _next_address(self, node: Object) -> str:
        name = node["metadata"]["name"]
        number = self._addresses.get(name, 1) + 1
        self._addresses[name] = number
        network = ip_network(node["spec"].get("podCIDR") or "10.244.0.0/24")
        return str(network[number % (network.num_addresses - 2) or 2])

    def _host_ip(self, node: Object) -> str:
        addresses = node.get("status", {}).get("addresses") or ()
        return next((item["address"] for item in addresses if item["type"] == "InternalIP"), "")

    def _enqueue_again(self, pod: Object) -> None:
        self.enqueue((pod["metadata"]["namespace"], pod["metadata"]["name"]))

    # containers

    def _advance(self, pod: Object, runtime: PodRuntime) -> None:
        """Start what can be started: init containers one after the other, then the others."""
        spec = pod["spec"]
        missing = references.missing_for_volumes(pod, self.informers)
        if missing and not any(state.serial for state in runtime.containers.values()):
            self.recorder.event(pod, "Warning", "FailedMount", missing, host=runtime.node)
            self._look_again(pod, self.engine.now + RETRY)
            return
        for container in spec.get("initContainers") or ():
            if not self._init_container_done(pod, runtime, container):
                return
        for container in spec["containers"]:
            self._drive(pod, runtime, container)
        self._finish_if_done(pod, runtime)

    def _init_container_done(self, pod: Object, runtime: PodRuntime, container: Object) -> bool:
        state = runtime.containers[container["name"]]
        ended_well = state.state == TERMINATED and state.termination and state.termination.exit_code == 0
        if ended_well and not is_sidecar(container):
            return True
        self._drive(pod, runtime, container)
        if is_sidecar(container):
            return state.started
        code = state.termination.exit_code if state.state == TERMINATED and state.termination else 0
        if code and not restarts.should_restart(container, pod["spec"], code):
            self._finish(pod, runtime)
        return False

    def _drive(self, pod: Object, runtime: PodRuntime, container: Object) -> None:
        """Start a waiting container, or restart one that ended."""
        state, now = runtime.containers[container["name"]], self.engine.now
        if state.state == RUNNING or runtime.finished:
            return
        if state.state == TERMINATED and state.termination is not None:
            if not restarts.should_restart(container, pod["spec"], state.termination.exit_code):
                return
            due = restarts.waits_until(state, now)
            state.last = state.termination
            if due > now:
                self._back_off(pod, runtime, container, due)
                return
        if now < state.retry_at:
            return
        self._start(pod, runtime, container)

    def _back_off(self, pod: Object, runtime: PodRuntime, container: Object, due: int) -> None:
        state = runtime.containers[container["name"]]
        metadata = pod["metadata"]
        label = f"{metadata['name']}_{metadata['namespace']}({metadata['uid']})"
        state.state, state.reason, state.retry_at = WAITING, "CrashLoopBackOff", due
        state.message = messages.CRASH_STATUS.format(
            delay=format_duration(state.back_off), container=container["name"], pod=label
        )
        text = messages.CRASH_EVENT.format(container=container["name"], pod=label)
        self._event(pod, container, "Warning", "BackOff", text)
        self._look_again(pod, due)

    def _start(self, pod: Object, runtime: PodRuntime, container: Object) -> None:
        state, now = runtime.containers[container["name"]], self.engine.now
        behaviour = behaviour_of(container, self.context.images)
        again = self.puller.ensure(pod, container, runtime.node, state, behaviour, now)
        if again is not None:
            self._look_again(pod, again)
            return
        missing = references.missing_for_environment(container, pod["metadata"]["namespace"], self.informers)
        if missing is not None:
            state.state, state.reason, state.message = WAITING, "CreateContainerConfigError", missing
            self._event(pod, container, "Warning", "Failed", f"Error: {missing}")
            self._look_again(pod, now + RETRY)
            return
        if state.termination is not None:
            restarts.raise_back_off(state, now)
            state.last, state.termination = state.termination, None
        state.state, state.reason, state.message, state.retry_at = RUNNING, "", "", 0
        state.serial += 1
        state.started_at = now
        self._event(pod, container, "Normal", "Created", messages.CREATED)
        self._event(pod, container, "Normal", "Started", messages.STARTED)
        self._set_probes(pod, container, state, behaviour)
        if behaviour.ending is not None:
            self._call_container(behaviour.ending.after, "container_ends", pod, container, state, behaviour.ending)

    def _set_probes(self, pod: Object, container: Object, state: ContainerRuntime, behaviour: Behaviour) -> None:
        started, ready = probes.started_after(container), probes.ready_after(container)
        state.started = not started
        state.ready = behaviour.ready and not ready
        if started:
            self._call_container(started, "container_started", pod, container, state)
        if ready and behaviour.ready:
            self._call_container(ready, "container_ready", pod, container, state)

    def _call_container(
        self, delay: int, method: str, pod: Object, container: Object, state: ContainerRuntime, *rest: Any
    ) -> None:
        key = (pod["metadata"]["namespace"], pod["metadata"]["name"])
        uid = pod["metadata"]["uid"]
        self.engine.call_after(delay, self.name, method, key, uid, container["name"], state.serial, *rest)

    def _running(self, key: Key, uid: str, container: str, serial: int) -> ContainerRuntime | None:
        """The container if the start that a timer belongs to is still its newest."""
        runtime = self._pods.get(key)
        state = runtime.containers.get(container) if runtime is not None and runtime.uid == uid else None
        return state if state is not None and (state.serial, state.state) == (serial, RUNNING) else None

    def container_started(self, key: Key, uid: str, container: str, serial: int) -> None:
        """A timer: the startup probe succeeds."""
        state = self._running(key, uid, container, serial)
        if state is not None:
            state.started = True
            self.enqueue(key)

    def container_ready(self, key: Key, uid: str, container: str, serial: int) -> None:
        """A timer: the readiness probe succeeds."""
        state = self._running(key, uid, container, serial)
        if state is not None:
            state.ready = True
            self.enqueue(key)

    def container_ends(self, key: Key, uid: str, container: str, serial: int, ending: Ending) -> None:
        """A timer: the process ends by itself."""
        state = self._running(key, uid, container, serial)
        if state is not None:
            self._ended(state, ending.code)
            self.enqueue(key)

    def _ended(self, state: ContainerRuntime, code: int) -> None:
        reason = "Completed" if code == 0 else "Error"
        state.termination = Termination(code, reason, "", state.started_at, self.engine.now)
        state.state, state.ready, state.started = TERMINATED, False, False

    def _finish_if_done(self, pod: Object, runtime: PodRuntime) -> None:
        """End a pod whose containers have all ended for good; sidecars go with it."""
        for container in pod["spec"]["containers"]:
            state = runtime.containers[container["name"]]
            if state.state != TERMINATED or state.termination is None:
                return
            if restarts.should_restart(container, pod["spec"], state.termination.exit_code):
                return
        self._finish(pod, runtime)

    def _finish(self, pod: Object, runtime: PodRuntime) -> None:
        runtime.finished = True
        for container in pod["spec"].get("initContainers") or ():
            state = runtime.containers[container["name"]]
            if state.state == RUNNING:
                self._event(pod, container, "Normal", "Killing", messages.STOPPING.format(container=container["name"]))
                self._ended(state, 0)

    # the end

    def _terminate(self, pod: Object, runtime: PodRuntime) -> None:
        """Stop the containers of a pod that is being deleted; remove it once all have stopped."""
        deadline = parse_time(pod["metadata"]["deletionTimestamp"])
        spec, now = pod["spec"], self.engine.now
        stays = False
        for container in (*spec["containers"], *(spec.get("initContainers") or ())):
            state = runtime.containers[container["name"]]
            if state.state != RUNNING:
                continue
            if not state.stopping:
                state.stopping = True
                self._event(pod, container, "Normal", "Killing", messages.STOPPING.format(container=container["name"]))
            if now >= deadline:
                self._ended(state, KILLED)
            elif behaviour_of(container, self.context.images).ignores_sigterm:
                stays = True
            else:
                stays = self._wait_for_hook(pod, container, state, deadline) or stays
        if stays:
            self._look_again(pod, deadline)
            return
        runtime.finished = True

    def _wait_for_hook(self, pod: Object, container: Object, state: ContainerRuntime, deadline: int) -> bool:
        """Whether the container's preStop hook still sleeps; if not, the container stops."""
        hook = (container.get("lifecycle") or {}).get("preStop") or {}
        seconds = (hook.get("sleep") or {}).get("seconds", 0)
        grace = pod["metadata"].get("deletionGracePeriodSeconds", 0) * SECOND
        until = min(deadline - grace + seconds * SECOND, deadline)
        if self.engine.now < until:
            self._look_again(pod, until)
            return True
        self._ended(state, 0)
        return False

    def _remove(self, pod: Object) -> None:
        """Delete the object of a pod that has stopped."""
        metadata = pod["metadata"]
        client = self.client_of(pod["spec"]["nodeName"])
        preconditions = {"uid": metadata["uid"]}
        try:
            client.delete(
                "pods", metadata["name"], metadata["namespace"], gracePeriodSeconds=0, preconditions=preconditions
            )
        except ApiError as error:
            if error.code not in (404, 409):
                raise

    # telling

    def _report(self, pod: Object, runtime: PodRuntime) -> None:
        node = self.informers.get("nodes", runtime.node)
        status = pod_status(pod, runtime, self._host_ip(node) if node else "", self.engine.now)
        if status != pod.get("status"):
            try:
                pod = self.client_of(runtime.node).update_status("pods", {**pod, "status": status}, fresh=True)
            except ApiError as error:
                if error.code != 404:
                    raise
                return
        if "deletionTimestamp" in pod["metadata"] and (runtime.finished or runtime.rejection is not None):
            self._remove(pod)

    def _event(self, pod: Object, container: Object, kind: str, reason: str, message: str) -> None:
        inits = pod["spec"].get("initContainers") or ()
        place = "initContainers" if any(item is container for item in inits) else "containers"
        path = f"spec.{place}{{{container['name']}}}"
        self.recorder.event(pod, kind, reason, message, field_path=path, host=pod["spec"]["nodeName"])

    def _note(self, pod: Object, verdict: str, rule: str) -> None:
        self.decide(("Pod", pod["metadata"]["namespace"], pod["metadata"]["name"]), verdict, rule)

    def _look_again(self, pod: Object, time: int) -> None:
        self.engine.call_at(time, self.name, "enqueue", (pod["metadata"]["namespace"], pod["metadata"]["name"]))
