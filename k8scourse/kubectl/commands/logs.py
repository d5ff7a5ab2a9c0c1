"""`kubectl logs`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/logs/logs.go, pkg/polymorphichelpers/logsforobject.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import pod_containers
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.pod_templates import go_type
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import SECOND, Session
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

_USAGE = (
    "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n"
    "POD or TYPE/NAME is a required argument for the logs command"
)
_LINES_OF_SELECTOR = 10


def run(session: Session) -> None:
    """Print what containers wrote. Raises KubectlError, ApiError or Several."""
    words, selector = session.words, session.flag("selector")
    if len(words) > 2 or (not words and not selector):
        raise session.usage(_USAGE)
    if len(words) == 1 and selector:
        raise session.usage("only a selector (-l) or a POD name is allowed")
    container = words[1] if len(words) == 2 else session.flag("container")
    infos = _found(session, words[:1], selector)
    _validate(session, container)
    for pod in _pods(session, infos, selector):
        for name in _containers(session, pod, container):
            _print(session, pod, name)


def _found(session: Session, names: list[str], selector: str) -> list[Info]:
    builder = Builder(
        session,
        names_of=("pods", names) if names else None,
        types=["pods"] if selector else [],
        label_selector=selector,
        single_type=True,
        flatten=True,
    )
    infos, errors = builder.do().infos()
    if len(errors) == 1 and isinstance(errors[0], ApiError) and errors[0].reason == "NotFound":
        namespace = go_quote(session.namespace)
        raise KubectlError(f"error from server (NotFound): {errors[0].message} in namespace {namespace}")
    raise_all(errors)
    if not infos:
        session.terminal.err(f"No resources found in {session.namespace} namespace.\n")
    return infos


def _validate(session: Session, container: str) -> None:
    if session.flag("since-time") and session.flag("since"):
        raise KubectlError("at most one of `sinceTime` or `sinceSeconds` may be specified")
    if session.flag("all-containers") and container:
        raise KubectlError(f"--all-containers=true should not be specified with container name {container}")
    if session.changed("container") and len(session.words) == 2:
        raise KubectlError("only one of -c or an inline [CONTAINER] arg is allowed")
    if session.flag("limit-bytes") < 0:
        raise KubectlError("--limit-bytes must be greater than 0")
    if session.flag("since") < 0:
        raise KubectlError("--since must be greater than 0")
    if session.flag("tail") < -1:
        raise KubectlError("--tail must be greater than or equal to -1")


def _pods(session: Session, infos: list[Info], selector: str) -> list[Object]:
    if selector or not infos:
        return [info.obj or {} for info in infos]
    try:
        pods = pod_containers.pods_of(session, infos[0], session.flag("pod-running-timeout"))
    except KubectlError as error:
        if not error.message.startswith(("selector for", "invalid service")):
            raise
        kind = go_type(infos[0].obj or {})
        raise KubectlError(f"cannot get the logs from {kind}: {error.message}") from error
    if len(pods) == 1 or session.flag("all-pods"):
        return pods
    session.terminal.err(f"Found {len(pods)} pods, using pod/{pods[0]['metadata']['name']}\n")
    return pods[:1]


def _containers(session: Session, pod: Object, given: str) -> list[str]:
    spec, metadata = pod["spec"], pod["metadata"]
    if session.flag("all-containers"):
        fields = ("initContainers", "containers", "ephemeralContainers")
        return [each["name"] for field in fields for each in spec.get(field) or []]
    name = given
    preset = (metadata.get("annotations") or {}).get(pod_containers.DEFAULT_CONTAINER, "")
    if preset and not name:
        if pod_containers.has_container(pod, preset):
            name = preset
        else:
            text = f"Default container name {go_quote(preset)} not found in pod {metadata['name']}\n"
            session.terminal.err(text)
    if not name:
        name = spec["containers"][0]["name"]
        if pod_containers.has_several(pod) and not session.flag("all-pods"):
            names = pod_containers.container_names(pod)
            session.terminal.err(f"Defaulted container {go_quote(name)} out of: {names}\n")
    if not pod_containers.has_container(pod, name):
        raise pod_containers.not_a_container(pod, name)
    return [name]


def _print(session: Session, pod: Object, container: str) -> None:
    metadata = pod["metadata"]
    resource = session.resource_of("v1", "Pod")
    path = session.api.path(resource, metadata["namespace"], metadata["name"], "log")
    try:
        text = session.api.call("GET", path, query=_query(session, container))
    except ApiError as error:
        if not session.flag("ignore-errors"):
            raise
        session.terminal.out(f"error: {error.message}\n")
        return
    prefixed = session.flag("prefix") or session.flag("all-pods")
    prefix = f"[pod/{metadata['name']}/{container}] " if prefixed else ""
    session.terminal.out("".join(prefix + line for line in str(text).splitlines(keepends=True)))


def _query(session: Session, container: str) -> dict[str, str]:
    query = {"container": container}
    for flag, name in (("follow", "follow"), ("previous", "previous"), ("timestamps", "timestamps")):
        if session.flag(flag):
            query[name] = "true"
    if session.flag("since-time"):
        query["sinceTime"] = session.flag("since-time")
    if session.flag("limit-bytes"):
        query["limitBytes"] = str(session.flag("limit-bytes"))
    if session.flag("since"):
        query["sinceSeconds"] = str((session.flag("since") + SECOND // 2) // SECOND)
    if session.flag("selector") and not session.changed("tail"):
        query["tailLines"] = str(_LINES_OF_SELECTOR)
    elif session.flag("tail") != -1:
        query["tailLines"] = str(session.flag("tail"))
    return query
