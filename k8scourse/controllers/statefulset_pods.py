"""Creating, repairing and deleting the pods of StatefulSets and their claims, with the events that tell of it.

Source: pkg/controller/statefulset/stateful_pod_control.go
"""

from __future__ import annotations

from k8scourse.client.component import Component
from k8scourse.client.informers import Object
from k8scourse.controllers import statefulset_claims as claims
from k8scourse.controllers import statefulset_rules as rules
from k8scourse.controllers.sync_error import sync_error
from k8scourse.machinery.status import ApiError

CLAIMS = "persistentvolumeclaims"

POD_DONE = "{verb} Pod {pod} in StatefulSet {owner} successful"
POD_FAILED = "{verb} Pod {pod} in StatefulSet {owner} failed error: {error}"
CLAIM_DONE = "{verb} Claim {claim} Pod {pod} in StatefulSet {owner} success"
CLAIM_FAILED = "{verb} Claim {claim} for Pod {pod} in StatefulSet {owner} failed error: {error}"
CONFLICTING_CONTROLLER = (
    "ConflictingController",
    "PersistentVolumeClaim {claim} has a conflicting OwnerReference that acts as a manging controller, "
    "the retention policy is ignored for this claim",
)


class StatefulPodControl:
    """Acts for a StatefulSet controller; every method raises ApiError when the API server refuses."""

    __slots__ = ("controller",)

    def __init__(self, controller: Component) -> None:
        self.controller = controller

    # pods

    def create(self, owner: Object, pod: Object) -> None:
        """Create the pod's claims and the pod."""
        try:
            self._create_claims(owner, pod)
        except ApiError as error:
            self._tell(owner, pod, "Create", error)
            raise
        failure: ApiError | None = None
        try:
            self.controller.client.create("pods", pod, pod["metadata"]["namespace"])
        except ApiError as error:
            if error.reason == "AlreadyExists":
                raise
            failure = error
        self._update_claims(owner, pod)
        self._tell(owner, pod, "Create", failure)
        if failure is not None:
            raise failure

    def delete(self, owner: Object, pod: Object) -> None:
        """Delete the pod; one that is gone counts as deleted."""
        metadata = pod["metadata"]
        try:
            self.controller.client.delete("pods", metadata["name"], metadata["namespace"])
        except ApiError as error:
            if error.code != 404:
                self._tell(owner, pod, "Delete", error)
                raise
        self._tell(owner, pod, "Delete", None)

    def repair(self, owner: Object, pod: Object) -> None:
        """Give the pod its identity and volumes, and its claims their owners."""
        try:
            if not rules.identity_matches(owner, pod):
                pod = rules.with_identity(pod)
            if not rules.storage_matches(owner, pod):
                pod = rules.with_storage(owner, pod)
                self._create_claims(owner, pod)
            if not self.claims_match(owner, pod):
                self.update_claims(owner, pod)
            self.controller.client.update("pods", pod)
        except ApiError as error:
            self._tell(owner, pod, "Update", error)
            raise
        self._tell(owner, pod, "Update", None)

    def _tell(self, owner: Object, pod: Object, verb: str, error: ApiError | None) -> None:
        names = {"verb": verb, "pod": pod["metadata"]["name"], "owner": owner["metadata"]["name"]}
        tell = self.controller.recorder.event
        if error is None:
            tell(owner, "Normal", f"Successful{verb}", POD_DONE.format(**names))
        else:
            tell(owner, "Warning", f"Failed{verb}", POD_FAILED.format(**names, error=error.message))

    # claims

    def create_missing_claims(self, owner: Object, pod: Object) -> None:
        """Create the claims that the pod waits for."""
        self._create_claims(owner, pod)
        self._update_claims(owner, pod)

    def _claim(self, owner: Object, name: str) -> Object | None:
        return self.controller.informers.get(CLAIMS, name, owner["metadata"]["namespace"])

    def _claims_of(self, owner: Object, pod: Object) -> list[Object]:
        ordinal = rules.ordinal_of(pod)
        names = [rules.claim_name(owner, template, ordinal) for template in rules.claim_templates(owner)]
        return [claim for claim in (self._claim(owner, name) for name in names) if claim is not None]

    def _create_claims(self, owner: Object, pod: Object) -> None:
        failures: list[str] = []
        for template in rules.claim_templates(owner):
            wanted = claims.new_claim(owner, template, rules.ordinal_of(pod))
            name = wanted["metadata"]["name"]
            present = self._claim(owner, name)
            if present is None:
                error = self._create_claim(owner, pod, wanted)
                if error is not None:
                    failures.append(f"failed to create PVC {name}: {error.message}")
            elif "deletionTimestamp" in present["metadata"]:
                failures.append(f"pvc {name} is being deleted")
        if failures:
            raise sync_error(failures[0] if len(failures) == 1 else f"[{', '.join(failures)}]")

    def _create_claim(self, owner: Object, pod: Object, claim: Object) -> ApiError | None:
        metadata, tell = claim["metadata"], self.controller.recorder.event
        names = {"verb": "Create", "pod": pod["metadata"]["name"], "owner": owner["metadata"]["name"]}
        names["claim"] = metadata["name"]
        try:
            self.controller.client.create(CLAIMS, claim, metadata["namespace"])
        except ApiError as error:
            if error.reason != "AlreadyExists":
                tell(owner, "Warning", "FailedCreate", CLAIM_FAILED.format(**names, error=error.message))
            return error
        tell(owner, "Normal", "SuccessfulCreate", CLAIM_DONE.format(**names))
        return None

    def claims_match(self, owner: Object, pod: Object) -> bool:
        """Whether the owners of the pod's claims are what the retention policy wants; absent claims do no harm."""
        return all(claims.is_up_to_date(claim, owner, pod) for claim in self._claims_of(owner, pod))

    def update_claims(self, owner: Object, pod: Object) -> None:
        """Give the pod's claims the owners that the retention policy wants."""
        for claim in self._claims_of(owner, pod):
            metadata = claim["metadata"]
            if claims.has_unexpected_controller(claim, owner, pod):
                reason, text = CONFLICTING_CONTROLLER
                self.controller.recorder.event(owner, "Warning", reason, text.format(claim=metadata["name"]))
            if not claims.is_up_to_date(claim, owner, pod):
                references = claims.updated_references(claim, owner, pod)
                try:
                    self.controller.client.update(
                        CLAIMS, {**claim, "metadata": {**metadata, "ownerReferences": references}}
                    )
                except ApiError as error:
                    text = f"could not update claim {metadata['name']} for delete policy ownerRefs: {error.message}"
                    raise sync_error(text) from error

    def _update_claims(self, owner: Object, pod: Object) -> None:
        try:
            self.update_claims(owner, pod)
        except ApiError as error:
            self._tell(owner, pod, "Update", error)
            raise

    def is_stale(self, owner: Object, pod: Object) -> bool:
        """Whether a claim still belongs to an earlier pod of this name, with which it is deleted."""
        if not claims.retention(owner)[1]:
            return False
        present = self._claims_of(owner, pod)
        return any(claims.has_stale_reference(claim, pod, claims.POD_KIND) for claim in present)
