"""One round of a StatefulSet: what is created, deleted or waited for, and the status that follows.

Source: pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_available, is_terminal
from k8scourse.controllers import statefulset_rules as rules
from k8scourse.controllers.pod_control import slow_start
from k8scourse.controllers.statefulset_history import Revisions, at_revision
from k8scourse.controllers.statefulset_pods import StatefulPodControl

COUNTS: tuple[str, ...] = ("replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas")
_OPTIONAL = ("observedGeneration", "readyReplicas", "currentReplicas", "updatedReplicas")

Decide = Callable[[str, str, str, Any], None]
"""Records a decision: verdict, rule, field, detail."""


class Round:
    """Brings the pods of one set a step further; `run` may raise ApiError, the status is right even then."""

    def __init__(
        self, owner: Object, revisions: Revisions, pods: Sequence[Object], control: StatefulPodControl, now: int
    ) -> None:
        self.owner = owner
        self._revisions = revisions
        self._control = control
        self._now = now
        self._burst = rules.allows_burst(owner)
        self._min_ready: int = owner["spec"].get("minReadySeconds", 0)
        self._current = revisions.current["metadata"]["name"]
        self._update = revisions.update["metadata"]["name"]
        self._update_set = at_revision(owner, revisions.update)
        self._wanted = rules.ordinals(owner)
        self._replicas = self._line_up(pods)
        ordered = sorted(pods, key=rules.ordinal_of, reverse=True)
        self._condemned = [pod for pod in ordered if rules.ordinal_of(pod) >= 0 and not self._is_wanted(pod)]
        self.counts = self._count(pods)

    def _is_wanted(self, pod: Object) -> bool:
        return rules.ordinal_of(pod) in self._wanted

    def _line_up(self, pods: Sequence[Object]) -> list[Object]:
        """A pod for each ordinal that is wanted: one that is there or one to create."""
        present = {rules.ordinal_of(pod): pod for pod in pods}
        current = at_revision(self.owner, self._revisions.current)
        lined: list[Object] = []
        for ordinal in self._wanted:
            pod = present.get(ordinal)
            if pod is None and rules.follows_current(self.owner, ordinal):
                pod = rules.new_pod(current, ordinal, self._current)
            elif pod is None:
                pod = rules.new_pod(self._update_set, ordinal, self._update)
            lined.append(pod)
        return lined

    # what is done

    def run(self, decide: Decide) -> None:
        """Create and delete what the moment allows; raises ApiError."""
        if "deletionTimestamp" in self.owner["metadata"]:
            return
        self._decide = decide
        weakest = self._weakest()
        try:
            done = (
                self._for_all(self._replicas, self._keep)
                and self._for_all(self._condemned, self._fix_claims)
                and self._for_all(self._condemned, lambda pod: self._dismiss(pod, weakest))
            )
        finally:
            self.counts = self._count([*self._replicas, *self._condemned])
        strategy = self.owner["spec"].get("updateStrategy") or {}
        if done and strategy.get("type") != "OnDelete":
            self._roll((strategy.get("rollingUpdate") or {}).get("partition", 0))

    def _for_all(self, pods: Sequence[Object], step: Callable[[Object], bool]) -> bool:
        """Take *step* for each pod, one after the other until one says True: wait here. False: it was said."""
        if not self._burst:
            return not any(step(pod) for pod in pods)
        _, failure = slow_start(len(pods), lambda index: step(pods[index]))
        if failure is not None:
            raise failure
        return True

    def _weakest(self) -> Object | None:
        """The unavailable pod with the lowest ordinal, those that go last."""
        for pod in [*self._replicas, *reversed(self._condemned)]:
            if rules.is_unavailable(pod, self._min_ready, self._now):
                return pod
        return None

    def _keep(self, pod: Object) -> bool:
        """See to a pod that is wanted; True: no other pod may be touched before it is well."""
        if is_terminal(pod):
            if not rules.is_going(pod):
                self._tell("DeletePod", "a pod that has ended is replaced", "status.phase", pod)
                self._control.delete(self.owner, pod)
            return True
        if not rules.phase_of(pod):
            if self._control.is_stale(self.owner, pod):
                return True
            self._tell("CreatePod", "the pod of this ordinal is missing", "spec.replicas", pod)
            self._control.create(self.owner, pod)
            if not self._burst:
                return True
        if rules.phase_of(pod) == "Pending":
            self._control.create_missing_claims(self.owner, pod)
        if not self._burst and not self._is_well(pod):
            self._tell("Wait", "lower ordinals must be Running and Ready first", "spec.podManagementPolicy", pod)
            return True
        matches = rules.identity_matches(self.owner, pod) and rules.storage_matches(self.owner, pod)
        if not (matches and self._control.claims_match(self._update_set, pod)):
            self._control.repair(self._update_set, pod)
        return False

    def _is_well(self, pod: Object) -> bool:
        return (
            not rules.is_going(pod)
            and rules.is_running_and_ready(pod)
            and is_pod_available(pod, self._min_ready, self._now)
        )

    def _fix_claims(self, pod: Object) -> bool:
        if not self._control.claims_match(self._update_set, pod):
            self._control.update_claims(self._update_set, pod)
        return False

    def _dismiss(self, pod: Object, weakest: Object | None) -> bool:
        """Delete a pod that is not wanted any more; True: no other pod may be deleted before it is gone."""
        if rules.is_going(pod):
            return not self._burst
        if not self._burst and not self._is_well(pod) and pod is not weakest:
            return True
        self._tell("DeletePod", "the ordinal is not wanted any more", "spec.replicas", pod)
        self._control.delete(self.owner, pod)
        return True

    def _roll(self, partition: int) -> None:
        """Delete the pod with the highest ordinal from *partition* on that follows another revision.

        Pods above it must be available. The partition counts pods here, not ordinals.
        """
        for pod in reversed(self._replicas[partition:]):
            if rules.revision_of(pod) != self._update and not rules.is_going(pod):
                self._tell("DeletePod", "rolling update: the pod follows an old revision", "spec.template", pod)
                self._control.delete(self.owner, pod)
                self.counts["currentReplicas"] -= 1
                return
            if rules.is_unavailable(pod, self._min_ready, self._now):
                return

    def _tell(self, verdict: str, rule: str, field: str, pod: Object) -> None:
        self._decide(verdict, rule, field, {"pod": pod["metadata"]["name"]})

    # status

    def _count(self, pods: Iterable[Object]) -> dict[str, int]:
        counts = dict.fromkeys(COUNTS, 0)
        for pod in pods:
            created = bool(rules.phase_of(pod))
            counts["replicas"] += created
            if rules.is_running_and_ready(pod):
                counts["readyReplicas"] += 1
                counts["availableReplicas"] += is_pod_available(pod, self._min_ready, self._now)
            if created and not rules.is_going(pod):
                counts["currentReplicas"] += rules.revision_of(pod) == self._current
                counts["updatedReplicas"] += rules.revision_of(pod) == self._update
        return counts

    def status(self) -> Object:
        """The status after the round; a finished rolling update makes its revision the current one."""
        counts, current = dict(self.counts), self._current
        wanted = self.owner["spec"]["replicas"]
        rolling = (self.owner["spec"].get("updateStrategy") or {}).get("type") == "RollingUpdate"
        reached = counts["updatedReplicas"] == counts["readyReplicas"] == counts["replicas"] == wanted
        if rolling and reached:
            counts["currentReplicas"], current = counts["updatedReplicas"], self._update
        status: dict[str, Any] = {
            "observedGeneration": self.owner["metadata"].get("generation", 0),
            **counts,
            "currentRevision": current,
            "updateRevision": self._update,
            "collisionCount": self._revisions.collisions,
        }
        return {field: value for field, value in status.items() if value or field not in _OPTIONAL}
