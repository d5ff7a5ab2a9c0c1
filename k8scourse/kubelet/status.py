"""The status that a kubelet reports for a pod: phase, conditions and container statuses.

Sources: pkg/kubelet/kubelet_pods.go getPhase, pkg/kubelet/status/generate.go
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8scourse.component_helpers.container_restart import container_should_restart
from k8scourse.component_helpers.pod_requests import is_sidecar
from k8scourse.kubelet import messages
from k8scourse.kubelet.container_status import container_status
from k8scourse.kubelet.runtime import (
    RESTARTING,
    RUNNING,
    TERMINATED,
    WAITING,
    ContainerRuntime,
    PodRuntime,
    Termination,
)
from k8scourse.kubelet.tools import Tools
from k8scourse.machinery.timestamps import format_time

Object = dict[str, Any]


ORDER = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
"""The order in which a kubelet writes the conditions; others keep their places after these."""


TERMINAL_PHASES = ("Succeeded", "Failed")
_FIELDS = (
    ("initContainers", "initContainerStatuses"),
    ("containers", "containerStatuses"),
    ("ephemeralContainers", "ephemeralContainerStatuses"),
)


def pod_status(pod: Object, runtime: PodRuntime, host_ip: str, tools: Tools) -> Object:
    """The whole status of *pod*, as its kubelet reports it."""
    now = tools.now
    before = pod.get("status") or {}
    if runtime.rejection is not None:
        return _rejected(pod, before, runtime, now)
    spec = pod["spec"]
    phase = pod_phase(spec, runtime)
    status: Object = {
        **{name: before[name] for name in ("nominatedNodeName", "resize") if name in before},
        "phase": phase,
        "conditions": _conditions(pod, runtime, phase, now),
        "hostIP": host_ip,
        "hostIPs": [{"ip": host_ip}],
        "startTime": format_time(runtime.started_at),
        "qosClass": before.get("qosClass", "BestEffort"),
    }
    if pod["metadata"].get("generation"):
        status["observedGeneration"] = pod["metadata"]["generation"]
    if runtime.ip:
        status["podIP"] = runtime.ip
        status["podIPs"] = [{"ip": runtime.ip}]
    if runtime.eviction is not None:
        _, reason, message = runtime.eviction
        status |= {name: text for name, text in (("reason", reason), ("message", message)) if text}
    for place, field in _FIELDS:
        if spec.get(place):
            status[field] = [
                container_status(pod, container, runtime.containers[container["name"]], tools)
                for container in spec[place]
                if container["name"] in runtime.containers
            ]
    return status


def _rejected(pod: Object, before: Object, runtime: PodRuntime, now: int) -> Object:
    reason, message = runtime.rejection or ("", "")
    status: Object = {
        "phase": "Failed",
        "reason": reason,
        "message": messages.REJECTED.format(message=message),
        "startTime": format_time(runtime.started_at),
        "qosClass": before.get("qosClass", "BestEffort"),
    }
    if before.get("conditions"):
        status["conditions"] = before["conditions"]
    if pod["metadata"].get("generation"):
        status["observedGeneration"] = pod["metadata"]["generation"]
    return status


def pod_phase(spec: Object, runtime: PodRuntime) -> str:
    """The phase that follows from the states of the containers (getPhase)."""
    if runtime.eviction is not None:
        return runtime.eviction[0]
    started = any(runtime.containers[container["name"]].state == RUNNING for container in spec["containers"])
    pending = False
    for container in spec.get("initContainers") or ():
        state = runtime.containers[container["name"]]
        if is_sidecar(container):
            waits = state.state == WAITING and state.last is None
            pending = pending or (not started and (waits or (state.state == RUNNING and not state.started)))
            continue
        ended = _ended(state)
        if ended and ended.exit_code and not _restartable(container, spec, state):
            return "Failed"
        pending = pending or state.state == RUNNING or ended is None
        if ended and ended.exit_code:
            pending = True
    waiting = running = stopped = restarting = succeeded = 0
    for container in spec["containers"]:
        state = runtime.containers[container["name"]]
        ended = _ended(state)
        if state.state == RUNNING:
            running += 1
        elif ended is None:
            waiting += 1
        else:
            stopped += 1
            restarting += _restartable(container, spec, state)
            succeeded += state.state == TERMINATED and ended.exit_code == 0
    if runtime.finished:
        return "Succeeded" if stopped == succeeded and not waiting and not pending else "Failed"
    if pending or waiting:
        return "Pending"
    if running or restarting:
        return "Running"
    return "Succeeded" if stopped == succeeded else "Failed"


def _ended(state: ContainerRuntime) -> Termination | None:
    """How the container last ended, unless it runs."""
    if state.state == TERMINATED:
        return state.termination
    return state.last if state.state == WAITING else None


def _restartable(container: Object, spec: Object, state: ContainerRuntime) -> bool:
    ended = _ended(state)
    if ended is None or ended.reason == RESTARTING:
        return True
    return container_should_restart(container, spec, ended.exit_code)


def _conditions(pod: Object, runtime: PodRuntime, phase: str, now: int) -> list[Object]:
    spec, generation = pod["spec"], pod["metadata"].get("generation")
    inits = spec.get("initContainers") or ()
    gated = [container["name"] for container in (*filter(is_sidecar, inits), *spec["containers"])]
    unready = [name for name in gated if not runtime.containers[name].ready]
    incomplete = [container["name"] for container in inits if not _initialized(container, runtime)]
    started = any(runtime.containers[container["name"]].serial for container in spec["containers"])
    if phase in TERMINAL_PHASES:
        ready = ("False", "PodCompleted" if phase == "Succeeded" else "PodFailed", "")
    elif unready:
        ready = ("False", "ContainersNotReady", f"containers with unready status: {_names(unready)}")
    else:
        ready = ("True", "", "")
    if phase == "Succeeded":
        initialized = ("True", "PodCompleted", "")
    elif incomplete and not started:
        initialized = ("False", "ContainersNotInitialized", f"containers with incomplete status: {_names(incomplete)}")
    else:
        initialized = ("True", "", "")
    wanted = {
        "PodReadyToStartContainers": ("True" if runtime.prepared and not runtime.finished else "False", "", ""),
        "Initialized": initialized,
        "Ready": _gate(pod, ready),
        "ContainersReady": ready,
        "PodScheduled": ("True", "", ""),
    }
    present = {condition["type"]: condition for condition in (pod.get("status") or {}).get("conditions") or ()}
    return [
        *(_condition(pod, kind, wanted[kind], present.get(kind), generation, now) for kind in ORDER),
        *(condition for kind, condition in present.items() if kind not in wanted),
    ]


def _names(names: Iterable[str]) -> str:
    return f"[{' '.join(names)}]"


def _initialized(container: Object, runtime: PodRuntime) -> bool:
    state = runtime.containers[container["name"]]
    if is_sidecar(container):
        return state.started
    return state.state == TERMINATED and state.termination is not None and state.termination.exit_code == 0


def _gate(pod: Object, ready: tuple[str, str, str]) -> tuple[str, str, str]:
    """Readiness gates: conditions of others that must be True before the pod is Ready."""
    faults: list[str] = []
    if ready[0] == "True":
        present = {condition["type"]: condition for condition in (pod.get("status") or {}).get("conditions") or ()}
        for gate in pod["spec"].get("readinessGates") or ():
            kind = gate["conditionType"]
            if kind not in present:
                faults.append(f'corresponding condition of pod readiness gate "{kind}" does not exist.')
            elif present[kind]["status"] != "True":
                faults.append(f'the status of pod readiness gate "{kind}" is not "True", but {present[kind]["status"]}')
    return ("False", "ReadinessGatesNotReady", ", ".join(faults)) if faults else ready


def _condition(
    pod: Object, kind: str, wanted: tuple[str, str, str], present: Object | None, generation: int | None, now: int
) -> Object:
    if (
        present is not None
        and (present["status"], present.get("reason", ""), present.get("message", "")) == wanted
        and present.get("observedGeneration") == generation
    ):
        return present
    condition: Object = {"type": kind, "status": wanted[0], "lastProbeTime": None}
    if generation:
        condition["observedGeneration"] = generation
    if wanted[1]:
        condition["reason"] = wanted[1]
    if wanted[2]:
        condition["message"] = wanted[2]
    same = present is not None and present["status"] == wanted[0]
    condition["lastTransitionTime"] = present["lastTransitionTime"] if same and present else format_time(now)
    return condition
