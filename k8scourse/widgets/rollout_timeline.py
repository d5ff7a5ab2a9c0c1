"""The rollout timeline as a widget: ready and all pods of each ReplicaSet over virtual time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from k8scourse.machinery.status import ApiError
from k8scourse.views import rollout as rollouts
from k8scourse.views.cluster_map import count
from k8scourse.views.markup import escape
from k8scourse.widgets.base import CourseWidget

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


class RolloutTimeline(CourseWidget):
    """How a Deployment's ReplicaSets grow and shrink, up to date after each cell.

    >>> RolloutTimeline(cluster, "web")
    <RolloutTimeline web, 2 ReplicaSets, 5 moments>
    """

    _face = traitlets.Unicode("view").tag(sync=True)
    title = traitlets.Unicode("Rollout timeline").tag(sync=True)

    def __init__(self, cluster: Cluster, deployment: str, *, namespace: str = "default", after: int = 0) -> None:
        """Follow *deployment* from revision *after* on; it may be made later."""
        self._deployment, self._namespace, self._after = deployment, namespace, after
        super().__init__(cluster)

    def __repr__(self) -> str:
        if self._data is None:
            return f"<RolloutTimeline {self._deployment}, not made yet>"
        sets, moments = count(len(self._data["sets"]), "ReplicaSet"), count(len(self._data["moments"]), "moment")
        return f"<RolloutTimeline {self._deployment}, {sets}, {moments}>"

    def refresh(self) -> None:
        try:
            self._data = rollouts.rollout(self.cluster, self._deployment, namespace=self._namespace, after=self._after)
        except ApiError as error:
            self._data, self.html = None, f"<p>{escape(error)}</p>"
        else:
            self.html = rollouts.to_html(self._data)

    def describe(self) -> str:
        """The timeline as a table in plain text."""
        return f"deployment {self._deployment} is not made yet" if self._data is None else rollouts.to_text(self._data)
