"""The row of a Pod in `kubectl get pods`.

Kubernetes: pkg/printers/internalversion/printers.go printPod.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.printers.cells import NONE, age, condition_status, created
from k8scourse.machinery import timestamps

Status = Mapping[str, Any]

_PHASE_CONDITIONS = {
    "Succeeded": "The pod has completed successfully.",
    "Failed": "The pod failed.",
}


@dataclass(slots=True)
class _Restarts:
    """Restart count and the end of the latest run that was followed by a restart."""

    count: int = 0
    last: str | None = None

    def add(self, status: Status) -> None:
        self.count += int(status.get("restartCount") or 0)
        finished = ((status.get("lastState") or {}).get("terminated") or {}).get("finishedAt")
        if finished and (self.last is None or timestamps.parse_time(finished) > timestamps.parse_time(self.last)):
            self.last = finished

    def text(self, now: int) -> str:
        if self.count and self.last:
            return f"{self.count} ({age(self.last, now)} ago)"
        return str(self.count)


@dataclass(slots=True)
class _Summary:
    reason: str
    ready: int
    total: int
    restarts: _Restarts


def pod_row(pod: Mapping[str, Any], now: int) -> list[Any]:
    """The cells NAME READY STATUS RESTARTS AGE IP NODE NOMINATED-NODE READINESS-GATES of *pod* at *now* (ns)."""
    spec, status = pod["spec"], pod.get("status") or {}
    summary = _summarize(pod)
    ips = status.get("podIPs") or []
    return [
        pod["metadata"]["name"],
        f"{summary.ready}/{summary.total}",
        summary.reason,
        summary.restarts.text(now),
        created(pod, now),
        (ips[0].get("ip") if ips else "") or NONE,
        spec.get("nodeName") or NONE,
        status.get("nominatedNodeName") or NONE,
        _readiness_gates(spec, status),
    ]


def pod_status(pod: Mapping[str, Any]) -> str:
    """The word in the STATUS column, such as Running, Init:0/2, CrashLoopBackOff, Terminating."""
    return _summarize(pod).reason


def pod_row_conditions(pod: Mapping[str, Any]) -> list[dict[str, str]]:
    """The conditions of the table row: Completed once the pod has ended."""
    phase = (pod.get("status") or {}).get("phase")
    if phase not in _PHASE_CONDITIONS:
        return []
    return [{"type": "Completed", "status": "True", "reason": phase, "message": _PHASE_CONDITIONS[phase]}]


def _summarize(pod: Mapping[str, Any]) -> _Summary:
    spec, status = pod["spec"], pod.get("status") or {}
    sidecars = [c["name"] for c in spec.get("initContainers") or [] if c.get("restartPolicy") == "Always"]
    summary = _Summary(_first_reason(status), 0, len(spec.get("containers") or []) + len(sidecars), _Restarts())
    initializing, sidecar_restarts = _read_init_containers(spec, status, sidecars, summary)
    if not initializing or condition_status(status.get("conditions"), "Initialized") == "True":
        summary.restarts = sidecar_restarts
        _read_containers(status, summary)
    if pod["metadata"].get("deletionTimestamp"):
        if status.get("reason") == "NodeLost":
            summary.reason = "Unknown"
        elif status.get("phase") not in ("Succeeded", "Failed"):
            summary.reason = "Terminating"
    return summary


def _first_reason(status: Status) -> str:
    for condition in status.get("conditions") or []:
        if condition.get("type") == "PodScheduled" and condition.get("reason") == "SchedulingGated":
            return "SchedulingGated"
    return status.get("reason") or status.get("phase") or ""


def _read_init_containers(
    spec: Mapping[str, Any], status: Status, sidecars: list[str], summary: _Summary
) -> tuple[bool, _Restarts]:
    """Fold the init containers into *summary*; returns (still initializing, restarts of the sidecars)."""
    sidecar_restarts = _Restarts()
    for index, container in enumerate(status.get("initContainerStatuses") or []):
        sidecar = container.get("name") in sidecars
        summary.restarts.add(container)
        if sidecar:
            sidecar_restarts.add(container)
        state = container.get("state") or {}
        terminated, waiting = state.get("terminated"), state.get("waiting")
        if terminated and not terminated.get("exitCode"):
            continue
        if sidecar and container.get("started"):
            summary.ready += bool(container.get("ready"))
            continue
        if terminated:
            summary.reason = "Init:" + _ended(terminated)
        elif waiting and waiting.get("reason") not in (None, "", "PodInitializing"):
            summary.reason = "Init:" + waiting["reason"]
        else:
            summary.reason = f"Init:{index}/{len(spec.get('initContainers') or [])}"
        return True, sidecar_restarts
    return False, sidecar_restarts


def _read_containers(status: Status, summary: _Summary) -> None:
    running, error = False, ""
    for container in reversed(status.get("containerStatuses") or []):
        summary.restarts.add(container)
        state = container.get("state") or {}
        terminated, waiting = state.get("terminated"), state.get("waiting")
        if waiting and waiting.get("reason"):
            summary.reason = waiting["reason"]
        elif terminated:
            summary.reason = _ended(terminated)
            error = summary.reason if terminated.get("exitCode") else error
        elif container.get("ready") and state.get("running") is not None:
            running = True
            summary.ready += 1
    if summary.reason == "Completed":
        if running and condition_status(status.get("conditions"), "Ready") == "True":
            summary.reason = "Running"
        elif error:
            summary.reason = error
        elif running:
            summary.reason = "NotReady"


def _ended(terminated: Status) -> str:
    if terminated.get("reason"):
        return terminated["reason"]
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode', 0)}"


def _readiness_gates(spec: Mapping[str, Any], status: Status) -> str:
    gates = spec.get("readinessGates") or []
    if not gates:
        return NONE
    conditions = status.get("conditions")
    met = sum(condition_status(conditions, gate.get("conditionType", "")) == "True" for gate in gates)
    return f"{met}/{len(gates)}"
