"""Questions about containers: their logs, their command lines, variables and files, and commands run in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.client.informers import Key
from k8scourse.kubelet.logs import Logs
from k8scourse.kubelet.runtime import ContainerRuntime, PodRuntime
from k8scourse.kubelet.tools import Tools, all_containers

Object = dict[str, Any]


class Queries:
    """Answers questions about the pods of a cluster's nodes; changes nothing."""

    def __init__(self, tools: Tools, pods: Mapping[Key, PodRuntime]) -> None:
        self._tools = tools
        self._pods = pods
        self._logs = Logs(tools)

    def log(self, pod: Object, container: str, query: Mapping[str, str]) -> str:
        """The log of a container of *pod*; *query* as in the API. Raises ApiError."""
        return self._logs.log(pod, _named(pod, container), self._runtime(pod), query)

    def execute(self, pod: Object, container: str, command: Sequence[str]) -> Object:
        """Run *command* in a container: stdout, stderr and exitCode. Raises ApiError."""
        return self._logs.execute(pod, _named(pod, container), self._runtime(pod), command)

    def argv(self, pod: Object, container: str) -> list[str]:
        """The command line of a container's process, filled in; empty for one of the image's own."""
        runtime, state = self._found(pod, container)
        return self._tools.processes.argv(pod, _named(pod, container), runtime, state)

    def variables(self, pod: Object, container: str) -> dict[str, str]:
        """The environment variables of a container's process; raises LookupError for one that is on no node."""
        runtime, state = self._found(pod, container)
        return self._tools.processes.variables(pod, _named(pod, container), runtime, state)

    def files(self, pod: Object, container: str) -> dict[str, str]:
        """The files of a container that are known: of its image, its volumes and its process (path -> content)."""
        runtime, state = self._found(pod, container)
        spec, now = _named(pod, container), self._tools.now
        return self._tools.processes.history(pod, spec, runtime, state, state.started_at, now).files

    def _runtime(self, pod: Object) -> PodRuntime | None:
        metadata = pod["metadata"]
        runtime = self._pods.get((metadata["namespace"], metadata["name"]))
        return runtime if runtime is not None and runtime.uid == metadata["uid"] else None

    def _found(self, pod: Object, container: str) -> tuple[PodRuntime, ContainerRuntime]:
        runtime = self._runtime(pod)
        if runtime is None or container not in runtime.containers:
            raise LookupError(f"container {container} of pod {pod['metadata']['name']} is not on a node")
        return runtime, runtime.containers[container]


def _named(pod: Object, container: str) -> Object:
    return next(item for item in all_containers(pod) if item["name"] == container)
