"""Stopping containers: preStop hook, SIGTERM, and SIGKILL when the grace period is over; sidecars go last.

Sources: pkg/kubelet/kuberuntime/{kuberuntime_container.go killContainer,kuberuntime_termination_order.go}
"""

from __future__ import annotations

from typing import Any

from k8scourse.component_helpers.pod_requests import is_sidecar
from k8scourse.kubelet import messages
from k8scourse.kubelet.probe_actions import SUCCESS, Asker
from k8scourse.kubelet.probing import Probing
from k8scourse.kubelet.runtime import (
    RUNNING,
    TERMINATED,
    WAITING,
    ContainerRuntime,
    PodRuntime,
    Termination,
    container_id,
)
from k8scourse.kubelet.tools import SECOND, Tools

Object = dict[str, Any]

KILLED = 137
"""The exit code after SIGKILL."""
DEFAULT_GRACE = 30


class Stopper:
    """Stops containers."""

    def __init__(self, tools: Tools, probing: Probing, asker: Asker) -> None:
        self._tools = tools
        self._probing = probing
        self._asker = asker

    def stop_all(self, pod: Object, runtime: PodRuntime, deadline: int) -> bool:
        """Stop everything that runs in *pod*, what is left at *deadline* (ns) by force; True when nothing runs."""
        spec = pod["spec"]
        inits = spec.get("initContainers") or ()
        stopped = True
        for container in (
            *spec["containers"],
            *(spec.get("ephemeralContainers") or ()),
            *(item for item in inits if not is_sidecar(item)),
        ):
            stopped = self._stop_one(pod, container, runtime, deadline) and stopped
        for container in reversed([item for item in inits if is_sidecar(item)]):
            if stopped or self._tools.now >= deadline:
                stopped = self._stop_one(pod, container, runtime, deadline) and stopped
        return stopped

    def _stop_one(self, pod: Object, container: Object, runtime: PodRuntime, deadline: int) -> bool:
        state = runtime.containers.get(container["name"])
        if state is None or state.state != RUNNING:
            return True
        message = messages.STOPPING.format(container=container["name"])
        return self._stop(pod, container, runtime, state, message, deadline)

    def kill(
        self,
        pod: Object,
        container: Object,
        runtime: PodRuntime,
        state: ContainerRuntime,
        message: str,
        probe: Object | None,
    ) -> None:
        """Stop one container of a pod that goes on; a failed *probe* may have a grace period of its own."""
        grace = (probe or {}).get("terminationGracePeriodSeconds")
        if grace is None:
            grace = pod["spec"].get("terminationGracePeriodSeconds", DEFAULT_GRACE)
        state.kill_at = self._tools.now + max(grace, 0) * SECOND
        self.go_on(pod, container, runtime, state, message)

    def go_on(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, message: str = ""
    ) -> None:
        """Go on stopping a container that `kill` began to stop."""
        if state.kill_at is not None:
            self._stop(pod, container, runtime, state, message, state.kill_at)

    def _stop(
        self,
        pod: Object,
        container: Object,
        runtime: PodRuntime,
        state: ContainerRuntime,
        message: str,
        deadline: int,
    ) -> bool:
        now = self._tools.now
        if not state.stopping:
            state.stopping = True
            self._tools.event(pod, container, state, "Normal", "Killing", message)
            state.hook_until = now + self._pre_stop(pod, container, runtime, state) if deadline > now else now
        image = self._tools.processes.image(container)
        if now < deadline and now < state.hook_until:
            self._tools.look_again(pod, min(state.hook_until, deadline))
            return False
        if now < deadline and image.ignores_sigterm:
            self._tools.look_again(pod, deadline)
            return False
        by_force = now >= deadline and (image.ignores_sigterm or now < state.hook_until)
        self.ended(pod, container, runtime, state, KILLED if by_force else image.sigterm_code)
        return True

    def _pre_stop(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime) -> int:
        """Run the preStop hook; gives how long it takes (ns)."""
        hook = (container.get("lifecycle") or {}).get("preStop")
        if not hook:
            return 0
        if hook.get("sleep"):
            return hook["sleep"].get("seconds", 0) * SECOND
        if hook.get("exec"):
            answer = self._tools.processes.execute(pod, container, runtime, state, hook["exec"].get("command") or [""])
            if answer is not None:
                if answer.code:
                    self._tools.event(pod, container, state, "Warning", "FailedPreStopHook", messages.PRE_STOP_FAILED)
                return answer.duration
        outcome = self._asker.ask(pod, container, runtime, state, hook)
        if outcome.verdict != SUCCESS:
            self._tools.event(pod, container, state, "Warning", "FailedPreStopHook", messages.PRE_STOP_FAILED)
        return 0

    def ended(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, code: int) -> None:
        """The container's process has ended with *code*."""
        name = container_id(pod["metadata"]["uid"], container["name"], state.serial)
        reason = "Completed" if code == 0 else "Error"
        self.record(state, Termination(code, reason, "", state.started_at, self._tools.now, name))
        if len(runtime.containers) > 1:
            self._probing.wake(pod, runtime)

    def record(self, state: ContainerRuntime, termination: Termination, reason: str = "") -> None:
        """Note how a container ended; with a *reason* it waits for another start."""
        state.termination = termination
        state.state = WAITING if reason else TERMINATED
        state.reason, state.message = reason, ""
        state.stopping = False
        if reason:
            state.last = termination
        self._probing.stop(state)
