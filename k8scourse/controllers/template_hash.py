"""The hash of a pod template that names ReplicaSets and ControllerRevisions.

Kubernetes hashes the Go structure of the template (pkg/controller/controller_utils.go ComputeHash); here its JSON is
hashed, so the values differ from a real cluster's but have their form: the same template gives the same hash.
"""

from __future__ import annotations

from k8scourse.client.informers import Object
from k8scourse.machinery.go_format import go_json
from k8scourse.simulation.names import ALPHABET

POD_TEMPLATE_HASH = "pod-template-hash"
"""The label of ReplicaSets and pods of a Deployment."""
REVISION_HASH = "controller-revision-hash"
"""The label of ControllerRevisions and of the pods that follow them."""

_OFFSET = 2166136261
_PRIME = 16777619


def template_hash(template: Object, collisions: int | None = None) -> str:
    """The hash of *template*; *collisions* counts the hashes that were taken by something else."""
    data = go_json(template).encode()
    if collisions is not None:
        data += collisions.to_bytes(4, "little") + b"\0\0\0\0"
    value = _OFFSET
    for byte in data:
        value = (value ^ byte) * _PRIME & 0xFFFFFFFF
    return safe_encode(str(value))


def safe_encode(text: str) -> str:
    """*text* in the letters of generated names (apimachinery/pkg/util/rand SafeEncodeString)."""
    return "".join(ALPHABET[ord(letter) % len(ALPHABET)] for letter in text)


def equal_templates(left: Object, right: Object) -> bool:
    """Whether two pod templates are the same but for the label pod-template-hash (EqualIgnoreHash).

    What is empty counts as absent.
    """
    left, right = _without_hash(left), _without_hash(right)
    return left == right or _compact(left) == _compact(right)


def _without_hash(template: Object) -> Object:
    metadata = template.get("metadata") or {}
    labels = metadata.get("labels") or {}
    if POD_TEMPLATE_HASH not in labels:
        return template
    labels = {name: value for name, value in labels.items() if name != POD_TEMPLATE_HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}


def _compact(value: object) -> object:
    if isinstance(value, dict):
        compacted = {name: _compact(item) for name, item in value.items()}
        return {name: item for name, item in compacted.items() if item not in (None, {}, [])}
    if isinstance(value, list):
        return [_compact(item) for item in value]
    return value
