"""Go: time/time_test.go; kubernetes: staging/src/k8s.io/apimachinery/pkg/util/duration/duration_test.go"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery.duration import (
    DAY,
    HOUR,
    MILLISECOND,
    MINUTE,
    SECOND,
    DurationError,
    format_duration,
    human_duration,
    parse_duration,
    short_human_duration,
)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0", 0),
        ("5s", 5 * SECOND),
        ("1h30m", 90 * MINUTE),
        ("-1.5h", -90 * MINUTE),
        ("+5s", 5 * SECOND),
        ("1.s", SECOND),
        (".5s", SECOND // 2),
        ("10.5s4m", 250 * SECOND + SECOND // 2),
        ("12µs", 12_000),
        ("12μs", 12_000),
        ("12us", 12_000),
        ("3ns", 3),
        ("0.3333333333333333333h", 20 * MINUTE - 1),
        ("9223372036854775807ns", 2**63 - 1),
        ("-9223372036854775808ns", -(2**63)),
    ],
)
def test_a_duration_is_read_as_go_reads_it(text: str, duration: int) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'time: invalid duration ""'),
        ("-", 'time: invalid duration "-"'),
        ("s", 'time: invalid duration "s"'),
        (".s", 'time: invalid duration ".s"'),
        ("3", 'time: missing unit in duration "3"'),
        ("1h3", 'time: missing unit in duration "1h3"'),
        ("1d", 'time: unknown unit "d" in duration "1d"'),
        ("3000000h", 'time: invalid duration "3000000h"'),
        ("1" * 40 + "s", f'time: invalid duration "{"1" * 40}s"'),
    ],
)
def test_a_broken_duration_is_refused_in_gos_words(text: str, message: str) -> None:
    with pytest.raises(DurationError) as error:
        parse_duration(text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1100, "1.1µs"),
        (2_200_000, "2.2ms"),
        (100 * MILLISECOND, "100ms"),
        (3300 * MILLISECOND, "3.3s"),
        (5 * MINUTE, "5m0s"),
        (5 * MINUTE + 5001 * MILLISECOND, "5m5.001s"),
        (5 * HOUR + 6 * MINUTE + 7001 * MILLISECOND, "5h6m7.001s"),
        (-90 * SECOND, "-1m30s"),
    ],
)
def test_a_duration_is_printed_as_go_prints_it(duration: int, text: str) -> None:
    assert format_duration(duration) == text


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_a_printed_duration_is_read_back(duration: int) -> None:
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (-2 * SECOND, "<invalid>"),
        (-2 * SECOND + 1, "0s"),
        (0, "0s"),
        (SECOND - MILLISECOND, "0s"),
        (SECOND, "1s"),
        (119 * SECOND, "119s"),
        (2 * MINUTE, "2m"),
        (2 * MINUTE + SECOND, "2m1s"),
        (10 * MINUTE - MILLISECOND, "9m59s"),
        (10 * MINUTE, "10m"),
        (3 * HOUR - MILLISECOND, "179m"),
        (3 * HOUR, "3h"),
        (3 * HOUR + MINUTE, "3h1m"),
        (8 * HOUR - MILLISECOND, "7h59m"),
        (8 * HOUR, "8h"),
        (2 * DAY - MILLISECOND, "47h"),
        (2 * DAY, "2d"),
        (2 * DAY + HOUR, "2d1h"),
        (8 * DAY - MILLISECOND, "7d23h"),
        (8 * DAY, "8d"),
        (2 * 365 * DAY - MILLISECOND, "729d"),
        (2 * 365 * DAY, "2y"),
        (2 * 365 * DAY + DAY, "2y1d"),
        (3 * 365 * DAY, "3y"),
        (8 * 365 * DAY - MILLISECOND, "7y364d"),
        (8 * 365 * DAY + 364 * DAY, "8y"),
        (9 * 365 * DAY, "9y"),
    ],
)
def test_ages_have_two_or_three_figures(duration: int, text: str) -> None:
    assert human_duration(duration) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (-2 * SECOND, "<invalid>"),
        (-SECOND, "0s"),
        (59 * SECOND, "59s"),
        (MINUTE, "1m"),
        (HOUR - 1, "59m"),
        (23 * HOUR, "23h"),
        (DAY, "1d"),
        (365 * DAY, "1y"),
    ],
)
def test_short_ages_have_one_unit(duration: int, text: str) -> None:
    assert short_human_duration(duration) == text
