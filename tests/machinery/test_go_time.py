"""Refusals of times in Go's words (Go's time package, format.go)."""

from __future__ import annotations

import pytest

from k8scourse.machinery.go_time import RFC3339, RFC3339_MICRO, parse_problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'),
        ("2026/01/01", 'parsing time "2026/01/01" as "2006-01-02T15:04:05Z07:00": cannot parse "/01/01" as "-"'),
        ("2025-02-29T00:00:00Z", 'parsing time "2025-02-29T00:00:00Z": day out of range'),
        ("2026-01-00T00:00:00Z", 'parsing time "2026-01-00T00:00:00Z": day out of range'),
        ("2026-01-01T00:60:00Z", 'parsing time "2026-01-01T00:60:00Z": minute out of range'),
        ("2026-01-01T00:00:60Z", 'parsing time "2026-01-01T00:00:60Z": second out of range'),
    ],
)
def test_a_refused_time_names_the_element(text: str, problem: str) -> None:
    assert parse_problem(text, RFC3339) == problem


@pytest.mark.parametrize("text", ["2024-02-29T00:00:00Z", "2026-01-01T00:00:00.5+02:00", "2026-01-01T23:59:59-05:00"])
def test_good_times_have_no_problem(text: str) -> None:
    assert parse_problem(text, RFC3339) == ""


def test_micro_times_need_six_digits() -> None:
    assert parse_problem("2026-01-01T00:00:00.000001Z", RFC3339_MICRO) == ""
    assert parse_problem("2026-01-01T00:00:00.1Z", RFC3339_MICRO).endswith('cannot parse ".1Z" as ".000000"')
