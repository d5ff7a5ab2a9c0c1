"""When a container is started again, and how long that takes.

Sources: pkg/api/v1/pod/util.go ContainerShouldRestart, pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff,
staging/src/k8s.io/client-go/util/flowcontrol/backoff.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubelet.runtime import ContainerRuntime

Object = dict[str, Any]

SECOND = 1_000_000_000
FIRST_BACK_OFF = 10 * SECOND
MAX_BACK_OFF = 300 * SECOND
FORGET_AFTER = 2 * MAX_BACK_OFF
"""A back-off is forgotten when the container ran this long after the last restart."""


def should_restart(container: Object, spec: Object, exit_code: int) -> bool:
    """Whether a container that ended with *exit_code* is started again."""
    for rule in container.get("restartPolicyRules") or ():
        codes = rule.get("exitCodes") or {}
        listed = exit_code in (codes.get("values") or ())
        if listed == (codes.get("operator") == "In"):
            return rule.get("action") == "Restart"
    policy = container.get("restartPolicy") or spec.get("restartPolicy", "Always")
    return policy == "Always" or (policy == "OnFailure" and exit_code != 0)


def waits_until(state: ContainerRuntime, now: int) -> int:
    """When the next restart of a terminated container may be; not later than *now* if it may be at once."""
    if state.termination is None or not state.back_off:
        return now
    finished = state.termination.finished_at
    if finished - state.back_off_since > FORGET_AFTER:
        return now
    return finished + state.back_off


def raise_back_off(state: ContainerRuntime, now: int) -> None:
    """Double the delay before the restart after this one (10 s, 20 s, ... 300 s); called at each restart."""
    forgotten = state.termination is not None and state.termination.finished_at - state.back_off_since > FORGET_AFTER
    state.back_off = FIRST_BACK_OFF if forgotten or not state.back_off else min(2 * state.back_off, MAX_BACK_OFF)
    state.back_off_since = now
