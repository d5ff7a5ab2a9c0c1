"""The request tracer as a widget: send a simulated request and see every hop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import traitlets

from k8scourse.machinery.status import ApiError
from k8scourse.views import request_path
from k8scourse.views.markup import escape
from k8scourse.widgets.base import CourseWidget, Message

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster


class RequestTracer(CourseWidget):
    """Where a request from a pod, a node or outside goes, and where it ends. Nothing changes by it.

    >>> RequestTracer(cluster, "client", "http://web/")
    <RequestTracer client to http://web/: reached>
    """

    _face = traitlets.Unicode("request").tag(sync=True)
    source = traitlets.Unicode("").tag(sync=True)
    url = traitlets.Unicode("").tag(sync=True)

    def __init__(self, cluster: Cluster, source: str, url: str) -> None:
        """Start with a request from *source* (a pod, "node/n1" or "outside") to *url*."""
        super().__init__(cluster, source=source, url=url)

    def __repr__(self) -> str:
        return f"<RequestTracer {self.source} to {self.url}: {self._outcome}>"

    def refresh(self) -> None:
        try:
            answer = self.cluster.request(self.source, self.url)
        except (ApiError, ValueError) as error:
            self._outcome, self._text = "not sent", str(error)
            self.html = f"<p>{escape(error)}</p>"
            return
        self._outcome, self._text = answer.outcome, str(answer)
        self.html = request_path.to_html(answer)

    def send_request(self, source: str, url: str) -> None:
        """Send another request."""
        self.source, self.url = source, url
        self.refresh()

    def describe(self) -> str:
        """The hops as plain text."""
        return self._text

    def answers(self) -> dict[str, Callable[[Message], Message | None]]:
        return {"send": self._sent}

    def _sent(self, message: Message) -> Message:
        self.send_request(str(message["from"]), str(message["url"]))
        return {}
