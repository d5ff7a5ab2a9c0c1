"""Expectations about pods: where they run and how their containers are (scenario.md, section 6, "Pods and nodes")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8scourse.machinery.fieldpath import get_path
from k8scourse.scenario import values
from k8scourse.scenario.context import Context, about_pod
from k8scourse.scenario.objects import condition_of, texts_fit
from k8scourse.scenario.words import Miss, expectation

Argument = Mapping[str, Any]
State = tuple[str, Mapping[str, Any]]


def find_pod(context: Context, argument: Argument) -> dict[str, Any] | None:
    """The pod that an expectation with ``pod`` and ``namespace`` is about."""
    namespace = {"namespace": argument["namespace"]} if "namespace" in argument else {}
    return context.find({"kind": "Pod", "apiVersion": "v1", "name": argument["pod"], **namespace})


def _gone(argument: Argument) -> Miss:
    return Miss(f"there is no Pod {argument['pod']}", about_pod(argument))


def _unscheduled(pod: Mapping[str, Any]) -> str:
    condition = condition_of(pod, "PodScheduled")
    if condition is None:
        return "not bound to a node, no condition PodScheduled"
    shown = {key: condition[key] for key in ("status", "reason", "message") if key in condition}
    return f"not bound to a node, PodScheduled: {values.show(shown)}"


@expectation("scheduled")
def scheduled(context: Context, argument: Argument) -> Miss | None:
    pod = find_pod(context, argument)
    if pod is None:
        return _gone(argument)
    node = pod["spec"].get("nodeName", "")
    if not node:
        return Miss(_unscheduled(pod), about_pod(argument))
    if "node" not in argument or values.is_one_of(node, argument["node"]):
        return None
    return Miss(f"bound to {node}", about_pod(argument))


@expectation("unschedulable")
def unschedulable(context: Context, argument: Argument) -> Miss | None:
    pod = find_pod(context, argument)
    if pod is None:
        return _gone(argument)
    if pod["spec"].get("nodeName"):
        return Miss(f"bound to {pod['spec']['nodeName']}", about_pod(argument))
    found = condition_of(pod, "PodScheduled") or {}
    fits = (
        found.get("status") == "False"
        and texts_fit(found, argument)
        and (
            "message_not_contains" not in argument
            or not values.contains_any(found.get("message", ""), argument["message_not_contains"])
        )
    )
    return None if fits else Miss(_unscheduled(pod), about_pod(argument))


@expectation("container")
def container(context: Context, argument: Argument) -> Miss | None:
    pod = find_pod(context, argument)
    if pod is None:
        return _gone(argument)
    found = _status_of(pod, argument["container"])
    if found is None:
        phase = get_path(pod, "status.phase")
        return Miss(f"no status of this container (the pod is {values.show(phase)})", about_pod(argument))
    if "argv" in argument:
        argv = context.world.argv(pod, argument["container"])
        if argv != argument["argv"]:
            return Miss(f"its process is {values.show(argv)}", about_pod(argument))
    if _container_fits(found, argument):
        return None
    shown = {key: found[key] for key in ("state", "lastState", "restartCount") if found.get(key) not in (None, {})}
    return Miss(values.show(shown), about_pod(argument))


def _status_of(pod: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    status = pod.get("status", {})
    for key in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for item in status.get(key) or ():
            if item.get("name") == name:
                return item
    return None


def _states(found: Mapping[str, Any]) -> Iterator[State]:
    """The state of a container and, since a container that ended may already wait again, how it last ended."""
    yield from (found.get("state") or {}).items()
    last = (found.get("lastState") or {}).get("terminated")
    if last is not None:
        yield "terminated", last


def _container_fits(found: Mapping[str, Any], argument: Argument) -> bool:
    if "restarts" in argument and found.get("restartCount", 0) != argument["restarts"]:
        return False
    if not argument.keys() & {"state", "reason", "exit_code", "message_contains"}:
        return True
    return any(_state_fits(state, argument) for state in _states(found))


def _state_fits(state: State, argument: Argument) -> bool:
    name, body = state
    return (
        ("state" not in argument or name == argument["state"])
        and ("exit_code" not in argument or body.get("exitCode") == argument["exit_code"])
        and texts_fit(body, argument)
    )
