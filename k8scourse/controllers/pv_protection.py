"""PV protection: a volume that is being deleted stays as long as it is bound to a claim.

Source: pkg/controller/volume/pvprotection/pv_protection_controller.go
"""

from __future__ import annotations

from k8scourse.client.informers import Key, Object
from k8scourse.client.workqueue import Controller
from k8scourse.controllers.pvc_protection import is_candidate, lacks, with_finalizer, without

VOLUMES = "persistentvolumes"
FINALIZER = "kubernetes.io/pv-protection"


class PersistentVolumeProtectionController(Controller):
    """Takes the finalizer off volumes that are not bound."""

    name = "persistentvolume-protection-controller"
    user = "system:serviceaccount:kube-system:pv-protection-controller"
    resource = VOLUMES

    def start(self) -> None:
        """Watch volumes."""
        self.informers.subscribe(VOLUMES, self.name, "volume_changed")

    def volume_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a volume may be let go, or lacks its finalizer."""
        if new is not None and (is_candidate(new, FINALIZER) or lacks(new, FINALIZER)):
            self.enqueue(("", new["metadata"]["name"]))

    def sync(self, key: Key) -> None:
        """Take the finalizer off a volume that is being deleted and not bound; give it to one that lacks it."""
        volume = self.informers.get(VOLUMES, key[1])
        if volume is None:
            return
        if is_candidate(volume, FINALIZER):
            if (volume.get("status") or {}).get("phase") != "Bound":
                self.client.update(VOLUMES, without(volume, FINALIZER))
        elif lacks(volume, FINALIZER):
            self.client.update(VOLUMES, with_finalizer(volume, FINALIZER))
