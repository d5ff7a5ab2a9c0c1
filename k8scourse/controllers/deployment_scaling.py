"""Scaling a Deployment: which of its ReplicaSets grow or shrink when spec.replicas changes.

Source: pkg/controller/deployment/sync.go (sync, scale, isScalingEvent)
"""

from __future__ import annotations

from collections.abc import Sequence

from k8scourse.client.informers import Object
from k8scourse.controllers import deployment_rules as rules
from k8scourse.controllers.deployment_sync import Rollout

WANTED = "the deployment's size has changed"


def is_scaling_event(rollout: Rollout) -> bool:
    """Whether the deployment's size has changed since its ReplicaSets were last scaled; raises ApiError."""
    new, old = rollout.find_sets(create=False)
    sets = [*old, new] if new is not None else old
    sizes = [rules.desired_replicas(rs) for rs in sets if rs["spec"]["replicas"]]
    return any(size is not None and size != rollout.replicas for size in sizes)


def scale(rollout: Rollout) -> None:
    """Follow a change of size, and only that; raises ApiError."""
    new, old = rollout.find_sets(create=False)
    _scale_sets(rollout, new, old)
    if rollout.deployment["spec"].get("paused"):
        rollout.clean_up(old)
    rollout.store_counts(new, old)


def active_or_latest(new: Object | None, old: Sequence[Object]) -> Object | None:
    """The only ReplicaSet with pods, or without any the latest; None when several have pods (FindActiveOrLatest)."""
    newest_first = sorted(old, key=rules.age, reverse=True)
    sets = [*newest_first, new] if new is not None else newest_first
    active = [rs for rs in sets if rs["spec"]["replicas"]]
    if len(active) > 1 or not sets:
        return None
    if active:
        return active[0]
    return new if new is not None else newest_first[0]


def _scale_sets(rollout: Rollout, new: Object | None, old: list[Object]) -> None:
    only = active_or_latest(new, old)
    if only is not None:
        _replace(old, rollout.scale(only, rollout.replicas, WANTED)[1])
    elif rules.is_saturated(rollout.deployment, new):
        for rs in old:
            if rs["spec"]["replicas"]:
                _replace(old, rollout.scale(rs, 0, "the new ReplicaSet has all pods")[1])
    elif rules.is_rolling(rollout.deployment):
        _scale_proportionally(rollout, new, old)


def _replace(sets: list[Object], changed: Object) -> None:
    for index, rs in enumerate(sets):
        if rs["metadata"]["uid"] == changed["metadata"]["uid"]:
            sets[index] = changed


def _scale_proportionally(rollout: Rollout, new: Object | None, old: list[Object]) -> None:
    """Spread the change over all ReplicaSets with pods by their size; what is left over goes to the largest."""
    sets = [rs for rs in (*old, new) if rs is not None and rs["spec"]["replicas"]]
    allowed = rollout.replicas + rules.max_surge(rollout.deployment) if rollout.replicas else 0
    to_add = allowed - rules.total_replicas(sets)
    if to_add:
        sets.sort(key=rules.age, reverse=to_add > 0)
        sets.sort(key=lambda rs: rs["spec"]["replicas"], reverse=True)
    sizes: list[int] = []
    added = 0
    for rs in sets:
        share = rules.proportion(rollout.deployment, rs, to_add, added)
        sizes.append(rs["spec"]["replicas"] + share)
        added += share
    if to_add and sizes:
        sizes[0] = max(sizes[0] + to_add - added, 0)
    for rs, size in zip(sets, sizes, strict=True):
        _replace(old, rollout.scale_and_annotate(rs, size, WANTED)[1])
