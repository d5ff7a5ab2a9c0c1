"""PrioritySort: the order of the active queue."""

from __future__ import annotations

from k8scourse.scheduler.framework import Plugin
from k8scourse.scheduler.pod_info import PodInfo


class PrioritySort(Plugin):
    """Higher priority first, then who has waited longer (kubernetes: plugins/queuesort)."""

    name = "PrioritySort"

    def sort_key(self, pod: PodInfo, timestamp: int) -> tuple[int, int]:
        """The pod with the smallest key is next; *timestamp* is when it was added to the queue (ns)."""
        return -pod.priority, timestamp
