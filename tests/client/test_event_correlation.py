"""Floods of events (client-go: tools/record/events_cache_test.go)."""

from k8scourse.client.event_correlation import BURST, REFILL, SIMILAR_WITHIN, EventCorrelator

ABOUT = ("", "ReplicaSet", "default", "uid-1")


def test_the_tenth_different_message_and_those_after_it_are_combined():
    correlator = EventCorrelator()
    told = [correlator.aggregate(ABOUT, "Normal", "SuccessfulCreate", f"Created pod: p{i}", 0) for i in range(12)]
    assert told[:9] == [(f"Created pod: p{i}", False) for i in range(9)]
    assert told[9:] == [(f"(combined from similar events): Created pod: p{i}", True) for i in range(9, 12)]


def test_the_same_message_again_is_not_similar_but_the_same():
    correlator = EventCorrelator()
    told = [correlator.aggregate(ABOUT, "Warning", "FailedCreate", "Error creating: x", 0) for _ in range(30)]
    assert set(told) == {("Error creating: x", False)}


def test_reasons_and_objects_are_counted_apart():
    correlator = EventCorrelator()
    for i in range(9):
        correlator.aggregate(ABOUT, "Normal", "SuccessfulCreate", str(i), 0)
    assert correlator.aggregate(ABOUT, "Normal", "SuccessfulDelete", "x", 0) == ("x", False)
    assert correlator.aggregate(("", "ReplicaSet", "default", "uid-2"), "Normal", "SuccessfulCreate", "x", 0) == (
        "x",
        False,
    )


def test_ten_quiet_minutes_begin_a_new_count():
    correlator = EventCorrelator()
    for i in range(9):
        correlator.aggregate(ABOUT, "Normal", "SuccessfulCreate", str(i), 0)
    later = SIMILAR_WITHIN + 1
    assert correlator.aggregate(ABOUT, "Normal", "SuccessfulCreate", "x", later) == ("x", False)


def test_after_25_events_one_more_comes_every_five_minutes():
    correlator = EventCorrelator()
    assert [correlator.admit(ABOUT, "Normal", 0) for _ in range(BURST + 2)] == [True] * BURST + [False, False]
    assert correlator.admit(ABOUT, "Warning", 0)
    assert not correlator.admit(ABOUT, "Normal", REFILL - 1)
    assert correlator.admit(ABOUT, "Normal", REFILL)
    assert not correlator.admit(ABOUT, "Normal", REFILL)


def test_a_fork_remembers_and_goes_its_own_way():
    correlator = EventCorrelator()
    for _ in range(BURST - 1):
        correlator.admit(ABOUT, "Normal", 0)
    twin = correlator.fork()
    assert correlator.admit(ABOUT, "Normal", 0)
    assert not correlator.admit(ABOUT, "Normal", 0)
    assert twin.admit(ABOUT, "Normal", 0)
