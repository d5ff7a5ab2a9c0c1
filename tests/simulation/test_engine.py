"""The virtual clock: order, time and forks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.simulation.engine import Engine, StepBudgetExceeded


class Recorder:
    """A component that notes when it was called, and may call itself again."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.seen: list[tuple[int, Any]] = []

    def note(self, value: Any) -> None:
        self.seen.append((self.engine.now, value))

    def chain(self, delays: tuple[int, ...]) -> None:
        self.seen.append((self.engine.now, len(delays)))
        if delays:
            self.engine.call_after(delays[0], "recorder", "chain", delays[1:])

    def forever(self) -> None:
        self.engine.call_soon("recorder", "forever")

    def fork(self, engine: Engine) -> "Recorder":
        twin = Recorder(engine)
        twin.seen = self.seen.copy()
        engine.components["recorder"] = twin
        return twin


def engine_with_recorder() -> tuple[Engine, Recorder]:
    engine = Engine()
    recorder = Recorder(engine)
    engine.components["recorder"] = recorder
    return engine, recorder


def test_calls_of_the_same_time_run_in_the_order_in_which_they_were_queued():
    engine, recorder = engine_with_recorder()
    for value in "abc":
        engine.call_at(5, "recorder", "note", value)
    engine.run(10)
    assert recorder.seen == [(5, "a"), (5, "b"), (5, "c")]


def test_settling_moves_no_time_and_leaves_timers_waiting():
    engine, recorder = engine_with_recorder()
    engine.call_soon("recorder", "note", "now")
    engine.call_after(1, "recorder", "note", "later")
    engine.settle()
    assert recorder.seen == [(0, "now")]
    assert (engine.now, engine.next_due) == (0, 1)


def test_a_cancelled_call_never_runs():
    engine, recorder = engine_with_recorder()
    handle = engine.call_at(3, "recorder", "note", "x")
    engine.cancel(handle)
    engine.run(10)
    assert recorder.seen == []
    assert engine.next_due is None


def test_work_without_end_is_stopped_by_the_budget():
    engine, _ = engine_with_recorder()
    engine.budget = 100
    engine.call_soon("recorder", "forever")
    with pytest.raises(StepBudgetExceeded, match=r"recorder\.forever"):
        engine.settle()


@given(st.lists(st.integers(0, 20), max_size=8), st.integers(0, 100), st.integers(0, 100))
def test_running_in_two_parts_is_running_in_one(delays: list[int], first: int, second: int):
    whole, seen_whole = engine_with_recorder()
    parts, seen_parts = engine_with_recorder()
    for engine in (whole, parts):
        engine.call_soon("recorder", "chain", tuple(delays))
    whole.run(first + second)
    parts.run(first)
    parts.run(second)
    assert seen_whole.seen == seen_parts.seen
    assert whole.now == parts.now == first + second


@given(st.lists(st.integers(0, 20), max_size=8), st.integers(0, 60))
def test_a_fork_goes_on_as_the_original_does_and_leaves_it_alone(delays: list[int], before: int):
    engine, recorder = engine_with_recorder()
    engine.call_soon("recorder", "chain", tuple(delays))
    engine.run(before)
    seen = list(recorder.seen)
    twin = engine.fork()
    forked = recorder.fork(twin)
    twin.run(200)
    assert recorder.seen == seen
    engine.run(200)
    assert forked.seen == recorder.seen
