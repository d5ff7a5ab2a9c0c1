"""The manifest editor: every change is judged on a fork of the cluster, Apply writes to the cluster itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from k8scourse.machinery.status import ApiError
from k8scourse.machinery.yaml import ManifestError
from k8scourse.views import verdict as verdicts
from k8scourse.views.manifest_fields import completions, field_help
from k8scourse.views.markup import escape
from k8scourse.widgets.base import CourseWidget, Message

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

MOST_UNDOS = 20
"""Applies that can be taken back, newest first; each keeps a fork of the cluster."""


class ManifestEditor(CourseWidget):
    """An editor for one manifest, bound to a cluster.

    `text` is the manifest as it stands, `verdict` what the cluster would say to it. Texts come numbered (`asked`); the
    verdict carries the number of the text that it judges, and the page drops all but the newest.

    >>> ManifestEditor(cluster=cluster, path="gpu-pod.yaml")
    <ManifestEditor gpu-pod.yaml, 15 lines>
    """

    _face = traitlets.Unicode("editor").tag(sync=True)
    path = traitlets.Unicode("manifest.yaml").tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True, echo_update=False)
    asked = traitlets.Unicode("").tag(sync=True, echo_update=False)
    verdict = traitlets.Dict().tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)

    def __init__(self, text: str | None = None, *, cluster: Cluster, path: str | Path = "manifest.yaml") -> None:
        """Edit *text*, or without it the file at *path*. *path* names the manifest in messages; no file is written.

        Raises OSError when there is neither text nor file.
        """
        if text is None:
            text = Path(path).read_text(encoding="utf-8")
        self._before: list[Cluster] = []
        self._note = ("", "")
        self._judged = ("", "")
        self._done: tuple[str, tuple[int, int], Message] | None = None
        super().__init__(cluster, text=text, path=Path(path).name)
        self.observe(self._typed, names=["text", "asked"])

    def __repr__(self) -> str:
        count = len(self.text.splitlines())
        return f"<ManifestEditor {self.path}, {count} {'line' if count == 1 else 'lines'}>"

    def refresh(self) -> None:
        self._judged = (self.text, self.asked)
        judged = self._just_done() or verdicts.verdict(self.cluster, self.text, self.path)
        with self.hold_sync():
            self.html = (self._note[1] if self._note[0] == self.text else "") + verdicts.to_html(judged)
            self.verdict = {**judged, "asked": self.asked}

    def _just_done(self) -> Message | None:
        """What the last apply did, for as long as neither the text nor the cluster has changed since."""
        state = (self.text, (self.cluster.revision, self.cluster.now))
        return self._done[2] if self._done is not None and self._done[:2] == state else None

    def describe(self) -> str:
        """The verdict as plain text."""
        return verdicts.to_text(self.verdict)

    def static_html(self) -> str:
        return f"<pre><code>{escape(self.text)}</code></pre>{self.html}"

    def answers(self) -> dict[str, Callable[[Message], Message | None]]:
        return {"apply": self._apply, "undo": self._undo, "complete": self._complete, "help": self._help}

    def apply(self) -> None:
        """Write the manifest to the cluster. Raises ApiError or ManifestError, as `cluster.apply` does."""
        self._write(self.text)

    def undo(self) -> None:
        """Take the newest apply back, with all that came after it: the cluster is as it was, its clock too."""
        self._done = None
        if self._before:
            self.cluster.restore(self._before.pop())
            self.can_undo = bool(self._before)

    def _write(self, text: str) -> None:
        before = self.cluster.fork()
        self.cluster.apply(text, source=self.path)
        self._before = [*self._before, before][-MOST_UNDOS:]
        self.can_undo = True
        self._done = (text, (self.cluster.revision, self.cluster.now), verdicts.applied(before, self.cluster, text))

    def _typed(self, _change: Any) -> None:
        if (self.text, self.asked) != self._judged:
            self.refresh()

    def _apply(self, message: Message) -> None:
        """The page sends the text along, because its newest one may still be on its way as state."""
        text = str(message.get("text", self.text))
        try:
            self._write(text)
        except (ApiError, ManifestError):
            self._say(text, "Not applied; the reasons stand below.")
        else:
            self._say(text, "")

    def _undo(self, _message: Message) -> None:
        self.undo()
        self._say(self.text, "The cluster is as it was before the last apply.")

    def _say(self, text: str, note: str) -> None:
        """Show *note* above the verdict for as long as the editor holds *text*."""
        self._note = (text, f"<p>{escape(note)}</p>" if note else "")
        self._drawn = None

    def _complete(self, message: Message) -> Message:
        line, column = int(message["line"]), int(message["column"])
        schemas, kinds = self.cluster.schemas, self.cluster.registry
        return {"options": completions(message["text"], line, column, schemas=schemas, kinds=kinds)}

    def _help(self, message: Message) -> Message:
        line, column = int(message["line"]), int(message["column"])
        return {"html": field_help(message["text"], line, column, schemas=self.cluster.schemas)}
