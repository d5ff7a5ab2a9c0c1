"""The object graph as a widget: who owns whom, drawn by the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from k8scourse.views import owner_graph as graphs
from k8scourse.views.cluster_map import count
from k8scourse.widgets.base import CourseWidget

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


class ObjectGraph(CourseWidget):
    """Who owns whom in a namespace, up to date after each cell. Dashed arrows: which pods a Service selects.

    >>> ObjectGraph(cluster)
    <ObjectGraph 5 objects, 4 arrows>
    """

    _face = traitlets.Unicode("graph").tag(sync=True)
    title = traitlets.Unicode("Object graph").tag(sync=True)
    dot = traitlets.Unicode("").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)

    def __init__(self, cluster: Cluster, *, namespace: str = "default") -> None:
        """Show the objects of *namespace*."""
        self._namespace = namespace
        super().__init__(cluster)

    def __repr__(self) -> str:
        nodes, edges = self._data["nodes"], self._data["edges"]
        return f"<ObjectGraph {count(len(nodes), 'object')}, {count(len(edges), 'arrow')}>"

    def refresh(self) -> None:
        self._data = graphs.owner_graph(self.cluster, namespace=self._namespace)
        with self.hold_sync():
            self.html = graphs.to_html(self._data)
            self.alt = f"Graph of {graphs.summary(self._data)}; the list below says the same"
            self.dot = graphs.to_dot(self._data)

    def describe(self) -> str:
        """The graph as an indented list."""
        return graphs.to_text(self._data)
