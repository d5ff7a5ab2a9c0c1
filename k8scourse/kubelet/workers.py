"""The work on one pod: which of its containers to start, to restart and to stop next.

Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions, SyncPod, doBackOff
"""

from __future__ import annotations

from typing import Any

from k8scourse.component_helpers.container_restart import container_should_restart, matching_restart_rule
from k8scourse.component_helpers.pod_requests import is_sidecar
from k8scourse.images.commands import Ending
from k8scourse.kubelet import messages, restarts
from k8scourse.kubelet.probing import FIELDS
from k8scourse.kubelet.pulling import ImagePuller
from k8scourse.kubelet.runtime import (
    EPHEMERAL_CONTAINERS,
    INIT_CONTAINERS,
    RESTARTING,
    RUNNING,
    TERMINATED,
    WAITING,
    ContainerRuntime,
    PodRuntime,
    Termination,
)
from k8scourse.kubelet.starting import RETRY, Starter
from k8scourse.kubelet.stopping import DEFAULT_GRACE, KILLED, Stopper
from k8scourse.kubelet.tools import SECOND, Tools, full_name
from k8scourse.kubelet.volumes import missing_for_volumes
from k8scourse.machinery.duration import format_duration

Object = dict[str, Any]

RESTART_ALL = "RestartAllContainers"


