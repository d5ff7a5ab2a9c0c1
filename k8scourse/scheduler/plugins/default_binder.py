"""DefaultBinder: binds through the API server."""

from __future__ import annotations

from typing import Any

from k8scourse.scheduler.framework import Plugin
from k8scourse.scheduler.pod_info import PodInfo


class DefaultBinder(Plugin):
    """Source: kubernetes: plugins/defaultbinder."""

    name = "DefaultBinder"

    def binding(self, pod: PodInfo, node: str) -> dict[str, Any]:
        """The Binding to post to the pod's binding subresource."""
        namespace, name = pod.key
        metadata: dict[str, Any] = {"name": name, "namespace": namespace}
        if pod.pod["metadata"].get("uid"):
            metadata["uid"] = pod.pod["metadata"]["uid"]
        return {
            "apiVersion": "v1",
            "kind": "Binding",
            "metadata": metadata,
            "target": {"kind": "Node", "name": node},
        }
