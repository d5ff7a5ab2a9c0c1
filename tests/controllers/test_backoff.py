"""Waits that grow (client-go: util/flowcontrol/backoff_test.go)."""

from k8scourse.controllers.backoff import Backoff


def test_waits_double_up_to_the_longest():
    backoff, now, waits = Backoff(1, 8), 0, []
    for _ in range(6):
        backoff.next("a", now)
        wait = backoff.wait("a", now)
        assert wait is not None
        waits.append(wait)
        now += wait
        assert backoff.wait("a", now) is None
    assert waits == [1, 2, 4, 8, 8, 8]


def test_a_long_quiet_time_is_forgiven():
    backoff = Backoff(1, 8)
    for _ in range(4):
        backoff.next("a", 0)
    backoff.next("a", 16)
    assert backoff.wait("a", 16) == 8
    backoff.next("a", 33)
    assert backoff.wait("a", 33) == 1


def test_others_do_not_wait():
    backoff = Backoff(1, 8)
    backoff.next("a", 0)
    assert backoff.wait("b", 0) is None


def test_forgetting_and_forking():
    backoff = Backoff(1, 8)
    backoff.next("a", 0)
    twin = backoff.fork()
    twin.next("a", 1)
    assert (backoff.wait("a", 0), twin.wait("a", 1)) == (1, 2)
    backoff.forget_expired(17)
    backoff.next("a", 17)
    assert backoff.wait("a", 17) == 1
