"""One sync of one Deployment: its ReplicaSets, and how they are created, scaled and cleaned up.

Source: pkg/controller/deployment/sync.go
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from k8scourse.client.component import Component
from k8scourse.client.informers import Object, controller_of
from k8scourse.controllers import deployment_messages as words
from k8scourse.controllers import deployment_rules as rules
from k8scourse.controllers import deployment_status as statuses
from k8scourse.controllers.conditions import find_condition, set_condition
from k8scourse.controllers.ownership import controller_reference, namespace_terminating
from k8scourse.controllers.template_hash import POD_TEMPLATE_HASH, equal_templates, template_hash
from k8scourse.machinery.status import ApiError

DEPLOYMENTS = "deployments.apps"
REPLICA_SETS = "replicasets.apps"
MAX_NAME = 253


class Rollout:
    """A Deployment with its ReplicaSets during one sync; *deployment* follows what is written to it."""

    def __init__(self, controller: Component, deployment: Object, sets: Sequence[Object]) -> None:
        self.controller = controller
        self.deployment = deployment
        self.sets = list(sets)

    @property
    def now(self) -> int:
        """The instant in nanoseconds since the Unix epoch."""
        return self.controller.engine.now

    @property
    def replicas(self) -> int:
        """The wanted number of pods."""
        return self.deployment["spec"]["replicas"]

    # status

    def store(self, status: Object, annotations: Mapping[str, str] | None = None) -> None:
        """Write the status, and annotations along with it; raises ApiError."""
        changed = {**self.deployment, "status": status}
        if annotations is not None:
            changed["metadata"] = {**changed["metadata"], "annotations": dict(annotations)}
        self.deployment = self.controller.client.update_status(DEPLOYMENTS, changed)

    def store_condition(self, condition: Object, annotations: Mapping[str, str] | None = None) -> None:
        """Write one condition of the status, and annotations along with it; raises ApiError."""
        status = self.deployment.get("status") or {}
        conditions = set_condition(status.get("conditions"), condition)
        self.store({**status, "conditions": conditions}, annotations)

    def store_counts(self, new: Object | None, old: Sequence[Object]) -> None:
        """Write counts and availability if they changed (syncDeploymentStatus); raises ApiError."""
        status = statuses.calculate_status(self.deployment, _all(new, old), new, self.now)
        if status != self.deployment.get("status"):
            self.store(status)

    def store_progress(self, new: Object | None, old: Sequence[Object]) -> int | None:
        """Write the status with the rollout's progress if it changed (syncRolloutStatus); raises ApiError.

        Gives in how many nanoseconds to look for progress again, or None.
        """
        status = statuses.rollout_status(self.deployment, _all(new, old), new, self.now)
        if status == self.deployment.get("status"):
            return statuses.progress_check(self.deployment, status, self.now)
        self.store(status)
        return None

    # finding and creating

    def find_sets(self, *, create: bool) -> tuple[Object | None, list[Object]]:
        """The new ReplicaSet, at its right revision, and the old ones; raises ApiError.

        Without *create* there may be no new one. Source: getAllReplicaSetsAndSyncRevision.
        """
        found = rules.find_new(self.deployment, self.sets)
        old = [rs for rs in self.sets if found is None or rs["metadata"]["uid"] != found["metadata"]["uid"]]
        wanted = rules.max_revision(old) + 1
        if found is not None:
            new = self._keep(found, wanted)
        else:
            new = self._create(old, wanted) if create else None
        if new is not None:
            self.sets = [*old, new]
        return new, old

    def _keep(self, rs: Object, wanted: int) -> Object:
        """Bring annotations and minReadySeconds of the existing new ReplicaSet up to date, then the deployment's."""
        annotations = rules.new_annotations(self.deployment, rs, wanted)
        min_ready = self.deployment["spec"].get("minReadySeconds", 0)
        outdated = rs["spec"].get("minReadySeconds", 0) != min_ready
        if outdated or annotations != (rs["metadata"].get("annotations") or {}):
            spec = {**rs["spec"], "minReadySeconds": min_ready} if outdated else rs["spec"]
            changed = {**rs, "metadata": {**rs["metadata"], "annotations": annotations}, "spec": spec}
            return self.controller.client.update(REPLICA_SETS, changed)
        revision = self._with_revision(annotations.get(rules.REVISION, ""))
        conditions = (self.deployment.get("status") or {}).get("conditions")
        unknown = find_condition(conditions, statuses.PROGRESSING) is None
        if rules.progress_deadline(self.deployment) is not None and unknown:
            text = words.FOUND_SET.format(name=rs["metadata"]["name"])
            self.store_condition(self._progressing("True", words.FOUND_NEW_REPLICA_SET, text), revision)
        elif revision is not None:
            self.store(self.deployment.get("status") or {}, revision)
        return rs

    def _with_revision(self, revision: str) -> dict[str, str] | None:
        """The deployment's annotations with *revision*, None when they have it already."""
        annotations = self.deployment["metadata"].get("annotations") or {}
        if annotations.get(rules.REVISION, "") == revision:
            return None
        return {**annotations, rules.REVISION: revision}

    def _progressing(self, status: str, reason: str, text: str) -> Object:
        return statuses.condition(statuses.PROGRESSING, status, reason, text, self.now)

    def _create(self, old: Sequence[Object], wanted: int) -> Object:
        draft = self._draft(old, wanted)
        name, count = draft["metadata"]["name"], draft["spec"]["replicas"]
        namespace = draft["metadata"]["namespace"]
        try:
            created = self.controller.client.create(REPLICA_SETS, draft, namespace)
        except ApiError as error:
            if error.reason == "AlreadyExists":
                return self._taken(name, namespace, wanted, error)
            if not namespace_terminating(error):
                self._creation_failed(name, error)
            raise
        if count > 0:
            self.event(words.SCALED_UP_NEW.format(name=name, count=count))
        self._decide("CreateReplicaSet", "no ReplicaSet has this pod template", "spec.template", {"replicaSet": name})
        revision = self._with_revision(str(wanted))
        if rules.progress_deadline(self.deployment) is not None:
            text = words.CREATED_SET.format(name=name)
            self.store_condition(self._progressing("True", words.NEW_REPLICA_SET_CREATED, text), revision)
        elif revision is not None:
            self.store(self.deployment.get("status") or {}, revision)
        return created

    def _draft(self, old: Sequence[Object], wanted: int) -> Object:
        """The ReplicaSet to create for the deployment's pod template."""
        deployment, spec = self.deployment, self.deployment["spec"]
        collisions = (deployment.get("status") or {}).get("collisionCount")
        digest = template_hash(spec["template"], collisions)
        mark = {POD_TEMPLATE_HASH: digest}
        template_metadata = spec["template"].get("metadata") or {}
        labels = {**(template_metadata.get("labels") or {}), **mark}
        selector = spec["selector"]
        room = MAX_NAME - 1 - len(digest)
        draft: Object = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": f"{deployment['metadata']['name'][:room]}-{digest}",
                "namespace": deployment["metadata"]["namespace"],
                "labels": labels,
                "ownerReferences": [controller_reference(deployment)],
            },
            "spec": {
                "replicas": 0,
                "selector": {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), **mark}},
                "template": {**spec["template"], "metadata": {**template_metadata, "labels": labels}},
            },
        }
        if spec.get("minReadySeconds"):
            draft["spec"]["minReadySeconds"] = spec["minReadySeconds"]
        draft["spec"]["replicas"] = rules.new_replicas(deployment, [*old, draft], draft)
        annotations = rules.new_annotations(deployment, draft, wanted)
        draft["metadata"]["annotations"] = {**annotations, **rules.replicas_annotations(deployment)}
        return draft

    def _taken(self, name: str, namespace: str, wanted: int, error: ApiError) -> Object:
        """The name is taken: by the very ReplicaSet that is wanted, or by another one, which changes the next hash."""
        present = self.controller.informers.get(REPLICA_SETS, name, namespace)
        controller = controller_of(present) if present is not None else None
        if present is not None and controller is not None:
            mine = controller["uid"] == self.deployment["metadata"]["uid"]
            if mine and equal_templates(self.deployment["spec"]["template"], present["spec"]["template"]):
                revision = self._with_revision(str(wanted))
                if revision is not None:
                    self.store(self.deployment.get("status") or {}, revision)
                return present
        status = self.deployment.get("status") or {}
        self.store({**status, "collisionCount": status.get("collisionCount", 0) + 1})
        raise error

    def _creation_failed(self, name: str, error: ApiError) -> None:
        text = words.CREATE_FAILED.format(name=name, error=error.message)
        if rules.progress_deadline(self.deployment) is not None:
            self.store_condition(self._progressing("False", words.REPLICA_SET_CREATE_ERROR, text))
        self.controller.recorder.event(self.deployment, "Warning", words.REPLICA_SET_CREATE_ERROR, text)

    # scaling and cleaning up

    def scale(self, rs: Object, size: int, rule: str) -> tuple[bool, Object]:
        """Give *rs* another size; gives whether it has changed and how it is now. Raises ApiError.

        *rule* says why, for the journal. Source: scaleReplicaSet.
        """
        if rs["spec"]["replicas"] == size:
            return False, rs
        return self.scale_and_annotate(rs, size, rule)

    def scale_and_annotate(self, rs: Object, size: int, rule: str) -> tuple[bool, Object]:
        """The same, but also bring the annotations about the deployment's size up to date if *rs* keeps its size."""
        before = rs["spec"]["replicas"]
        annotations = rs["metadata"].get("annotations") or {}
        wanted = {**annotations, **rules.replicas_annotations(self.deployment)}
        if before == size and wanted == annotations:
            return False, rs
        changed = {
            **rs,
            "metadata": {**rs["metadata"], "annotations": wanted},
            "spec": {**rs["spec"], "replicas": size},
        }
        stored = self.controller.client.update(REPLICA_SETS, changed)
        if before == size:
            return False, stored
        name, direction = rs["metadata"]["name"], "up" if before < size else "down"
        self.event(words.SCALED.format(direction=direction, name=name, before=before, after=size))
        self._decide("Scale", rule, "spec.strategy", {"replicaSet": name, "from": before, "to": size})
        return True, stored

    def clean_up(self, old: Sequence[Object]) -> None:
        """Delete old empty ReplicaSets beyond revisionHistoryLimit, the lowest revision first; raises ApiError."""
        limit = self.deployment["spec"].get("revisionHistoryLimit")
        if limit is None or limit == rules.INT32_MAX:
            return
        alive = [rs for rs in old if "deletionTimestamp" not in rs["metadata"]]
        alive.sort(key=lambda rs: (rules.revision(rs) or 0, rules.age(rs)))
        for rs in alive[: max(len(alive) - limit, 0)]:
            status, metadata = rs.get("status") or {}, rs["metadata"]
            observed = status.get("observedGeneration", 0) >= metadata.get("generation", 0)
            if status.get("replicas", 0) or rs["spec"]["replicas"] or not observed:
                continue
            try:
                self.controller.client.delete(REPLICA_SETS, metadata["name"], metadata["namespace"])
            except ApiError as error:
                if error.code != 404:
                    raise
            detail = {"replicaSet": metadata["name"], "limit": limit}
            self._decide("DeleteReplicaSet", "older than the history limit", "spec.revisionHistoryLimit", detail)

    # telling

    def event(self, text: str) -> None:
        """Tell of a ReplicaSet that was scaled."""
        self.controller.recorder.event(self.deployment, "Normal", words.SCALING, text)

    def _decide(self, verdict: str, rule: str, field: str, detail: object) -> None:
        metadata = self.deployment["metadata"]
        self.controller.decide(("Deployment", metadata["namespace"], metadata["name"]), verdict, rule, field, detail)


def _all(new: Object | None, old: Sequence[Object]) -> list[Object]:
    return [*old, new] if new is not None else list(old)
