"""How long it takes until a container that ended is started again.

Sources: pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff,
staging/src/k8s.io/client-go/util/flowcontrol/backoff.go
"""

from __future__ import annotations

from k8scourse.kubelet.runtime import ContainerRuntime

SECOND = 1_000_000_000
FIRST_BACK_OFF = 10 * SECOND
MAX_BACK_OFF = 300 * SECOND
FORGET_AFTER = 2 * MAX_BACK_OFF
"""A back-off is forgotten when the container ran this long after the last restart."""


def waits_until(state: ContainerRuntime, now: int) -> int:
    """When the next restart of a terminated container may be; not later than *now* if it may be at once.

    A container that a probe made stop is judged by the end of the one before it, because that is what the kubelet had
    seen when it stopped this one.
    """
    ended = state.last if state.kill_at is not None else state.termination
    if ended is None or not state.back_off:
        return now
    if ended.finished_at - state.back_off_since > FORGET_AFTER:
        return now
    due = ended.finished_at + state.back_off
    if due > now and state.kill_at is not None and state.termination is not None:
        return state.termination.finished_at + state.back_off
    return due


def raise_back_off(state: ContainerRuntime, now: int) -> None:
    """Double the delay before the restart after this one (10 s, 20 s, ... 300 s); called at each restart."""
    ended = state.last if state.kill_at is not None else state.termination
    if ended is None:
        return
    forgotten = ended.finished_at - state.back_off_since > FORGET_AFTER
    state.back_off = FIRST_BACK_OFF if forgotten or not state.back_off else min(2 * state.back_off, MAX_BACK_OFF)
    state.back_off_since = now
