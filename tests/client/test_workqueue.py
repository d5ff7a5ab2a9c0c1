"""A controller's queue (client-go: util/workqueue)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from k8scourse.apiserver.request import Request, Response
from k8scourse.client.component import Context
from k8scourse.client.heartbeats import Heartbeats
from k8scourse.client.informers import Informers, Key
from k8scourse.client.workqueue import SECOND, Controller
from k8scourse.machinery.status import internal_error
from k8scourse.simulation.engine import Engine

A, B = ("default", "a"), ("default", "b")


class Recording(Controller):
    """Notes every sync; fails as often as it is told to."""

    name = "recording"
    user = "test"
    resource = "things"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.synced: list[tuple[int, Key]] = []
        self.failures = 0

    def sync(self, key: Key) -> None:
        self.synced.append((self.engine.now, key))
        if self.failures:
            self.failures -= 1
            raise internal_error("no")

    def note(self, text: str) -> None:
        self.synced.append((self.engine.now, ("note", text)))


def refuse(request: Request) -> Response:
    raise AssertionError(request)


@pytest.fixture
def controller() -> Recording:
    engine = Engine()
    context: Any = Context(engine, Informers(), refuse, {}, Heartbeats(), {})
    recording = Recording(context)
    engine.components["recording"] = recording
    return recording


def test_a_key_is_synced_once_for_many_changes(controller: Recording):
    for _ in range(3):
        controller.enqueue(A)
    controller.enqueue(B)
    controller.engine.settle()
    assert controller.synced == [(0, A), (0, B)]


def test_a_late_key_lets_everything_of_the_instant_go_first(controller: Recording):
    controller.enqueue_late(A)
    controller.enqueue_late(A)
    controller.engine.call_soon("recording", "note", "first")
    controller.engine.call_soon("recording", "enqueue", B)
    controller.engine.settle()
    assert [key for _, key in controller.synced] == [("note", "first"), B, A]


def test_a_key_that_comes_soon_is_not_synced_late_again(controller: Recording):
    controller.enqueue_late(A)
    controller.enqueue(A)
    controller.engine.settle()
    assert controller.synced == [(0, A)]


def test_of_several_timers_of_a_key_the_earliest_counts(controller: Recording):
    controller.enqueue_after(A, 5 * SECOND)
    controller.enqueue_after(A, 9 * SECOND)
    controller.enqueue_after(A, 2 * SECOND)
    controller.engine.run(20 * SECOND)
    assert controller.synced == [(2 * SECOND, A)]


def test_failures_are_tried_again_after_ever_longer_times(controller: Recording):
    controller.failures = 11
    controller.enqueue(A)
    controller.engine.run(3600 * SECOND)
    times = [time for time, _ in controller.synced]
    assert times[:9] == [0] * 9
    assert [b - a for a, b in pairwise(times[8:])] == [1_280_000_000, 2_560_000_000, 5_120_000_000]


def test_a_change_of_status_alone_is_synced_late(controller: Recording):
    def thing(generation: int) -> dict[str, Any]:
        return {"metadata": {"namespace": "default", "name": "a", "generation": generation}}

    controller.enqueue_object(thing(1), thing(1))
    controller.engine.call_soon("recording", "note", "between")
    controller.engine.settle()
    controller.enqueue_object(thing(1), thing(2))
    controller.engine.call_soon("recording", "note", "after")
    controller.engine.settle()
    assert [key[1] for _, key in controller.synced] == ["between", "a", "a", "after"]
