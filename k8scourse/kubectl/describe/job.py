"""`kubectl describe job` and `cronjob`.

Kubernetes: kubectl/pkg/describe/describe.go describeJob, describeCronJob, describeJobTemplate.
"""

from __future__ import annotations

from k8scourse.kubectl.describe import common
from k8scourse.kubectl.describe.common import NONE, Subject, date
from k8scourse.kubectl.describe.pod import template
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery.duration import human_duration
from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.timestamps import parse_time

_UNSET = "<unset>"
_INDEXES = 50
"""Completed indexes are cut at the first comma behind so many characters."""


def describe_job(subject: Subject, page: Page) -> None:
    """Write the job's page."""
    _job_spec(subject, page)
    _job_status(subject, page)
    template(page, subject.spec.get("template") or {})
    common.events(page, common.search_events(subject, kind="Job"), subject.now)


def _job_spec(subject: Subject, page: Page) -> None:
    metadata, spec = subject.metadata, subject.spec
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    page.field("Selector", selector_from(spec.get("selector")))
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    controller = common.controller_of(subject.obj)
    if controller:
        page.field("Controlled By", controller)
    if spec.get("parallelism") is not None:
        page.field("Parallelism", spec["parallelism"])
    page.field("Completions", spec.get("completions", _UNSET))
    for title, field in (
        ("Completion Mode", "completionMode"),
        ("Suspend", "suspend"),
        ("Backoff Limit", "backoffLimit"),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished"),
    ):
        if spec.get(field) is not None:
            page.field(title, go_value(spec[field]))


def _job_status(subject: Subject, page: Page) -> None:
    spec, status = subject.spec, subject.status
    start, end = status.get("startTime"), status.get("completionTime")
    if start:
        page.field("Start Time", date(start))
    if end:
        page.field("Completed At", date(end))
    if start and end:
        page.field("Duration", human_duration(parse_time(end) - parse_time(start)))
    if spec.get("activeDeadlineSeconds") is not None:
        page.field("Active Deadline Seconds", f"{spec['activeDeadlineSeconds']}s")
    ready = f" ({status['ready']} Ready)" if status.get("ready") is not None else ""
    active, succeeded, failed = (status.get(name, 0) for name in ("active", "succeeded", "failed"))
    page.field("Pods Statuses", f"{active} Active{ready} / {succeeded} Succeeded / {failed} Failed")
    if spec.get("completionMode") == "Indexed":
        page.field("Completed Indexes", _indexes(status.get("completedIndexes", "")))


def _indexes(text: str) -> str:
    comma = text.find(",", _INDEXES)
    return f"{text[: comma + 1]}..." if comma >= 0 else text or NONE


def describe_cron_job(subject: Subject, page: Page) -> None:
    """Write the cron job's page."""
    metadata, spec, status = subject.metadata, subject.spec, subject.status
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata["namespace"])
    common.label_lines(page, "Labels", metadata.get("labels"))
    common.annotation_lines(page, "Annotations", metadata.get("annotations"))
    page.field("Schedule", spec.get("schedule", ""))
    page.field("Concurrency Policy", spec.get("concurrencyPolicy", ""))
    page.field("Suspend", str(spec["suspend"]) if spec.get("suspend") is not None else _UNSET)
    page.field("Time Zone", spec.get("timeZone", _UNSET))
    page.field("Successful Job History Limit", spec.get("successfulJobsHistoryLimit", _UNSET))
    page.field("Failed Job History Limit", spec.get("failedJobsHistoryLimit", _UNSET))
    deadline = spec.get("startingDeadlineSeconds")
    page.field("Starting Deadline Seconds", _UNSET if deadline is None else f"{deadline}s")
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    page.field("Selector", selector_from(job["selector"]) if job.get("selector") is not None else _UNSET)
    page.field("Parallelism", job.get("parallelism", _UNSET))
    page.field("Completions", job.get("completions", _UNSET))
    if job.get("activeDeadlineSeconds") is not None:
        page.field("Active Deadline Seconds", f"{job['activeDeadlineSeconds']}s")
    template(page, job.get("template") or {})
    last = status.get("lastScheduleTime")
    page.field("Last Schedule Time", date(last) if last else _UNSET)
    page.field("Active Jobs", ", ".join(each.get("name", "") for each in status.get("active") or []) or NONE)
    common.events(page, common.search_events(subject, kind="CronJob"), subject.now)
