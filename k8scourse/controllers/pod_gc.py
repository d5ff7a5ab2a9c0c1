"""The pod garbage collector removes pods that nobody else will: finished ones beyond a number, and orphans of nodes.

Source: pkg/controller/podgc/gc_controller.go

It works every 20 s. A beat takes place only if there can be something to do: what changes asks for the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from k8scourse.client.component import Component, Context
from k8scourse.client.informers import Key, Object
from k8scourse.component_helpers.pod_status import is_terminal, updated_condition, with_condition
from k8scourse.component_helpers.taints import OUT_OF_SERVICE
from k8scourse.controllers.node_health import ready_status
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time, parse_time

SECOND = 1_000_000_000
CHECK_PERIOD = 20 * SECOND
QUARANTINE = 40 * SECOND
"""So long a node must be gone before its pods are."""
THRESHOLD_FLAG = "terminated-pod-gc-threshold"
DEFAULT_THRESHOLD = 12_500
NODE_GONE = {
    "type": "DisruptionTarget",
    "status": "True",
    "reason": "DeletionByPodGC",
    "message": "PodGC: node no longer exists",
}
_UNFINISHED = frozenset({"Pending", "Running", "Unknown"})


def is_terminated(pod: Object) -> bool:
    """Whether a pod counts as finished (isPodTerminated)."""
    return (pod.get("status") or {}).get("phase") not in _UNFINISHED


def evicted_then_oldest(pod: Object) -> tuple[bool, int, str]:
    """Sorts evicted pods first, then from old to new, then by name (byEvictionAndCreationTimestamp)."""
    status, metadata = pod.get("status") or {}, pod["metadata"]
    evicted = status.get("phase") == "Failed" and status.get("reason") == "Evicted"
    return not evicted, parse_time(metadata["creationTimestamp"]), metadata["name"]


def is_out_of_service(node: Object | None) -> bool:
    """Whether somebody declared a node that is not ready to be out of service."""
    if node is None or ready_status(node) == "True":
        return False
    return any(taint["key"] == OUT_OF_SERVICE for taint in node["spec"].get("taints") or ())


class PodGCController(Component):
    """Deletes finished, orphaned and abandoned pods."""

    name = "pod-garbage-collector-controller"
    user = "system:serviceaccount:kube-system:pod-garbage-collector"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        flags = context.flags.get("kube-controller-manager", {})
        self._threshold = int(str(flags.get(THRESHOLD_FLAG, DEFAULT_THRESHOLD)))
        self._started = self.engine.now
        self._beat_at: int | None = None
        self._terminated: dict[Key, None] = {}
        self._quarantine: dict[str, int] = {}

    def start(self) -> None:
        """Watch pods and nodes."""
        self.informers.subscribe("pods", self.name, "pod_changed")
        self.informers.subscribe("nodes", self.name, "node_changed")

    def copy_state(self, source: Self) -> None:
        """Take over what is known of finished pods and of nodes that are gone."""
        self._started = source._started
        self._beat_at = source._beat_at
        self._terminated = source._terminated.copy()
        self._quarantine = source._quarantine.copy()

    # what asks for a beat

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: count finished pods, and notice pods that nobody looks after."""
        metadata = (new or old or {})["metadata"]
        key = (metadata["namespace"], metadata["name"])
        if new is None:
            self._terminated.pop(key, None)
            return
        if is_terminated(new):
            self._terminated[key] = None
        if self._threshold > 0 and len(self._terminated) > self._threshold:
            self._expect_beat()
        name, terminating = new["spec"].get("nodeName"), "deletionTimestamp" in metadata
        node = self.informers.get("nodes", name) if name else None
        orphaned = name and node is None
        if orphaned or (terminating and (not name or is_out_of_service(node))):
            self._expect_beat()

    def node_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a node that goes, or that is out of service, may leave pods behind."""
        if new is None or is_out_of_service(new):
            self._expect_beat()

    def _expect_beat(self, not_before: int = 0) -> None:
        earliest = max(self.engine.now + 1, not_before)
        beat = self._started - (self._started - earliest) // CHECK_PERIOD * CHECK_PERIOD
        if self._beat_at is None or beat < self._beat_at:
            self._beat_at = beat
            self.engine.call_at(beat, self.name, "collect", beat)

    # a beat

    def collect(self, beat: int) -> None:
        """Delete what is to be deleted."""
        if self._beat_at != beat:
            return
        self._beat_at = None
        pods = self.informers.list("pods")
        self._collect_terminated()
        self._collect_out_of_service(pods)
        self._collect_orphaned(pods)
        unscheduled = [
            pod for pod in pods if "deletionTimestamp" in pod["metadata"] and not pod["spec"].get("nodeName")
        ]
        self._delete_all(unscheduled, "terminating and never scheduled")
        if self._quarantine:
            self._expect_beat(min(self._quarantine.values()))

    def _collect_terminated(self) -> None:
        surplus = len(self._terminated) - self._threshold
        if self._threshold <= 0 or surplus <= 0:
            return
        found = [self.informers.get("pods", name, namespace) for namespace, name in self._terminated]
        pods = sorted((pod for pod in found if pod is not None), key=evicted_then_oldest)
        self._delete_all(pods[:surplus], f"more than {self._threshold} finished pods ({THRESHOLD_FLAG})")

    def _collect_out_of_service(self, pods: Iterable[Object]) -> None:
        doomed = [
            pod
            for pod in pods
            if "deletionTimestamp" in pod["metadata"]
            and is_out_of_service(self.informers.get("nodes", pod["spec"].get("nodeName", "")))
        ]
        self._delete_all(sorted(doomed, key=evicted_then_oldest), "terminating on a node that is out of service")

    def _collect_orphaned(self, pods: Iterable[Object]) -> None:
        """Put nodes that are gone in quarantine; delete the pods of those whose quarantine is over."""
        orphans: dict[str, list[Object]] = {}
        for pod in pods:
            node = pod["spec"].get("nodeName")
            if node and self.informers.get("nodes", node) is None:
                orphans.setdefault(node, []).append(pod)
                self._quarantine.setdefault(node, self.engine.now + QUARANTINE)
        over = [node for node, ends in self._quarantine.items() if ends <= self.engine.now]
        for node in over:
            del self._quarantine[node]
            self._delete_all(orphans.get(node, []), "the node no longer exists", NODE_GONE)

    def _delete_all(self, pods: Iterable[Object], rule: str, condition: dict[str, Any] | None = None) -> None:
        for pod in pods:
            metadata = pod["metadata"]
            subject = ("Pod", metadata["namespace"], metadata["name"])
            self.decide(subject, "Deleted", rule, "spec.nodeName" if condition else None)
            try:
                self._fail_and_delete(pod, condition)
            except ApiError as error:
                if error.code != 404:
                    self.decide(subject, "DeleteFailed", error.message)

    def _fail_and_delete(self, pod: Object, condition: dict[str, Any] | None) -> None:
        """Delete a pod at once; one that has not finished is marked as failed first (markFailedAndDeletePod)."""
        metadata = pod["metadata"]
        if not is_terminal(pod):
            status: Object = {"phase": "Failed"}
            generation = metadata.get("generation")
            if generation:
                status["observedGeneration"] = generation
            if condition is not None:
                observed = {"observedGeneration": generation} if generation else {}
                changed = updated_condition(pod, {**condition, **observed}, format_time(self.engine.now))
                if changed is not None:
                    status["conditions"] = with_condition(pod, changed)
            patch = {"metadata": {"uid": metadata["uid"]}, "status": status}
            self.client.patch("pods", metadata["name"], patch, metadata["namespace"], subresource="status")
        self.client.delete("pods", metadata["name"], metadata["namespace"], gracePeriodSeconds=0)
