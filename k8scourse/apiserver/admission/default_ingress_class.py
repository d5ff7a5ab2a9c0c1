"""DefaultIngressClass: an Ingress without class gets the one that is marked as default.

Source: kubernetes plugin/pkg/admission/network/defaultingressclass/admission.go.
"""

from k8scourse.apiserver.admission.attributes import CREATE, Attributes
from k8scourse.apiserver.validation.ingress import CLASS_ANNOTATION

DEFAULT_ANNOTATION = "ingressclass.kubernetes.io/is-default-class"
_CLASSES = "ingressclasses.networking.k8s.io"


class DefaultIngressClass:
    """Fills in the class of Ingresses."""

    name = "DefaultIngressClass"

    def admit(self, attributes: Attributes) -> None:
        """Set spec.ingressClassName of a new Ingress that names none, in place; of several defaults the newest."""
        ingress = attributes.object
        if ingress is None or attributes.operation != CREATE or not attributes.is_about("ingresses.networking.k8s.io"):
            return
        spec = ingress.get("spec") or {}
        if spec.get("ingressClassName") is not None:
            return
        if CLASS_ANNOTATION in (ingress["metadata"].get("annotations") or {}):
            return
        marked = [
            item["metadata"]
            for item in attributes.reader.list(_CLASSES)
            if (item["metadata"].get("annotations") or {}).get(DEFAULT_ANNOTATION) == "true"
        ]
        if marked:
            newest = max(metadata.get("creationTimestamp") or "" for metadata in marked)
            same = [item["name"] for item in marked if (item.get("creationTimestamp") or "") == newest]
            ingress["spec"] = {**spec, "ingressClassName": min(same)}
