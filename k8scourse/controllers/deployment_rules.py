"""Pure rules of Deployments: arithmetic of rolling updates, revisions, which ReplicaSet is the new one.

Source: pkg/controller/deployment/util/deployment_util.go
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from k8scourse.client.informers import Object
from k8scourse.controllers.scaled_values import scaled_value
from k8scourse.controllers.template_hash import equal_templates
from k8scourse.machinery.timestamps import parse_time

REVISION = "deployment.kubernetes.io/revision"
REVISION_HISTORY = "deployment.kubernetes.io/revision-history"
DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas"
MAX_REPLICAS = "deployment.kubernetes.io/max-replicas"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
ROLLBACK_TO = "deprecated.deployment.rollback.to"
NOT_COPIED = frozenset({LAST_APPLIED, REVISION, REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, ROLLBACK_TO})
"""Annotations of a Deployment that its ReplicaSets do not take over."""
HISTORY_LENGTH = 2000
"""So many characters of the annotation revision-history are kept."""
INT32_MAX = 2**31 - 1
_INTEGER = re.compile(r"[+-]?[0-9]+")


class Fenceposts(NamedTuple):
    """How far a rolling update may leave the wanted number of pods."""

    surge: int
    unavailable: int


def is_rolling(deployment: Object) -> bool:
    """Whether the strategy is RollingUpdate."""
    return deployment["spec"]["strategy"]["type"] == "RollingUpdate"


def resolve_fenceposts(surge: int | str | None, unavailable: int | str | None, desired: int) -> Fenceposts:
    """maxSurge (rounded up) and maxUnavailable (rounded down) of *desired* pods; one of them is at least 1."""
    above = scaled_value(surge, desired, round_up=True)
    below = scaled_value(unavailable, desired, round_up=False)
    return Fenceposts(above, 1 if above == below == 0 else below)


def _fenceposts(deployment: Object) -> Fenceposts:
    rolling = deployment["spec"]["strategy"].get("rollingUpdate") or {}
    return resolve_fenceposts(rolling.get("maxSurge"), rolling.get("maxUnavailable"), deployment["spec"]["replicas"])


def max_unavailable(deployment: Object) -> int:
    """How many pods may be unavailable during a rolling update."""
    replicas = deployment["spec"]["replicas"]
    return min(_fenceposts(deployment).unavailable, replicas) if is_rolling(deployment) and replicas else 0


def max_surge(deployment: Object) -> int:
    """How many pods may be there beyond spec.replicas during a rolling update."""
    return _fenceposts(deployment).surge if is_rolling(deployment) else 0


def total_replicas(sets: Iterable[Object]) -> int:
    """The sum of spec.replicas."""
    return sum(rs["spec"]["replicas"] for rs in sets)


def status_sum(sets: Iterable[Object], field: str) -> int:
    """The sum of a number in the status of ReplicaSets."""
    return sum((rs.get("status") or {}).get(field, 0) for rs in sets)


def available_replicas(rs: Object) -> int:
    """status.availableReplicas of a ReplicaSet."""
    return (rs.get("status") or {}).get("availableReplicas", 0)


def new_replicas(deployment: Object, sets: Sequence[Object], new: Object) -> int:
    """How many replicas the *new* ReplicaSet among *sets* should have next (NewRSNewReplicas)."""
    replicas, current = deployment["spec"]["replicas"], new["spec"]["replicas"]
    if not is_rolling(deployment):
        return replicas
    rolling = deployment["spec"]["strategy"].get("rollingUpdate") or {}
    most = replicas + scaled_value(rolling.get("maxSurge"), replicas, round_up=True)
    room = most - total_replicas(sets)
    return current if room <= 0 else current + min(room, replicas - current)


def is_saturated(deployment: Object, rs: Object | None) -> bool:
    """Whether *rs* has all replicas of the deployment and all of them are available."""
    if rs is None:
        return False
    replicas = deployment["spec"]["replicas"]
    return (
        rs["spec"]["replicas"] == replicas and desired_replicas(rs) == replicas and available_replicas(rs) == replicas
    )


def desired_replicas(rs: Object) -> int | None:
    """The deployment's spec.replicas when *rs* was last scaled, from its annotation; None without a number."""
    return _count(rs, DESIRED_REPLICAS)


def _count(rs: Object, annotation: str) -> int | None:
    text = (rs["metadata"].get("annotations") or {}).get(annotation, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) <= INT32_MAX else None


