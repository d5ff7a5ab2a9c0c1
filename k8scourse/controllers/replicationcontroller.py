"""ReplicationControllers keep as many pods as they want, by the rules of ReplicaSets.

Source: pkg/controller/replication/replication_controller.go
"""

from __future__ import annotations

from k8scourse.client.informers import Object
from k8scourse.controllers.replicaset import ReplicaSetController
from k8scourse.machinery.labels import Selector, selector_from_set


class ReplicationManager(ReplicaSetController):
    """The ReplicaSet controller for ReplicationControllers, which select by plain labels."""

    name = "replicationcontroller-controller"
    reporter = "replication-controller"
    user = "system:serviceaccount:kube-system:replication-controller"
    resource = "replicationcontrollers"
    kind = "ReplicationController"
    counts_terminating = False

    def selector_of(self, owner: Object) -> Selector:
        """The labels that *owner* asks for, all of them."""
        return selector_from_set(owner["spec"].get("selector"))
