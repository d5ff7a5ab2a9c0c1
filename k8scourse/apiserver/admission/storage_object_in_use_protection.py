"""StorageObjectInUseProtection: claims and volumes get a finalizer that holds them while they are in use.

Source: kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go.
"""

from collections.abc import Mapping

from k8scourse.apiserver.admission.attributes import CREATE, Attributes

FINALIZERS: Mapping[str, str] = {
    "persistentvolumes": "kubernetes.io/pv-protection",
    "persistentvolumeclaims": "kubernetes.io/pvc-protection",
}
"""Resource -> the finalizer that its objects get; nobody would take that of VolumeAttributesClasses away here."""


class StorageObjectInUseProtection:
    """Adds finalizers, which the protection controllers take away."""

    name = "StorageObjectInUseProtection"

    def admit(self, attributes: Attributes) -> None:
        """Append the finalizer of its resource to a new object, in place."""
        obj, finalizer = attributes.object, FINALIZERS.get(attributes.resource.group_resource)
        if obj is None or finalizer is None or attributes.operation != CREATE or attributes.subresource:
            return
        metadata = obj["metadata"]
        finalizers = metadata.get("finalizers") or []
        if finalizer not in finalizers:
            metadata["finalizers"] = [*finalizers, finalizer]
