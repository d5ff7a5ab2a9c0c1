"""Rows of the workload kinds, from Deployment to ControllerRevision.

Kubernetes: pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.printers.cells import (
    NONE,
    UNSET,
    age,
    condition_status,
    container_cells,
    created,
    label_map,
    label_selector,
    template_spec,
)
from k8scourse.machinery import duration, timestamps

Object = Mapping[str, Any]

_JOB_WORDS_BEFORE_DELETION = (("Complete", "Complete"), ("Failed", "Failed"))
_JOB_WORDS_AFTER_DELETION = (
    ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"),
    ("SuccessCriteriaMet", "SuccessCriteriaMet"),
)


def _status(obj: Object, name: str) -> int:
    return int((obj.get("status") or {}).get(name) or 0)


def deployment_row(obj: Object, now: int) -> list[Any]:
    """NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR."""
    spec = obj["spec"]
    return [
        obj["metadata"]["name"],
        f"{_status(obj, 'readyReplicas')}/{spec.get('replicas') or 0}",
        _status(obj, "updatedReplicas"),
        _status(obj, "availableReplicas"),
        created(obj, now),
        *container_cells(template_spec(obj)),
        label_selector(spec.get("selector")),
    ]


def replica_set_row(obj: Object, now: int) -> list[Any]:
    """NAME DESIRED CURRENT READY AGE CONTAINERS IMAGES SELECTOR."""
    return [*_replica_cells(obj, now), label_selector(obj["spec"].get("selector"))]


def replication_controller_row(obj: Object, now: int) -> list[Any]:
    """NAME DESIRED CURRENT READY AGE CONTAINERS IMAGES SELECTOR; the selector is a plain map."""
    return [*_replica_cells(obj, now), label_map(obj["spec"].get("selector"))]


def _replica_cells(obj: Object, now: int) -> list[Any]:
    return [
        obj["metadata"]["name"],
        obj["spec"].get("replicas") or 0,
        _status(obj, "replicas"),
        _status(obj, "readyReplicas"),
        created(obj, now),
        *container_cells(template_spec(obj)),
    ]


def stateful_set_row(obj: Object, now: int) -> list[Any]:
    """NAME READY AGE CONTAINERS IMAGES."""
    ready = f"{_status(obj, 'readyReplicas')}/{obj['spec'].get('replicas') or 0}"
    return [obj["metadata"]["name"], ready, created(obj, now), *container_cells(template_spec(obj))]


def daemon_set_row(obj: Object, now: int) -> list[Any]:
    """NAME DESIRED CURRENT READY UP-TO-DATE AVAILABLE NODE-SELECTOR AGE CONTAINERS IMAGES SELECTOR."""
    return [
        obj["metadata"]["name"],
        _status(obj, "desiredNumberScheduled"),
        _status(obj, "currentNumberScheduled"),
        _status(obj, "numberReady"),
        _status(obj, "updatedNumberScheduled"),
        _status(obj, "numberAvailable"),
        label_map(template_spec(obj).get("nodeSelector")),
        created(obj, now),
        *container_cells(template_spec(obj)),
        label_selector(obj["spec"].get("selector")),
    ]


def job_row(obj: Object, now: int) -> list[Any]:
    """NAME STATUS COMPLETIONS DURATION AGE CONTAINERS IMAGES SELECTOR."""
    return [
        obj["metadata"]["name"],
        _job_status(obj),
        _job_completions(obj),
        _job_duration(obj.get("status") or {}, now),
        created(obj, now),
        *container_cells(template_spec(obj)),
        label_selector(obj["spec"].get("selector")),
    ]


def _job_status(obj: Object) -> str:
    conditions = (obj.get("status") or {}).get("conditions")
    for kind, word in _JOB_WORDS_BEFORE_DELETION:
        if condition_status(conditions, kind) == "True":
            return word
    if obj["metadata"].get("deletionTimestamp"):
        return "Terminating"
    for kind, word in _JOB_WORDS_AFTER_DELETION:
        if condition_status(conditions, kind) == "True":
            return word
    return "Running"


def _job_completions(obj: Object) -> str:
    spec, succeeded = obj["spec"], _status(obj, "succeeded")
    if spec.get("completions") is not None:
        return f"{succeeded}/{spec['completions']}"
    parallelism = spec.get("parallelism") or 0
    return f"{succeeded}/1 of {parallelism}" if parallelism > 1 else f"{succeeded}/1"


def _job_duration(status: Object, now: int) -> str:
    if not status.get("startTime"):
        return ""
    end = timestamps.parse_time(status["completionTime"]) if status.get("completionTime") else now
    return duration.human_duration(end - timestamps.parse_time(status["startTime"]))


def cron_job_row(obj: Object, now: int) -> list[Any]:
    """NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST-SCHEDULE AGE CONTAINERS IMAGES SELECTOR."""
    spec, status = obj["spec"], obj.get("status") or {}
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    suspend = spec.get("suspend")
    last = status.get("lastScheduleTime")
    return [
        obj["metadata"]["name"],
        spec.get("schedule", ""),
        spec.get("timeZone") or NONE,
        UNSET if suspend is None else str(bool(suspend)),
        len(status.get("active") or []),
        age(last, now) if last else NONE,
        created(obj, now),
        *container_cells((job.get("template") or {}).get("spec") or {}),
        label_selector(job.get("selector")),
    ]


def controller_revision_row(obj: Object, now: int) -> list[Any]:
    """NAME CONTROLLER REVISION AGE."""
    owner = next((o for o in obj["metadata"].get("ownerReferences") or [] if o.get("controller")), None)
    name = NONE
    if owner is not None:
        group = owner["apiVersion"].rpartition("/")[0]
        name = f"{owner['kind'].lower()}{'.' + group if group else ''}/{owner['name']}"
    return [obj["metadata"]["name"], name, obj.get("revision", 0), created(obj, now)]
