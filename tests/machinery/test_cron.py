"""Schedules (github.com/robfig/cron v3: parser_test.go, spec_test.go; kubernetes: pkg/util/parsers)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.machinery.cron import CronError, parse_schedule
from k8scourse.machinery.time_zones import TimeZoneError
from k8scourse.machinery.timestamps import format_time, parse_time

SECOND = 1_000_000_000
NEW_YORK = "America/New_York"


def next_times(schedule: str, after: str, count: int = 1, zone: str | None = None) -> list[str]:
    found: list[str] = []
    instant: int | None = parse_time(after)
    for _ in range(count):
        assert instant is not None
        instant = parse_schedule(schedule).next(instant, zone)
        found.append(format_time(instant) if instant is not None else "never")
    return found


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        ("0/15 * * * *", "2012-07-09T14:45:00Z", "2012-07-09T15:00:00Z"),
        ("0/15 * * * *", "2012-07-09T14:59:59Z", "2012-07-09T15:00:00Z"),
        ("20-35/15 * * * *", "2012-07-09T15:45:00Z", "2012-07-09T16:20:00Z"),
        ("20-35/15 * * * *", "2012-07-09T23:46:00Z", "2012-07-10T00:20:00Z"),
        ("* */3 * * *", "2012-07-09T23:35:51Z", "2012-07-10T00:00:00Z"),
        ("0 * */3 * *", "2012-07-09T23:35:00Z", "2012-07-10T00:00:00Z"),
        ("0 0 9 Apr-Oct ?", "2012-07-09T23:35:00Z", "2012-08-09T00:00:00Z"),
        ("0 0 */5 Apr,Aug,Oct Mon", "2012-07-09T23:35:00Z", "2012-08-01T00:00:00Z"),
        ("0 0 */5 Oct Mon", "2012-07-09T23:35:00Z", "2012-10-01T00:00:00Z"),
        ("0 0 * Feb Mon", "2012-07-09T23:35:00Z", "2013-02-04T00:00:00Z"),
        ("0 0 * Feb Mon/2", "2012-07-09T23:35:00Z", "2013-02-01T00:00:00Z"),
        ("0 0 29 Feb ?", "2012-07-09T23:35:00Z", "2016-02-29T00:00:00Z"),
        ("0 0 30 Feb ?", "2012-07-09T23:35:00Z", "never"),
        ("0 0 31 Apr ?", "2012-07-09T23:35:00Z", "never"),
        ("@hourly", "2012-07-09T14:45:00Z", "2012-07-09T15:00:00Z"),
        ("@weekly", "2012-07-09T14:45:00Z", "2012-07-15T00:00:00Z"),
        ("@yearly", "2012-07-09T14:45:00Z", "2013-01-01T00:00:00Z"),
        ("@every 90m", "2012-07-09T14:45:00Z", "2012-07-09T16:15:00Z"),
        ("@every 1.9s", "2012-07-09T14:45:00Z", "2012-07-09T14:45:01Z"),
        ("@every 10ms", "2012-07-09T14:45:00Z", "2012-07-09T14:45:01Z"),
        ("TZ=Europe/Madrid 0 9 * * *", "2026-07-01T00:00:00Z", "2026-07-01T07:00:00Z"),
        ("CRON_TZ=Asia/Kolkata @daily", "2026-07-01T00:00:00Z", "2026-07-01T18:30:00Z"),
        (", * * * *", "2026-07-01T00:00:00Z", "never"),
    ],
)
def test_the_next_activation_is_that_of_the_library(schedule: str, after: str, expected: str):
    """TestNext."""
    assert next_times(schedule, after) == [expected]


def test_an_hour_that_is_skipped_has_no_activations():
    """TestNext: 2:30 does not exist on the day on which summer time begins."""
    assert next_times("30 2 * * *", "2012-03-10T08:00:00Z", 2, NEW_YORK) == [
        "2012-03-12T06:30:00Z",
        "2012-03-13T06:30:00Z",
    ]
    assert next_times("0 * * * *", "2012-03-11T05:00:00Z", 3, NEW_YORK)[1:] == [
        "2012-03-11T07:00:00Z",
        "2012-03-11T08:00:00Z",
    ]


def test_an_hour_that_comes_twice_has_activations_twice():
    """TestNext: 1am nightly job runs twice."""
    assert next_times("0 1 * * *", "2012-11-04T04:00:00Z", 3, NEW_YORK) == [
        "2012-11-04T05:00:00Z",
        "2012-11-04T06:00:00Z",
        "2012-11-05T06:00:00Z",
    ]


def test_a_day_without_midnight_is_found_all_the_same():
    """TestNextWithTz, Sao Paulo: 2018-11-04 begins at 1:00."""
    zone = "America/Sao_Paulo"
    assert next_times("0 1 4 11 *", "2018-10-01T00:00:00Z", 1, zone) == ["2018-11-04T03:00:00Z"]


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        ("", "empty spec string"),
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("0 0 * * * *", "expected exactly 5 fields, found 6: [0 0 * * * *]"),
        ("@reboot", "unrecognized descriptor: @reboot"),
        ("@Daily", "unrecognized descriptor: @Daily"),
        ("@every 5", 'failed to parse duration @every 5: time: missing unit in duration "5"'),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("* * * * 7", "end of range (7) above maximum (6): 7"),
        ("* * * * fri-mon", "beginning of range (5) beyond end of range (1): fri-mon"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
        ("1/2/3 * * * *", "too many slashes: 1/2/3"),
        ("*/-1 * * * *", "negative number (-1) not allowed: -1"),
        ("-1 * * * *", 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'),
        ("* * L * *", 'failed to parse int from L: strconv.Atoi: parsing "L": invalid syntax'),
        (
            f"{2**63} * * * *",
            f'failed to parse int from {2**63}: strconv.Atoi: parsing "{2**63}": value out of range',
        ),
        ("TZ=0", "invalid schedule format: runtime error: slice bounds out of range [:-1]"),
        ("TZ=Moon/Base * * * * *", "provided bad location Moon/Base: unknown time zone Moon/Base"),
    ],
)
def test_what_is_no_schedule_is_refused_in_the_words_of_the_library(schedule: str, text: str):
    """TestRange, TestField, TestParseSchedule; pkg/util/parsers TestParseCronSchedule."""
    with pytest.raises(CronError) as caught:
        parse_schedule(schedule)
    assert str(caught.value) == text


@pytest.mark.parametrize(("name", "text"), [("Nowhere", "unknown time zone Nowhere"), ("../x", "invalid location")])
def test_a_zone_that_does_not_exist_is_refused(name: str, text: str):
    with pytest.raises(TimeZoneError, match=text):
        parse_schedule("* * * * *").next(0, name)


def test_a_star_restricts_nothing_and_a_step_does():
    """dayMatches: both restricted means one is enough; with * (but not */2) in one field both must match."""
    both = next_times("0 0 1 * mon", "2026-04-01T12:00:00Z", 2)
    assert both == ["2026-04-06T00:00:00Z", "2026-04-13T00:00:00Z"]
    assert next_times("0 0 */2 * mon", "2026-04-01T12:00:00Z") == ["2026-04-03T00:00:00Z"]
    assert next_times("0 0 */1 * mon", "2026-04-01T12:00:00Z") == ["2026-04-06T00:00:00Z"]


# the dumb reference: look at every minute


PARTS = {
    "minute": st.sampled_from(["*", "0", "*/20", "5-7", "59", "30/10"]),
    "hour": st.sampled_from(["*", "0", "1", "2", "*/6", "8-17/3", "23"]),
    "day": st.sampled_from(["*", "?", "1", "*/2", "13", "28-31"]),
    "month": st.sampled_from(["*", "*/2", "3", "nov", "mar-apr"]),
    "weekday": st.sampled_from(["*", "?", "sun", "1-5", "*/3", "Fri"]),
}
LIMITS = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 6)}
NAMES = {"mar": 3, "apr": 4, "nov": 11, "sun": 0, "fri": 5}


def allows(part: str, field: str, value: int) -> bool:
    """Whether one field allows a value: written without a thought about speed."""
    span, _, step = part.partition("/")
    low, _, high = span.partition("-")
    first, last = LIMITS[field]
    if low not in ("*", "?"):
        first = NAMES.get(low.lower()) or (0 if low.lower() == "sun" else int(low))
        if high:
            last = NAMES.get(high.lower()) or int(high)
        elif not step:
            last = first
    return first <= value <= last and (value - first) % int(step or 1) == 0


def matches(parts: dict[str, str], shown: datetime) -> bool:
    day = allows(parts["day"], "day", shown.day)
    weekday = allows(parts["weekday"], "weekday", shown.isoweekday() % 7)
    either = parts["day"] not in ("*", "?") and parts["weekday"] not in ("*", "?")
    return (
        (day or weekday if either else day and weekday)
        and allows(parts["month"], "month", shown.month)
        and allows(parts["hour"], "hour", shown.hour)
        and allows(parts["minute"], "minute", shown.minute)
    )


@settings(deadline=None, max_examples=80)
@given(
    st.fixed_dictionaries(PARTS),
    st.sampled_from(["UTC", "America/New_York", "Europe/Madrid", "Asia/Kolkata"]),
    st.sampled_from(["2026-03-07T20:00:00Z", "2026-03-28T20:00:00Z", "2026-10-31T22:00:00Z", "2026-02-27T23:30:00Z"]),
    st.integers(0, 40 * 3600),
)
def test_looking_at_every_minute_finds_the_same(parts: dict[str, str], zone: str, start: str, later: int):
    after = parse_time(start) // SECOND + later
    minute = datetime.fromtimestamp(after - after % 60 + 60, UTC)
    expected = next(
        (
            minute + timedelta(minutes=count)
            for count in range(36 * 60)
            if matches(parts, (minute + timedelta(minutes=count)).astimezone(ZoneInfo(zone)))
        ),
        None,
    )
    found = parse_schedule(" ".join(parts[field] for field in LIMITS)).next(after * SECOND, zone)
    if expected is not None:
        assert found == int(expected.timestamp()) * SECOND
    else:
        assert found is None or found > (after + 36 * 3600 - 120) * SECOND
