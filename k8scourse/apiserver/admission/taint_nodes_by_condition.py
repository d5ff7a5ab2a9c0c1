"""TaintNodesByCondition: a new node takes no pods until it has reported to be ready.

Source: kubernetes plugin/pkg/admission/nodetaint/admission.go.
"""

from k8scourse.apiserver.admission.attributes import CREATE, Attributes

NOT_READY = "node.kubernetes.io/not-ready"


class TaintNodesByCondition:
    """Taints new nodes."""

    name = "TaintNodesByCondition"

    def admit(self, attributes: Attributes) -> None:
        """Add the taint not-ready:NoSchedule to a new node that lacks it, in place."""
        node = attributes.object
        if node is None or attributes.operation != CREATE or not attributes.is_about("nodes"):
            return
        spec = node.setdefault("spec", {})
        taints = spec.get("taints") or []
        if not any((taint.get("key"), taint.get("effect")) == (NOT_READY, "NoSchedule") for taint in taints):
            spec["taints"] = [*taints, {"key": NOT_READY, "effect": "NoSchedule"}]
