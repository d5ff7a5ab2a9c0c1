"""Telling the API server how pods are, and that they have ended.

Source: pkg/kubelet/status/status_manager.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.client import Client
from k8scourse.kubelet.addresses import host_ip
from k8scourse.kubelet.runtime import PodRuntime
from k8scourse.kubelet.status import pod_status
from k8scourse.kubelet.tools import Tools
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]


class Reporter:
    """Writes the status of pods."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def report(self, pod: Object, runtime: PodRuntime, client: Client) -> None:
        """Write the pod's status if it is new, and remove a pod whose deletion is complete."""
        node = self._tools.informers.get("nodes", runtime.node)
        status = pod_status(pod, runtime, host_ip(node), self._tools)
        if status != pod.get("status"):
            try:
                pod = client.update_status("pods", {**pod, "status": status}, fresh=True)
            except ApiError as error:
                if error.code != 404:
                    raise
                return
        if "deletionTimestamp" in pod["metadata"] and (runtime.finished or runtime.rejection is not None):
            self.remove(pod, client)

    def remove(self, pod: Object, client: Client) -> None:
        """Delete the object of a pod that has stopped."""
        metadata = pod["metadata"]
        preconditions = {"uid": metadata["uid"]}
        try:
            client.delete(
                "pods", metadata["name"], metadata["namespace"], gracePeriodSeconds=0, preconditions=preconditions
            )
        except ApiError as error:
            if error.code not in (404, 409):
                raise
