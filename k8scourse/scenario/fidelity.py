"""Which kinds the simulator simulates: validates, defaults and, where controllers act on them, acts on.

Any other kind is only stored as it came. A scenario that writes or asks about one fails as "not simulated yet", since
what it would find says nothing about Kubernetes.
"""

from __future__ import annotations

SIMULATED_RESOURCES = frozenset(
    {
        "configmaps",
        "controllerrevisions.apps",
        "daemonsets.apps",
        "deployments.apps",
        "events",
        "leases.coordination.k8s.io",
        "namespaces",
        "nodes",
        "poddisruptionbudgets.policy",
        "pods",
        "priorityclasses.scheduling.k8s.io",
        "replicasets.apps",
        "serviceaccounts",
    }
)


def only_stored(group_resource: str) -> bool:
    """Whether objects of a resource (pods, deployments.apps) are kept without being simulated."""
    return group_resource not in SIMULATED_RESOURCES
