"""DefaultTolerationSeconds: pods stay for five minutes on a node that is not ready or unreachable.

Source: kubernetes plugin/pkg/admission/defaulttolerationseconds/admission.go.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.admission.attributes import CREATE, UPDATE, Attributes

DEFAULT_SECONDS = 300
NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"


class DefaultTolerationSeconds:
    """Adds the two tolerations of five minutes."""

    name = "DefaultTolerationSeconds"

    def admit(self, attributes: Attributes) -> None:
        """Add what a pod does not tolerate yet, on creation and on update, in place."""
        pod = attributes.object
        if pod is None or attributes.operation not in (CREATE, UPDATE) or not attributes.is_about("pods"):
            return
        tolerations = pod["spec"].get("tolerations") or []
        missing = [key for key in (NOT_READY, UNREACHABLE) if not _speaks_of(tolerations, key)]
        if missing:
            pod["spec"]["tolerations"] = [*tolerations, *map(_for_five_minutes, missing)]


def _speaks_of(tolerations: Sequence[Mapping[str, Any]], key: str) -> bool:
    """Whether a toleration covers *key* with NoExecute; an empty key or effect covers all."""
    return any(
        (toleration.get("key") or key) == key and (toleration.get("effect") or "NoExecute") == "NoExecute"
        for toleration in tolerations
    )


def _for_five_minutes(key: str) -> dict[str, Any]:
    return {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": DEFAULT_SECONDS}
