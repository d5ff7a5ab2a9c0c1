"""PVC protection: a claim that is being deleted stays as long as a scheduled pod uses it.

Source: pkg/controller/volume/pvcprotection/pvc_protection_controller.go
"""

from __future__ import annotations

from k8scourse.client.informers import Key, Object
from k8scourse.client.workqueue import Controller

CLAIMS = "persistentvolumeclaims"
FINALIZER = "kubernetes.io/pvc-protection"


class PersistentVolumeClaimProtectionController(Controller):
    """Takes the finalizer off claims that nobody uses any more."""

    name = "persistentvolumeclaim-protection-controller"
    user = "system:serviceaccount:kube-system:pvc-protection-controller"
    resource = CLAIMS

    def start(self) -> None:
        """Watch claims and the pods that use them."""
        self.informers.subscribe(CLAIMS, self.name, "claim_changed")
        self.informers.subscribe("pods", self.name, "pod_changed")

    def claim_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a claim may be let go, or lacks its finalizer."""
        if new is not None and (is_candidate(new, FINALIZER) or lacks(new, FINALIZER)):
            self.enqueue((new["metadata"]["namespace"], new["metadata"]["name"]))

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a pod that is gone or done no longer holds its claims."""
        for pod in (old, new):
            for name in claims_of(pod) if pod is not None else ():
                claim = self.informers.get(CLAIMS, name, pod["metadata"]["namespace"]) if pod is not None else None
                self.claim_changed(None, claim)

    def sync(self, key: Key) -> None:
        """Take the finalizer off a claim that is being deleted and unused; give it to one that lacks it."""
        claim = self.informers.get(CLAIMS, key[1], key[0])
        if claim is None:
            return
        if is_candidate(claim, FINALIZER):
            if not any(_uses(pod, claim) for pod in self.informers.list("pods", key[0])):
                self.client.update(CLAIMS, without(claim, FINALIZER))
        elif lacks(claim, FINALIZER):
            self.client.update(CLAIMS, with_finalizer(claim, FINALIZER))


def claims_of(pod: Object) -> list[str]:
    """The names of the claims that the pod's volumes refer to or are made from."""
    names: list[str] = []
    for volume in pod["spec"].get("volumes") or ():
        if volume.get("persistentVolumeClaim") is not None:
            names.append(volume["persistentVolumeClaim"].get("claimName", ""))
        elif volume.get("ephemeral") is not None:
            names.append(f"{pod['metadata']['name']}-{volume['name']}")
    return names


def _uses(pod: Object, claim: Object) -> bool:
    """Whether a pod holds a claim; pods that are not scheduled never got it, and may never get it."""
    if not pod["spec"].get("nodeName"):
        return False
    name, metadata = claim["metadata"]["name"], pod["metadata"]
    for volume in pod["spec"].get("volumes") or ():
        if (volume.get("persistentVolumeClaim") or {}).get("claimName") == name:
            return True
        owned = volume.get("ephemeral") is not None and f"{metadata['name']}-{volume['name']}" == name
        if owned and not _is_shut_down(pod) and _is_owner(pod, claim):
            return True
    return False


def _is_shut_down(pod: Object) -> bool:
    """Whether the kubelet is done with a pod, or it was deleted by force."""
    metadata = pod["metadata"]
    return "deletionTimestamp" in metadata and metadata.get("deletionGracePeriodSeconds") == 0


def _is_owner(pod: Object, claim: Object) -> bool:
    references = claim["metadata"].get("ownerReferences") or ()
    return any(one.get("controller") and one["uid"] == pod["metadata"].get("uid") for one in references)


def is_candidate(obj: Object, finalizer: str) -> bool:
    """Whether an object is being deleted and held by *finalizer* (pkg/controller/volume/protectionutil)."""
    return "deletionTimestamp" in obj["metadata"] and finalizer in (obj["metadata"].get("finalizers") or ())


def lacks(obj: Object, finalizer: str) -> bool:
    """Whether an object lives on without *finalizer*."""
    return "deletionTimestamp" not in obj["metadata"] and finalizer not in (obj["metadata"].get("finalizers") or ())


def without(obj: Object, finalizer: str) -> Object:
    """The object without *finalizer*."""
    rest = [one for one in obj["metadata"]["finalizers"] if one != finalizer]
    return {**obj, "metadata": {**obj["metadata"], "finalizers": rest}}


def with_finalizer(obj: Object, finalizer: str) -> Object:
    """The object with *finalizer* as its last."""
    finalizers = [*(obj["metadata"].get("finalizers") or ()), finalizer]
    return {**obj, "metadata": {**obj["metadata"], "finalizers": finalizers}}
