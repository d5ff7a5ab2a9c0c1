"""Starting one container: its image, its configuration, its process, its hooks and probes.

Source: pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer
"""

from __future__ import annotations

from typing import Any

from k8scourse.component_helpers.container_restart import container_should_restart
from k8scourse.images.behaviour import process_of
from k8scourse.images.image import Image
from k8scourse.kubelet import messages, restarts
from k8scourse.kubelet.environment import missing_source
from k8scourse.kubelet.probe_actions import SUCCESS, Asker
from k8scourse.kubelet.probing import Probing
from k8scourse.kubelet.pulling import ImagePuller
from k8scourse.kubelet.runtime import RUNNING, WAITING, ContainerRuntime, PodRuntime, Termination, container_id
from k8scourse.kubelet.security import root_refused
from k8scourse.kubelet.stopping import Stopper
from k8scourse.kubelet.tools import SECOND, Tools

Object = dict[str, Any]

RETRY = 10 * SECOND
"""How soon a kubelet looks again at a container that lacks something."""
START_ERROR_CODE = 128


class Starter:
    """Starts containers."""

    def __init__(self, tools: Tools, puller: ImagePuller, probing: Probing, asker: Asker, stopper: Stopper) -> None:
        self._tools = tools
        self._puller = puller
        self._probing = probing
        self._asker = asker
        self._stopper = stopper

    def start(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime) -> None:
        """Start a container, or leave in *state* why it can't be started and look again later."""
        image = self._tools.processes.image(container)
        again = self._puller.ensure(pod, container, runtime.node, state, image, self._tools.now)
        if again is not None:
            self._tools.look_again(pod, again)
            return
        fault = self._fault(pod, container, image, state)
        if fault is not None:
            state.state, (state.reason, state.message) = WAITING, fault
            self._tools.event(pod, container, state, "Warning", "Failed", messages.ERROR.format(reason=fault[1]))
            self._tools.look_again(pod, self._tools.now + RETRY)
            return
        self._begin(pod, container, runtime, state)
        argv = self._tools.processes.argv(pod, container, runtime, state) if image.files is not None else ()
        missing = self._tools.processes.missing_program(image, argv)
        if missing is not None:
            self._not_started(pod, container, state, missing)
            return
        self._tools.event(pod, container, state, "Normal", "Started", messages.STARTED)
        self._run(pod, container, runtime, state)

    def _fault(self, pod: Object, container: Object, image: Image, state: ContainerRuntime) -> tuple[str, str] | None:
        """Reason and message of a container that can't be created."""
        missing = None
        if container.get("envFrom") or container.get("env"):
            namespace = pod["metadata"]["namespace"]
            missing = missing_source(container, namespace, self._tools.informers, ContainerRuntime())
        refusal = missing or root_refused(pod, container, image)
        if refusal is not None:
            return "CreateContainerConfigError", refusal
        if image.command == () and not process_of(container, image):
            name = container_id(pod["metadata"]["uid"], container["name"], state.serial + 1).rpartition("/")[2]
            return "CreateContainerError", messages.NO_COMMAND.format(id=name)
        return None

    def _begin(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime) -> None:
        now = self._tools.now
        if state.termination is not None:
            restarts.raise_back_off(state, now)
            state.last, state.termination = state.termination, None
        state.state, state.reason, state.message, state.retry_at = RUNNING, "", "", 0
        state.serial += 1
        state.started_at = now
        state.image = container["image"]
        state.metadata = pod["metadata"]
        state.pinned = None
        state.stopping, state.hook_until, state.kill_at = False, 0, None
        self._tools.event(pod, container, state, "Normal", "Created", messages.CREATED)

    def _not_started(self, pod: Object, container: Object, state: ContainerRuntime, error: str) -> None:
        """The runtime created the container, and its process could not be started (reason StartError)."""
        message = f"{messages.START_ERROR.format(error=error)}: unknown"
        self._tools.event(pod, container, state, "Warning", "Failed", messages.ERROR.format(reason=message))
        name = container_id(pod["metadata"]["uid"], container["name"], state.serial)
        again = container_should_restart(container, pod["spec"], START_ERROR_CODE)
        end = Termination(START_ERROR_CODE, "StartError", message, 0, self._tools.now, name)
        self._stopper.record(state, end, "RunContainerError" if again else "")
        state.message = message if again else ""
        self._tools.look_again(pod, self._tools.now)

    def _run(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime) -> None:
        now = self._tools.now
        behaviour = self._tools.processes.behaviour(pod, container, runtime, state, now)
        hook = (container.get("lifecycle") or {}).get("postStart")
        if hook and not hook.get("sleep"):
            outcome = self._asker.ask(pod, container, runtime, state, hook)
            if outcome.verdict != SUCCESS:
                self._post_start_failed(pod, container, runtime, state)
                return
        self._probing.begin(pod, container, state, may_be_ready=behaviour.ready)
        if len(runtime.containers) > 1:
            self._probing.wake(pod, runtime)
        if behaviour.ending is not None:
            self._tools.call(now + behaviour.ending.after, "container_ends", pod, container, state, behaviour.ending)

    def _post_start_failed(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime) -> None:
        self._tools.event(pod, container, state, "Warning", "FailedPostStartHook", messages.POST_START_FAILED)
        self._stopper.kill(pod, container, runtime, state, messages.FAILED_POST_START, None)
        if state.state != RUNNING:
            state.kill_at = None
        self._tools.look_again(pod, self._tools.now)
