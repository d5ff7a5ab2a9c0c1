"""ReplicaSets keep as many pods as they want.

Source: pkg/controller/replicaset/replica_set.go
"""

from __future__ import annotations

from typing import ClassVar

from k8scourse.client.informers import Key, Object, controller_of
from k8scourse.client.workqueue import Controller
from k8scourse.component_helpers.pod_status import is_pod_ready
from k8scourse.controllers.ownership import claim_objects
from k8scourse.controllers.pod_control import create_pod, delete_pods, is_active, is_terminating, slow_start
from k8scourse.controllers.pod_ranking import pods_to_delete
from k8scourse.controllers.replicaset_status import SECOND, calculate_status, next_availability_check
from k8scourse.machinery.labels import Selector, selector_from
from k8scourse.machinery.status import ApiError

BURST_REPLICAS = 500
"""So many pods are created or deleted in one sync at most."""


class ReplicaSetController(Controller):
    """Creates and deletes pods until a ReplicaSet has as many active ones as spec.replicas says.

    A ReplicationController follows the same rules: a subclass says how its kind is called and how it selects.
    """

    name = "replicaset-controller"
    user = "system:serviceaccount:kube-system:replicaset-controller"
    resource = "replicasets.apps"
    kind: ClassVar[str] = "ReplicaSet"
    counts_terminating: ClassVar[bool] = True
    """Whether status.terminatingReplicas is kept (DeploymentReplicaSetTerminatingReplicas)."""

    def start(self) -> None:
        """Watch the owners and all pods."""
        self.informers.subscribe(self.resource, self.name, "enqueue_object")
        self.informers.subscribe("pods", self.name, "pod_changed")

    def selector_of(self, owner: Object) -> Selector:
        """Which pods *owner* selects."""
        return selector_from(owner["spec"].get("selector"))

    # what wakes it

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a pod's controller looks at it; whoever selects a pod without one may adopt it."""
        before = controller_of(old) if old is not None else None
        after = controller_of(new) if new is not None else None
        namespace = (new or old or {})["metadata"]["namespace"]
        if before is not None and before != after:
            self._wake(namespace, before)
        if new is None:
            return
        if after is not None:
            owner = self._wake(namespace, after)
            if owner is not None:
                self._expect_availability(owner, old, new)
        elif "deletionTimestamp" not in new["metadata"] and (
            old is None or before is not None or old["metadata"].get("labels") != new["metadata"].get("labels")
        ):
            self._wake_selecting(new)

    def _wake(self, namespace: str, reference: Object) -> Object | None:
        if reference["kind"] != self.kind:
            return None
        owner = self.informers.get(self.resource, reference["name"], namespace)
        if owner is None or owner["metadata"]["uid"] != reference["uid"]:
            return None
        self.enqueue_late((namespace, reference["name"]))
        return owner

    def _wake_selecting(self, pod: Object) -> None:
        metadata = pod["metadata"]
        for owner in self.informers.list(self.resource, metadata["namespace"]):
            selector = self.selector_of(owner)
            if not selector.empty() and selector.matches(metadata.get("labels")):
                self.enqueue_late((metadata["namespace"], owner["metadata"]["name"]))

    def _expect_availability(self, owner: Object, old: Object | None, new: Object) -> None:
        min_ready = owner["spec"].get("minReadySeconds", 0)
        if min_ready and is_pod_ready(new) and not (old is not None and is_pod_ready(old)):
            self.enqueue_after((owner["metadata"]["namespace"], owner["metadata"]["name"]), min_ready * SECOND)

    # what it does

    def sync(self, key: Key) -> None:
        """Claim pods, create or delete what is missing or too much, and write the status."""
        namespace, name = key
        owner = self.informers.get(self.resource, name, namespace)
        if owner is None:
            return
        selector = self.selector_of(owner)
        mine = self.informers.controlled_by("pods", owner["metadata"]["uid"])
        candidates = [pod for pod in mine if is_active(pod)]
        candidates += [pod for pod in self.informers.orphans("pods", namespace) if is_active(pod)]
        active = claim_objects(self.client, "pods", owner, selector, candidates)
        terminating = sum(is_terminating(pod) and selector.matches(pod["metadata"].get("labels")) for pod in mine)
        failure: ApiError | None = None
        if "deletionTimestamp" not in owner["metadata"]:
            failure = self._manage(owner, active)
        self._update_status(owner, active, terminating, failure)
        if failure is not None:
            raise failure
        min_ready = owner["spec"].get("minReadySeconds", 0)
        if min_ready:
            wait = next_availability_check(active, min_ready, self.engine.now)
            if wait is not None:
                self.enqueue_after(key, wait)

    def _manage(self, owner: Object, active: list[Object]) -> ApiError | None:
        surplus = len(active) - owner["spec"]["replicas"]
        metadata = owner["metadata"]
        if abs(surplus) > BURST_REPLICAS:
            self.enqueue((metadata["namespace"], metadata["name"]))
        subject = (self.kind, metadata["namespace"], metadata["name"])
        failure: ApiError | None = None
        if surplus < 0:
            count = min(-surplus, BURST_REPLICAS)
            template = owner["spec"]["template"]
            self.decide(subject, "CreatePods", "fewer active pods than replicas", "spec.replicas", {"count": count})
            _, failure = slow_start(count, lambda _: create_pod(self, template, owner))
        elif surplus > 0:
            count = min(surplus, BURST_REPLICAS)
            doomed = pods_to_delete(active, self._related_pods(owner), count, self.engine.now)
            names = [pod["metadata"]["name"] for pod in doomed]
            self.decide(subject, "DeletePods", "more active pods than replicas", "spec.replicas", {"pods": names})
            try:
                delete_pods(self, names, owner)
            except ApiError as error:
                failure = error
        return failure

    def _related_pods(self, owner: Object) -> list[Object]:
        """The pods of all ReplicaSets with the same controller, this one included."""
        controller = controller_of(owner)
        if controller is None:
            return []
        siblings = self.informers.controlled_by(self.resource, controller["uid"])
        return [pod for rs in siblings for pod in self.informers.controlled_by("pods", rs["metadata"]["uid"])]

    def _update_status(self, owner: Object, active: list[Object], terminating: int, failure: ApiError | None) -> None:
        counted = terminating if self.counts_terminating else None
        text = failure.message if failure is not None else None
        if text is not None and len(active) > owner["spec"]["replicas"]:
            text = f"unable to delete pods: {text}"
        status = calculate_status(owner, active, counted, text, self.engine.now)
        if status == {field: value for field, value in (owner.get("status") or {}).items() if value != []}:
            return
        self.client.update_status(self.resource, {**owner, "status": status})
