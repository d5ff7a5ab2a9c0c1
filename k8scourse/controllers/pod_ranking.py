"""In which order a ReplicaSet gives up its pods when it has too many.

Source: pkg/controller/controller_utils.go (ActivePodsWithRanks), pkg/controller/replicaset/replica_set.go
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cmp_to_key
from typing import NamedTuple

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import pod_condition
from k8scourse.controllers.pod_control import is_active
from k8scourse.machinery.timestamps import parse_time

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
_PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}
_INTEGER = re.compile(r"-?[1-9][0-9]*|0")


class _Rank(NamedTuple):
    """What decides about one pod; *first* by plain comparison, the rest pair by pair."""

    first: tuple[bool, int, bool, int, int]
    ready_since: int | None
    restarts: tuple[int, int]
    created: int
    uid: str
    pod: Object


def deletion_cost(pod: Object) -> int:
    """The cost of deleting the pod by its annotation; 0 without one or with one that is no number."""
    text = (pod["metadata"].get("annotations") or {}).get(DELETION_COST, "0")
    return int(text) if _INTEGER.fullmatch(text) and -(2**31) <= int(text) < 2**31 else 0


def pods_to_delete(pods: Sequence[Object], related: Iterable[Object], count: int, now: int) -> list[Object]:
    """The *count* pods of *pods* to delete at *now* (ns since the Unix epoch), the most dispensable ones first.

    Unassigned before assigned, Pending before Unknown before Running, not ready before ready, lower deletion cost,
    more pods of the same workload (*related*) on its node, ready for less time (in powers of two, then by uid), more
    restarts, younger.
    """
    if count >= len(pods):
        return list(pods)
    neighbours = Counter(pod["spec"].get("nodeName", "") for pod in related if is_active(pod))
    ranks = [_rank(pod, neighbours[pod["spec"].get("nodeName", "")]) for pod in pods]
    ranks.sort(key=cmp_to_key(lambda left, right: _compare(left, right, now)))
    return [rank.pod for rank in ranks[:count]]


def _rank(pod: Object, neighbours: int) -> _Rank:
    ready = pod_condition(pod, "Ready")
    is_ready = ready is not None and ready["status"] == "True"
    status = pod.get("status") or {}
    return _Rank(
        first=(
            bool(pod["spec"].get("nodeName")),
            _PHASES.get(status.get("phase", ""), 0),
            is_ready,
            deletion_cost(pod),
            -neighbours,
        ),
        ready_since=parse_time(ready["lastTransitionTime"]) if ready is not None and is_ready else None,
        restarts=_restarts(pod),
        created=parse_time(pod["metadata"]["creationTimestamp"]),
        uid=pod["metadata"]["uid"],
        pod=pod,
    )


def _restarts(pod: Object) -> tuple[int, int]:
    """The most restarts of a container, and of a sidecar."""
    status = pod.get("status") or {}
    sidecars = {
        container["name"]
        for container in pod["spec"].get("initContainers") or ()
        if container.get("restartPolicy") == "Always"
    }
    regular = [container.get("restartCount", 0) for container in status.get("containerStatuses") or ()]
    initial = status.get("initContainerStatuses") or ()
    return max(regular, default=0), max((c.get("restartCount", 0) for c in initial if c["name"] in sidecars), default=0)


def _compare(left: _Rank, right: _Rank, now: int) -> int:
    if left.first != right.first:
        return -1 if left.first < right.first else 1
    if left.ready_since is not None and right.ready_since is not None and left.ready_since != right.ready_since:
        return _younger_first(left.ready_since, right.ready_since, left, right, now)
    if left.restarts != right.restarts:
        return -1 if left.restarts > right.restarts else 1
    if left.created != right.created:
        return _younger_first(left.created, right.created, left, right, now)
    return 0


def _younger_first(left_time: int, right_time: int, left: _Rank, right: _Rank, now: int) -> int:
    """By the power of two of the ages; uids decide between ages that are alike (LogarithmicScaleDown)."""
    difference = (now - left_time).bit_length() - (now - right_time).bit_length()
    if difference:
        return difference
    return -1 if left.uid < right.uid else 1
