"""Durations, in nanoseconds: Go's texts (``1h30m``) and the ages that kubectl prints (``5m30s``, ``2d``).

Go: time.ParseDuration and Duration.String; kubernetes: staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go
"""

import re
from functools import lru_cache
from typing import Final

from k8scourse.machinery.go_format import go_quote

NANOSECOND: Final = 1
MICROSECOND: Final = 1_000
MILLISECOND: Final = 1_000_000
SECOND: Final = 1_000_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_UNITS = {
    "ns": NANOSECOND,
    "us": MICROSECOND,
    "µs": MICROSECOND,
    "μs": MICROSECOND,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
}
_NUMBER = re.compile(r"([0-9]*)(?:\.([0-9]*))?")
_UNIT = re.compile(r"[^.0-9]+")
_MAX = 2**63 - 1


class DurationError(ValueError):
    """A text is no duration; the message is Go's."""


@lru_cache(maxsize=4096)
def parse_duration(text: str) -> int:
    """Return the nanoseconds of a text such as ``300ms``, ``-1.5h`` or ``2h45m``. Raises DurationError."""
    rest, sign = (text[1:], -1 if text[0] == "-" else 1) if text[:1] in ("+", "-") else (text, 1)
    if rest == "0":
        return 0
    if not rest:
        raise DurationError(f"time: invalid duration {go_quote(text)}")
    total = 0
    while rest:
        amount, rest = _read_term(rest, text)
        total += amount
        if total > _MAX + (sign < 0):
            raise DurationError(f"time: invalid duration {go_quote(text)}")
    return sign * total


def _read_term(rest: str, text: str) -> tuple[int, str]:
    number = _NUMBER.match(rest)
    if number is None or not (number[1] or number[2]):
        raise DurationError(f"time: invalid duration {go_quote(text)}")
    unit = _UNIT.match(rest, number.end())
    if unit is None:
        raise DurationError(f"time: missing unit in duration {go_quote(text)}")
    scale = _UNITS.get(unit[0])
    if scale is None:
        raise DurationError(f"time: unknown unit {go_quote(unit[0])} in duration {go_quote(text)}")
    whole, fraction = number[1] or "0", number[2] or ""
    if len(whole) > 30:
        raise DurationError(f"time: invalid duration {go_quote(text)}")
    fraction = fraction[:18]  # finer digits are below a nanosecond of any unit
    return int(whole) * scale + int(fraction or "0") * scale // 10 ** len(fraction), rest[unit.end() :]


def format_duration(nanoseconds: int) -> str:
    """Return a duration as Go prints it: ``1h30m0s``, ``5m0s``, ``1.5s``, ``100ms``, ``0s``."""
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if rest < SECOND:
        return sign + _format_below_a_second(rest)
    minutes, rest = divmod(rest, MINUTE)
    hours, minutes = divmod(minutes, 60)
    seconds = _decimal(rest, SECOND) + "s"
    if hours:
        return f"{sign}{hours}h{minutes}m{seconds}"
    return f"{sign}{minutes}m{seconds}" if minutes else sign + seconds


def _format_below_a_second(nanoseconds: int) -> str:
    if nanoseconds == 0:
        return "0s"
    if nanoseconds < MICROSECOND:
        return f"{nanoseconds}ns"
    if nanoseconds < MILLISECOND:
        return _decimal(nanoseconds, MICROSECOND) + "µs"
    return _decimal(nanoseconds, MILLISECOND) + "ms"


def _decimal(amount: int, unit: int) -> str:
    whole, fraction = divmod(amount, unit)
    if not fraction:
        return str(whole)
    return f"{whole}.{str(fraction).zfill(len(str(unit)) - 1).rstrip('0')}"


def human_duration(nanoseconds: int) -> str:
    """Return a duration with two or three significant figures, as kubectl prints ages: ``45s``, ``5m30s``, ``2d3h``.

    Up to two seconds in the future count as ``0s``, more is ``<invalid>``.
    """
    seconds = _truncate(nanoseconds, SECOND)
    if seconds < 0:
        return "<invalid>" if seconds < -1 else "0s"
    minutes, hours = seconds // 60, seconds // 3600
    days = hours // 24
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return _two_units(minutes, "m", seconds % 60, "s")
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return _two_units(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if hours < 24 * 8:
        return _two_units(days, "d", hours % 24, "h")
    if hours < 24 * 365 * 2:
        return f"{days}d"
    if hours < 24 * 365 * 8:
        return _two_units(days // 365, "y", days % 365, "d")
    return f"{days // 365}y"


def _two_units(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large}{large_unit}{small}{small_unit}" if small else f"{large}{large_unit}"


def short_human_duration(nanoseconds: int) -> str:
    """Return a duration in its largest whole unit: ``45s``, ``5m``, ``2d``, ``1y``."""
    seconds = _truncate(nanoseconds, SECOND)
    if seconds < 0:
        return "<invalid>" if seconds < -1 else "0s"
    for limit, size, unit in ((60, 1, "s"), (3600, 60, "m"), (86400, 3600, "h"), (86400 * 365, 86400, "d")):
        if seconds < limit:
            return f"{seconds // size}{unit}"
    return f"{seconds // (86400 * 365)}y"


def _truncate(amount: int, unit: int) -> int:
    """Return amount / unit, rounded towards zero as Go's conversions do."""
    return amount // unit if amount >= 0 else -(-amount // unit)
