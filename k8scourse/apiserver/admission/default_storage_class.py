"""DefaultStorageClass: a claim without class gets the one that is marked as default.

Source: kubernetes plugin/pkg/admission/storage/storageclass/setdefault/admission.go, pkg/volume/util/storageclass.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.admission.attributes import CREATE, Attributes

DEFAULT_ANNOTATIONS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)
CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"
_CLASSES = "storageclasses.storage.k8s.io"


class DefaultStorageClass:
    """Fills in the class of claims."""

    name = "DefaultStorageClass"

    def admit(self, attributes: Attributes) -> None:
        """Set spec.storageClassName of a new claim that names none, in place; of several defaults the newest."""
        claim = attributes.object
        if claim is None or attributes.operation != CREATE or not attributes.is_about("persistentvolumeclaims"):
            return
        spec = claim.get("spec") or {}
        if spec.get("storageClassName") is not None:
            return
        if CLASS_ANNOTATION in (claim["metadata"].get("annotations") or {}):
            return
        marked = [item["metadata"] for item in attributes.reader.list(_CLASSES) if _is_default(item["metadata"])]
        if marked:
            newest = max(metadata.get("creationTimestamp") or "" for metadata in marked)
            same = [item["name"] for item in marked if (item.get("creationTimestamp") or "") == newest]
            claim["spec"] = {**spec, "storageClassName": min(same)}


def _is_default(metadata: Mapping[str, Any]) -> bool:
    annotations = metadata.get("annotations") or {}
    return any(annotations.get(name) == "true" for name in DEFAULT_ANNOTATIONS)
