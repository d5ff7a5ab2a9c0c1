"""The volume binder: claims get the volumes that exist; what has to be made is left to provisioners.

Source: pkg/controller/volume/persistentvolume/{pv_controller,pv_controller_base}.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.events import object_reference
from k8scourse.client.informers import Key, Object
from k8scourse.client.workqueue import Controller
from k8scourse.controllers import volume_matching as matching
from k8scourse.controllers.pvc_protection import claims_of
from k8scourse.machinery.timestamps import format_time

CLAIMS = "persistentvolumeclaims"
VOLUMES = "persistentvolumes"
CLASSES = "storageclasses.storage.k8s.io"
COMPLETED = "pv.kubernetes.io/bind-completed"
BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"
PROVISIONERS = ("volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner")
SELECTED_NODE = "volume.kubernetes.io/selected-node"

SYNC_PERIOD = 15_000_000_000
"""How often claims without volume are looked at again (--pvclaimbinder-sync-period)."""

NO_VOLUME = "no persistent volumes available for this claim and no storage class is set"
FIRST_CONSUMER = "waiting for first consumer to be created before binding"
WAIT_FOR_POD = "waiting for pod {names} to be scheduled"
WAIT_FOR_PODS = "waiting for pods {names} to be scheduled"
NO_CLASS = 'storageclass.storage.k8s.io "{name}" not found'
EXTERNAL = (
    "Waiting for a volume to be created either by the external provisioner '{name}' or manually by the system "
    "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly "
    "registered."
)
MISMATCH = 'Cannot bind to requested volume "{name}": {reason}'
LOST = "Bound claim has lost its PersistentVolume. Data on the volume is lost!"
LOST_REFERENCE = "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"
MISBOUND = "Two claims are bound to the same volume, this one is bound incorrectly"
ONLY_TMP = "host_path deleter only supports /tmp/.+ but received provided {path}"
NO_DELETER = 'error getting deleter volume plugin for volume "{name}": no volume plugin matched'


class PersistentVolumeBinder(Controller):
    """Binds claims and volumes to each other, and releases volumes whose claims are gone.

    Keys without namespace are volumes, the others claims.
    """

    name = "persistentvolume-binder-controller"
    user = "system:serviceaccount:kube-system:persistent-volume-binder"
    reporter = "persistentvolume-controller"
    resource = CLAIMS

    def start(self) -> None:
        """Watch claims, volumes and classes."""
        self.informers.subscribe(CLAIMS, self.name, "claim_changed")
        self.informers.subscribe(VOLUMES, self.name, "volume_changed")

    def claim_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a claim wants a volume; the volume of a claim that is gone is released."""
        claim = new if new is not None else old
        if claim is None:
            return
        metadata = claim["metadata"]
        if new is not None:
            self.enqueue((metadata["namespace"], metadata["name"]))
        elif claim["spec"].get("volumeName"):
            self.enqueue(("", claim["spec"]["volumeName"]))

    def volume_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a volume takes its phase; claims that wait may get it."""
        volume = new if new is not None else old
        if volume is None:
            return
        if new is not None:
            self.enqueue(("", new["metadata"]["name"]))
        for claim in self.informers.list(CLAIMS):
            wanted = claim["spec"].get("volumeName")
            if wanted == volume["metadata"]["name"] or (not wanted and new is not None and _is_available(new)):
                self.enqueue_late((claim["metadata"]["namespace"], claim["metadata"]["name"]))

    def sync(self, key: Key) -> None:
        """Bring one claim or one volume on."""
        if not key[0]:
            volume = self.informers.get(VOLUMES, key[1])
            if volume is not None:
                self._sync_volume(volume)
            return
        claim = self.informers.get(CLAIMS, key[1], key[0])
        if claim is None:
            return
        if COMPLETED in (claim["metadata"].get("annotations") or {}):
            self._sync_bound(claim)
        elif claim["spec"].get("volumeName"):
            self._sync_requested(claim)
        else:
            self._sync_unbound(claim)

    # claims

    def _sync_unbound(self, claim: Object) -> None:
        """A claim that takes any volume."""
        delayed = self._is_delayed(claim)
        volume = matching.best_match(claim, self.informers.list(VOLUMES), delayed=delayed)
        if volume is not None:
            self._bind(volume, claim)
            return
        if delayed and SELECTED_NODE not in (claim["metadata"].get("annotations") or {}):
            self._tell_waiting(claim)
        elif matching.class_of(claim):
            self._ask_provisioner(claim)
        else:
            self.recorder.event(claim, "Normal", "FailedBinding", NO_VOLUME)
        self.enqueue_after((claim["metadata"]["namespace"], claim["metadata"]["name"]), SYNC_PERIOD)

    def _is_delayed(self, claim: Object) -> bool:
        found = self.informers.get(CLASSES, matching.class_of(claim)) if matching.class_of(claim) else None
        return found is not None and found.get("volumeBindingMode") == "WaitForFirstConsumer"

    def _tell_waiting(self, claim: Object) -> None:
        namespace, name = claim["metadata"]["namespace"], claim["metadata"]["name"]
        pods = [
            pod["metadata"]["name"]
            for pod in self.informers.list("pods", namespace)
            if not pod["spec"].get("nodeName") and name in claims_of(pod)
        ]
        if not pods:
            self.recorder.event(claim, "Normal", "WaitForFirstConsumer", FIRST_CONSUMER)
            return
        text = WAIT_FOR_PODS if len(pods) > 1 else WAIT_FOR_POD
        self.recorder.event(claim, "Normal", "WaitForPodScheduled", text.format(names=",".join(pods)))

    def _ask_provisioner(self, claim: Object) -> None:
        """Note who should make a volume; nobody does here."""
        name = matching.class_of(claim)
        found = self.informers.get(CLASSES, name)
        if found is None:
            self.recorder.event(claim, "Warning", "ProvisioningFailed", NO_CLASS.format(name=name))
            return
        annotations = claim["metadata"].get("annotations") or {}
        wanted: dict[str, str] = dict.fromkeys(PROVISIONERS, found["provisioner"])
        if any(annotations.get(one) != value for one, value in wanted.items()):
            claim = self.client.update(CLAIMS, _annotated(claim, wanted))
        self.recorder.event(claim, "Normal", "ExternalProvisioning", EXTERNAL.format(name=found["provisioner"]))

    def _sync_requested(self, claim: Object) -> None:
        """A claim that names its volume."""
        volume = self.informers.get(VOLUMES, claim["spec"]["volumeName"])
        if volume is None:
            return
        if volume["spec"].get("claimRef") is None:
            reason = matching.mismatch(volume, claim)
            if reason is None:
                self._bind(volume, claim)
                return
            text = MISMATCH.format(name=volume["metadata"]["name"], reason=reason)
            self.recorder.event(claim, "Warning", "VolumeMismatch", text)
        elif matching.is_for(volume, claim):
            self._bind(volume, claim)

    def _sync_bound(self, claim: Object) -> None:
        """A claim that was bound before."""
        name = claim["spec"].get("volumeName")
        volume = self.informers.get(VOLUMES, name) if name else None
        if volume is None:
            self._lose(claim, "ClaimLost", LOST if name else LOST_REFERENCE)
        elif volume["spec"].get("claimRef") is None or matching.is_for(volume, claim):
            self._bind(volume, claim)
        else:
            self._lose(claim, "ClaimMisbound", MISBOUND)

    def _lose(self, claim: Object, reason: str, text: str) -> None:
        status = claim.get("status") or {}
        if status.get("phase") == "Lost":
            return
        kept = {name: value for name, value in status.items() if name not in ("accessModes", "capacity")}
        self.client.update_status(CLAIMS, {**claim, "status": {**kept, "phase": "Lost"}})
        self.recorder.event(claim, "Warning", reason, text)

    def _bind(self, volume: Object, claim: Object) -> None:
        """Point both at each other: the volume, its phase, the claim, its status; what is so already is left."""
        volume = self._point_to_claim(volume, claim)
        volume = self._set_phase(volume, "Bound")
        metadata, spec = claim["metadata"], claim["spec"]
        annotations = metadata.get("annotations") or {}
        name = volume["metadata"]["name"]
        if spec.get("volumeName") != name:
            claim = _annotated({**claim, "spec": {**spec, "volumeName": name}}, {BY_CONTROLLER: "yes"})
        if COMPLETED not in annotations:
            claim = self.client.update(CLAIMS, _annotated(claim, {COMPLETED: "yes"}))
        status = claim.get("status") or {}
        wanted: dict[str, Any] = {**status, "phase": "Bound", "accessModes": volume["spec"]["accessModes"]}
        if status.get("phase") != "Bound":
            wanted["capacity"] = volume["spec"]["capacity"]
        if wanted != status:
            self.client.update_status(CLAIMS, {**claim, "status": wanted})

    def _point_to_claim(self, volume: Object, claim: Object) -> Object:
        reference = volume["spec"].get("claimRef") or {}
        if reference.get("uid") == claim["metadata"]["uid"]:
            return volume
        changed = {**volume, "spec": {**volume["spec"], "claimRef": object_reference(claim)}}
        if not matching.is_for(volume, claim):
            changed = _annotated(changed, {BY_CONTROLLER: "yes"})
        return self.client.update(VOLUMES, changed)

    # volumes

    def _sync_volume(self, volume: Object) -> None:
        reference = volume["spec"].get("claimRef")
        if reference is None or not reference.get("uid"):
            self._set_phase(volume, "Available")
            return
        claim = self.informers.get(CLAIMS, reference["name"], reference["namespace"])
        if claim is None or claim["metadata"]["uid"] != reference["uid"]:
            self._release(volume)
        elif claim["spec"].get("volumeName") == volume["metadata"]["name"]:
            self._set_phase(volume, "Bound")
        elif claim["spec"].get("volumeName"):
            self._unbind(volume)
        else:
            self.enqueue((reference["namespace"], reference["name"]))

    def _release(self, volume: Object) -> None:
        """The claim of a volume is gone; a volume that is to be deleted waits for who made it, or fails."""
        if (volume.get("status") or {}).get("phase") in ("Released", "Failed"):
            return
        volume = self._set_phase(volume, "Released")
        text = _why_not_deleted(volume)
        if volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete" and _is_temporary(volume):
            self.client.delete(VOLUMES, volume["metadata"]["name"])
        elif volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete" and text:
            volume = self._set_phase(volume, "Failed", text)
            self.recorder.event(volume, "Warning", "VolumeFailedDelete", text)

    def _unbind(self, volume: Object) -> None:
        """The claim of a volume got another one: free it, or leave it reserved if a person did that."""
        annotations = volume["metadata"].get("annotations") or {}
        spec = dict(volume["spec"])
        if BY_CONTROLLER in annotations:
            del spec["claimRef"]
            rest = {name: value for name, value in annotations.items() if name != BY_CONTROLLER}
            volume = {**volume, "metadata": {**volume["metadata"], "annotations": rest}}
        else:
            spec["claimRef"] = {name: value for name, value in spec["claimRef"].items() if name != "uid"}
        self._set_phase(self.client.update(VOLUMES, {**volume, "spec": spec}), "Available")

    def _set_phase(self, volume: Object, phase: str, message: str = "") -> Object:
        status = volume.get("status") or {}
        if status.get("phase") == phase:
            return volume
        changed = {"phase": phase, "lastPhaseTransitionTime": format_time(self.engine.now)}
        if message:
            changed["message"] = message
        return self.client.update_status(VOLUMES, {**volume, "status": changed})


def _is_temporary(volume: Object) -> bool:
    """Whether the controller deletes a volume itself: a path below /tmp."""
    path = (volume["spec"].get("hostPath") or {}).get("path", "")
    return path.startswith("/tmp/") and path != "/tmp/"


def _why_not_deleted(volume: Object) -> str:
    """What keeps the controller itself from deleting a volume; empty if that is the business of a provisioner."""
    spec = volume["spec"]
    if PROVISIONED_BY in (volume["metadata"].get("annotations") or {}) or spec.get("csi") is not None:
        return ""
    if spec.get("hostPath") is not None:
        return ONLY_TMP.format(path=spec["hostPath"]["path"])
    return NO_DELETER.format(name=volume["metadata"]["name"])


def _is_available(volume: Object) -> bool:
    return (volume.get("status") or {}).get("phase") == "Available"


def _annotated(obj: Object, annotations: dict[str, str]) -> Object:
    metadata = obj["metadata"]
    return {**obj, "metadata": {**metadata, "annotations": {**(metadata.get("annotations") or {}), **annotations}}}
