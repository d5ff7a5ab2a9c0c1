"""Instants, in nanoseconds since the Unix epoch, and their texts in the API.

kubernetes: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time.go and micro_time.go. Times of objects have whole
seconds, those of leases and events six digits more; both are written in UTC.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from k8scourse.machinery.duration import MICROSECOND, SECOND
from k8scourse.machinery.go_format import go_quote

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS: Final = 86400
_RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))", re.ASCII
)


class TimeError(ValueError):
    """A text is no time of RFC 3339."""


@lru_cache(maxsize=16384)
def parse_time(text: str) -> int:
    """Return the instant of an RFC 3339 text (``2026-01-01T00:00:00Z``, with or without a fraction).

    Digits below the nanosecond are dropped. Raises TimeError.
    """
    match = _RFC_3339.fullmatch(text)
    if match is None:
        raise _wrong(text)
    day, hour, minute, second, fraction, sign, zone_hour, zone_minute = match.groups()
    hours, minutes, seconds = int(hour), int(minute), int(second)
    zone = int(zone_hour or "0") * 3600 + int(zone_minute or "0") * 60
    if hours > 23 or minutes > 59 or seconds > 59 or int(zone_hour or "0") > 24 or int(zone_minute or "0") > 59:
        raise _wrong(text, "out of range")
    try:
        days = (datetime.fromisoformat(day).replace(tzinfo=UTC) - _EPOCH).days
    except ValueError as error:
        raise _wrong(text, "out of range") from error
    since = days * _DAY_SECONDS + hours * 3600 + minutes * 60 + seconds - (-zone if sign == "-" else zone)
    return since * SECOND + int((fraction or "")[:9].ljust(9, "0"))


def _wrong(text: str, why: str = "") -> TimeError:
    layout = go_quote("2006-01-02T15:04:05Z07:00")
    if why:
        return TimeError(f"parsing time {go_quote(text)}: {why}")
    return TimeError(f"parsing time {go_quote(text)} as {layout}: cannot parse {go_quote(text)} as {go_quote('2006')}")


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
