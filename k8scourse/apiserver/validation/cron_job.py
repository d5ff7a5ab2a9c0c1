"""Validation of CronJobs.

Source: kubernetes pkg/apis/batch/validation/validation.go ValidateCronJobCreate, ValidateCronJobUpdate.
"""

import re
from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.job import check_job_template_spec
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import Errors, check_choice, check_nonnegative
from k8scourse.machinery.cron import CronError, parse_schedule
from k8scourse.machinery.field import FieldError, invalid, required
from k8scourse.machinery.time_zones import TimeZoneError, load_time_zone

MAX_NAME_LENGTH = 52
CONCURRENCY_POLICIES = ("Allow", "Forbid", "Replace")
_ZONE_PART = re.compile(r"(?!-)[A-Za-z.\-_0-9+]{1,14}").fullmatch

CronJob = Mapping[str, Any]
Spec = Mapping[str, Any]


def validate_cron_job(cron_job: CronJob) -> list[FieldError]:
    """Return the faults of a CronJob; its jobs' names are eleven characters longer than its own."""
    errors = check_metadata(cron_job["metadata"], namespaced=True)
    _check_spec(errors, cron_job["spec"], None)
    name = cron_job["metadata"].get("name") or ""
    if len(name) > MAX_NAME_LENGTH:
        errors.append(invalid("metadata.name", name, f"must be no more than {MAX_NAME_LENGTH} characters"))
    return errors


def validate_cron_job_update(new: CronJob, old: CronJob) -> list[FieldError]:
    """Return the faults of changing the stored CronJob *old* to *new*."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    _check_spec(errors, new["spec"], old["spec"])
    return errors


def _check_spec(errors: Errors, spec: Spec, before: Spec | None) -> None:
    if spec.get("schedule"):
        _check_schedule(errors, spec, "TZ" in (before or {}).get("schedule", ""), "spec.schedule")
    else:
        errors.append(required("spec.schedule"))
    check_nonnegative(errors, "spec.startingDeadlineSeconds", spec.get("startingDeadlineSeconds"))
    zone = spec.get("timeZone")
    if zone is not None and (before is None or zone != before.get("timeZone")):
        _check_zone(errors, zone, "spec.timeZone")
    check_choice(errors, "spec.concurrencyPolicy", spec.get("concurrencyPolicy"), CONCURRENCY_POLICIES)
    check_job_template_spec(errors, spec["jobTemplate"]["spec"], "spec.jobTemplate.spec")
    for field in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        check_nonnegative(errors, f"spec.{field}", spec.get(field))


def _check_schedule(errors: Errors, spec: Spec, may_name_zone: bool, path: str) -> None:
    schedule = spec["schedule"]
    try:
        parse_schedule(schedule)
    except CronError as error:
        errors.append(invalid(path, schedule, str(error)))
    if "TZ" not in schedule:
        return
    if not may_name_zone:
        text = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        errors.append(invalid(path, schedule, text))
    elif spec.get("timeZone") is not None:
        text = "cannot use both timeZone field and TZ or CRON_TZ in schedule"
        errors.append(invalid(path, schedule, text))


def _check_zone(errors: Errors, zone: str, path: str) -> None:
    if not zone:
        errors.append(invalid(path, zone, "timeZone must be nil or non-empty string"))
        return
    if any(part in (".", "..") or not _ZONE_PART(part) for part in zone.split("/")):
        errors.append(invalid(path, zone, f"unknown time zone {zone}"))
        return
    if zone.lower() == "local":
        text = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        errors.append(invalid(path, zone, text))
    try:
        load_time_zone(zone)
    except TimeZoneError as error:
        errors.append(invalid(path, zone, str(error)))
