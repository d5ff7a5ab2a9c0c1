"""The scheduling queue: pods that are next, pods in backoff, and pods that wait for an event that may help them.

Plain data without a clock: every method takes the time (ns). Source: kubernetes: pkg/scheduler/backend/queue
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from heapq import heapify, heappop, heappush

from k8scourse.scheduler.framework import Event, HintContext, Interest
from k8scourse.scheduler.plugins.priority_sort import PrioritySort
from k8scourse.scheduler.pod_info import Key, PodInfo
from k8scourse.scheduler.profile import DEFAULT_PROFILE, Profile
from k8scourse.scheduler.snapshot import Snapshot

SECOND = 1_000_000_000
INITIAL_BACKOFF = 1 * SECOND
MAX_BACKOFF = 10 * SECOND
BACKOFF_WINDOW = 1 * SECOND
"""Backoffs end on whole seconds, so that pods of one window keep the order of their priorities."""
MAX_UNSCHEDULABLE = 300 * SECOND
FLUSH_INTERVAL = 30 * SECOND
NO_NODES = "no nodes"
"""Stands in the place of a plugin for pods that found no node at all."""


_SORT = PrioritySort()


class Place(Enum):
    """Where a pod is in the queue."""

    ACTIVE = "active"
    BACKOFF = "backoff"
    UNSCHEDULABLE = "unschedulable"


@dataclass(slots=True)
class QueuedPod:
    """A pod in the queue and what its attempts came to."""

    info: PodInfo
    timestamp: int
    """When it entered the queue or its last attempt ended."""
    place: Place = Place.ACTIVE
    sequence: int = 0
    """Which entry of a heap is the valid one; also the order of equals."""
    attempts: int = 0
    unschedulable_count: int = 0
    error_count: int = 0
    """Attempts in a row that ended in an error."""
    rejectors: frozenset[str] = frozenset()
    """The plugins that refused it."""
    gate: str = ""
    """The plugin that keeps it out of the active queue."""
    seen: int = 0
    """How many changes of the cluster the last attempt had seen."""

    @property
    def count(self) -> int:
        """How many attempts count towards the backoff."""
        return self.error_count or self.unschedulable_count

    @property
    def backoff_until(self) -> int:
        """When the backoff ends (a whole second); 0 before the first attempt."""
        return align(self.timestamp + backoff(self.count)) if self.count else 0

    def is_backing_off(self, now: int) -> bool:
        """Whether the pod should not be tried yet; the window in which its backoff ends belongs to it."""
        return self.count > 0 and self.backoff_until >= align(now)


def align(time: int) -> int:
    """*time* down to a whole window."""
    return time - time % BACKOFF_WINDOW


def backoff(count: int) -> int:
    """How long a pod waits after *count* failed attempts (ns): 1, 2, 4, 8, 10, 10, ... seconds."""
    return min(INITIAL_BACKOFF << (count - 1), MAX_BACKOFF) if count <= 5 else MAX_BACKOFF


Order = tuple[int, int, int, Key]
_LateOrder = tuple[int, int, int, int, Key]


class SchedulingQueue:
    """Active pods by priority and age; the others wait for time or for events."""

    def __init__(self, profile: Profile = DEFAULT_PROFILE) -> None:
        self._profile = profile
        self._interests: dict[Event, list[tuple[str, Interest]]] = {}
        for plugin in profile.plugins:
            for item in plugin.interests:
                for action in item.actions:
                    self._interests.setdefault(Event(item.resource, action), []).append((plugin.name, item))
        self._pods: dict[Key, QueuedPod] = {}
        self._active: list[Order] = []
        self._backoff: list[_LateOrder] = []
        self._rejected: dict[str, dict[Key, None]] = {}
        """Unschedulable pods by the plugins that refused them."""
        self._sequence = 0

    # reading

    def __len__(self) -> int:
        return len(self._pods)

    def get(self, key: Key) -> QueuedPod | None:
        """The pod's entry, or None."""
        return self._pods.get(key)

    def concerns(self, event: Event) -> bool:
        """Whether any plugin could be interested in *event*."""
        return event in self._interests

    def in_place(self, place: Place) -> list[QueuedPod]:
        """The pods that are in *place*, in the order in which they came there."""
        return sorted((pod for pod in self._pods.values() if pod.place is place), key=lambda pod: pod.sequence)

    # moving

    def add(self, info: PodInfo, now: int) -> None:
        """Add a pod that is to be scheduled."""
        self._activate(QueuedPod(info, now))

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    def _gate(self, pod: QueuedPod) -> bool:
        """Whether a PreEnqueue plugin keeps the pod out; it then waits among the unschedulable."""
        pod.gate = ""
        for plugin in self._profile.plugins:
            if plugin.pre_enqueue(pod.info) is not None:
                pod.gate = plugin.name
                pod.rejectors = pod.rejectors | {plugin.name}
                self._park(pod)
                return True
        return False

    def _take_out(self, pod: QueuedPod) -> None:
        if pod.place is Place.UNSCHEDULABLE:
            for name in pod.rejectors:
                waiting = self._rejected.get(name)
                if waiting is not None:
                    waiting.pop(pod.info.key, None)
        pod.sequence = 0

    def _activate(self, pod: QueuedPod) -> None:
        self._take_out(pod)
        if self._gate(pod):
            return
        pod.place, pod.sequence = Place.ACTIVE, self._next()
        self._pods[pod.info.key] = pod
        heappush(self._active, (*_SORT.sort_key(pod.info, pod.timestamp), pod.sequence, pod.info.key))

    def _back_off(self, pod: QueuedPod, until: int | None = None) -> None:
        self._take_out(pod)
        if self._gate(pod):
            return
        pod.place, pod.sequence = Place.BACKOFF, self._next()
        self._pods[pod.info.key] = pod
        time = pod.backoff_until if until is None else until
        heappush(self._backoff, (time, *_SORT.sort_key(pod.info, pod.timestamp), pod.sequence, pod.info.key))

    def _park(self, pod: QueuedPod) -> None:
        pod.place, pod.sequence = Place.UNSCHEDULABLE, self._next()
        self._pods[pod.info.key] = pod
        for name in pod.rejectors:
            self._rejected.setdefault(name, {})[pod.info.key] = None

    def _requeue(self, pod: QueuedPod, now: int) -> None:
        if NO_NODES in pod.rejectors:
            self._take_out(pod)
            pod.rejectors = frozenset()
            self._back_off(pod, _next_try(pod, now))
        elif pod.is_backing_off(now):
            self._back_off(pod)
        else:
            self._activate(pod)

    def delete(self, key: Key) -> QueuedPod | None:
        """Forget a pod that was deleted or bound."""
        pod = self._pods.pop(key, None)
        if pod is not None:
            self._take_out(pod)
        return pod

    def reject(self, pod: QueuedPod, plugins: Iterable[str], now: int, seen: int = 0) -> None:
        """Take back a popped pod that *plugins* refused; without plugins it failed by an error and backs off."""
        pod.rejectors = frozenset(plugins)
        pod.timestamp, pod.seen = now, seen
        if NO_NODES in pod.rejectors or not pod.rejectors:
            pod.error_count += 1
        else:
            pod.unschedulable_count += 1
            pod.error_count = 0
        if pod.rejectors:
            self._park(pod)
        else:
            self._back_off(pod)

    def update(self, old: PodInfo, new: PodInfo, events: Iterable[Event], snapshot: Snapshot, now: int) -> None:
        """Take over another version of a waiting pod; *events* is what changed in it."""
        pod = self._pods.get(new.key)
        if pod is None:
            self.add(new, now)
            return
        pod.info = new
        if pod.place is not Place.UNSCHEDULABLE:
            if old.priority != new.priority:
                (self._activate if pod.place is Place.ACTIVE else self._back_off)(pod)
            return
        if any(self._is_worth_a_retry(pod, event, old, new, snapshot) for event in events):
            self._requeue(pod, now)

    def wake(
        self,
        event: Event,
        old: object,
        new: object,
        snapshot: Snapshot,
        now: int,
        *,
        max_priority: int | None = None,
    ) -> list[Key]:
        """Move the waiting pods that *event* may help to backoff or to the active queue; gives them.

        *old* and *new* are the object before and after (a Node or a PodInfo).
        """
        keys: dict[Key, None] = {}
        for name, _ in self._interests.get(event, ()):
            keys.update(self._rejected.get(name, {}))
        if event == ("Node", "Add"):
            keys.update(self._rejected.get(NO_NODES, {}))
        if not keys:
            return []
        woken: list[Key] = []
        for pod in sorted((self._pods[key] for key in keys), key=lambda pod: pod.sequence):
            if max_priority is not None and pod.info.priority > max_priority:
                continue
            if self._is_worth_a_retry(pod, event, old, new, snapshot):
                self._requeue(pod, now)
                woken.append(pod.info.key)
        return woken

    def _is_worth_a_retry(self, pod: QueuedPod, event: Event, old: object, new: object, snapshot: Snapshot) -> bool:
        if NO_NODES in pod.rejectors:
            return event == ("Node", "Add")
        if pod.gate and all(name != pod.gate for name, _ in self._interests.get(event, ())):
            return False
        context = HintContext(pod.info, old, new, snapshot)
        return any(
            name in pod.rejectors and (item.hint is None or item.hint(context))
            for name, item in self._interests.get(event, ())
        )

    # time

    def _drop_stale(self) -> None:
        while self._active and not self._is_valid(self._active[0][3], self._active[0][2], Place.ACTIVE):
            heappop(self._active)
        while self._backoff and not self._is_valid(self._backoff[0][4], self._backoff[0][3], Place.BACKOFF):
            heappop(self._backoff)

    def _is_valid(self, key: Key, sequence: int, place: Place) -> bool:
        pod = self._pods.get(key)
        return pod is not None and pod.place is place and pod.sequence == sequence

    def _valid_backoffs(self) -> Iterator[_LateOrder]:
        return (item for item in self._backoff if self._is_valid(item[4], item[3], Place.BACKOFF))

    def pop(self, now: int) -> QueuedPod | None:
        """The pod to schedule next: the first active one, or, when there is none, the first in backoff.

        Pods that failed by an error wait until their backoff is over in any case (SchedulerPopFromBackoffQ).
        """
        self._drop_stale()
        while self._backoff and self._backoff[0][0] < align(now):
            key = heappop(self._backoff)[4]
            self._activate(self._pods[key])
            self._drop_stale()
        if self._active:
            key = heappop(self._active)[3]
        else:
            early = [item for item in self._valid_backoffs() if self._pods[item[4]].rejectors]
            if not early:
                return None
            key = min(early)[4]
        pod = self._pods.pop(key)
        pod.sequence = 0
        pod.attempts += 1
        return pod

    def next_due(self, now: int) -> int | None:
        """When `pop` will give a pod: *now*, later, or None when only an event can help."""
        self._drop_stale()
        if self._active:
            return now
        if not self._backoff:
            return None
        items = list(self._valid_backoffs())
        if any(self._pods[item[4]].rejectors for item in items):
            return now
        return max(now, min(item[0] for item in items) + BACKOFF_WINDOW)

    def next_flush(self, seen: int) -> int | None:
        """When a pod will have waited five minutes, among those that have not met the *seen* changes of the cluster."""
        times = [pod.timestamp for pod in self._leftovers(seen)]
        if not times:
            return None
        due = min(times) + MAX_UNSCHEDULABLE
        return due - due % FLUSH_INTERVAL + FLUSH_INTERVAL

    def _leftovers(self, seen: int) -> list[QueuedPod]:
        return [
            pod
            for pod in self._pods.values()
            if pod.place is Place.UNSCHEDULABLE and not pod.gate and NO_NODES not in pod.rejectors and pod.seen != seen
        ]

    def flush(self, now: int, seen: int) -> None:
        """Retry the pods that have waited more than five minutes without an event that helped."""
        for pod in sorted(self._leftovers(seen), key=lambda pod: pod.sequence):
            if now - pod.timestamp > MAX_UNSCHEDULABLE:
                self._requeue(pod, now)

    def copy(self) -> SchedulingQueue:
        """An independent queue with the same content."""
        twin = SchedulingQueue(self._profile)
        twin._pods = {key: replace(pod) for key, pod in self._pods.items()}
        twin._active, twin._backoff = self._active.copy(), self._backoff.copy()
        heapify(twin._active)
        heapify(twin._backoff)
        twin._rejected = {name: keys.copy() for name, keys in self._rejected.items()}
        twin._sequence = self._sequence
        return twin


def _next_try(pod: QueuedPod, now: int) -> int:
    """When the backoff ends that would run at *now*, had the pod been tried again after each of its backoffs."""
    time, count = pod.timestamp, pod.count
    while True:
        until = align(time + backoff(count))
        if until >= align(now):
            return until
        if count > 5:
            step = MAX_BACKOFF + BACKOFF_WINDOW
            return until + -(-(align(now) - until) // step) * step
        time, count = until + BACKOFF_WINDOW, count + 1
