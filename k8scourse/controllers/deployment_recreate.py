"""The strategy Recreate: all old pods are gone before the first new one comes.

Source: pkg/controller/deployment/recreate.go
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_terminal
from k8scourse.controllers import deployment_rules as rules
from k8scourse.controllers.deployment_sync import Rollout


def recreate(rollout: Rollout, pods: Mapping[str, Sequence[Object]]) -> int | None:
    """Take the next step; *pods* are the deployment's pods by the uid of their ReplicaSet. Raises ApiError.

    Gives in how many nanoseconds to look for progress again, or None.
    """
    new, old = rollout.find_sets(create=False)
    scaled = False
    for index, rs in enumerate(old):
        if rs["spec"]["replicas"]:
            _, old[index] = rollout.scale(rs, 0, "all old pods go before new ones come (Recreate)")
            scaled = True
    if scaled or old_pods_running(new, old, pods):
        return rollout.store_progress(new, old)
    if new is None:
        new, old = rollout.find_sets(create=True)
    if new is not None:
        rollout.scale(new, rollout.replicas, "no old pod is left (Recreate)")
    if rules.is_complete(rollout.deployment, rollout.deployment.get("status") or {}):
        rollout.clean_up(old)
    return rollout.store_progress(new, old)


def old_pods_running(new: Object | None, old: Sequence[Object], pods: Mapping[str, Sequence[Object]]) -> bool:
    """Whether a pod of an old ReplicaSet is still there and has not ended; one that is being deleted counts."""
    if rules.status_sum(old, "replicas"):
        return True
    mine = new["metadata"]["uid"] if new is not None else None
    return any(not is_terminal(pod) for uid, found in pods.items() if uid != mine for pod in found)
