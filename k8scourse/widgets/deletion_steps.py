"""The owner graph on the way to a deletion: one slider through its steps, all three policies side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import traitlets

from k8scourse.machinery.status import ApiError
from k8scourse.views import deletion_stages
from k8scourse.views.lineage import title
from k8scourse.views.markup import escape
from k8scourse.widgets.base import CourseWidget, Message

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


class DeletionSteps(CourseWidget):
    """What would go, when and why, if an object were deleted with each policy; nothing is deleted.

    >>> DeletionSteps(cluster, "deployment/web")
    <DeletionSteps Deployment default/web, 8 steps>
    """

    _face = traitlets.Unicode("slider").tag(sync=True)
    title = traitlets.Unicode("Deletion").tag(sync=True)
    unit = traitlets.Unicode("Step").tag(sync=True)
    moments = traitlets.List().tag(sync=True)

    def __init__(self, cluster: Cluster, target: str, *, namespace: str = "default") -> None:
        """Step through the deletion of *target*, e.g. "deployment/web"; raises ApiError for what is not there."""
        self._target, self._namespace = target, namespace
        self._found = deletion_stages.stages(cluster, target, namespace=namespace)
        super().__init__(cluster)

    def __repr__(self) -> str:
        return f"<DeletionSteps {title(self._found.subject)}, {self._found.length} steps>"

    def refresh(self) -> None:
        try:
            self._found = deletion_stages.stages(self.cluster, self._target, namespace=self._namespace)
        except ApiError:
            return  # the object is gone by now; the picture of its deletion stays
        with self.hold_sync():
            self.html = deletion_stages.to_html(self._found, self._found.length)
            self.moments = deletion_stages.moments(self._found)

    def describe(self) -> str:
        """The steps under each policy as plain text."""
        return deletion_stages.to_text(self._found)

    def static_html(self) -> str:
        return deletion_stages.static_html(self._found)

    def answers(self) -> dict[str, Callable[[Message], Message | None]]:
        return {"at": self._at}

    def _at(self, message: Message) -> Message:
        try:
            return {"html": deletion_stages.to_html(self._found, int(message["revision"]))}
        except ValueError as error:
            return {"html": f"<p>{escape(error)}</p>"}
