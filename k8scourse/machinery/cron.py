"""Schedules of CronJobs: the five fields, the descriptors and ``@every``, read as Kubernetes' library reads them.

Source: github.com/robfig/cron v3: parser.go (ParseStandard), constantdelay.go; kubernetes: pkg/util/parsers
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from k8scourse.machinery.cron_times import Fields, next_activation
from k8scourse.machinery.duration import SECOND, DurationError, parse_duration
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.time_zones import TimeZoneError, load_time_zone

STAR: Final = 1 << 63
"""Marks a field that is ``*`` or ``?`` without a step: day of month and day of week combine by it."""


class CronError(ValueError):
    """A text is no schedule; the message is the library's."""


class Schedule(Protocol):
    """When something is due."""

    def next(self, after: int, time_zone: str | None = None) -> int | None:
        """The first activation later than *after* (ns since the Unix epoch), or None if there is none in five years.

        *time_zone* is an IANA name; None means UTC. Raises TimeZoneError for a name that is none.
        """
        ...


@dataclass(frozen=True, slots=True)
class CalendarSchedule:
    """Due when the clock on the wall shows certain minutes, hours and days."""

    fields: Fields
    location: tzinfo | None = None
    """The zone in the text itself (``TZ=``), which goes before that of the caller."""

    def next(self, after: int, time_zone: str | None = None) -> int | None:
        """The first activation later than *after*; see Schedule."""
        zone = self.location or (UTC if time_zone is None else load_time_zone(time_zone))
        return next_activation(self.fields, after, zone)


@dataclass(frozen=True, slots=True)
class DelaySchedule:
    """Due again and again after the same time."""

    delay: int
    """In nanoseconds, whole seconds."""

    def next(self, after: int, time_zone: str | None = None) -> int | None:
        """*after* plus the delay, on a whole second; see Schedule."""
        return after + self.delay - after % SECOND


class _Bounds(NamedTuple):
    low: int
    high: int
    names: Mapping[str, int] | None = None


def _numbered(words: str, start: int) -> Mapping[str, int]:
    return {word: number for number, word in enumerate(words.split(), start)}


_MINUTES, _HOURS, _DAYS = _Bounds(0, 59), _Bounds(0, 23), _Bounds(1, 31)
_MONTHS = _Bounds(1, 12, _numbered("jan feb mar apr may jun jul aug sep oct nov dec", 1))
_WEEKDAYS = _Bounds(0, 6, _numbered("sun mon tue wed thu fri sat", 0))
_FIELDS = (_MINUTES, _HOURS, _DAYS, _MONTHS, _WEEKDAYS)

_DESCRIPTORS: Mapping[str, str] = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_EVERY = "@every "
_INTEGER = re.compile(r"[+-]?[0-9]{1,100}")


@lru_cache(maxsize=1024)
def parse_schedule(text: str) -> Schedule:
    """Read a schedule such as ``0 9 * * mon-fri``, ``@daily`` or ``@every 5m``. Raises CronError."""
    if not text:
        raise CronError("empty spec string")
    location: tzinfo | None = None
    if text.startswith(("TZ=", "CRON_TZ=")):
        text, location = _location(text)
    if text.startswith("@"):
        return _descriptor(text, location)
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise CronError(f"expected exactly {len(_FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]")
    return CalendarSchedule(_read_fields(fields), location)


def _location(text: str) -> tuple[str, tzinfo]:
    prefix, space, rest = text.partition(" ")
    name = prefix.partition("=")[2]
    if not space:
        raise CronError("invalid schedule format: runtime error: slice bounds out of range [:-1]")
    try:
        return rest.strip(), load_time_zone(name)
    except TimeZoneError as error:
        raise CronError(f"provided bad location {name}: {error}") from error


def _descriptor(text: str, location: tzinfo | None) -> Schedule:
    if text in _DESCRIPTORS:
        return CalendarSchedule(_read_fields(_DESCRIPTORS[text].split()), location)
    if not text.startswith(_EVERY):
        raise CronError(f"unrecognized descriptor: {text}")
    try:
        duration = parse_duration(text.removeprefix(_EVERY))
    except DurationError as error:
        raise CronError(f"failed to parse duration {text}: {error}") from error
    duration = max(duration, SECOND)
    return DelaySchedule(duration - duration % SECOND)


def _read_fields(fields: list[str]) -> Fields:
    minutes, hours, days, months, weekdays = (
        _field(field, bounds) for field, bounds in zip(fields, _FIELDS, strict=True)
    )
    return Fields(
        minutes=_values(minutes),
        hours=_values(hours),
        days=_values(days),
        months=_values(months),
        weekdays=_values(weekdays),
        either_day=not (days & STAR or weekdays & STAR),
    )


def _values(bits: int) -> frozenset[int]:
    return frozenset(number for number in range(60) if bits >> number & 1)


def _field(text: str, bounds: _Bounds) -> int:
    """The bits of a list of ranges; empty parts between commas count for nothing (getField)."""
    bits = 0
    for part in text.split(","):
        if part:
            bits |= _range(part, bounds)
    return bits


def _range(text: str, bounds: _Bounds) -> int:
    """The bits of ``number``, ``number-number``, ``*`` or ``?``, each perhaps with ``/number`` (getRange)."""
    span, *steps = text.split("/")
    low, *rest = span.split("-")
    star = 0
    if low in ("*", "?"):
        start, end, star = bounds.low, bounds.high, STAR
    else:
        start = end = _number_or_name(low, bounds)
        if len(rest) == 1:
            end = _number_or_name(rest[0], bounds)
        elif rest:
            raise CronError(f"too many hyphens: {text}")
    step = 1
    if len(steps) == 1:
        step = _number(steps[0])
        if not rest:
            end = bounds.high
        if step > 1:
            star = 0
    elif steps:
        raise CronError(f"too many slashes: {text}")
    _check_range(text, start, end, step, bounds)
    return star | sum(1 << number for number in range(start, end + 1, step))


def _check_range(text: str, start: int, end: int, step: int, bounds: _Bounds) -> None:
    if start < bounds.low:
        raise CronError(f"beginning of range ({start}) below minimum ({bounds.low}): {text}")
    if end > bounds.high:
        raise CronError(f"end of range ({end}) above maximum ({bounds.high}): {text}")
    if start > end:
        raise CronError(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    if step == 0:
        raise CronError(f"step of range should be a positive number: {text}")


def _number_or_name(text: str, bounds: _Bounds) -> int:
    if bounds.names is not None and text.lower() in bounds.names:
        return bounds.names[text.lower()]
    return _number(text)


def _number(text: str) -> int:
    problem = ""
    if not _INTEGER.fullmatch(text):
        problem = "invalid syntax"
    elif not -(2**63) <= int(text) < 2**63:
        problem = "value out of range"
    if problem:
        raise CronError(f"failed to parse int from {text}: strconv.Atoi: parsing {go_quote(text)}: {problem}")
    number = int(text)
    if number < 0:
        raise CronError(f"negative number ({number}) not allowed: {text}")
    return number
