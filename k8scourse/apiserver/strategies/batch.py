"""The strategies of Jobs and CronJobs.

Source: kubernetes pkg/registry/batch/{job,cronjob}/strategy.go, pkg/api/job/warnings.go,
pkg/registry/batch/job/storage/storage.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.strategies.pod import drop_disabled_fields
from k8scourse.apiserver.strategies.pod_warnings import DNS_LABEL_ADVICE, pod_warnings
from k8scourse.apiserver.strategies.strategy import Strategy, keep, object_fields
from k8scourse.apiserver.validation.cron_job import validate_cron_job, validate_cron_job_update
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.job import (
    CONTROLLER_UID,
    JOB_NAME,
    LEGACY_CONTROLLER_UID,
    LEGACY_JOB_NAME,
    validate_job,
    validate_job_update,
)
from k8scourse.apiserver.validation.job_status import validate_job_status_update
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.names import is_dns1123_label

PODS_ARE_PRESERVED = (
    "child pods are preserved by default when jobs are deleted; "
    "set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"
)
_MANY_COMPLETIONS = 100_000
_MANY_PODS = 10_000
_MANY_INDEXES = (
    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes "
    "might not be able to track completedIndexes when a big number of indexes fail"
)

Object = dict[str, Any]


def _prepare_job(job: Object) -> None:
    if not job["spec"].get("manualSelector"):
        _generate_selector(job)
    job["status"] = {}
    job["metadata"]["generation"] = 1
    drop_disabled_fields(job["spec"]["template"]["spec"])


def _generate_selector(job: Object) -> None:
    """Label the template with the job's name and uid, and select by the uid; given labels stay (and are refused)."""
    metadata, spec = job["metadata"], job["spec"]
    name, uid = metadata.get("name") or "", metadata.get("uid") or ""
    template = spec["template"].setdefault("metadata", {})
    generated = {LEGACY_JOB_NAME: name, JOB_NAME: name, LEGACY_CONTROLLER_UID: uid, CONTROLLER_UID: uid}
    template["labels"] = {**generated, **(template.get("labels") or {})}
    selector = dict(spec.get("selector") or {})
    selector["matchLabels"] = {CONTROLLER_UID: uid, **(selector.get("matchLabels") or {})}
    spec["selector"] = selector


def _prepare_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    if not semantic_equal(new["spec"], old["spec"]):
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


def _name_warnings(obj: Object) -> list[str]:
    faults = is_dns1123_label(obj["metadata"].get("name") or "")
    return [DNS_LABEL_ADVICE.format(use="Pod names and hostnames", faults=go_value(list(faults)))] if faults else []


def _job_warnings(spec: Mapping[str, Any], path: str) -> list[str]:
    template = spec["template"]
    is_indexed = spec.get("completionMode") == "Indexed"
    is_large = (spec.get("completions") or 0) > _MANY_COMPLETIONS and (spec.get("parallelism") or 0) > _MANY_PODS
    return [
        *([f"{path}: {_MANY_INDEXES}"] if is_indexed and is_large else ()),
        *pod_warnings(f"{path}.template.", template["spec"], template.get("metadata") or {}),
    ]


def _is_same_generation(new: Object, old: Object) -> bool:
    return new["metadata"].get("generation") == old["metadata"].get("generation")


def _job_fields(job: Mapping[str, Any]) -> dict[str, str]:
    succeeded = (job.get("status") or {}).get("succeeded") or 0
    return {**object_fields(job), "status.successful": str(succeeded)}


JOB = Strategy(
    prepare_for_create=_prepare_job,
    prepare_for_update=_prepare_update,
    validate=validate_job,
    validate_update=validate_job_update,
    validate_status_update=validate_job_status_update,
    warnings_on_create=lambda job: _name_warnings(job) + _job_warnings(job["spec"], "spec"),
    warnings_on_update=lambda new, old: [] if _is_same_generation(new, old) else _job_warnings(new["spec"], "spec"),
    selectable_fields=_job_fields,
    has_status=True,
    default_propagation="Orphan",
    propagation_warning=PODS_ARE_PRESERVED,
)


def _prepare_cron_job(cron_job: Object) -> None:
    cron_job["status"] = {}
    cron_job["metadata"]["generation"] = 1
    drop_disabled_fields(_job_spec(cron_job)["template"]["spec"])


def _job_spec(cron_job: Mapping[str, Any]) -> Object:
    return cron_job["spec"]["jobTemplate"]["spec"]


def _cron_job_warnings(cron_job: Object) -> list[str]:
    return _name_warnings(cron_job) + _job_warnings(_job_spec(cron_job), "spec.jobTemplate.spec")


def _cron_job_warnings_on_update(new: Object, old: Object) -> list[str]:
    same = _is_same_generation(new, old)
    warnings = [] if same else _job_warnings(_job_spec(new), "spec.jobTemplate.spec")
    if "TZ" in new["spec"].get("schedule", ""):
        link = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"
        use = f"use timeZone instead, see {link} for more details"
        warnings.append(f"cannot use TZ or CRON_TZ in spec.spec.schedule, {use}")
    return warnings


CRON_JOB = Strategy(
    prepare_for_create=_prepare_cron_job,
    prepare_for_update=_prepare_update,
    validate=validate_cron_job,
    validate_update=validate_cron_job_update,
    validate_status_update=validate_object_meta_update,
    warnings_on_create=_cron_job_warnings,
    warnings_on_update=_cron_job_warnings_on_update,
    has_status=True,
)
