"""When the probes of a healthy container first succeed.

Probes of a container that never becomes ready never succeed; which port or path a probe asks is not simulated yet.
Source: pkg/kubelet/prober/worker.go
"""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

SECOND = 1_000_000_000


def started_after(container: Object) -> int:
    """How long after its start (ns) the container counts as started: when its startup probe first succeeds."""
    return _first_success(container.get("startupProbe"))


def ready_after(container: Object) -> int:
    """How long after its start (ns) the container is ready: when its readiness probe succeeded often enough."""
    return max(started_after(container), _first_success(container.get("readinessProbe")))


def _first_success(probe: Object | None) -> int:
    if not probe:
        return 0
    wait = probe.get("initialDelaySeconds", 0)
    return (wait + (probe.get("successThreshold", 1) - 1) * probe.get("periodSeconds", 10)) * SECOND
