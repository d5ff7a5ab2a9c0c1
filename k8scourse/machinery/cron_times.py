"""The next time at which a clock on the wall shows what a schedule asks for.

An hour that is skipped when summer time begins is skipped here, too; one that comes twice counts twice. The steps are
those of the library, so that the answers agree around changes at midnight as well.
Source: github.com/robfig/cron v3: spec.go (SpecSchedule.Next, dayMatches); Go: time.Date, Time.AddDate
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

_SECOND: Final = 1_000_000_000
_MINUTE, _HOUR = 60, 3600
_YEARS: Final = 5
"""So many years ahead are searched."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Fields(NamedTuple):
    """Which values each field of a schedule allows."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    either_day: bool
    """Whether one of day of month and day of week is enough: both are restricted."""

    def day_matches(self, day: datetime) -> bool:
        """Whether something is due on the day of *day*."""
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return in_month or in_week if self.either_day else in_month and in_week


class _Clock:
    """An instant in whole seconds and what the clocks of a zone show then (written as if it were UTC)."""

    __slots__ = ("instant", "shown", "zone")

    def __init__(self, instant: int, zone: tzinfo) -> None:
        self.zone = zone
        self.move(instant)

    def move(self, instant: int) -> None:
        self.instant = instant
        self.shown = _EPOCH + timedelta(seconds=instant + _offset(instant, self.zone))

    def set(self, shown: datetime) -> None:
        """Show *shown*; of a time that comes twice or never, take what Go's time.Date takes."""
        local = round((shown - _EPOCH).total_seconds())
        self.move(local - _offset(local - _offset(local, self.zone), self.zone))


def _offset(instant: int, zone: tzinfo) -> int:
    """How far the clocks of *zone* are ahead of UTC at *instant*, in seconds."""
    if zone is UTC:
        return 0
    offset = (_EPOCH + timedelta(seconds=instant)).astimezone(zone).utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0


def next_activation(fields: Fields, after: int, zone: tzinfo) -> int | None:
    """The first instant later than *after* (ns since the Unix epoch) at which *fields* match in *zone*, or None.

    None means that there is none in the next five years.
    """
    if not (fields.minutes and fields.hours and fields.months):
        return None
    clock = _Clock(after // _SECOND + 1, zone)
    limit = clock.shown.year + _YEARS
    seek = _Seek(fields, clock)
    while clock.shown.year <= limit:
        if seek.month() and seek.day() and seek.hour() and seek.minute() and seek.second():
            return clock.instant * _SECOND
    return None


class _Seek:
    """Moves a clock on, field by field; each step says False when it ran into the next larger unit."""

    __slots__ = ("clock", "fields", "moved")

    def __init__(self, fields: Fields, clock: _Clock) -> None:
        self.fields = fields
        self.clock = clock
        self.moved = False
        """Whether the smaller fields are at their beginning already."""

    def _begin(self, beginning: datetime) -> None:
        if not self.moved:
            self.moved = True
            self.clock.set(beginning)

    def month(self) -> bool:
        clock = self.clock
        while clock.shown.month not in self.fields.months:
            self._begin(clock.shown.replace(day=1, hour=0, minute=0, second=0))
            shown = clock.shown
            year, month = divmod(shown.year * 12 + shown.month, 12)
            clock.set(shown.replace(year=year, month=month + 1))
            if clock.shown.month == 1:
                return False
        return True

    def day(self) -> bool:
        clock = self.clock
        while not self.fields.day_matches(clock.shown):
            self._begin(clock.shown.replace(hour=0, minute=0, second=0))
            clock.set(clock.shown + timedelta(days=1))
            hour = clock.shown.hour
            if hour:  # there is no midnight on this day
                clock.move(clock.instant + (24 - hour if hour > 12 else -hour) * _HOUR)
            if clock.shown.day == 1:
                return False
        return True

    def hour(self) -> bool:
        clock = self.clock
        while clock.shown.hour not in self.fields.hours:
            self._begin(clock.shown.replace(minute=0, second=0))
            clock.move(clock.instant + _HOUR)
            if clock.shown.hour == 0:
                return False
        return True

    def minute(self) -> bool:
        clock = self.clock
        while clock.shown.minute not in self.fields.minutes:
            if not self.moved:
                self.moved = True
                clock.move(clock.instant - clock.instant % _MINUTE)
            clock.move(clock.instant + _MINUTE)
            if clock.shown.minute == 0:
                return False
        return True

    def second(self) -> bool:
        """Every minute begins with second 0; the other fields are looked at again then."""
        clock = self.clock
        if clock.shown.second:
            self.moved = True
            clock.move(clock.instant + _MINUTE - clock.shown.second)
            return False
        return True
