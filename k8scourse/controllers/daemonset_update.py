"""Rolling updates of DaemonSets: which old pods go next, and which nodes get a second pod.

Source: pkg/controller/daemon/update.go (rollingUpdate)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_available
from k8scourse.controllers import daemonset_rules as rules


class Changes(NamedTuple):
    """What to do next: names of nodes that need a pod, names of pods to delete."""

    create: list[str]
    delete: list[str]


class Update:
    """A DaemonSet's pods by node in the middle of an update; a node that should have one may have none."""

    def __init__(
        self, daemon_set: Object, pods: Mapping[str, Sequence[Object]], digest: str, desired: int, now: int
    ) -> None:
        """*digest* is the hash of the newest revision, *desired* the number of nodes that should run a pod."""
        self._pods = pods
        self._digest = digest
        self._generation = rules.template_generation(daemon_set)
        self._min_ready: int = daemon_set["spec"].get("minReadySeconds", 0)
        self._now = now
        self._desired = desired
        self._surge = rules.max_surge(daemon_set, desired)
        self._unavailable = rules.max_unavailable(daemon_set, desired)
        if desired and not self._surge and not self._unavailable:
            self._unavailable = 1

    def changes(self, should_run: Callable[[str], bool]) -> Changes:
        """The next step; *should_run* tells whether the node of a name should run a pod."""
        return self._surging(should_run) if self._surge else self._replacing()

    def _available(self, pod: Object) -> bool:
        return is_pod_available(pod, self._min_ready, self._now)

    def _new_and_old(self, pods: Sequence[Object]) -> tuple[Object | None, Object | None] | None:
        """The node's updated pod and its other one; None when there is more than one of either."""
        new: Object | None = None
        old: Object | None = None
        for pod in pods:
            if "deletionTimestamp" in pod["metadata"]:
                continue
            if rules.is_updated(pod, self._digest, self._generation):
                if new is not None:
                    return None
                new = pod
            else:
                if old is not None:
                    return None
                old = pod
        return new, old

    def _replacing(self) -> Changes:
        """Without surge an old pod goes first, and its replacement comes once it is gone."""
        unavailable = 0
        unhealthy: list[str] = []
        candidates: list[str] = []
        for pods in self._pods.values():
            found = self._new_and_old(pods)
            if found is None or (found[0] is None) == (found[1] is None):
                unavailable += 1
                continue
            new, old = found
            if new is not None:
                unavailable += not self._available(new)
            elif old is not None and not self._available(old):
                unhealthy.append(old["metadata"]["name"])
                unavailable += 1
            elif old is not None and unavailable < self._unavailable:
                candidates.append(old["metadata"]["name"])
        room = max(self._unavailable - unavailable, 0)
        return Changes([], unhealthy + candidates[:room])

    def _surging(self, should_run: Callable[[str], bool]) -> Changes:
        """With surge the new pod comes first, and the old one goes once the new one is available."""
        delete: list[str] = []
        leaving: list[str] = []
        create: list[str] = []
        candidates: list[str] = []
        surging = available = 0
        for node, pods in self._pods.items():
            found = self._new_and_old(pods)
            if found is None:
                surging += 1
                continue
            new, old = found
            current = old if old is not None else new
            available += current is not None and self._available(current)
            if old is None:
                continue
            name = old["metadata"]["name"]
            if new is not None:
                if self._available(new):
                    delete.append(name)
                else:
                    surging += 1
            elif not self._available(old):
                (create if should_run(node) else delete).append(node if should_run(node) else name)
            elif not should_run(node):
                leaving.append(name)
            elif surging < self._surge:
                candidates.append(node)
        delete += leaving[: max(available - self._desired, 0)]
        return Changes(create + candidates[: max(self._surge - surging, 0)], delete)
