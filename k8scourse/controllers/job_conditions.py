"""The conditions of a Job, with their exact texts.

Source: pkg/controller/job/job_controller.go (newCondition, ensureJobConditionStatus), pkg/controller/job/util/utils.go
"""

from __future__ import annotations

from k8scourse.client.informers import Object
from k8scourse.controllers.conditions import find_condition
from k8scourse.machinery.timestamps import format_time

COMPLETE, FAILED, SUSPENDED = "Complete", "Failed", "Suspended"
FAILURE_TARGET, SUCCESS_CRITERIA_MET = "FailureTarget", "SuccessCriteriaMet"

COMPLETIONS_REACHED = ("CompletionsReached", "Reached expected number of succeeded pods")
BACKOFF_LIMIT = ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
DEADLINE = ("DeadlineExceeded", "Job was active longer than specified deadline")
MAX_FAILED_INDEXES = (
    "MaxFailedIndexesExceeded",
    "Job has exceeded the specified maximal number of failed indexes",
)
FAILED_INDEXES = ("FailedIndexes", "Job has failed indexes")
FAILURE_POLICY, SUCCESS_POLICY = "PodFailurePolicy", "SuccessPolicy"
JOB_SUSPENDED = ("JobSuspended", "Job suspended")
JOB_RESUMED = ("JobResumed", "Job resumed")


def new_condition(kind: str, status: str, reason: str, message: str, now: int) -> Object:
    """A condition that begins at *now* (ns since the Unix epoch)."""
    time = format_time(now)
    condition = {"type": kind, "status": status, "lastProbeTime": time, "lastTransitionTime": time}
    return {**condition, "reason": reason, "message": message}


def ensured(conditions: list[Object], condition: Object) -> list[Object] | None:
    """The conditions with *condition* in the place of its type; None: nothing changes.

    A condition that is False is not added, it only replaces one.
    """
    present = find_condition(conditions, condition["type"])
    if present is None:
        return None if condition["status"] == "False" else [*conditions, condition]
    if all(present.get(field) == condition[field] for field in ("status", "reason", "message")):
        return None
    return [condition if entry is present else entry for entry in conditions]


def true_condition(job: Object, kind: str) -> Object | None:
    """The condition of type *kind* of a Job if it is True."""
    condition = find_condition((job.get("status") or {}).get("conditions"), kind)
    return condition if condition is not None and condition["status"] == "True" else None


def finished(job: Object) -> Object | None:
    """The condition Complete or Failed of a Job that is over, else None (FinishedCondition)."""
    for condition in (job.get("status") or {}).get("conditions") or ():
        if condition["type"] in (COMPLETE, FAILED) and condition["status"] == "True":
            return condition
    return None
