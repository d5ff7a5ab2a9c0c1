from k8scourse.views.clock import SECOND, clock


def test_virtual_time_reads_as_hours_minutes_and_seconds() -> None:
    assert clock(0) == "00:00:00"
    assert clock(90 * SECOND + 999_999_999) == "00:01:30"


def test_days_stand_in_front_only_when_there_are_any() -> None:
    assert clock(86_399 * SECOND) == "23:59:59"
    assert clock((7 * 86_400 + 61) * SECOND) == "7d 00:01:01"
