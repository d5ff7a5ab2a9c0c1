"""The hash that --append-hash adds to a name.

Kubernetes: staging/src/k8s.io/kubectl/pkg/util/hash/hash.go.
"""

from __future__ import annotations

import hashlib
from typing import Any

from k8scourse.machinery.go_format import go_json

_LENGTH = 10
_REPLACED = str.maketrans({"0": "g", "1": "h", "3": "k", "a": "m", "e": "t"})


def hashed(obj: dict[str, Any]) -> dict[str, Any]:
    """A ConfigMap or Secret with the hash of its kind, name, type and data behind its name."""
    content: dict[str, Any] = {"kind": obj["kind"], "name": obj["metadata"]["name"], "data": obj.get("data") or {}}
    if obj["kind"] == "Secret":
        content["type"] = obj.get("type", "")
    if obj.get("binaryData"):
        content["binaryData"] = obj["binaryData"]
    digest = hashlib.sha256(go_json(content).encode()).hexdigest()[:_LENGTH].translate(_REPLACED)
    return {**obj, "metadata": {**obj["metadata"], "name": f"{obj['metadata']['name']}-{digest}"}}