def replicas_annotations(deployment: Object) -> dict[str, str]:
    """The annotations that tell a ReplicaSet how large its deployment is and may become."""
    replicas = deployment["spec"]["replicas"]
    return {DESIRED_REPLICAS: str(replicas), MAX_REPLICAS: str(replicas + max_surge(deployment))}


def proportion(deployment: Object, rs: Object, to_add: int, added: int) -> int:
    """The share of *rs* in the *to_add* replicas (negative: to take away), *added* of which are given out.

    Source: GetReplicaSetProportion, getReplicaSetFraction.
    """
    size = rs["spec"]["replicas"]
    if not size or not to_add or to_add == added:
        return 0
    fraction, left = _fraction(deployment, rs, size), to_add - added
    return min(fraction, left) if to_add > 0 else max(fraction, left)


def _fraction(deployment: Object, rs: Object, size: int) -> int:
    replicas = deployment["spec"]["replicas"]
    if not replicas:
        return -size
    before = _count(rs, MAX_REPLICAS) or (deployment.get("status") or {}).get("replicas", 0)
    if not before:
        return 0
    product = size * (replicas + max_surge(deployment))
    return (2 * product + before) // (2 * before) - size


def age(rs: Object) -> tuple[int, str]:
    """Sorts ReplicaSets from old to new, then by name (ReplicaSetsByCreationTimestamp)."""
    return parse_time(rs["metadata"]["creationTimestamp"]), rs["metadata"]["name"]


def find_new(deployment: Object, sets: Iterable[Object]) -> Object | None:
    """The oldest ReplicaSet with the deployment's template, or None (FindNewReplicaSet)."""
    template = deployment["spec"]["template"]
    return next((rs for rs in sorted(sets, key=age) if equal_templates(rs["spec"]["template"], template)), None)


def revision(obj: Object) -> int | None:
    """The revision in the annotations, 0 without one, None if it is no number."""
    text = (obj["metadata"].get("annotations") or {}).get(REVISION)
    if text is None:
        return 0
    return int(text) if _INTEGER.fullmatch(text) else None


def max_revision(sets: Iterable[Object]) -> int:
    """The highest revision of *sets*, 0 for none."""
    return max((revision(rs) or 0 for rs in sets), default=0)


def new_annotations(deployment: Object, rs: Object, wanted: int) -> dict[str, str]:
    """The annotations of the new ReplicaSet *rs* at revision *wanted* or later (SetNewReplicaSetAnnotations).

    It takes over those of the deployment; a revision that it leaves behind goes into its revision-history.
    """
    annotations = dict(rs["metadata"].get("annotations") or {})
    own = deployment["metadata"].get("annotations") or {}
    annotations.update({name: value for name, value in own.items() if name not in NOT_COPIED})
    before = annotations.get(REVISION)
    if before and not _INTEGER.fullmatch(before):
        return annotations
    if int(before or 0) < wanted:
        annotations[REVISION] = str(wanted)
        if before is not None:
            annotations[REVISION_HISTORY] = _history(annotations.get(REVISION_HISTORY, ""), before)
    return annotations


def _history(history: str, before: str) -> str:
    """*history* with the revision *before* at its end, the oldest ones dropped if it becomes too long."""
    if not history:
        return before
    kept = history.split(",")
    while kept and len(",".join([*kept, before])) > HISTORY_LENGTH:
        kept.pop(0)
    return ",".join([*kept, before])


def progress_deadline(deployment: Object) -> int | None:
    """spec.progressDeadlineSeconds, None if progress is not watched."""
    deadline = deployment["spec"].get("progressDeadlineSeconds")
    return None if deadline == INT32_MAX else deadline


def is_complete(deployment: Object, status: Object) -> bool:
    """Whether all replicas are updated and available and no old one is left (DeploymentComplete)."""
    replicas = deployment["spec"]["replicas"]
    return (
        status.get("updatedReplicas", 0) == replicas
        and status.get("replicas", 0) == replicas
        and status.get("availableReplicas", 0) == replicas
        and status.get("observedGeneration", 0) >= deployment["metadata"].get("generation", 0)
    )


def is_progressing(before: Object, status: Object) -> bool:
    """Whether *status* is closer to the goal than *before* (DeploymentProgressing)."""
    old_before = before.get("replicas", 0) - before.get("updatedReplicas", 0)
    old = status.get("replicas", 0) - status.get("updatedReplicas", 0)
    return old < old_before or any(
        status.get(field, 0) > before.get(field, 0)
        for field in ("updatedReplicas", "readyReplicas", "availableReplicas")
    )
