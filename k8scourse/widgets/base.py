"""What all widgets share: the loader, their text form, and being up to date after each cell."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from IPython.core.getipython import get_ipython

from k8scourse.widgets.bundle import PARTS, bundle, bundle_id, loader, part

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Message = dict[str, Any]


class CourseWidget(anywidget.AnyWidget):
    """A thin shell over the views of one cluster.

    Life cycle: it is drawn from the cluster when made, and drawn again whenever the cluster has changed: after a cell
    ran, and after another widget wrote. `close` ends that. Subclasses set `_face` (which part of the bundle draws it),
    implement `refresh`, and answer messages in `answers`.
    """

    _esm = loader()
    _face = traitlets.Unicode("").tag(sync=True)
    _bundle = traitlets.Unicode("").tag(sync=True)
    html = traitlets.Unicode("").tag(sync=True)

    def __init__(self, cluster: Cluster, **traits: Any) -> None:
        self.cluster = cluster
        self._drawn: tuple[int, int] | None = None
        super().__init__(_bundle=bundle_id(), **traits)
        self.on_msg(self._receive)
        _OPEN.add(self)
        _follow_cells()
        self._update()

    def refresh(self) -> None:
        """Draw the cluster as it is."""
        raise NotImplementedError

    def answers(self) -> dict[str, Callable[[Message], Message | None]]:
        """What to do with messages of the page, by kind; a result is sent back as the answer."""
        return {}

    def describe(self) -> str:
        """The widget's content as plain text."""
        raise NotImplementedError

    def static_html(self) -> str:
        """The content as HTML for pages without a kernel."""
        return self.html

    def close(self) -> None:
        """End the widget: the page forgets it, and it follows its cluster no more."""
        _OPEN.discard(self)
        super().close()

    def _update(self) -> None:
        state = (self.cluster.revision, self.cluster.now)
        if state != self._drawn:
            self._drawn = state
            self.refresh()

    def _receive(self, _widget: Any, message: Message, _buffers: Any) -> None:
        if message.get("kind") == "bundle":
            self.send({"kind": "bundle"}, buffers=list(bundle()))
            return
        if message.get("kind") == "part" and message.get("name") in PARTS:
            self.send({"id": message.get("id")}, buffers=[part(message["name"])])
            return
        respond = self.answers().get(message.get("kind", ""))
        answer = respond(message) if respond else None
        if answer is not None:
            self.send({"id": message.get("id"), **answer})
        update_all()

    def _repr_mimebundle_(self, **_options: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The live widget, with its picture as HTML for front ends and pages that have no kernel."""
        form = super()._repr_mimebundle_()
        if form is not None:
            form[0]["text/html"] = self.static_html()
        return form


_OPEN: weakref.WeakSet[CourseWidget] = weakref.WeakSet()


def open_widgets() -> list[CourseWidget]:
    """The widgets that were made and not closed."""
    return list(_OPEN)


def update_all() -> None:
    """Bring every open widget up to date with its cluster."""
    for widget in open_widgets():
        widget._update()


@cache
def _follow_cells() -> None:
    """After each cell of the notebook, open widgets show what it did."""
    shell = get_ipython()
    if shell is not None:
        shell.events.register("post_run_cell", lambda _result: update_all())
