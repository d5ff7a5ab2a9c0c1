"""What the pictures are made from: a cluster's nodes and pods at one revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Nodes and pods at *revision*; *elapsed* is the virtual time since the cluster's start in nanoseconds."""

    revision: int
    elapsed: int
    nodes: tuple[Object, ...]
    pods: tuple[Object, ...]


def snapshot(cluster: Cluster, revision: int | None = None) -> Snapshot:
    """The cluster as it is, or as it was at *revision*.

    Raises RevisionCompacted for a revision that is no longer kept, ValueError for one in the future.
    """
    source = cluster if revision is None or revision == cluster.revision else cluster.at(revision)
    at = cluster.revision if revision is None else revision
    elapsed = cluster.now - cluster.world.clock if revision is None else elapsed_at(cluster, revision)
    return Snapshot(at, elapsed, tuple(source.list("nodes")), tuple(source.list("pods", namespace=None)))


def elapsed_at(cluster: Cluster, revision: int) -> int:
    """Nanoseconds from the cluster's start to *revision*."""
    return cluster.time_of(revision) - cluster.world.clock


def pod_key(pod: Object) -> str:
    """namespace/name."""
    return f"{pod['metadata'].get('namespace', 'default')}/{pod['metadata']['name']}"
