"""Which nodes report, and since when: the machines behind the Node objects.

A live kubelet renews its Lease every 10 s. Nobody writes those renewals down: a renewal time is worked out when
somebody asks, so that idle time costs nothing.
Sources: pkg/kubelet/kubelet.go (nodeLeaseDurationSeconds 40, renewed every quarter of it)
"""

from __future__ import annotations

from typing import Any

from k8scourse.machinery.timestamps import format_micro_time

Object = dict[str, Any]

SECOND = 1_000_000_000
RENEW_INTERVAL = 10 * SECOND
LEASE_NAMESPACE = "kube-node-lease"


class Heartbeats:
    """For each node with a kubelet: when it began to report, and when it stopped (None: it still does)."""

    __slots__ = ("_began", "_stopped")

    def __init__(self) -> None:
        self._began: dict[str, int] = {}
        self._stopped: dict[str, int] = {}

    def begin(self, node: str, now: int) -> None:
        """The node's kubelet reports from now on."""
        self._began[node] = now
        self._stopped.pop(node, None)

    def stop(self, node: str, now: int) -> None:
        """The node's kubelet reports no more."""
        if node in self._began:
            self._stopped.setdefault(node, now)

    def forget(self, node: str) -> None:
        """The node is gone."""
        self._began.pop(node, None)
        self._stopped.pop(node, None)

    def known(self, node: str) -> bool:
        """Whether the node ever had a kubelet."""
        return node in self._began

    def alive(self, node: str) -> bool:
        """Whether the node's kubelet reports."""
        return node in self._began and node not in self._stopped

    def last_renewal(self, node: str, now: int) -> int | None:
        """When the node's Lease was last renewed, as of *now* (ns); None without a kubelet."""
        began = self._began.get(node)
        if began is None:
            return None
        until = self._stopped.get(node, now)
        return began + (until - began) // RENEW_INTERVAL * RENEW_INTERVAL

    def lease_as_read(self, lease: Object, now: int) -> Object:
        """A node's Lease with the renewal that has happened by *now*; other leases as they are."""
        metadata = lease["metadata"]
        renewed = self.last_renewal(metadata["name"], now) if metadata.get("namespace") == LEASE_NAMESPACE else None
        if renewed is None:
            return lease
        return {**lease, "spec": {**lease["spec"], "renewTime": format_micro_time(renewed)}}

    def fork(self) -> Heartbeats:
        """An independent copy."""
        twin = Heartbeats()
        twin._began = self._began.copy()
        twin._stopped = self._stopped.copy()
        return twin
