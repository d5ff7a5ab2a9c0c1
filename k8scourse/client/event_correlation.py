"""How a flood of events about one object is kept small: similar ones are combined, too many are dropped.

Source: staging/src/k8s.io/client-go/tools/record/events_cache.go (EventAggregator, EventSourceObjectSpamFilter)
"""

from __future__ import annotations

from typing import NamedTuple

SECOND = 1_000_000_000
MAX_SIMILAR = 10
"""From so many different messages of one reason on, events are combined (defaultAggregateMaxEvents)."""
SIMILAR_WITHIN = 600 * SECOND
"""Events that lie further apart are not similar (defaultAggregateIntervalInSeconds)."""
BURST = 25
"""So many events about one object may come at once (defaultSpamBurst)."""
REFILL = 300 * SECOND
"""Then one in this time (defaultSpamQPS)."""
CACHED = 4096
COMBINED = "(combined from similar events): "

About = tuple[str, str, str, str]
"""(host, kind, namespace, uid or name)"""


class _Similar(NamedTuple):
    messages: tuple[str, ...]
    last: int


class EventCorrelator:
    """What one component has told lately, by object."""

    __slots__ = ("_full_again", "_similar")

    def __init__(self) -> None:
        self._similar: dict[tuple[About, str, str], _Similar] = {}
        self._full_again: dict[tuple[About, str], int] = {}

    def aggregate(self, about: About, event_type: str, reason: str, message: str, now: int) -> tuple[str, bool]:
        """The message to tell, and whether it stands for similar events as well.

        The tenth different message of one reason within ten minutes, and those after it, share one event.
        """
        key = (about, event_type, reason)
        record = self._similar.pop(key, None)
        messages: tuple[str, ...] = ()
        if record is not None and now - record.last <= SIMILAR_WITHIN:
            messages = record.messages
        if message not in messages:
            messages = (*messages, message)
        combined = len(messages) >= MAX_SIMILAR
        self._similar[key] = _Similar(messages[1:] if combined else messages, now)
        if len(self._similar) > CACHED:
            del self._similar[next(iter(self._similar))]
        return (COMBINED + message, True) if combined else (message, False)

    def admit(self, about: About, event_type: str, now: int) -> bool:
        """Whether another event about the object may be written; a bucket of tokens per object and type decides."""
        key = (about, event_type)
        full = max(self._full_again.pop(key, now), now)
        admitted = full - now <= (BURST - 1) * REFILL
        self._full_again[key] = full + REFILL if admitted else full
        if len(self._full_again) > CACHED:
            del self._full_again[next(iter(self._full_again))]
        return admitted

    def fork(self) -> EventCorrelator:
        """An independent correlator with the same memory."""
        twin = EventCorrelator()
        twin._similar = self._similar.copy()
        twin._full_again = self._full_again.copy()
        return twin
