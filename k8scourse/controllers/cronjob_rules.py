"""When a CronJob is due, what it has missed, and the Jobs that it makes.

Source: pkg/controller/cronjob/utils.go
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from k8scourse.client.informers import Object
from k8scourse.controllers.ownership import controller_reference
from k8scourse.machinery.cron import Schedule
from k8scourse.machinery.time_zones import load_time_zone
from k8scourse.machinery.timestamps import parse_time

SECOND = 1_000_000_000
SCHEDULED_TIMESTAMP = "batch.kubernetes.io/cronjob-scheduled-timestamp"
TOO_CLOSE = "time difference between two schedules is less than 1 second"
_MANY = 100
_SUNDAY_LAST = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class InvalidSchedule(Exception):
    """A schedule that can be read but never comes to pass."""


class Due(NamedTuple):
    """The last time at which a CronJob was due, and how often it has been since it was last looked at."""

    earliest: int
    """Where the search began (ns since the Unix epoch), as all times here."""
    time: int | None
    missed: int = 0


class Timetable(NamedTuple):
    """A schedule in its time zone."""

    schedule: Schedule
    zone: str | None

    def next(self, after: int) -> int | None:
        """The first time after *after*; None if there is none in the next five years."""
        return self.schedule.next(after, self.zone)


def last_due(cron_job: Object, timetable: Timetable, now: int, *, deadline: bool) -> Due:
    """When *cron_job* was last due at *now*; raises InvalidSchedule.

    What lies before the starting deadline does not count if *deadline* says so (mostRecentScheduleTime).
    """
    status, spec = cron_job.get("status") or {}, cron_job["spec"]
    earliest = parse_time(status.get("lastScheduleTime") or cron_job["metadata"]["creationTimestamp"])
    if deadline and spec.get("startingDeadlineSeconds") is not None:
        earliest = max(earliest, now - spec["startingDeadlineSeconds"] * SECOND)
    first = timetable.next(earliest)
    if first is not None and now < first:
        return Due(earliest, None)
    second = timetable.next(first) if first is not None else None
    if first is not None and second is not None and now < second:
        return Due(earliest, first)
    if first is None or second is None or second - first < SECOND // 2:
        raise InvalidSchedule(TOO_CLOSE)
    between = (second - first + SECOND // 2) // SECOND
    missed = (now - first) // SECOND // between + 1
    latest: int | None = None
    time = timetable.next(first + (missed - 2) * between * SECOND)
    while time is not None and time <= now:
        latest, time = time, timetable.next(time)
    return Due(earliest, latest, missed)


def is_far_behind(due: Due) -> bool:
    """Whether so many starts were missed that something must be wrong."""
    return due.missed > _MANY


def next_due(cron_job: Object, timetable: Timetable, now: int) -> int | None:
    """When to look at the CronJob again after *now*; None if it is never due again (nextScheduleTimeDuration).

    Kubernetes looks 100 ms later, lest its clock be behind; here there is one clock.
    """
    try:
        due = last_due(cron_job, timetable, now, deadline=False)
    except InvalidSchedule:
        return timetable.next(now)
    if due.time is not None:
        return timetable.next(due.time)
    return timetable.next(now if due.missed else due.earliest)


def job_name(cron_job: Object, time: int) -> str:
    """The name of the Job of a scheduled time: it ends in the minutes since the Unix epoch."""
    return f"{cron_job['metadata']['name']}-{time // SECOND // 60}"


def new_job(cron_job: Object, time: int) -> Object:
    """The Job to create for a scheduled time."""
    template = cron_job["spec"]["jobTemplate"]
    source: Object = template.get("metadata") or {}
    zone = load_time_zone(cron_job["spec"].get("timeZone") or "")
    text = datetime.fromtimestamp(time // SECOND, UTC).astimezone(zone).isoformat()
    metadata: dict[str, Any] = {
        "name": job_name(cron_job, time),
        "namespace": cron_job["metadata"]["namespace"],
        "annotations": {**(source.get("annotations") or {}), SCHEDULED_TIMESTAMP: text.replace("+00:00", "Z")},
        "ownerReferences": [controller_reference(cron_job)],
    }
    if source.get("labels"):
        metadata["labels"] = source["labels"]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"]}


def oldest_first(job: Object) -> tuple[bool, str, str]:
    """The order in which Jobs are forgotten: by their start, those that never started last."""
    start = (job.get("status") or {}).get("startTime") or ""
    return not start, start, job["metadata"]["name"]


def rfc1123(time: int) -> str:
    """A time as in ``Thu, 01 Jan 2026 00:00:00 +0000`` (Go: time.RFC1123Z)."""
    moment = datetime.fromtimestamp(time // SECOND, UTC)
    day, month = _SUNDAY_LAST[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} +0000"
