"""Deployments roll from one ReplicaSet to the next.

Source: pkg/controller/deployment/deployment_controller.go
"""

from __future__ import annotations

from k8scourse.client.informers import Key, Object, controller_of
from k8scourse.client.workqueue import Controller
from k8scourse.controllers import deployment_messages as words
from k8scourse.controllers.deployment_recreate import recreate
from k8scourse.controllers.deployment_rolling import roll
from k8scourse.controllers.deployment_scaling import is_scaling_event, scale
from k8scourse.controllers.deployment_status import paused_condition
from k8scourse.controllers.deployment_sync import DEPLOYMENTS, REPLICA_SETS, Rollout
from k8scourse.controllers.ownership import claim_objects, namespace_terminating
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.status import ApiError


class DeploymentController(Controller):
    """Creates, scales and cleans up the ReplicaSets of Deployments."""

    name = "deployment-controller"
    user = "system:serviceaccount:kube-system:deployment-controller"
    resource = DEPLOYMENTS

    def start(self) -> None:
        """Watch deployments, their ReplicaSets, and pods that go."""
        self.informers.subscribe(DEPLOYMENTS, self.name, "enqueue_object")
        self.informers.subscribe(REPLICA_SETS, self.name, "replica_set_changed")
        self.informers.subscribe("pods", self.name, "pod_changed")

    # what wakes it

    def replica_set_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: the deployment of a ReplicaSet looks at it; one without may be adopted."""
        before = controller_of(old) if old is not None else None
        after = controller_of(new) if new is not None else None
        namespace = (new or old or {})["metadata"]["namespace"]
        if before is not None and before != after:
            self._wake(namespace, before)
        if new is None:
            return
        if after is not None:
            self._wake(namespace, after)
        elif old is None or before is not None or old["metadata"].get("labels") != new["metadata"].get("labels"):
            self._wake_selecting(new)

    def _wake(self, namespace: str, reference: Object) -> None:
        deployment = self._resolve(namespace, reference)
        if deployment is not None:
            self.enqueue_late((namespace, reference["name"]))

    def _resolve(self, namespace: str, reference: Object | None) -> Object | None:
        if reference is None or reference["kind"] != "Deployment":
            return None
        deployment = self.informers.get(DEPLOYMENTS, reference["name"], namespace)
        if deployment is None or deployment["metadata"]["uid"] != reference["uid"]:
            return None
        return deployment

    def _wake_selecting(self, replica_set: Object) -> None:
        metadata = replica_set["metadata"]
        for deployment in self.informers.list(DEPLOYMENTS, metadata["namespace"]):
            selector = selector_from(deployment["spec"].get("selector"))
            if not selector.empty() and selector.matches(metadata.get("labels")):
                self.enqueue_late((metadata["namespace"], deployment["metadata"]["name"]))

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: once the last old pod is gone, a Recreate goes on."""
        if new is not None or old is None:
            return
        reference, namespace = controller_of(old), old["metadata"]["namespace"]
        if reference is None or reference["kind"] != "ReplicaSet":
            return
        replica_set = self.informers.get(REPLICA_SETS, reference["name"], namespace)
        if replica_set is None or replica_set["metadata"]["uid"] != reference["uid"]:
            return
        deployment = self._resolve(namespace, controller_of(replica_set))
        if deployment is None or deployment["spec"]["strategy"]["type"] != "Recreate":
            return
        if not any(self._pods_of(self.informers.controlled_by(REPLICA_SETS, deployment["metadata"]["uid"])).values()):
            self.enqueue_late((namespace, deployment["metadata"]["name"]))

    def _pods_of(self, sets: list[Object]) -> dict[str, list[Object]]:
        uids = [rs["metadata"]["uid"] for rs in sets]
        return {uid: self.informers.controlled_by("pods", uid) for uid in uids}

    # what it does

    def sync(self, key: Key) -> None:
        """Take the deployment's next step."""
        namespace, name = key
        deployment = self.informers.get(DEPLOYMENTS, name, namespace)
        if deployment is None:
            return
        if not deployment["spec"].get("selector"):
            self.recorder.event(deployment, "Warning", words.SELECTING_ALL, words.SELECTING_ALL_TEXT)
            return
        try:
            check = self._step(deployment)
        except ApiError as error:
            if not namespace_terminating(error):
                raise
            return
        if check is not None:
            self.enqueue_after(key, check)

    def _step(self, deployment: Object) -> int | None:
        """One step; gives in how many nanoseconds to look for progress again, or None."""
        sets = self._claim(deployment)
        rollout = Rollout(self, deployment, sets)
        if "deletionTimestamp" in deployment["metadata"]:
            rollout.store_counts(*rollout.find_sets(create=False))
            return None
        condition = paused_condition(deployment, self.engine.now)
        if condition is not None:
            rollout.store_condition(condition)
        if deployment["spec"].get("paused") or is_scaling_event(rollout):
            scale(rollout)
            return None
        if deployment["spec"]["strategy"]["type"] == "Recreate":
            return recreate(rollout, self._pods_of(sets))
        return roll(rollout)

    def _claim(self, deployment: Object) -> list[Object]:
        metadata = deployment["metadata"]
        candidates = self.informers.controlled_by(REPLICA_SETS, metadata["uid"])
        candidates += self.informers.orphans(REPLICA_SETS, metadata["namespace"])
        selector = selector_from(deployment["spec"]["selector"])
        return claim_objects(self.client, REPLICA_SETS, deployment, selector, candidates)
