"""Instants, in nanoseconds since the Unix epoch, and their texts in the API.

kubernetes: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time.go and micro_time.go. Times of objects have whole
seconds, those of leases and events six digits more; both are written in UTC.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from k8scourse.machinery.duration import MICROSECOND, SECOND
from k8scourse.machinery.go_format import go_quote

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = _EPOCH.date().toordinal()
_DAY_SECONDS: Final = 86400

_LAYOUT: Final = "2006-01-02T15:04:05Z07:00"
_MICRO_LAYOUT: Final = "2006-01-02T15:04:05.000000Z07:00"
_FRACTION = re.compile(r"(?:[.,](?P<fraction>\d+))?", re.ASCII)
_MICRO_FRACTION = re.compile(r"[.,](?P<fraction>\d{6})", re.ASCII)
_PIECES: Final = tuple(
    (name, re.compile(pattern, re.ASCII))
    for name, pattern in (
        ("2006", r"(?P<year>\d{4})"),
        ("-", "-"),
        ("01", r"(?P<month>\d\d)"),
        ("-", "-"),
        ("02", r"(?P<day>\d\d)"),
        ("T", "T"),
        ("15", r"(?P<hour>\d\d?)"),
        (":", ":"),
        ("04", r"(?P<minute>\d\d)"),
        (":", ":"),
        ("05", r"(?P<second>\d\d)"),
        ("fraction", ""),
        ("Z07:00", r"Z|(?P<zone>[+-](?P<zone_hour>\d\d):(?P<zone_minute>\d\d))"),
    )
)
_RANGES: Final = {
    "month": (1, 12, "month"),
    "hour": (0, 23, "hour"),
    "minute": (0, 59, "minute"),
    "second": (0, 59, "second"),
    "zone_hour": (0, 24, "time zone offset hour"),
    "zone_minute": (0, 60, "time zone offset minute"),
}


class TimeError(ValueError):
    """A text is no time of RFC 3339; the message is that of Go's time.Parse."""


@lru_cache(maxsize=16384)
def parse_time(text: str) -> int:
    """Return the instant of an RFC 3339 text (``2026-01-01T00:00:00Z``, with or without a fraction).

    Digits below the nanosecond are dropped. Raises TimeError.
    """
    return _instant(_read(text, _LAYOUT, _FRACTION), text)


@lru_cache(maxsize=16384)
def parse_micro_time(text: str) -> int:
    """Return the instant of a metav1.MicroTime, whose fraction has six digits. Raises TimeError."""
    return _instant(_read(text, _MICRO_LAYOUT, _MICRO_FRACTION), text)


def _read(text: str, layout: str, fraction: re.Pattern[str]) -> dict[str, str]:
    """Return the parts of a time, read piece by piece so that the message names the first wrong one, as Go's does."""
    parts: dict[str, str] = {}
    position = 0
    for name, pattern in _PIECES:
        if name == "fraction":
            name, pattern = ".000000", fraction
        match = pattern.match(text, position)
        if match is None:
            rest = go_quote(text[position:])
            reason = f"as {go_quote(layout)}: cannot parse {rest} as {go_quote(name)}"
            raise TimeError(f"parsing time {go_quote(text)} {reason}")
        found = {part: value for part, value in match.groupdict().items() if value is not None}
        _check_ranges(found, text)
        parts |= found
        position = match.end()
    if position < len(text):
        raise TimeError(f"parsing time {go_quote(text)}: extra text: {go_quote(text[position:])}")
    return parts


def _check_ranges(parts: dict[str, str], text: str) -> None:
    for part, value in parts.items():
        low, high, title = _RANGES.get(part, (0, 0, ""))
        if title and not low <= int(value) <= high:
            raise TimeError(f"parsing time {go_quote(text)}: {title} out of range")


def _instant(parts: dict[str, str], text: str) -> int:
    try:
        day = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError as error:
        raise TimeError(f"parsing time {go_quote(text)}: day out of range") from error
    offset = int(parts.get("zone_hour", "0")) * 3600 + int(parts.get("zone_minute", "0")) * 60
    if parts.get("zone", "").startswith("-"):
        offset = -offset
    clock = int(parts["hour"]) * 3600 + int(parts["minute"]) * 60 + int(parts["second"])
    seconds = (day.toordinal() - _EPOCH_DAY) * _DAY_SECONDS + clock - offset
    return seconds * SECOND + int(parts.get("fraction", "")[:9].ljust(9, "0"))


def format_time(instant: int) -> str:
    """Return an instant as metav1.Time prints it: whole seconds (cut, not rounded), UTC."""
    return _format_seconds(instant // SECOND)


def format_micro_time(instant: int) -> str:
    """Return an instant as metav1.MicroTime prints it: ``2026-01-01T00:00:00.000000Z``."""
    seconds, rest = divmod(instant, SECOND)
    return f"{_format_seconds(seconds)[:-1]}.{rest // MICROSECOND:06d}Z"


@lru_cache(maxsize=16384)
def _format_seconds(seconds: int) -> str:
    day, rest = divmod(seconds, _DAY_SECONDS)
    return f"{_format_day(day)}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}Z"


@lru_cache(maxsize=1024)
def _format_day(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).date().isoformat()
