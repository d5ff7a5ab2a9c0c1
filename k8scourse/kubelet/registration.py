"""How nodes join the cluster, and what their kubelets report of them.

Source: pkg/kubelet/kubelet_node_status.go, pkg/kubelet/nodestatus/setters.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.client import Client
from k8scourse.client.component import Context
from k8scourse.client.heartbeats import LEASE_NAMESPACE, RENEW_INTERVAL, SECOND
from k8scourse.machinery.timestamps import format_micro_time, format_time

Object = dict[str, Any]

LEASE_SECONDS = 4 * RENEW_INTERVAL // SECOND


class NodeRegistration:
    """Registers nodes and reports their conditions."""

    def __init__(self, context: Context) -> None:
        self._engine = context.engine
        self._informers = context.informers
        self._heartbeats = context.heartbeats

    def register(self, client: Client, node: Object) -> None:
        """Create the Node with its status, its Lease, and begin to report."""
        name = node["metadata"]["name"]
        self._heartbeats.begin(name, self._engine.now)
        stored = client.create("nodes", node)
        owner = {"apiVersion": "v1", "kind": "Node", "name": name, "uid": stored["metadata"]["uid"]}
        lease = {
            "metadata": {"name": name, "namespace": LEASE_NAMESPACE, "ownerReferences": [owner]},
            "spec": {
                "holderIdentity": name,
                "leaseDurationSeconds": LEASE_SECONDS,
                "renewTime": format_micro_time(self._engine.now),
            },
        }
        client.create("leases.coordination.k8s.io", lease, LEASE_NAMESPACE)

    def appears(self, node: Object) -> bool:
        """Whether *node* is Ready and has no kubelet yet."""
        conditions = (node.get("status") or {}).get("conditions") or ()
        ready = any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)
        return ready and not self._heartbeats.known(node["metadata"]["name"])

    def report_ready(self, client: Client, name: str) -> None:
        """Report a node that was cut off as healthy again: what was Unknown becomes known."""
        node = self._informers.get("nodes", name)
        if node is None:
            return
        now = format_time(self._engine.now)
        conditions = [
            {
                **condition,
                "status": "True" if condition["type"] == "Ready" else "False",
                "reason": "KubeletReady" if condition["type"] == "Ready" else f"KubeletHasNo{condition['type']}",
                "message": "kubelet is posting ready status" if condition["type"] == "Ready" else "",
                "lastHeartbeatTime": now,
                "lastTransitionTime": now,
            }
            if condition["status"] == "Unknown"
            else condition
            for condition in (node.get("status") or {}).get("conditions") or ()
        ]
        client.update_status("nodes", {**node, "status": {**node["status"], "conditions": conditions}})
