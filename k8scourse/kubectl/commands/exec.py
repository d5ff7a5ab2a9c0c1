"""`kubectl exec`: run a command in a container.

The request is a POST of PodExecOptions to the pod's exec; the answer has stdout, stderr and exitCode, where the real
program opens streams.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/exec/exec.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import pod_containers
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.resource_builder import Builder
from k8scourse.kubectl.session import Session
from k8scourse.machinery.go_format import go_quote

Object = dict[str, Any]


def run(session: Session) -> None:
    """Run the command behind `--`. Raises KubectlError or ApiError."""
    words, dash = session.words, session.arguments.words_before_dash
    name = words[0] if words and dash != 0 else ""
    files = session.flag("filename")
    if dash < 0 and (len(words) > 1 or (words and files)):
        raise session.usage("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead")
    command = words[dash:] if dash >= 0 else []
    if not name and not files:
        raise KubectlError("pod, type/name or --filename must be specified")
    if not command:
        raise KubectlError("you must specify at least one command for the container")
    pod = _pod(session, name, files)
    phase = (pod.get("status") or {}).get("phase", "")
    if phase in ("Succeeded", "Failed"):
        raise KubectlError(f"cannot exec into a container in a completed pod; current phase is {phase}")
    container = _container(session, pod)
    if session.flag("tty") and session.flag("stdin") and not session.flag("quiet"):
        session.terminal.err("Unable to use a TTY - input is not a terminal or the right kind of file\n")
    _execute(session, pod, container, command)


def _pod(session: Session, name: str, files: list[str]) -> Object:
    infos, errors = (
        Builder(session, names_of=("pods", [name]) if name else None, files=files, flatten=True).do().infos()
    )
    raise_all(errors)
    if len(infos) != 1:
        raise KubectlError("cannot exec into multiple objects at a time")
    pods = pod_containers.pods_of(session, infos[0], session.flag("pod-running-timeout"))
    return pods[0]


def _container(session: Session, pod: Object) -> str:
    metadata = pod["metadata"]
    preset = (metadata.get("annotations") or {}).get(pod_containers.DEFAULT_CONTAINER, "")
    name = session.flag("container") or preset
    if name and not pod_containers.has_container(pod, name):
        raise pod_containers.not_a_container(pod, name)
    if name:
        return name
    name = pod["spec"]["containers"][0]["name"]
    if pod_containers.has_several(pod) and not session.flag("quiet"):
        names = pod_containers.container_names(pod)
        session.terminal.err(f"Defaulted container {go_quote(name)} out of: {names}\n")
    return name


def _execute(session: Session, pod: Object, container: str, command: list[str]) -> None:
    metadata = pod["metadata"]
    path = session.api.path(session.resource_of("v1", "Pod"), metadata["namespace"], metadata["name"], "exec")
    options = {
        "kind": "PodExecOptions",
        "apiVersion": "v1",
        "container": container,
        "command": command,
        "stdin": bool(session.flag("stdin")),
        "stdout": True,
        "stderr": True,
    }
    if session.flag("stdin") and session.stdin is not None:
        options["input"] = session.stdin
    answer = session.api.call("POST", path, body=options)
    session.terminal.out(answer.get("stdout", ""))
    session.terminal.err(answer.get("stderr", ""))
    code = answer.get("exitCode", 0)
    if code:
        raise KubectlError(f"command terminated with exit code {code}", exit_code=code, bare=True)
