"""When each revision was written."""

from __future__ import annotations

from typing import Any

from k8scourse.simulation.engine import Engine
from k8scourse.simulation.shared_log import SharedLog

Object = dict[str, Any]


class RevisionTimes:
    """The virtual time of each kept revision; hears of every write, and each write is one revision."""

    __slots__ = ("_engine", "_times")

    def __init__(self, engine: Engine, times: SharedLog[int] | None = None) -> None:
        self._engine = engine
        self._times: SharedLog[int] = SharedLog(first=2, limit=200_000) if times is None else times

    def changed(self, group_resource: str, old: Object | None, new: Object | None) -> None:
        """A write to the store."""
        self._times.append(self._engine.now)

    def __getitem__(self, revision: int) -> int:
        """The time (ns since the Unix epoch) of *revision*; of the first kept one for those before it."""
        return self._times[max(revision, self._times.first)]

    def fork(self, engine: Engine) -> RevisionTimes:
        """The same times in another cluster."""
        return RevisionTimes(engine, self._times.fork())
