"""Validation of the status that controllers report for Jobs.

Most rules look at fields that a write changes only, so that an odd stored status does not block other writes.

Source: kubernetes pkg/apis/batch/validation/validation.go ValidateJobStatusUpdate, validateJobStatus;
pkg/registry/batch/job/strategy.go getStatusValidationOptions.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.internal_values import internal_value
from k8scourse.apiserver.validation.job_conditions import has_status, is_finished, is_true
from k8scourse.apiserver.validation.job_indexes import IndexesError, count_indexes, overlap
from k8scourse.apiserver.validation.object_meta import check_metadata_update
from k8scourse.apiserver.validation.support import IMMUTABLE, Errors, check_nonnegative
from k8scourse.machinery.field import OMITTED, FieldError, duplicate, invalid, required
from k8scourse.machinery.timestamps import parse_time

_COUNTS = ("active", "succeeded", "failed", "ready", "terminating")

Job = Mapping[str, Any]
Spec = Mapping[str, Any]
Status = Mapping[str, Any]


def validate_job_status_update(new: Job, old: Job) -> list[FieldError]:
    """Return the faults of a reported status: conditions that contradict each other, finished jobs that go on."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    status, before, spec = new.get("status") or {}, old.get("status") or {}, new["spec"]
    for field in _COUNTS:
        check_nonnegative(errors, f"status.{field}", status.get(field))
    _check_uncounted(errors, status.get("uncountedTerminatedPods") or {})
    _check_conditions(errors, status, before)
    _check_completion_time(errors, status, before)
    _check_finished(errors, spec, status, before)
    _check_indexes(errors, spec, status, before)
    _check_transitions(errors, spec, status, before)
    return errors


def _changed(field: str, status: Status, before: Status) -> bool:
    return not semantic_equal(status.get(field), before.get(field))


def _turned(kind: str, status: Status, before: Status) -> bool:
    return is_true(status, kind) != is_true(before, kind)


