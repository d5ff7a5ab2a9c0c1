"""What the processes in containers find, do and leave behind: variables, files, output.

Nothing of it is stored: it follows from the pod, the image and the time since the container started.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8scourse.client.component import Context
from k8scourse.images.behaviour import Behaviour, behaviour_of, image_of, process_of
from k8scourse.images.commands import Answer, History, answer, history
from k8scourse.images.image import Image
from k8scourse.images.programs import KNOWN, Machine
from k8scourse.images.shell import SHELLS
from k8scourse.kubelet import messages
from k8scourse.kubelet.environment import expanded, host_name, variables_of
from k8scourse.kubelet.pod_files import managed_files
from k8scourse.kubelet.runtime import ContainerRuntime, PodRuntime
from k8scourse.kubelet.volumes import mounted_files

Object = dict[str, Any]

_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


class Processes:
    """Works out what processes do in the containers of pods."""

    def __init__(self, context: Context) -> None:
        self._informers = context.informers
        self._images = context.images
        self._engine = context.engine

    def image(self, container: Object) -> Image:
        """The image of *container*."""
        return image_of(container["image"], self._images)

    def variables(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime) -> dict[str, str]:
        """The environment variables of the container's process."""
        image = dict(self.image(container).env)
        return variables_of(pod, container, runtime, state, self._informers, image)

    def argv(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime) -> list[str]:
        """The command line with which the container's process starts; empty for one of the image's own."""
        words = process_of(container, self.image(container))
        return expanded(words, lambda: self.variables(pod, container, runtime, state))

    def machine(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, start: int
    ) -> Machine:
        """What the container's process finds when it starts at *start* (ns)."""
        files = {**dict(self.image(container).files or ()), **managed_files(pod, runtime)}
        files.update(mounted_files(pod, container, runtime, state, self._informers))
        return Machine(self.variables(pod, container, runtime, state), files, host_name(pod), start)

    def behaviour(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, now: int
    ) -> Behaviour:
        """How the container behaves if it starts at *now*."""
        image = self.image(container)
        argv = () if image.fixed else process_of(container, image)
        if not argv:
            return Behaviour(image, image.ending)
        filled = {
            **container,
            "command": self.argv(pod, container, runtime, state) if container.get("command") else None,
        }
        return behaviour_of(filled, self._images, self.machine(pod, container, runtime, state, now))

    def missing_program(self, image: Image, argv: Sequence[str]) -> str | None:
        """The runtime's sentence about a program that the image lacks, or None.

        Source: opencontainers/runc libcontainer/standard_init_linux.go
        """
        if image.files is None or not argv:
            return None
        name = argv[0]
        paths = [path for path, _ in image.files]
        if "/" in name:
            return None if name in paths else messages.NO_SUCH_FILE.format(name=name)
        found = any(f"{folder}/{name}" in paths for folder in _PATH)
        return None if found else messages.NOT_IN_PATH.format(name=name)

    def history(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, start: int, until: int
    ) -> History:
        """What the container's process, started at *start*, has done by *until* (ns since the Unix epoch)."""
        machine = self.machine(pod, container, runtime, state, start)
        image = self.image(container)
        argv = self.argv(pod, container, runtime, state)
        found = History(files=machine.files)
        if argv and not image.fixed:
            found = history(argv, machine, until - start)
        if image.log and not container.get("command"):
            found.lines.insert(0, (0, image.log))
        return found

    def files_change_at(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime
    ) -> int | None:
        """When the container's own process changes files next (ns since the Unix epoch); None: never."""
        if not process_of(container, self.image(container)):
            return None
        now = self._engine.now
        change = self.history(pod, container, runtime, state, state.started_at, now).next_change
        return state.started_at + change if change is not None else None

    def execute(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, command: Sequence[str]
    ) -> Answer | None:
        """What *command* answers if somebody runs it in the container now; None for one that is not known."""
        name = command[0].rpartition("/")[2]
        if name not in KNOWN and name not in SHELLS:
            return None
        now = self._engine.now
        files = self.history(pod, container, runtime, state, state.started_at, now).files
        return answer(command, Machine(self.variables(pod, container, runtime, state), files, host_name(pod), now))
