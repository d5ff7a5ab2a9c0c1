"""StatefulSets run pods with names, order and storage of their own.

Source: pkg/controller/statefulset/stateful_set.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object, controller_of
from k8scourse.client.workqueue import Controller
from k8scourse.component_helpers.pod_status import is_pod_ready
from k8scourse.controllers import statefulset_history as history
from k8scourse.controllers.ownership import claim_objects
from k8scourse.controllers.replicaset_status import SECOND, next_availability_check
from k8scourse.controllers.statefulset_pods import StatefulPodControl
from k8scourse.controllers.statefulset_round import COUNTS, Round
from k8scourse.controllers.statefulset_rules import is_member
from k8scourse.machinery.labels import Selector, selector_from

_COMPARED = (*COUNTS, "currentRevision", "updateRevision")


class StatefulSetController(Controller):
    """Creates, updates and deletes the pods of StatefulSets, ordinal by ordinal."""

    name = "statefulset-controller"
    user = "system:serviceaccount:kube-system:statefulset-controller"
    resource = "statefulsets.apps"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._control = StatefulPodControl(self)

    def start(self) -> None:
        """Watch sets and all pods."""
        self.informers.subscribe(self.resource, self.name, "enqueue_object")
        self.informers.subscribe("pods", self.name, "pod_changed")

    # what wakes it

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a pod's set looks at it; whoever selects a pod without controller may adopt it."""
        before = controller_of(old) if old is not None else None
        after = controller_of(new) if new is not None else None
        namespace = (new or old or {})["metadata"]["namespace"]
        if before is not None and before != after:
            self._wake(namespace, before)
        if new is None:
            return
        if after is not None:
            owner = self._wake(namespace, after)
            min_ready = owner["spec"].get("minReadySeconds", 0) if owner is not None else 0
            if min_ready and is_pod_ready(new) and old is not None and not is_pod_ready(old):
                self.enqueue_after((namespace, after["name"]), min_ready * SECOND)
        elif "deletionTimestamp" not in new["metadata"] and (
            old is None or before is not None or old["metadata"].get("labels") != new["metadata"].get("labels")
        ):
            self._wake_selecting(new)

    def _wake(self, namespace: str, reference: Object) -> Object | None:
        if reference["kind"] != "StatefulSet":
            return None
        owner = self.informers.get(self.resource, reference["name"], namespace)
        if owner is None or owner["metadata"]["uid"] != reference["uid"]:
            return None
        self.enqueue_late((namespace, reference["name"]))
        return owner

    def _wake_selecting(self, pod: Object) -> None:
        metadata = pod["metadata"]
        for owner in self.informers.list(self.resource, metadata["namespace"]):
            selector = selector_from(owner["spec"].get("selector"))
            if not selector.empty() and selector.matches(metadata.get("labels")):
                self.enqueue_late((metadata["namespace"], owner["metadata"]["name"]))

    # what it does

    def sync(self, key: Key) -> None:
        """Bring revisions, pods, claims and status of a set a step further."""
        namespace, name = key
        owner = self.informers.get(self.resource, name, namespace)
        if owner is None:
            return
        selector = selector_from(owner["spec"].get("selector"))
        revisions = history.list_revisions(self, owner, selector)
        pods = self._claim(owner, selector)
        found = history.find_revisions(self, owner, revisions)
        round_ = Round(owner, found, pods, self._control, self.engine.now)
        try:
            round_.run(lambda *decision: self._note(owner, *decision))
        finally:
            self._update_status(owner, round_.status())
            history.truncate(self, owner, pods, revisions, (found.current, found.update))
        min_ready = owner["spec"].get("minReadySeconds", 0)
        if min_ready and round_.counts["readyReplicas"] != round_.counts["availableReplicas"]:
            wait = next_availability_check(pods, min_ready, self.engine.now)
            self.enqueue_after(key, min_ready * SECOND if wait is None else wait)

    def _claim(self, owner: Object, selector: Selector) -> list[Object]:
        metadata = owner["metadata"]
        candidates = self.informers.controlled_by("pods", metadata["uid"])
        orphans = self.informers.orphans("pods", metadata["namespace"])
        candidates += [pod for pod in orphans if is_member(owner, pod)]
        return claim_objects(self.client, "pods", owner, selector, candidates)

    def _note(self, owner: Object, verdict: str, rule: str, field: str, detail: Any) -> None:
        metadata = owner["metadata"]
        self.decide(("StatefulSet", metadata["namespace"], metadata["name"]), verdict, rule, field, detail)

    def _update_status(self, owner: Object, status: Object) -> None:
        before = owner.get("status") or {}
        observed = status.get("observedGeneration", 0) > before.get("observedGeneration", 0)
        if observed or any((before.get(field) or 0) != (status.get(field) or 0) for field in _COMPARED):
            self.client.update_status(self.resource, {**owner, "status": status})
