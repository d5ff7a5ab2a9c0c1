"""kube-scheduler: hears of pods and nodes through informers, decides, and writes bindings, statuses and events.

Source: kubernetes: pkg/scheduler/{schedule_one,eventhandlers}.go and framework/preemption/executor.go
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from k8scourse.client.component import Component, Context
from k8scourse.component_helpers.pod_status import is_terminal, is_terminating, updated_condition
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time
from k8scourse.scheduler import messages
from k8scourse.scheduler.cached import Evaluator
from k8scourse.scheduler.cluster_events import (
    NODE_ADD,
    NODE_DELETE,
    POD_ADD,
    POD_DELETE,
    node_events,
    pod_events,
)
from k8scourse.scheduler.cycle import Outcome
from k8scourse.scheduler.framework import Event
from k8scourse.scheduler.not_simulated import VOLUMES_IGNORED
from k8scourse.scheduler.plugins.default_binder import DefaultBinder
from k8scourse.scheduler.pod_info import Key, PodInfo, pod_info
from k8scourse.scheduler.profile import DEFAULT_SCHEDULER
from k8scourse.scheduler.queue import NO_NODES, QueuedPod, SchedulingQueue
from k8scourse.scheduler.records import rejection_detail, rejection_field, scheduled_detail
from k8scourse.scheduler.snapshot import Snapshot

Object = dict[str, Any]

_BINDER = DefaultBinder()
_WORKLOADS = ("services", "replicationcontrollers", "replicasets.apps", "statefulsets.apps")


class Scheduler(Component):
    """Schedules one pod per step; its caches and its queue are plain data."""

    name = "kube-scheduler"
    user = "system:kube-scheduler"
    reporter = DEFAULT_SCHEDULER

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.queue = SchedulingQueue()
        self._take(Snapshot())
        self.revision = 0
        """The store's revision: each write is one, and all of them are heard of."""
        self.changes = 0
        """How many changes of the cluster could have mattered to a waiting pod."""
        self._is_due = False
        self._alarm: tuple[int, int] | None = None
        """(time, handle) of the timer that is set for a backoff or a flush."""

    def _take(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.evaluator = Evaluator(snapshot)

    def start(self) -> None:
        """Subscribe to all that scheduling depends on and take in what is there already."""
        subscriptions = (
            ("nodes", "on_node"),
            ("pods", "on_pod"),
            ("namespaces", "on_namespace"),
            ("poddisruptionbudgets.policy", "on_pdb"),
            *((resource, "on_workload") for resource in _WORKLOADS),
        )
        self.informers.subscribe("*", self.name, "on_write")
        for resource, method in subscriptions:
            self.informers.subscribe(resource, self.name, method)
            for obj in self.informers.list(resource):
                getattr(self, method)(None, obj)

    def copy_state(self, source: Self) -> None:
        """Take over copies of the snapshot and the queue."""
        self._take(source.snapshot.fork())
        self.queue = source.queue.copy()
        self.changes = source.changes
        self.revision = source.revision
        self._is_due = source._is_due
        self._alarm = source._alarm

    # what it hears

    def on_write(self, old: Object | None, new: Object | None) -> None:
        """Anything was written; a deletion is a revision too, but no object carries its number."""
        self.revision = int(new["metadata"]["resourceVersion"]) if new is not None else self.revision + 1

    def on_namespace(self, old: Object | None, new: Object | None) -> None:
        """A namespace came, changed or went."""
        obj = new or old or {}
        labels = None if new is None else new["metadata"].get("labels") or {}
        self.snapshot.set_namespace(obj["metadata"]["name"], labels)

    def on_workload(self, old: Object | None, new: Object | None) -> None:
        """A Service or an owner of pods came, changed or went."""
        obj = new or old or {}
        metadata = obj["metadata"]
        self.snapshot.set_workload(obj["kind"], metadata["namespace"], metadata["name"], new)

    def on_pdb(self, old: Object | None, new: Object | None) -> None:
        """A PodDisruptionBudget came, changed or went."""
        metadata = (new or old or {})["metadata"]
        self.snapshot.set_pdb(metadata["namespace"], metadata["name"], new)

    def on_node(self, old: Object | None, new: Object | None) -> None:
        """A node came, changed or went."""
        if new is None:
            if old is not None:
                self.snapshot.remove_node(old["metadata"]["name"])
                self._wake((NODE_DELETE,), old, None)
            return
        self.snapshot.set_node(new)
        if old is None:
            self._wake((NODE_ADD,), None, new)
        elif old is not new:
            self._wake(node_events(old, new), old, new)

    def on_pod(self, old: Object | None, new: Object | None) -> None:
        """A pod came, changed or went; pods that have ended count as gone."""
        if old is not None and is_terminal(old):
            old = None
        if new is not None and is_terminal(new):
            old, new = old or new, None
        if new is not None and new["spec"].get("nodeName"):
            self._on_bound(old, new)
        elif new is not None:
            self._on_pending(old, new)
        elif old is not None:
            self._on_gone(old)

    def _on_bound(self, old: Object | None, new: Object) -> None:
        key = (new["metadata"]["namespace"], new["metadata"]["name"])
        known = self.snapshot.pod(key)
        info = pod_info(new, known)
        self.snapshot.set_pod(info)
        if old is None or not old["spec"].get("nodeName"):
            self._forget(key)
            self._wake((POD_ADD,), None, info)
        elif known is not None:
            self._wake(pod_events(known, info), known, info)

    def _on_pending(self, old: Object | None, new: Object) -> None:
        if new["spec"].get("schedulerName", DEFAULT_SCHEDULER) != DEFAULT_SCHEDULER:
            return
        waiting = self.queue.get((new["metadata"]["namespace"], new["metadata"]["name"]))
        info = pod_info(new, waiting.info if waiting else None)
        if old is None or (waiting is None and self.snapshot.pod(info.key) is None and not info.terminating):
            self.queue.add(info, self.engine.now)
            if info.nominated_node:
                self.snapshot.nominate(info, info.nominated_node)
        elif waiting is not None:
            before = waiting.info
            self.queue.update(before, info, pod_events(before, info), self.snapshot, self.engine.now)
            self._renominate(before, info)
        self._arm()

    def _renominate(self, before: PodInfo, after: PodInfo) -> None:
        """Keep the nomination in step with the status; one that ends may help pods of no higher priority."""
        if before.nominated_node or after.nominated_node:
            self.snapshot.nominate(after, after.nominated_node)
        if before.nominated_node and before.nominated_node != after.nominated_node:
            self._wake((POD_DELETE,), before, None, max_priority=before.priority)

    def _on_gone(self, old: Object) -> None:
        key = (old["metadata"]["namespace"], old["metadata"]["name"])
        bound = self.snapshot.remove_pod(key)
        waiting = self._forget(key)
        if bound is not None:
            self._wake((POD_DELETE,), bound, None)
        elif waiting is not None and waiting.info.nominated_node:
            self._wake((POD_DELETE,), waiting.info, None, max_priority=waiting.info.priority)

    def _forget(self, key: Key) -> QueuedPod | None:
        """Drop a pod from the queue, and the room that was kept for it."""
        waiting = self.queue.delete(key)
        self.snapshot.unnominate(key)
        return waiting

    def _wake(self, events: Iterable[Event], old: object, new: object, *, max_priority: int | None = None) -> None:
        now = self.engine.now
        for event in filter(self.queue.concerns, events):
            self.changes += 1
            self.queue.wake(event, old, new, self.snapshot, now, max_priority=max_priority)
        self._arm()

    # when it works

    def _arm(self) -> None:
        """See to it that the next pod is scheduled when it is due, and no sooner."""
        if self._is_due or not len(self.queue):
            return
        now = self.engine.now
        due = self.queue.next_due(now)
        if due is not None and due <= now:
            self._is_due = True
            self.engine.call_soon(self.name, "schedule_one")
            return
        flush = self.queue.next_flush(self.changes)
        times = [time for time in (due, flush) if time is not None]
        if times and (self._alarm is None or min(times) < self._alarm[0]):
            if self._alarm is not None:
                self.engine.cancel(self._alarm[1])
            time = min(times)
            self._alarm = (time, self.engine.call_at(time, self.name, "on_alarm"))

    def on_alarm(self) -> None:
        """A backoff is over, or a pod has waited long enough for an event."""
        self._alarm = None
        self.queue.flush(self.engine.now, self.changes)
        self._arm()

    def schedule_one(self) -> None:
        """Schedule the pod that is next."""
        self._is_due = False
        queued = self.queue.pop(self.engine.now)
        if queued is not None:
            self._schedule(queued)
        self._arm()

    def _schedule(self, queued: QueuedPod) -> None:
        info = queued.info
        namespace, name = info.key
        if is_terminating(info.pod):
            text = messages.DELETING_POD_EVENT.format(namespace=namespace, name=name)
            self.recorder.event(info.pod, "Warning", "FailedScheduling", text)
            return
        revision = self.revision
        if queued.attempts == 1 and info.traits.not_simulated:
            fields = info.traits.not_simulated
            self.decide(("Pod", *info.key), "NotSimulated", VOLUMES_IGNORED, fields[0], fields, revision)
        outcome = self.evaluator.evaluate(info)
        if outcome.node is not None:
            self._bind(queued, outcome.node, outcome, revision)
        else:
            self._fail(queued, outcome, revision)

    # what it does

    def _bind(self, queued: QueuedPod, node: str, outcome: Outcome, revision: int) -> None:
        info = queued.info
        namespace, name = info.key
        self.snapshot.assume(info, node)
        self.snapshot.unnominate(info.key)
        try:
            self.client.create("pods", _BINDER.binding(info, node), namespace, "binding")
        except ApiError as error:
            assumed = self.snapshot.remove_pod(info.key)
            self._wake((POD_DELETE,), assumed, None)
            self._failed_by_error(queued, messages.BIND_FAILED.format(error=error.message), revision)
            return
        self.decide(("Pod", *info.key), "Scheduled", node, "spec.nodeName", scheduled_detail(outcome), revision)
        text = messages.SCHEDULED_EVENT.format(namespace=namespace, name=name, node=node)
        self.recorder.event(info.pod, "Normal", "Scheduled", text)

    def _failed_by_error(self, queued: QueuedPod, text: str, revision: int) -> None:
        info = queued.info
        self.decide(("Pod", *info.key), "Error", text, None, None, revision)
        current = self._current(info)
        if current is None:
            return
        self.queue.reject(queued, (), self.engine.now)
        self._report(current, messages.REASON_SCHEDULER_ERROR, text, None)

    def _fail(self, queued: QueuedPod, outcome: Outcome, revision: int) -> None:
        info = queued.info
        plugins = outcome.plugins or (NO_NODES,)
        self.decide(
            ("Pod", *info.key),
            "Unschedulable",
            ", ".join(plugins),
            rejection_field(plugins),
            rejection_detail(outcome),
            revision,
        )
        current = self._current(info)
        if current is None:
            return
        self.queue.reject(queued, plugins, self.engine.now, self.changes)
        if outcome.nominated is not None:
            self.snapshot.nominate(info, outcome.nominated)
        self._report(current, messages.REASON_UNSCHEDULABLE, outcome.message, outcome.nominated)
        if outcome.victims:
            victims = tuple(victim.key for victim in outcome.victims)
            self.engine.call_soon(self.name, "preempt", info.key, info.uid, info.priority, outcome.nominated, victims)

    def _current(self, info: PodInfo) -> Object | None:
        """The pod as it is in the informer, None when it is gone, bound or another one of that name."""
        pod = self.informers.get("pods", info.key[1], info.key[0])
        if pod is None or pod["spec"].get("nodeName") or pod["metadata"].get("uid") != info.pod["metadata"].get("uid"):
            return None
        return pod

    def _report(self, pod: Object, reason: str, message: str, nominated: str | None) -> None:
        """Tell why the pod is pending: an event, the condition PodScheduled, and the nominated node if it changes."""
        self.recorder.event(pod, "Warning", "FailedScheduling", messages.cut_note(message))
        status: Object = {}
        wanted: Object = {"type": "PodScheduled", "status": "False", "reason": reason, "message": message}
        if pod["metadata"].get("generation"):
            wanted["observedGeneration"] = pod["metadata"]["generation"]
        condition = updated_condition(pod, wanted, format_time(self.engine.now))
        if condition is not None:
            status["conditions"] = [condition]
        if nominated is not None and nominated != (pod.get("status", {}).get("nominatedNodeName") or ""):
            status["nominatedNodeName"] = nominated or None
        if status:
            self._patch_status(pod, status)

    def _patch_status(self, pod: Object, status: Object) -> bool:
        """Patch the pod's status; False when the pod is gone."""
        metadata = pod["metadata"]
        try:
            self.client.patch("pods", metadata["name"], {"status": status}, metadata["namespace"], subresource="status")
        except ApiError as error:
            if error.code != 404:
                raise
            return False
        return True

    # preemption

    def preempt(self, preemptor: Key, uid: str, priority: int, node: str, victims: tuple[Key, ...]) -> None:
        """Remove *victims* from *node* for *preemptor*; less important pods lose their claim to the node."""
        for other in list(self.snapshot.nominated.get(node, {}).values()):
            pod = self._current(other)
            if other.priority < priority and pod is not None:
                self._patch_status(pod, {"nominatedNodeName": None})
        for key in victims:
            pod = self.informers.get("pods", key[1], key[0])
            if pod is not None and not is_terminating(pod):
                self._evict(pod, preemptor, uid, node)

    def _evict(self, pod: Object, preemptor: Key, uid: str, node: str) -> None:
        metadata = pod["metadata"]
        text = messages.PREEMPTED_EVENT.format(uid=uid, node=node)
        self.decide(
            ("Pod", metadata["namespace"], metadata["name"]),
            "Preempted",
            "a pod of higher priority needs its room",
            "spec.priority",
            {"by": preemptor, "node": node},
            self.revision,
        )
        wanted: Object = {
            "type": "DisruptionTarget",
            "status": "True",
            "reason": messages.REASON_PREEMPTION,
            "message": messages.PREEMPTED_CONDITION.format(scheduler=DEFAULT_SCHEDULER),
        }
        if metadata.get("generation"):
            wanted["observedGeneration"] = metadata["generation"]
        condition = updated_condition(pod, wanted, format_time(self.engine.now))
        if condition is not None and not self._patch_status(pod, {"conditions": [condition]}):
            return
        try:
            self.client.delete("pods", metadata["name"], metadata["namespace"])
        except ApiError as error:
            if error.code != 404:
                raise
            return
        self.recorder.event(pod, "Normal", "Preempted", text)
