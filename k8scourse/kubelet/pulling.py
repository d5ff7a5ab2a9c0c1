"""Images on the nodes: pulled when the policy asks for it, with back-off when they can't be.

Source: pkg/kubelet/images/image_manager.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.images.image import Image
from k8scourse.images.reference import ImageReferenceError, default_pull_policy, parse_image
from k8scourse.kubelet import messages
from k8scourse.kubelet.runtime import WAITING, ContainerRuntime
from k8scourse.kubelet.tools import Tools

Object = dict[str, Any]

SECOND = 1_000_000_000
FIRST_BACK_OFF = 10 * SECOND
MAX_BACK_OFF = 300 * SECOND

PULL = "ErrImagePull"
BACK_OFF = "ImagePullBackOff"


def pull_back_off(failures: int) -> int:
    """How long (ns) no new pull is tried after so many failures: 10 s, 20 s, ... 300 s."""
    return min(FIRST_BACK_OFF * 2 ** (failures - 1), MAX_BACK_OFF)


class ImagePuller:
    """Which images are on which nodes, and the pulls that bring them there. A pull takes no virtual time."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._present: set[tuple[str, str]] = set()

    def copy_state(self, source: ImagePuller) -> None:
        """Take over which images are where."""
        self._present = source._present.copy()

    def ensure(
        self, pod: Object, container: Object, node: str, state: ContainerRuntime, image: Image, now: int
    ) -> int | None:
        """Bring the container's image to *node*; None when it is there, else when to try again (ns).

        A failure is left in *state* as its reason to wait.
        """
        name = container["image"]
        try:
            reference = str(parse_image(name))
        except ImageReferenceError as error:
            message = messages.INVALID_IMAGE.format(image=name, error=error)
            self._fail(pod, container, state, "InvalidImageName", "InspectFailed", message)
            return now + FIRST_BACK_OFF
        policy = container.get("imagePullPolicy") or default_pull_policy(name)
        present = (node, reference) in self._present
        if policy == "Never" and not present:
            message = messages.NOT_PRESENT.format(image=name)
            self._fail(pod, container, state, "ErrImageNeverPull", "ErrImageNeverPull", message)
            return now + FIRST_BACK_OFF
        if present and policy != "Always":
            self._tools.event(pod, container, state, "Normal", "Pulled", messages.PRESENT.format(image=name))
            return None
        return self._pull(pod, container, node, reference, state, image, now)

    def _pull(
        self,
        pod: Object,
        container: Object,
        node: str,
        reference: str,
        state: ContainerRuntime,
        image: Image,
        now: int,
    ) -> int | None:
        """Pull; after a failure the kubelet comes back at once, and then begins to wait."""
        name = container["image"]
        self._tools.event(pod, container, state, "Normal", "Pulling", messages.PULLING.format(image=name))
        if image.pulls:
            self._present.add((node, reference))
            state.pull_failures = 0
            text = messages.PULLED.format(image=name, size=image.size)
            self._tools.event(pod, container, state, "Normal", "Pulled", text)
            return None
        error = messages.PULL_ERROR.format(reference=reference)
        self._fail(pod, container, state, PULL, "Failed", error, messages.PULL_FAILED.format(image=name, error=error))
        state.pull_failures += 1
        state.pull_error = error
        state.retry_at = now + pull_back_off(state.pull_failures)
        return now

    def back_off(self, pod: Object, container: Object, state: ContainerRuntime) -> bool:
        """Let a container whose image could not be pulled wait; gives whether that is news."""
        if state.reason != PULL:
            return False
        text = messages.PULL_BACK_OFF.format(image=container["image"])
        self._tools.event(pod, container, state, "Normal", "BackOff", text)
        self._tools.event(pod, container, state, "Warning", "Failed", messages.ERROR.format(reason=BACK_OFF))
        state.state, state.reason, state.message = WAITING, BACK_OFF, f"{text}: {PULL}: {state.pull_error}"
        return True

    def _fail(
        self,
        pod: Object,
        container: Object,
        state: ContainerRuntime,
        reason: str,
        event: str,
        message: str,
        event_message: str = "",
    ) -> None:
        self._tools.event(pod, container, state, "Warning", event, event_message or message)
        self._tools.event(pod, container, state, "Warning", "Failed", messages.ERROR.format(reason=reason))
        state.state, state.reason, state.message = WAITING, reason, message