def _check_uncounted(errors: Errors, pods: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    for kind in ("succeeded", "failed"):
        for index, uid in enumerate(pods.get(kind) or ()):
            path = f"status.uncountedTerminatedPods.{kind}[{index}]"
            if not uid:
                errors.append(invalid(path, uid, "must not be empty"))
            elif uid in seen:
                errors.append(duplicate(path, uid))
            seen.add(uid)


def _check_conditions(errors: Errors, status: Status, before: Status) -> None:
    """Check which conditions exclude or need each other."""

    def report(text: str) -> None:
        errors.append(invalid("status.conditions", OMITTED, text))

    is_complete, is_failed = is_true(status, "Complete"), is_true(status, "Failed")
    is_failing, is_succeeding = is_true(status, "FailureTarget"), is_true(status, "SuccessCriteriaMet")
    complete_turned = _turned("Complete", status, before)
    failed_turned = _turned("Failed", status, before)
    if (complete_turned or failed_turned) and is_complete and is_failed:
        report("cannot set Complete=True and Failed=true conditions")
    if (complete_turned or _turned("FailureTarget", status, before)) and is_complete and is_failing:
        report("cannot set Complete=True and FailureTarget=true conditions")
    if (failed_turned or _changed("failedIndexes", status, before)) and is_failed and not is_failing:
        report("cannot set Failed=True condition without the FailureTarget=true condition")
    success_turned = complete_turned or _turned("SuccessCriteriaMet", status, before)
    if success_turned and is_complete and not is_succeeding:
        report("cannot set Complete=True condition without the SuccessCriteriaMet=true condition")
    if is_succeeding and is_failed:
        report("cannot set SuccessCriteriaMet=True and Failed=true conditions")
    if is_succeeding and is_failing:
        report("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions")
    for kind in ("Failed", "Complete", "FailureTarget"):
        if is_true(before, kind) and not is_true(status, kind):
            report(f"cannot disable the terminal {kind}=True condition")
    if is_true(before, "SuccessCriteriaMet") and not is_succeeding:
        report("cannot disable the SuccessCriteriaMet=True condition")


def _check_completion_time(errors: Errors, status: Status, before: Status) -> None:
    path, ended, began = "status.completionTime", status.get("completionTime"), status.get("startTime")
    is_complete, end_changed = is_true(status, "Complete"), _changed("completionTime", status, before)
    if _turned("Complete", status, before) or end_changed:
        if ended is not None and not is_complete:
            text = "cannot set completionTime when there is no Complete=True condition"
            errors.append(invalid(path, ended, text))
        if ended is None and is_complete:
            errors.append(required(path, "completionTime is required for Complete jobs"))
    is_moved = end_changed or _changed("startTime", status, before)
    if is_moved and ended and began and parse_time(ended) < parse_time(began):
        errors.append(invalid(path, ended, "must be equal to or after `startTime`"))
    if ended is not None and before.get("completionTime") is not None and end_changed:
        errors.append(invalid(path, ended, IMMUTABLE))


def _check_finished(errors: Errors, spec: Spec, status: Status, before: Status) -> None:
    """Check that nothing of a finished job is left."""
    finished = is_finished(status)
    turned = finished != is_finished(before)
    if finished and (turned or _changed("active", status, before)) and (status.get("active") or 0) > 0:
        errors.append(invalid("status.active", status["active"], "active>0 is invalid for finished job"))
    never_starts = spec.get("suspend") is True and spec.get("completions") == 0
    start_checked = finished and (turned or _changed("startTime", status, before)) and not never_starts
    if start_checked and status.get("startTime") is None:
        errors.append(required("status.startTime", "startTime is required for finished job"))
    uncounted = status.get("uncountedTerminatedPods") or {}
    if finished and (turned or _changed("uncountedTerminatedPods", status, before)) and any(uncounted.values()):
        shown = internal_value("UncountedTerminatedPods", uncounted)
        path = "status.uncountedTerminatedPods"
        errors.append(invalid(path, shown, "must be empty for finished job"))
    if finished and (turned or _changed("terminating", status, before)) and (status.get("terminating") or 0) > 0:
        errors.append(invalid("status.terminating", status["terminating"], "terminating>0 is invalid for finished job"))
    ready, active = status.get("ready"), status.get("active") or 0
    if (
        ready is not None
        and ready > active
        and (_changed("ready", status, before) or _changed("active", status, before))
    ):
        errors.append(invalid("status.ready", ready, "cannot set more ready pods than active"))


def _check_indexes(errors: Errors, spec: Spec, status: Status, before: Status) -> None:
    completed, failed = status.get("completedIndexes") or "", status.get("failedIndexes")
    completions, has_limit = spec.get("completions"), spec.get("backoffLimitPerIndex") is not None
    completed_changed = _changed("completedIndexes", status, before)
    failed_changed = _changed("failedIndexes", status, before)
    for field, text, applies in (
        ("completedIndexes", completed, completed_changed),
        ("failedIndexes", failed, failed_changed and has_limit),
    ):
        if applies and completions is not None and text is not None:
            _check_format(errors, field, text, completions)
    if completed_changed and completed and spec.get("completionMode") != "Indexed":
        text = "cannot set non-empty completedIndexes when non-indexed completion mode"
        errors.append(invalid("status.completedIndexes", completed, text))
    if failed is None:
        return
    if failed_changed and not has_limit:
        text = "cannot set non-null failedIndexes when backoffLimitPerIndex is null"
        errors.append(invalid("status.failedIndexes", failed, text))
    if (failed_changed or completed_changed) and completions is not None:
        shared = overlap(completed, failed, completions)
        if shared is not None:
            text = f"failedIndexes and completedIndexes overlap at index: {shared}"
            errors.append(invalid("status.failedIndexes", failed, text))


def _check_format(errors: Errors, field: str, text: str, completions: int) -> None:
    try:
        count_indexes(text, completions)
    except IndexesError as error:
        errors.append(invalid(f"status.{field}", text, f"error parsing {field}: {error}"))


def _check_transitions(errors: Errors, spec: Spec, status: Status, before: Status) -> None:
    """Check that counters grow, and that a job that runs keeps its start; resizing may take back successes."""
    counts = {field: (status.get(field) or 0, before.get(field) or 0) for field in ("failed", "succeeded")}
    can_shrink = spec.get("completionMode") == "Indexed" and spec.get("completions") == spec.get("parallelism")
    for field, (count, known) in counts.items():
        if count < known and not (field == "succeeded" and can_shrink):
            errors.append(invalid(f"status.{field}", count, f"cannot decrease the {field} counter"))
    is_resuming = is_true(before, "Suspended") and has_status(status, "Suspended", "False")
    began, known = status.get("startTime"), before.get("startTime")
    if known is not None and began != known and not is_resuming and not spec.get("suspend"):
        text = "field is immutable for unsuspended job once set"
        errors.append(invalid("status.startTime", began, text))
