"""Logs of containers, and commands that people run in them.

Sources: pkg/kubelet/kubelet_pods.go validateContainerLogStatus, staging/src/k8s.io/cri-client/pkg/logs/logs.go,
containerd internal/cri/server/container_exec.go
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.kubelet import messages
from k8scourse.kubelet.runtime import (
    RUNNING,
    TERMINATED,
    ContainerRuntime,
    PodRuntime,
    Termination,
    container_id,
)
from k8scourse.kubelet.tools import SECOND, Tools
from k8scourse.machinery.status import bad_request, internal_error, not_simulated
from k8scourse.machinery.timestamps import format_time, parse_time

Object = dict[str, Any]


class Logs:
    """Answers what the API server asks about containers."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def log(self, pod: Object, container: Object, runtime: PodRuntime | None, query: Mapping[str, str]) -> str:
        """The container's log; *query* has previous, tailLines, sinceSeconds, sinceTime, limitBytes, timestamps.

        Raises ApiError 400 for a container that has not printed anything yet because it never ran.
        """
        names = {"container": container["name"], "pod": pod["metadata"]["name"]}
        state = runtime.containers.get(container["name"]) if runtime is not None else None
        if runtime is None or state is None:
            raise bad_request(messages.NOT_AVAILABLE.format(**names))
        start, end = self._span(state, names, previous=query.get("previous") in ("true", "1"))
        lines = self._lines(pod, container, runtime, state, start, end)
        since = self._since(query)
        lines = [line for line in lines if line[0] >= since]
        if query.get("tailLines"):
            count = int(query["tailLines"])
            lines = lines[-count:] if count else []
        stamped = query.get("timestamps") in ("true", "1")
        text = "".join(f"{_stamp(at)} {line}" if stamped else line for at, line in lines)
        return text[: int(query["limitBytes"])] if query.get("limitBytes") else text

    def _span(self, state: ContainerRuntime, names: Mapping[str, str], *, previous: bool) -> tuple[int, int]:
        """Start and end of the run of the container that is asked for."""
        if previous:
            if state.last is None or not state.last.container_id:
                raise bad_request(messages.NO_PREVIOUS.format(**names))
            return self._ended(state.last, names)
        if state.state == RUNNING:
            return state.started_at, self._tools.now
        if state.state == TERMINATED and state.termination is not None:
            return self._ended(state.termination, names)
        if state.last is not None:
            return self._ended(state.last, names)
        reasons = {"ErrImagePull": messages.CANNOT_PULL, "ImagePullBackOff": messages.FAILING_TO_PULL}
        reason = reasons.get(state.reason, state.reason)
        raise bad_request(messages.WAITING_FOR.format(reason=reason, **names))

    def _ended(self, end: Termination, names: Mapping[str, str]) -> tuple[int, int]:
        if not end.container_id:
            raise bad_request(messages.IS_TERMINATED.format(**names))
        return end.started_at or end.finished_at, end.finished_at

    def _lines(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, start: int, end: int
    ) -> list[tuple[int, str]]:
        found = self._tools.processes.history(pod, container, runtime, state, start, end)
        return [(start + at, line) for at, text in found.lines for line in text.splitlines(keepends=True)]

    def _since(self, query: Mapping[str, str]) -> int:
        if query.get("sinceSeconds"):
            return self._tools.now - int(query["sinceSeconds"]) * SECOND
        return parse_time(query["sinceTime"]) if query.get("sinceTime") else 0

    def execute(self, pod: Object, container: Object, runtime: PodRuntime | None, command: Sequence[str]) -> Object:
        """Run *command* in the container; gives stdout, stderr and exitCode.

        Raises ApiError for a container that does not run, a program that its image lacks, and a command that is not
        simulated.
        """
        state = runtime.containers.get(container["name"]) if runtime is not None else None
        if runtime is None or state is None or state.state != RUNNING:
            raise internal_error(messages.NOT_RUNNING.format(container=container["name"]))
        processes = self._tools.processes
        missing = processes.missing_program(processes.image(container), command)
        if missing is not None:
            name = container_id(pod["metadata"]["uid"], f"{container['name']}/exec", state.serial)
            text = messages.EXEC_ERROR.format(id=name.rpartition("/")[2], error=missing)
            raise internal_error(f"error executing command in container: {text}: unknown")
        answer = processes.execute(pod, container, runtime, state, command)
        if answer is None:
            raise not_simulated(f"the command {' '.join(command)!r} in a container")
        failed = answer.code != 0
        return {
            "stdout": "" if failed else answer.output,
            "stderr": answer.output if failed else "",
            "exitCode": answer.code,
        }


def _stamp(instant: int) -> str:
    """An instant as containerd writes it: RFC 3339 with nanoseconds."""
    fraction = instant % SECOND
    return f"{format_time(instant)[:-1]}.{fraction:09d}Z"
