"""Images on the nodes: pulled when the policy asks for it, with back-off when they can't be.

Source: pkg/kubelet/images/image_manager.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.events import EventRecorder
from k8scourse.images.behaviour import Behaviour
from k8scourse.images.reference import ImageReferenceError, default_pull_policy, parse_image
from k8scourse.kubelet import messages
from k8scourse.kubelet.runtime import WAITING, ContainerRuntime

Object = dict[str, Any]

SECOND = 1_000_000_000
FIRST_BACK_OFF = 10 * SECOND
MAX_BACK_OFF = 300 * SECOND


def pull_back_off(failures: int) -> int:
    """How long (ns) no new pull is tried after so many failures: 10 s, 20 s, ... 300 s."""
    return min(FIRST_BACK_OFF * 2 ** (failures - 1), MAX_BACK_OFF)


class ImagePuller:
    """Which images are on which nodes, and the pulls that bring them there. A pull takes no virtual time."""

    def __init__(self, recorder: EventRecorder) -> None:
        self._recorder = recorder
        self._present: set[tuple[str, str]] = set()

    def fork(self, recorder: EventRecorder) -> ImagePuller:
        """The same images in another cluster."""
        twin = ImagePuller(recorder)
        twin._present = self._present.copy()
        return twin

    def ensure(
        self, pod: Object, container: Object, node: str, state: ContainerRuntime, behaviour: Behaviour, now: int
    ) -> int | None:
        """Bring the container's image to *node*; None when it is there, else when to try again (ns).

        A failure is left in *state* as its reason to wait.
        """
        image = container["image"]
        try:
            reference = str(parse_image(image))
        except ImageReferenceError:
            message = messages.INVALID_IMAGE.format(image=image)
            self._fail(pod, container, state, "InvalidImageName", message)
            return now + FIRST_BACK_OFF
        policy = container.get("imagePullPolicy") or default_pull_policy(image)
        present = (node, reference) in self._present
        if policy == "Never" and not present:
            message = messages.NOT_PRESENT.format(image=image)
            self._fail(pod, container, state, "ErrImageNeverPull", message)
            return now + FIRST_BACK_OFF
        if present and policy != "Always":
            self._event(pod, container, "Normal", "Pulled", messages.PRESENT.format(image=image))
            return None
        return self._pull(pod, container, node, reference, state, behaviour, now)

    def _pull(
        self,
        pod: Object,
        container: Object,
        node: str,
        reference: str,
        state: ContainerRuntime,
        behaviour: Behaviour,
        now: int,
    ) -> int | None:
        image = container["image"]
        self._event(pod, container, "Normal", "Pulling", messages.PULLING.format(image=image))
        if behaviour.pulls:
            self._present.add((node, reference))
            state.pull_failures = 0
            text = messages.PULLED.format(image=image, size=behaviour.size)
            self._event(pod, container, "Normal", "Pulled", text)
            return None
        error = messages.PULL_ERROR.format(reference=reference)
        self._event(pod, container, "Warning", "Failed", messages.PULL_FAILED.format(image=image, error=error))
        self._event(pod, container, "Warning", "Failed", messages.ERROR.format(reason="ErrImagePull"))
        state.pull_failures += 1
        state.retry_at = now + pull_back_off(state.pull_failures)
        back_off = messages.PULL_BACK_OFF.format(image=image)
        self._event(pod, container, "Normal", "BackOff", back_off)
        self._event(pod, container, "Warning", "Failed", messages.ERROR.format(reason="ImagePullBackOff"))
        state.state, state.reason, state.message = WAITING, "ImagePullBackOff", f"{back_off}: ErrImagePull: {error}"
        return state.retry_at

    def _fail(self, pod: Object, container: Object, state: ContainerRuntime, reason: str, message: str) -> None:
        if state.reason != reason:
            self._event(pod, container, "Warning", "Failed", f"Error: {reason}")
        state.state, state.reason, state.message = WAITING, reason, message

    def _event(self, pod: Object, container: Object, kind: str, reason: str, message: str) -> None:
        inits = pod["spec"].get("initContainers") or ()
        place = "initContainers" if any(item is container for item in inits) else "containers"
        path = f"spec.{place}{{{container['name']}}}"
        self._recorder.event(pod, kind, reason, message, field_path=path, host=pod["spec"]["nodeName"])
