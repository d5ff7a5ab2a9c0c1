"""The virtual clock and the event queue that drive everything.

Nothing sleeps. Work is data: (time, sequence, component, method, arguments). `settle` does all that is due now;
`run` moves the clock from one due entry to the next.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import Any

from k8scourse.simulation.journal import Journal
from k8scourse.simulation.names import Names

Entry = tuple[int, int, str, str, tuple[Any, ...]]

_LATE = 2**62
"""Added to the sequence number of calls that let everything else of their instant go first."""


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Spare Python's cycle collector: steps make no cycles, and it would walk over the growing history each time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class StepBudgetExceeded(RuntimeError):
    """More steps were needed than the budget allows: something wakes itself up without end, or the world is too big."""

    def __init__(self, budget: int, component: str, method: str) -> None:
        super().__init__(
            f"the simulation did not come to rest within {budget} steps; the last one was {component}.{method}. "
            "Two controllers may be undoing each other's work."
        )


class Engine:
    """Virtual time, the queue of due work, seeded names and the journal.

    `components` maps names to the objects whose methods queue entries call.
    """

    __slots__ = (
        "_cancelled",
        "_queue",
        "_sequence",
        "budget",
        "components",
        "journal",
        "names",
        "now",
        "running",
        "steps",
    )

    def __init__(self, *, start: int = 0, seed: int = 0, budget: int | None = None) -> None:
        """Begin at *start* (ns since the Unix epoch); *budget* limits the steps of the whole life (None: no limit)."""
        self.now = start
        self.names = Names(seed)
        self.journal = Journal()
        self.components: dict[str, Any] = {}
        self.running = ""
        """The component whose call is being done, for whoever wants to know who wrote; empty between calls."""
        self.steps = 0
        self.budget = budget
        self._queue: list[Entry] = []
        self._sequence = 0
        self._cancelled: set[int] = set()

    def call_at(self, time: int, component: str, method: str, *arguments: Any) -> int:
        """Queue `components[component].method(*arguments)` for *time* (ns); gives a handle for `cancel`.

        A time in the past means now. Entries of the same time run in the order in which they were queued.
        """
        self._sequence += 1
        heappush(self._queue, (max(time, self.now), self._sequence, component, method, arguments))
        return self._sequence

    def call_after(self, delay: int, component: str, method: str, *arguments: Any) -> int:
        """Queue a call *delay* nanoseconds from now; gives a handle for `cancel`."""
        return self.call_at(self.now + delay, component, method, *arguments)

    def call_soon(self, component: str, method: str, *arguments: Any) -> int:
        """Queue a call for now, after everything that is already due; gives a handle for `cancel`."""
        return self.call_at(self.now, component, method, *arguments)

    def call_late(self, component: str, method: str, *arguments: Any) -> int:
        """Queue a call for now, after everything that is due and all that this makes due; gives a handle for `cancel`.

        For work that looks at many changes at once, so that it need not be done again for each of them. Late calls run
        in the order in which they were queued, and each lets the work that it makes due go first.
        """
        self._sequence += 1
        handle = self._sequence + _LATE
        heappush(self._queue, (self.now, handle, component, method, arguments))
        return handle

    def cancel(self, handle: int) -> None:
        """Take back a queued call; the handle must not have run yet."""
        self._cancelled.add(handle)

    @property
    def next_due(self) -> int | None:
        """The time of the next queued call, or None when nothing is queued."""
        while self._queue and self._queue[0][1] in self._cancelled:
            self._cancelled.discard(heappop(self._queue)[1])
        return self._queue[0][0] if self._queue else None

    def step(self) -> tuple[str, str, tuple[Any, ...]] | None:
        """Do one call that is due now; gives (component, method, arguments), or None when nothing is due."""
        due = self.next_due
        if due is None or due > self.now:
            return None
        _, _, component, method, arguments = heappop(self._queue)
        self.steps += 1
        if self.budget is not None and self.steps > self.budget:
            raise StepBudgetExceeded(self.budget, component, method)
        self.running = component
        getattr(self.components[component], method)(*arguments)
        self.running = ""
        return component, method, arguments

    def settle(self) -> None:
        """Do all that is due now, and all that this makes due, until only timers are left."""
        with collector_at_rest():
            while self.step() is not None:
                pass

    def run(self, duration: int) -> None:
        """Let *duration* nanoseconds pass; everything due by then is done and settled."""
        self.run_until(self.now + duration)

    def run_until(self, time: int) -> None:
        """Let time pass until *time* (ns since the Unix epoch)."""
        while True:
            self.settle()
            due = self.next_due
            if due is None or due > time:
                break
            self.now = due
        self.now = max(self.now, time)

    def fork(self) -> Engine:
        """An independent engine at the same instant with the same queue and no components yet."""
        twin = Engine(start=self.now, budget=self.budget)
        twin.names = self.names.fork()
        twin.journal = self.journal.fork()
        twin.steps = self.steps
        twin._queue = self._queue.copy()
        twin._sequence = self._sequence
        twin._cancelled = self._cancelled.copy()
        return twin
