"""The time slider: the cluster as it was at each revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import traitlets

from k8scourse.etcd.store import RevisionCompacted
from k8scourse.views import cluster_map as maps
from k8scourse.views import timeline as timelines
from k8scourse.views.markup import escape
from k8scourse.views.snapshot import snapshot
from k8scourse.views.why_not import node_verdicts
from k8scourse.widgets.base import CourseWidget, Message

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


MOST_MOMENTS = 2_000
"""Changes on one slider, the newest; a slider has no use for more."""


class TimeSlider(CourseWidget):
    """A slider over the revisions in which something happened, with the map of the cluster at each.

    >>> TimeSlider(cluster)
    <TimeSlider revisions 40 to 57, 12 changes>
    """

    _face = traitlets.Unicode("slider").tag(sync=True)
    moments = traitlets.List().tag(sync=True)

    def __init__(self, cluster: Cluster, *, after: int = 0) -> None:
        """Slide over *cluster*'s changes; only those after revision *after* when it is given."""
        self._after = after
        super().__init__(cluster)

    def __repr__(self) -> str:
        if len(self.moments) < 2:
            return f"<TimeSlider revision {self.moments[0]['revision']}>"
        first, last = self.moments[0]["revision"], self.moments[-1]["revision"]
        return f"<TimeSlider revisions {first} to {last}, {len(self.moments)} changes>"

    def refresh(self) -> None:
        moments = timelines.timeline(self.cluster, after=self._after)
        with self.hold_sync():
            self.html = self._picture(None)
            self.moments = moments[-MOST_MOMENTS:] or [timelines.present(self.cluster)]

    def describe(self) -> str:
        """The timeline as plain text, one change per line."""
        return timelines.to_text(self.moments)

    def static_html(self) -> str:
        return timelines.to_html(self.moments)

    def answers(self) -> dict[str, Callable[[Message], Message | None]]:
        return {"at": self._at}

    def _at(self, message: Message) -> Message:
        revision, pod = int(message["revision"]), str(message.get("pod", ""))
        try:
            return {"html": self._picture(revision, pod)}
        except (RevisionCompacted, ValueError) as error:
            return {"html": f"<p>{escape(error)}</p>"}

    def _picture(self, revision: int | None, pod: str = "") -> str:
        source = self.cluster if revision is None else self.cluster.at(revision)
        data = maps.cluster_map(snapshot(self.cluster, revision), pod, node_verdicts(source, pod))
        return maps.to_html(data, interactive=True)
