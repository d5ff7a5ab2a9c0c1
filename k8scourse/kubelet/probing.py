"""Startup, readiness and liveness probes: when each is tried, and what its answers lead to.

A probe whose answer can't change by itself plans no further try until something happens in its pod, so that healthy
containers cost nothing. Sources: pkg/kubelet/prober/{worker,prober_manager}.go
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from k8scourse.kubelet import messages
from k8scourse.kubelet.probe_actions import ERROR, FAILURE, SUCCESS, Asker, Outcome
from k8scourse.kubelet.runtime import RUNNING, ContainerRuntime, PodRuntime, ProbeRun
from k8scourse.kubelet.tools import SECOND, Tools, all_containers

Object = dict[str, Any]

STARTUP, READINESS, LIVENESS = "Startup", "Readiness", "Liveness"
FIELDS = {STARTUP: "startupProbe", READINESS: "readinessProbe", LIVENESS: "livenessProbe"}
UNKNOWN = "unknown"
_INITIALLY = {STARTUP: UNKNOWN, READINESS: FAILURE, LIVENESS: SUCCESS}


class Probing:
    """The probe workers of all containers."""

    def __init__(self, tools: Tools, asker: Asker) -> None:
        self._tools = tools
        self._asker = asker

    def begin(self, pod: Object, container: Object, state: ContainerRuntime, *, may_be_ready: bool) -> None:
        """A container has started: plan its probes; one without is started and ready at once, if it ever is."""
        state.probes = None
        state.started = "startupProbe" not in container
        state.ready = state.started and may_be_ready and "readinessProbe" not in container
        kinds = [kind for kind, field in FIELDS.items() if container.get(field)]
        if not kinds:
            return
        state.probes = {}
        for kind in [STARTUP] if not state.started else kinds:
            self._plan_first(pod, container, state, kind)

    def _plan_first(self, pod: Object, container: Object, state: ContainerRuntime, kind: str) -> None:
        delay = container[FIELDS[kind]].get("initialDelaySeconds", 0) * SECOND
        first = max(state.started_at + delay, self._tools.now)
        if state.probes is not None:
            state.probes[kind] = ProbeRun(_INITIALLY[kind], first)
            self._tools.call(first, "probe", pod, container, state, kind, 0)

    def _plan(self, pod: Object, container: Object, state: ContainerRuntime, kind: str, not_before: int) -> None:
        """Plan the next try: the first one at a whole period that is not before *not_before*."""
        if state.probes is None:
            return
        run = state.probes[kind]
        period = container[FIELDS[kind]].get("periodSeconds", 10) * SECOND
        periods = max(-(-(not_before - run.first) // period), (self._tools.now - run.first) // period + 1)
        run = state.probes[kind] = run._replace(turn=run.turn + 1, asleep=False)
        self._tools.call(run.first + periods * period, "probe", pod, container, state, kind, run.turn)

    def due(
        self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, kind: str, turn: int
    ) -> str | None:
        """A try is due; gives "changed" if the pod's status does, "kill" if the container has to stop, else None."""
        run = (state.probes or {}).get(kind)
        if run is None or run.turn != turn or run.asleep or state.probes is None or state.kill_at is not None:
            return None
        if kind != READINESS and ("deletionTimestamp" in pod["metadata"] or runtime.eviction is not None):
            return None
        outcome = self._ask(pod, container, runtime, state, kind)
        if outcome.verdict == ERROR:
            self._plan(pod, container, state, kind, self._tools.now)
            return None
        return self._judge(pod, container, state, kind, outcome)

    def _ask(self, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, kind: str) -> Outcome:
        """Try the probe and tell what goes wrong. What is never ready fails its readiness probe alone."""
        probe = container[FIELDS[kind]]
        outcome = self._asker.ask(pod, container, runtime, state, probe)
        image = self._tools.processes.image(container)
        if not image.ready and outcome.verdict != ERROR:
            text = messages.HTTP_CODE.format(code=503) if probe.get("httpGet") else outcome.text
            outcome = Outcome(FAILURE, text) if kind == READINESS else Outcome(SUCCESS)
        if outcome.verdict == FAILURE:
            text = messages.PROBE_FAILED.format(probe=kind, output=outcome.text)
            self._tools.event(pod, container, state, "Warning", "Unhealthy", text)
        elif outcome.verdict == ERROR:
            text = messages.PROBE_ERRORED.format(probe=kind, error=outcome.text)
            self._tools.event(pod, container, state, "Warning", "Unhealthy", text)
        return outcome

    def _judge(
        self, pod: Object, container: Object, state: ContainerRuntime, kind: str, outcome: Outcome
    ) -> str | None:
        probe, verdict = container[FIELDS[kind]], outcome.verdict
        probes = state.probes or {}
        run = probes[kind]
        streak = run.streak + 1 if run.last == verdict else 1
        needed = probe.get("failureThreshold", 3) if verdict == FAILURE else probe.get("successThreshold", 1)
        decided = streak >= needed
        before = run.result
        probes[kind] = run._replace(last=verdict, streak=streak, result=verdict if decided else before)
        if decided and verdict == FAILURE and kind != READINESS:
            return "kill"
        if decided and kind == STARTUP:
            self._started(pod, container, state)
            return "changed"
        if not decided or verdict == FAILURE:
            self._plan(pod, container, state, kind, self._tools.now)
        elif outcome.changes_at is not None:
            self._plan(pod, container, state, kind, outcome.changes_at)
        else:
            probes[kind] = probes[kind]._replace(asleep=True)
        ready = probes[kind].result == SUCCESS
        if kind == READINESS and state.ready != ready:
            state.ready = ready
            return "changed"
        return None

    def _started(self, pod: Object, container: Object, state: ContainerRuntime) -> None:
        state.started = True
        for kind in (READINESS, LIVENESS):
            if container.get(FIELDS[kind]):
                self._plan_first(pod, container, state, kind)
        if not container.get(FIELDS[READINESS]):
            state.ready = self._tools.processes.image(container).ready

    def postpone(self, pod: Object, container: Object, state: ContainerRuntime, kind: str, turn: int) -> None:
        """A try is due that nobody makes, because the kubelet is cut off: plan the next one."""
        run = (state.probes or {}).get(kind)
        if run is not None and run.turn == turn:
            self._plan(pod, container, state, kind, self._tools.now)

    def wake(self, pod: Object, runtime: PodRuntime) -> None:
        """Something changed in the pod: probes that sleep are tried again at their next period."""
        for container, state in _probed(pod, runtime):
            for kind, run in list((state.probes or {}).items()):
                if run.asleep:
                    self._plan(pod, container, state, kind, self._tools.now)

    def stop(self, state: ContainerRuntime) -> None:
        """The container has ended."""
        state.probes = None
        state.ready = state.started = False


def _probed(pod: Object, runtime: PodRuntime) -> Iterator[tuple[Object, ContainerRuntime]]:
    for container in all_containers(pod):
        state = runtime.containers.get(container["name"])
        if state is not None and state.probes and state.state == RUNNING:
            yield container, state
