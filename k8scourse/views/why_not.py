"""Why a pod may or may not run on each node, from the scheduler's own plugins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


def node_verdicts(cluster: Cluster, pod: str) -> Mapping[str, Sequence[str]] | None:
    """For each node the reasons against running *pod* ("namespace/name") there; None when there is no such pod."""
    del cluster, pod
    return None
