"""Rolling updates: new pods come and old ones go within maxSurge and maxUnavailable.

Source: pkg/controller/deployment/rolling.go
"""

from __future__ import annotations

from collections.abc import Sequence

from k8scourse.client.informers import Object
from k8scourse.controllers import deployment_rules as rules
from k8scourse.controllers.deployment_sync import Rollout


def roll(rollout: Rollout) -> int | None:
    """Take the next step of a rolling update; raises ApiError.

    Gives in how many nanoseconds to look for progress again, or None.
    """
    new, old = rollout.find_sets(create=True)
    scaled = new is not None and (_scale_up(rollout, new, old) or _scale_down(rollout, new, old))
    if not scaled and rules.is_complete(rollout.deployment, rollout.deployment.get("status") or {}):
        rollout.clean_up(old)
    return rollout.store_progress(new, old)


def _scale_up(rollout: Rollout, new: Object, old: Sequence[Object]) -> bool:
    """Bring the new ReplicaSet closer to the wanted size (reconcileNewReplicaSet)."""
    size = new["spec"]["replicas"]
    if size == rollout.replicas:
        return False
    if size > rollout.replicas:
        return rollout.scale(new, rollout.replicas, "the deployment wants fewer pods")[0]
    wanted = rules.new_replicas(rollout.deployment, [*old, new], new)
    return rollout.scale(new, wanted, "as many new pods as maxSurge allows")[0]


def _scale_down(rollout: Rollout, new: Object, old: Sequence[Object]) -> bool:
    """Take pods from old ReplicaSets as far as enough stay available (reconcileOldReplicaSets)."""
    active = sorted((rs for rs in old if rs["spec"]["replicas"]), key=rules.age)
    minimum = rollout.replicas - rules.max_unavailable(rollout.deployment)
    unavailable_new = new["spec"]["replicas"] - rules.available_replicas(new)
    room = rules.total_replicas([*old, new]) - minimum - unavailable_new
    if not active or room <= 0:
        return False
    active, cleaned = _clean_unhealthy(rollout, active, room)
    return cleaned + _shrink(rollout, new, active, minimum) > 0


def _clean_unhealthy(rollout: Rollout, old: Sequence[Object], room: int) -> tuple[list[Object], int]:
    """Take away up to *room* old pods that are not available, the oldest ReplicaSet's first."""
    taken, kept = 0, list(old)
    for index, rs in enumerate(old):
        size = rs["spec"]["replicas"]
        count = min(room - taken, size - rules.available_replicas(rs))
        if count <= 0:
            continue
        kept[index] = rollout.scale(rs, size - count, "old pods that are not available go first")[1]
        taken += count
    return kept, taken


def _shrink(rollout: Rollout, new: Object, old: Sequence[Object], minimum: int) -> int:
    """Take away old pods while at least *minimum* stay available (scaleDownOldReplicaSetsForRollingUpdate)."""
    surplus = rules.status_sum([*old, new], "availableReplicas") - minimum
    taken = 0
    for rs in old:
        size = rs["spec"]["replicas"]
        count = min(size, surplus - taken)
        if count <= 0:
            continue
        rollout.scale(rs, size - count, "enough pods stay available (maxUnavailable)")
        taken += count
    return taken
