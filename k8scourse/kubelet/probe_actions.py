"""What a probe or a lifecycle hook learns when it asks: HTTP, TCP, gRPC, or a command in the container.

Sources: pkg/probe/{http,tcp,grpc,exec}, pkg/kubelet/prober/prober.go, pkg/kubelet/lifecycle/handlers.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from k8scourse.images.listening import listening_ports
from k8scourse.kubelet import messages
from k8scourse.kubelet.environment import expand
from k8scourse.kubelet.runtime import RUNNING, ContainerRuntime, PodRuntime, container_id
from k8scourse.kubelet.tools import SECOND, Tools, all_containers
from k8scourse.machinery.duration import format_duration

Object = dict[str, Any]

SUCCESS, FAILURE, ERROR = "success", "failure", "error"


class Outcome(NamedTuple):
    """What a probe learned."""

    verdict: str
    text: str = ""
    changes_at: int | None = None
    """When it may be different without anything else happening (ns since the Unix epoch); None: never."""


class _Unreachable(Exception):
    """Nobody answers; str() is Go's sentence about the connection."""


class Asker:
    """Asks containers."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def ask(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, probe: Object
    ) -> Outcome:
        """What *probe* (a Probe or a lifecycle handler) learns of a running container now."""
        if probe.get("exec"):
            return self._exec(pod, container, runtime, state, probe)
        action = probe.get("httpGet") or probe.get("tcpSocket") or probe.get("grpc") or {}
        port = resolve_port(action.get("port"), container)
        if port is None:
            return Outcome(ERROR, messages.BAD_PORT.format(port=action.get("port")))
        host = action.get("host") or runtime.ip
        volatile = self._tools.now if host != runtime.ip else None
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        try:
            listener = self._listener(pod, container, runtime, host, port)
        except _Unreachable as failure:
            return Outcome(FAILURE, self._unreachable(probe, address, str(failure)), volatile)
        if probe.get("httpGet"):
            return self._http(action, address, listener, volatile)
        if probe.get("grpc") and not self._tools.processes.image(listener).listed and not _claims(listener):
            return Outcome(FAILURE, self._unreachable(probe, address, ""), volatile)
        return Outcome(SUCCESS, "", volatile)

    def _http(self, action: Object, address: str, listener: Object, volatile: int | None) -> Outcome:
        scheme = (action.get("scheme") or "HTTP").lower()
        path = action.get("path") or "/"
        url = f"{scheme}://{address}{path if path.startswith('/') else f'/{path}'}"
        image = self._tools.processes.image(listener)
        if not image.http:
            return Outcome(FAILURE, messages.GET.format(url=url, error=messages.NO_HTTP), volatile)
        if scheme == "https" and image.pages is not None:
            return Outcome(FAILURE, messages.GET.format(url=url, error=messages.NO_HTTPS), volatile)
        if image.pages is not None and path.partition("?")[0] not in image.pages:
            return Outcome(FAILURE, messages.HTTP_CODE.format(code=404), volatile)
        return Outcome(SUCCESS, "", volatile)

    def _unreachable(self, probe: Object, address: str, error: str) -> str:
        if probe.get("grpc"):
            timeout = format_duration(probe.get("timeoutSeconds", 1) * SECOND)
            return messages.GRPC_TIMEOUT.format(address=address, timeout=timeout)
        if not probe.get("httpGet"):
            return error
        action = probe["httpGet"]
        path = action.get("path") or "/"
        scheme = (action.get("scheme") or "HTTP").lower()
        url = f"{scheme}://{address}{path if path.startswith('/') else f'/{path}'}"
        return messages.GET.format(url=url, error=messages.HTTP_TIMEOUT if error.endswith("timeout") else error)

    def _listener(self, pod: Object, container: Object, runtime: PodRuntime, host: str, port: int) -> Object:
        """The container that answers at *host* and *port*; raises _Unreachable."""
        address = f"{host}:{port}"
        if host in (runtime.ip, "localhost", "127.0.0.1"):
            local = host == runtime.ip or pod["spec"].get("hostNetwork")
            others = [other for other in all_containers(pod) if other is not container]
            for candidate in (container, *others) if local else ():
                state = runtime.containers.get(candidate["name"])
                running = state is not None and state.state == RUNNING
                if running and port in listening_ports(candidate, self._tools.images):
                    return candidate
            raise _Unreachable(messages.REFUSED.format(address=address))
        for other in self._tools.informers.list("pods"):
            status = other.get("status") or {}
            if status.get("podIP") != host or status.get("phase") != "Running":
                continue
            for candidate in other["spec"]["containers"]:
                if port in listening_ports(candidate, self._tools.images):
                    return candidate
            raise _Unreachable(messages.REFUSED.format(address=address))
        raise _Unreachable(messages.NO_ANSWER.format(address=address))

    def _exec(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, probe: Object
    ) -> Outcome:
        processes = self._tools.processes
        static = {item["name"]: item["value"] for item in container.get("env") or () if item.get("value")}
        command = [expand(word, static) for word in probe["exec"].get("command") or ()]
        if not command:
            return Outcome(SUCCESS)
        missing = processes.missing_program(processes.image(container), command)
        if missing is not None:
            uid = container_id(pod["metadata"]["uid"], f"{container['name']}/exec", state.serial)
            text = messages.EXEC_ERROR.format(id=uid.rpartition("/")[2], error=missing)
            return Outcome(ERROR, f"rpc error: code = Unknown desc = {text}: unknown")
        changes_at = processes.files_change_at(pod, container, runtime, state)
        answer = processes.execute(pod, container, runtime, state, command)
        if answer is None:
            return Outcome(SUCCESS, "", changes_at)
        limit = probe.get("timeoutSeconds", 0) * SECOND
        if limit and answer.duration > limit:
            text = messages.COMMAND_TIMEOUT.format(command=" ".join(command), timeout=format_duration(limit))
            return Outcome(FAILURE, text, changes_at)
        return Outcome(SUCCESS if answer.code == 0 else FAILURE, answer.output, changes_at)


def _claims(container: Object) -> bool:
    """Whether nobody but its own declaration says what the container listens on."""
    return bool(container.get("ports") or container.get("livenessProbe") or container.get("readinessProbe"))


def resolve_port(port: int | str | None, container: Mapping[str, Any]) -> int | None:
    """The number of a port that may be given by its name in *container*; None if there is none."""
    if isinstance(port, int):
        return port
    for declared in container.get("ports") or ():
        if declared.get("name") == port:
            return declared["containerPort"]
    return int(port) if isinstance(port, str) and port.isdigit() else None
