"""The cluster map as a widget: choose a pod and see, node by node, why it may or may not run there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import traitlets

from k8scourse.views import cluster_map as maps
from k8scourse.views.snapshot import snapshot
from k8scourse.views.why_not import node_verdicts
from k8scourse.widgets.base import CourseWidget, Message

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


class ClusterMap(CourseWidget):
    """Nodes with their taints and pods, up to date after each cell.

    >>> ClusterMap(cluster)
    <ClusterMap 3 nodes, 1 pod>
    """

    _face = traitlets.Unicode("map").tag(sync=True)

    def __init__(self, cluster: Cluster, *, selected: str = "") -> None:
        """Show *cluster*; *selected* is the pod asked about, as "name" or "namespace/name"."""
        self._selected = f"default/{selected}" if selected and "/" not in selected else selected
        super().__init__(cluster)

    def __repr__(self) -> str:
        return map_summary("ClusterMap", self._data)

    @property
    def selected(self) -> str:
        """The chosen pod as "namespace/name", or nothing."""
        return self._selected

    def select(self, pod: str) -> None:
        """Ask about another pod ("namespace/name"), or about none ("")."""
        self._selected = pod
        self.refresh()

    def refresh(self) -> None:
        now = snapshot(self.cluster)
        self._data = maps.cluster_map(now, self._selected, node_verdicts(self.cluster, self._selected))
        self.html = maps.to_html(self._data, interactive=True)

    def describe(self) -> str:
        """The map as plain text."""
        return maps.to_text(self._data)

    def static_html(self) -> str:
        return maps.to_html(self._data)

    def answers(self) -> dict[str, Callable[[Message], Message | None]]:
        return {"select": lambda message: self.select(str(message["pod"]))}


def map_summary(name: str, data: maps.Data) -> str:
    """``<ClusterMap 3 nodes, 1 pod>``"""
    pods = sum(len(node["pods"]) for node in data["nodes"]) + len(data["nowhere"])
    return f"<{name} {maps.count(len(data['nodes']), 'node')}, {maps.count(pods, 'pod')}>"
