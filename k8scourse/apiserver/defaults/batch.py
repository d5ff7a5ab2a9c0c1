"""Defaults of the batch group.

Source: kubernetes pkg/apis/batch/v1/defaults.go and zz_generated.defaults.go.
"""

from typing import Any

from k8scourse.apiserver.defaults.pod import default_pod_template

INT32_MAX = (1 << 31) - 1


def default_job(job: dict[str, Any]) -> None:
    """Fill a Job: one pod, six failures allowed, labels of its template; parallelism alone sets no completions."""
    spec = job.setdefault("spec", {})
    _default_pods(spec)
    if spec.get("parallelism") is None:
        spec["parallelism"] = 1
        if spec.get("completions") is None:
            spec["completions"] = 1
    has_limit_per_index = spec.get("backoffLimitPerIndex") is not None
    replacement = "TerminatingOrFailed" if spec.get("podFailurePolicy") is None else "Failed"
    for field, value in (
        ("backoffLimit", INT32_MAX if has_limit_per_index else 6),
        ("completionMode", "NonIndexed"),
        ("suspend", False),
        ("podReplacementPolicy", replacement),
        ("manualSelector", False),
    ):
        if spec.get(field) is None:
            spec[field] = value
    labels = (spec["template"].get("metadata") or {}).get("labels")
    metadata = job.setdefault("metadata", {})
    if labels and not metadata.get("labels"):
        metadata["labels"] = dict(labels)


def default_cron_job(cron_job: dict[str, Any]) -> None:
    """Fill a CronJob: jobs may overlap, three successful and one failed are kept; its job template stays as it is."""
    spec = cron_job.setdefault("spec", {})
    template = spec.get("jobTemplate")
    if template is None:
        template = spec["jobTemplate"] = {}
    if template.get("metadata") is None:
        template["metadata"] = {}
    _default_pods(template.setdefault("spec", {}))
    if not spec.get("concurrencyPolicy"):
        spec["concurrencyPolicy"] = "Allow"
    for field, value in (("suspend", False), ("successfulJobsHistoryLimit", 3), ("failedJobsHistoryLimit", 1)):
        if spec.get(field) is None:
            spec[field] = value


def _default_pods(spec: dict[str, Any]) -> None:
    """Fill the pod template of a job, and what its failure policy looks for."""
    if spec.get("template") is None:
        spec["template"] = {}
    default_pod_template(spec["template"])
    for rule in (spec.get("podFailurePolicy") or {}).get("rules") or ():
        for pattern in rule.get("onPodConditions") or ():
            if not pattern.get("status"):
                pattern["status"] = "True"
