"""kubernetes: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time_test.go; Go: time/format_test.go"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.timestamps import TimeError, format_micro_time, format_time, parse_micro_time, parse_time

NEW_YEAR = 1767225600 * 10**9
LAYOUT = '"2006-01-02T15:04:05Z07:00"'


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-01-01T00:00:00Z", NEW_YEAR),
        ("2026-01-01T02:30:00+02:30", NEW_YEAR),
        ("2025-12-31T23:00:00-01:00", NEW_YEAR),
        ("2026-01-01T00:00:00.5Z", NEW_YEAR + 5 * 10**8),
        ("2026-01-01T00:00:00,1234567899Z", NEW_YEAR + 123456789),
        ("2026-01-01T0:00:00Z", NEW_YEAR),
        ("2024-02-29T00:00:00Z", 1709164800 * 10**9),
        ("0001-01-01T00:00:00Z", -62135596800 * 10**9),
    ],
)
def test_a_time_is_read(text: str, instant: int) -> None:
    assert parse_time(text) == instant


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'parsing time "" as {LAYOUT}: cannot parse "" as "2006"'),
        ("soon", f'parsing time "soon" as {LAYOUT}: cannot parse "soon" as "2006"'),
        ("2026-01-01", f'parsing time "2026-01-01" as {LAYOUT}: cannot parse "" as "T"'),
        (
            "2026-01-01 00:00:00Z",
            f'parsing time "2026-01-01 00:00:00Z" as {LAYOUT}: cannot parse " 00:00:00Z" as "T"',
        ),
        ("2026-01-01T00:00:00", f'parsing time "2026-01-01T00:00:00" as {LAYOUT}: cannot parse "" as "Z07:00"'),
        ("2026-13-01T00:00:00Z", 'parsing time "2026-13-01T00:00:00Z": month out of range'),
        ("2026-02-29T00:00:00Z", 'parsing time "2026-02-29T00:00:00Z": day out of range'),
        ("2026-01-01T24:00:00Z", 'parsing time "2026-01-01T24:00:00Z": hour out of range'),
        ("2026-01-01T00:00:00Zx", 'parsing time "2026-01-01T00:00:00Zx": extra text: "x"'),
    ],
)
def test_a_broken_time_is_refused_in_gos_words(text: str, message: str) -> None:
    with pytest.raises(TimeError) as error:
        parse_time(text)
    assert str(error.value) == message


def test_a_micro_time_has_six_digits() -> None:
    assert parse_micro_time("2026-01-01T00:00:00.000001Z") == NEW_YEAR + 1000
    with pytest.raises(TimeError, match=r'cannot parse "Z" as "\.000000"$'):
        parse_micro_time("2026-01-01T00:00:00Z")


def test_a_time_is_cut_to_whole_seconds() -> None:
    assert format_time(NEW_YEAR + 999_999_999) == "2026-01-01T00:00:00Z"
    assert format_micro_time(NEW_YEAR + 999_999_999) == "2026-01-01T00:00:00.999999Z"


@given(st.integers(min_value=-60_000_000_000, max_value=250_000_000_000), st.integers(min_value=0, max_value=999_999))
def test_times_agree_with_the_calendar(seconds: int, micro: int) -> None:
    instant = seconds * 10**9 + micro * 1000
    calendar = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert format_time(instant) == calendar.replace(tzinfo=None).isoformat() + "Z"
    assert parse_time(format_time(instant)) == seconds * 10**9
    assert parse_micro_time(format_micro_time(instant)) == instant