class Workers:
    """Drives the containers of pods."""

    def __init__(self, tools: Tools, starter: Starter, stopper: Stopper, puller: ImagePuller) -> None:
        self._tools = tools
        self._starter = starter
        self._stopper = stopper
        self._puller = puller

    def advance(self, pod: Object, runtime: PodRuntime) -> None:
        """Start what can be started: init containers one after the other, then the others."""
        spec = pod["spec"]
        if runtime.restarting and not self._start_over(pod, runtime):
            return
        if spec.get("volumes") and not any(state.serial for state in runtime.containers.values()):
            missing = missing_for_volumes(pod, self._tools.informers)
            if missing:
                self._tools.recorder.event(pod, "Warning", "FailedMount", missing, host=runtime.node)
                self._tools.look_again(pod, self._tools.now + RETRY)
                return
        for container in spec.get("ephemeralContainers") or ():
            self._ephemeral(pod, runtime, container)
        initialized = any(runtime.containers[item["name"]].state == RUNNING for item in spec["containers"])
        for container in spec.get("initContainers") or ():
            if not self._init_container_done(pod, runtime, container, initialized=initialized):
                return
        for container in spec["containers"]:
            self._drive(pod, runtime, container)
        self._finish_if_done(pod, runtime)

    def _ephemeral(self, pod: Object, runtime: PodRuntime, container: Object) -> None:
        """Start an ephemeral container; it is never started again."""
        state = runtime.containers.get(container["name"])
        if state is None:
            state = runtime.containers[container["name"]] = ContainerRuntime(place=EPHEMERAL_CONTAINERS)
        if state.state == WAITING and not state.serial and self._may_start(pod, container, state):
            self._starter.start(pod, container, runtime, state)

    def _init_container_done(self, pod: Object, runtime: PodRuntime, container: Object, *, initialized: bool) -> bool:
        state = runtime.containers[container["name"]]
        if is_sidecar(container):
            self._drive(pod, runtime, container)
            return state.started or initialized
        if initialized or (state.state == TERMINATED and state.termination and state.termination.exit_code == 0):
            return True
        self._drive(pod, runtime, container)
        code = state.termination.exit_code if state.state == TERMINATED and state.termination else 0
        if code and not container_should_restart(container, pod["spec"], code):
            self._finish(pod, runtime)
        return False

    def _drive(self, pod: Object, runtime: PodRuntime, container: Object) -> None:
        """Start a waiting container, restart one that ended, or stop one whose definition changed."""
        state, now = runtime.containers[container["name"]], self._tools.now
        if runtime.finished:
            return
        if state.state == RUNNING:
            self._drive_running(pod, runtime, container, state)
            return
        if state.termination is not None:
            if not container_should_restart(container, pod["spec"], state.termination.exit_code) and not (
                state.kill_at is not None and restarts_after_kill(pod, container, state)
            ):
                return
            due = restarts.waits_until(state, now)
            if due > now:
                state.last = state.termination
                self._back_off(pod, container, state, due)
                return
        if self._may_start(pod, container, state):
            self._starter.start(pod, container, runtime, state)

    def _drive_running(self, pod: Object, runtime: PodRuntime, container: Object, state: ContainerRuntime) -> None:
        if state.kill_at is not None:
            self._stopper.go_on(pod, container, runtime, state)
            if state.state != RUNNING:
                self._tools.look_again(pod, self._tools.now)
        elif state.image != container["image"]:
            word = "Init container" if state.place == INIT_CONTAINERS else "Container"
            message = messages.DEFINITION_CHANGED.format(container=f"{word} {container['name']}")
            if state.place != INIT_CONTAINERS:
                message = messages.RESTARTED.format(message=message)
            self._stopper.kill(pod, container, runtime, state, message, None)
            self._tools.look_again(pod, self._tools.now)

    def _may_start(self, pod: Object, container: Object, state: ContainerRuntime) -> bool:
        if self._tools.now >= state.retry_at:
            return True
        if self._puller.back_off(pod, container, state):
            self._tools.look_again(pod, state.retry_at)
        return False

    def probe_failed(
        self, pod: Object, runtime: PodRuntime, container: Object, state: ContainerRuntime, kind: str
    ) -> None:
        """A startup or liveness probe failed too often: stop the container, and start it again if that is wanted."""
        word = "Init container" if state.place == INIT_CONTAINERS else "Container"
        name = f"{word} {container['name']}"
        message = messages.KILLED_BY_PROBE.format(container=name, probe=kind.lower())
        if state.place != INIT_CONTAINERS and _restarted_by_probe(pod, container):
            message = messages.RESTARTED.format(message=message)
        self._stopper.kill(pod, container, runtime, state, message, container[FIELDS[kind]])

    def _back_off(self, pod: Object, container: Object, state: ContainerRuntime, due: int) -> None:
        name = full_name(pod)
        state.state, state.reason, state.retry_at = WAITING, "CrashLoopBackOff", due
        state.kill_at = None
        state.message = messages.CRASH_STATUS.format(
            delay=format_duration(state.back_off), container=container["name"], pod=name
        )
        text = messages.CRASH_EVENT.format(container=container["name"], pod=name)
        self._tools.event(pod, container, state, "Warning", "BackOff", text)
        self._tools.look_again(pod, due)

    # the end of containers

    def container_ends(
        self, pod: Object, runtime: PodRuntime, container: Object, state: ContainerRuntime, ending: Ending
    ) -> None:
        """The container's process has ended by itself."""
        self._stopper.ended(pod, container, runtime, state, ending.code)
        rule = matching_restart_rule(container, ending.code) if container.get("restartPolicyRules") else None
        if rule is not None and rule.get("action") == RESTART_ALL and container.get("restartPolicy"):
            runtime.restarting = True
            runtime.stop_by = self._tools.now + grace_of(pod)

    def _start_over(self, pod: Object, runtime: PodRuntime) -> bool:
        """Stop all containers and let each of them wait for its first start again; False while some still run."""
        if not self._stopper.stop_all(pod, runtime, runtime.stop_by):
            return False
        now = self._tools.now
        removed = Termination(KILLED, RESTARTING, messages.RESTARTING_ALL, None, now)
        for state in runtime.containers.values():
            if state.place == EPHEMERAL_CONTAINERS or not state.serial:
                continue
            state.last, state.termination = removed, None
            state.state, state.reason, state.message = WAITING, RESTARTING, messages.RESTARTING_ALL
            state.back_off, state.retry_at = 0, 0
        runtime.restarting = False
        self._tools.look_again(pod, now)
        return False

    def _finish_if_done(self, pod: Object, runtime: PodRuntime) -> None:
        """End a pod whose containers have all ended for good; sidecars go with it."""
        for container in pod["spec"]["containers"]:
            state = runtime.containers[container["name"]]
            if state.state != TERMINATED or state.termination is None:
                return
            if container_should_restart(container, pod["spec"], state.termination.exit_code):
                return
            if state.kill_at is not None and restarts_after_kill(pod, container, state):
                return
        self._finish(pod, runtime)

    def _finish(self, pod: Object, runtime: PodRuntime) -> None:
        if not runtime.stop_by:
            runtime.stop_by = self._tools.now + grace_of(pod)
        runtime.finished = self._stopper.stop_all(pod, runtime, runtime.stop_by)


def grace_of(pod: Object) -> int:
    """How long (ns) the pod's containers may take to stop."""
    return pod["spec"].get("terminationGracePeriodSeconds", DEFAULT_GRACE) * SECOND


def _restarted_by_probe(pod: Object, container: Object) -> bool:
    """Whether a container that fails a probe is started again: rules about exit codes do not count."""
    return (container.get("restartPolicy") or pod["spec"].get("restartPolicy", "Always")) != "Never"


def restarts_after_kill(pod: Object, container: Object, state: ContainerRuntime) -> bool:
    """Whether a container that the kubelet itself stopped is started again, whatever its exit code."""
    return state.image != container["image"] or _restarted_by_probe(pod, container)
