"""Expectations about texts that need no objects (scenario.md, section 6, "Texts")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.machinery.cron import CronError, parse_schedule
from k8scourse.machinery.duration import human_duration
from k8scourse.machinery.time_zones import TimeZoneError
from k8scourse.machinery.timestamps import format_time, parse_time
from k8scourse.scenario.context import Context
from k8scourse.scenario.values import nanoseconds
from k8scourse.scenario.words import Miss, expectation


@expectation("duration_text")
def duration_text(_: Context, argument: Mapping[str, Any]) -> Miss | None:
    found = human_duration(nanoseconds(argument["duration"]))
    return None if found == argument["equals"] else Miss(found)


@expectation("cron_next")
def cron_next(_: Context, argument: Mapping[str, Any]) -> Miss | None:
    """The next times of a schedule, as many as are listed; an empty list: there is none."""
    wanted = [format_time(parse_time(text)) for text in argument["next"]]
    try:
        found = _cron_times(argument, max(len(wanted), 1))
    except (CronError, TimeZoneError) as error:
        return Miss(str(error))
    return None if found == wanted else Miss(", ".join(found) or "never")


def _cron_times(argument: Mapping[str, Any], count: int) -> list[str]:
    schedule, zone = parse_schedule(argument["schedule"]), argument.get("timeZone")
    found: list[str] = []
    instant: int | None = parse_time(argument["after"])
    while len(found) < count and (instant := schedule.next(instant, zone)) is not None:
        found.append(format_time(instant))
    return found
