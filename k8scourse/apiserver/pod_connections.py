"""Subresources of pods that the API server passes on to the kubelet: log and exec.

Source: pkg/registry/core/pod/strategy.go LogLocation, ExecLocation, validateContainer; pkg/registry/core/pod/rest
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from k8scourse.apiserver.call import Call
from k8scourse.machinery import field, status
from k8scourse.machinery.field import FieldError

Object = dict[str, Any]
Served = tuple[int, Any]

COMPONENT = "kubelet"
_LISTS = ("initContainers", "containers", "ephemeralContainers")


class NodeAgent(Protocol):
    """What the API server asks of the kubelet of a pod's node."""

    def log(self, pod: Object, container: str, query: Mapping[str, str]) -> str:
        """The log of a container."""
        ...

    def execute(self, pod: Object, container: str, command: Sequence[str]) -> Object:
        """What a command in a container prints: stdout, stderr and exitCode."""
        ...


def log(call: Call) -> Served:
    """GET pods/log: the text that a container printed; raises ApiError."""
    if call.info.verb != "get":
        raise status.method_not_supported("pods/log", call.info.verb)
    _validate_log_options(call.info.name, call.request.query)
    pod = call.server.read(call.resource, call.namespace, call.info.name)
    container = _container(pod, call.request.query.get("container", ""))
    if not pod["spec"].get("nodeName"):
        return 200, ""
    return 200, _agent(call).log(pod, container, call.request.query)


def exec_(call: Call) -> Served:
    """POST pods/exec: run a command in a container; raises ApiError.

    The options are a PodExecOptions as body, where a real server takes them from the query and opens streams.
    """
    if call.info.verb not in ("create", "get"):
        raise status.method_not_supported("pods/exec", call.info.verb)
    options = call.request.body if isinstance(call.request.body, dict) else dict(call.request.query)
    command = options.get("command") or []
    command = [command] if isinstance(command, str) else list(command)
    if not command:
        raise status.bad_request("you must specify at least 1 command for the container")
    pod = call.server.read(call.resource, call.namespace, call.info.name)
    container = _container(pod, options.get("container") or "")
    if not pod["spec"].get("nodeName"):
        raise status.bad_request(f"pod {pod['metadata']['name']} does not have a host assigned")
    return 200, _agent(call).execute(pod, container, command)


def _validate_log_options(name: str, query: Mapping[str, str]) -> None:
    """Check the options of a log request; raises ApiError 422 (validation.go ValidatePodLogOptions)."""
    faults: list[FieldError] = []
    tail, limit, since = (_number(query, key) for key in ("tailLines", "limitBytes", "sinceSeconds"))
    if tail is not None and tail < 0:
        faults.append(field.invalid("tailLines", tail, "must be greater than or equal to 0"))
    if limit is not None and limit < 1:
        faults.append(field.invalid("limitBytes", limit, "must be greater than 0"))
    if since is not None and query.get("sinceTime"):
        faults.append(field.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"))
    elif since is not None and since < 1:
        faults.append(field.invalid("sinceSeconds", since, "must be greater than 0"))
    if faults:
        raise status.invalid("PodLogOptions", name, faults)


def _number(query: Mapping[str, str], key: str) -> int | None:
    """The number of an option; raises ApiError 400 for another text, in Go's words."""
    text = query.get(key)
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise status.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def _agent(call: Call) -> NodeAgent:
    agent = call.server.engine.components.get(COMPONENT)
    if agent is None:
        raise status.not_simulated("logs and commands in a world without kubelets")
    return agent


def _container(pod: Object, name: str) -> str:
    """The container that is meant; raises ApiError 400 for one that the pod lacks, or none where it has several."""
    spec, pod_name = pod["spec"], pod["metadata"]["name"]
    names = [container["name"] for field in _LISTS for container in spec.get(field) or ()]
    if name:
        if name not in names:
            raise status.bad_request(f"container {name} is not valid for pod {pod_name}")
        return name
    if len(spec["containers"]) == 1:
        return spec["containers"][0]["name"]
    text = f"a container name must be specified for pod {pod_name}, choose one of: [{' '.join(names)}]"
    raise status.bad_request(text)
