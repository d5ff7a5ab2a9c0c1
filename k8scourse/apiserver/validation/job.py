"""Validation of Jobs.

Source: kubernetes pkg/apis/batch/validation/validation.go ValidateJob, ValidateJobUpdate; which parts of a suspended
job's template may change: pkg/registry/batch/job/strategy.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.apps import NO_MATCH, compiled_selector
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.internal_values import internal_value, label_selector_value
from k8scourse.apiserver.validation.job_conditions import is_true
from k8scourse.apiserver.validation.job_policies import check_failure_policy, check_success_policy
from k8scourse.apiserver.validation.label_selector import check_label_selector
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.pod_template import check_pod_template
from k8scourse.apiserver.validation.support import IMMUTABLE, Errors, check_domain_prefixed_path, check_nonnegative
from k8scourse.machinery.field import FieldError, invalid, key, not_supported, required, too_long
from k8scourse.machinery.names import is_dns1123_label

JOB_NAME = "batch.kubernetes.io/job-name"
CONTROLLER_UID = "batch.kubernetes.io/controller-uid"
LEGACY_JOB_NAME = "job-name"
LEGACY_CONTROLLER_UID = "controller-uid"
COMPLETION_MODES = ("NonIndexed", "Indexed")
REPLACEMENT_POLICIES = ("Failed", "TerminatingOrFailed")
MAX_PARALLELISM = 100_000  # of an indexed job
MAX_FAILED_INDEXES = 100_000
MANY_COMPLETIONS = 100_000
LIMIT_FOR_MANY = 10_000  # parallelism and failed indexes of a job with many completions
MAX_MANAGED_BY_LENGTH = 63
_COUNTS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
_AT_MOST = "must be less than or equal to"

Job = Mapping[str, Any]
Spec = Mapping[str, Any]


def validate_job(job: Job) -> list[FieldError]:
    """Return the faults of a Job."""
    return _errors(job, needs_prefixed_labels=True)


def validate_job_update(new: Job, old: Job) -> list[FieldError]:
    """Return the faults of changing the stored Job *old* to *new*: the template stays unless the job is suspended."""
    labels = (old["spec"]["template"].get("metadata") or {}).get("labels") or {}
    errors = _errors(new, needs_prefixed_labels=JOB_NAME in labels and CONTROLLER_UID in labels)
    errors += check_metadata_update(new["metadata"], old["metadata"])
    spec, before = new["spec"], old["spec"]
    _check_spec(errors, spec)
    _check_completions_update(errors, spec, before)
    _check_same(errors, "spec.selector", spec, before, label_selector_value)
    _check_template_update(errors, new, old)
    for field, internal in (
        ("completionMode", None),
        ("podFailurePolicy", "*PodFailurePolicy"),
        ("backoffLimitPerIndex", None),
        ("managedBy", None),
        ("successPolicy", "*SuccessPolicy"),
    ):
        _check_same(
            errors, f"spec.{field}", spec, before, lambda v, t=internal: v if t is None else internal_value(t, v)
        )
    return errors


def check_job_template_spec(errors: Errors, spec: Spec, path: str) -> None:
    """Check the job of a CronJob, whose selector is made later."""
    _check_job(errors, spec, path)
    if spec.get("selector") is not None:
        shown = label_selector_value(spec["selector"])
        errors.append(invalid(f"{path}.selector", shown, "`selector` will be auto-generated"))
    if spec.get("manualSelector"):
        errors.append(not_supported(f"{path}.manualSelector", True, ("nil", "false")))


def _errors(job: Job, *, needs_prefixed_labels: bool) -> list[FieldError]:
    errors = check_metadata(job["metadata"], namespaced=True)
    spec, name = job["spec"], job["metadata"].get("name") or ""
    _check_generated_selector(errors, job, needs_prefixed_labels=needs_prefixed_labels)
    _check_spec(errors, spec)
    completions = spec.get("completions") or 0
    if spec.get("completionMode") == "Indexed" and completions > 0:
        host_name = f"{name}-{completions - 1}"
        if is_dns1123_label(host_name):
            text = f"will not able to create pod with invalid DNS label: {host_name}"
            errors.append(invalid("metadata.name", name, text))
    return errors


def _check_generated_selector(errors: Errors, job: Job, *, needs_prefixed_labels: bool) -> None:
    """Check that a template carries the labels that were generated, and that the selector asks for no others."""
    metadata, spec = job["metadata"], job["spec"]
    if spec.get("manualSelector") or spec.get("selector") is None:
        return
    uid, name = metadata.get("uid") or "", metadata.get("name") or ""
    if not uid:
        errors.append(required("metadata.uid"))
    expected = {LEGACY_CONTROLLER_UID: uid, LEGACY_JOB_NAME: name}
    if needs_prefixed_labels:
        expected.update({CONTROLLER_UID: uid, JOB_NAME: name})
    labels = (spec["template"].get("metadata") or {}).get("labels") or {}
    for label, value in expected.items():
        path = key("spec.template.metadata.labels", label)
        if label not in labels:
            errors.append(required(path, f"must be '{value}'"))
        elif labels[label] != value:
            errors.append(invalid(path, dict(labels), f"must be '{value}'"))
    compiled = compiled_selector(spec["selector"])
    if compiled is not None and not compiled.matches(expected):
        errors.append(invalid("spec.selector", label_selector_value(spec["selector"]), "`selector` not auto-generated"))


def _check_spec(errors: Errors, spec: Spec) -> None:
    _check_job(errors, spec, "spec")
    selector = spec.get("selector")
    if selector is None:
        errors.append(required("spec.selector"))
    check_label_selector(errors, selector, "spec.selector")
    compiled = compiled_selector(selector)
    labels = (spec["template"].get("metadata") or {}).get("labels")
    if compiled is not None and not compiled.matches(labels):
        errors.append(invalid("spec.template.metadata.labels", labels, NO_MATCH))


def _check_job(errors: Errors, spec: Spec, path: str) -> None:
    for field in _COUNTS:
        check_nonnegative(errors, f"{path}.{field}", spec.get(field))
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        errors.append(required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified"))
    if spec.get("managedBy") is not None:
        check_domain_prefixed_path(errors, f"{path}.managedBy", spec["managedBy"])
        if len(spec["managedBy"]) > MAX_MANAGED_BY_LENGTH:
            errors.append(too_long(f"{path}.managedBy", "", MAX_MANAGED_BY_LENGTH))
    mode = spec.get("completionMode")
    if mode is not None and mode not in COMPLETION_MODES:
        errors.append(not_supported(f"{path}.completionMode", mode, COMPLETION_MODES))
    if mode == "Indexed":
        _check_indexed(errors, spec, path)
    elif mode in (None, "NonIndexed"):
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if spec.get(field) is not None:
                errors.append(invalid(f"{path}.{field}", spec[field], "requires indexed completion mode"))
    if spec.get("podFailurePolicy") is not None:
        check_failure_policy(errors, spec, f"{path}.podFailurePolicy")
    if spec.get("successPolicy") is not None:
        if mode == "Indexed":
            check_success_policy(errors, spec, f"{path}.successPolicy")
        else:
            shown = internal_value("SuccessPolicy", spec["successPolicy"])
            errors.append(invalid(f"{path}.successPolicy", shown, "requires indexed completion mode"))
    _check_replacement(errors, spec, f"{path}.podReplacementPolicy")
    check_pod_template(errors, spec["template"], f"{path}.template")
    _check_restart_policy(errors, spec, f"{path}.template.spec.restartPolicy")


def _check_indexed(errors: Errors, spec: Spec, path: str) -> None:
    completions, parallelism = spec.get("completions"), spec.get("parallelism") or 0
    failed = spec.get("maxFailedIndexes")
    if completions is None:
        errors.append(required(f"{path}.completions", "when completion mode is Indexed"))
    if parallelism > MAX_PARALLELISM:
        text = f"{_AT_MOST} {MAX_PARALLELISM} when completion mode is Indexed"
        errors.append(invalid(f"{path}.parallelism", parallelism, text))
    where = f"{path}.maxFailedIndexes"
    if failed is not None and completions is not None and failed > completions:
        errors.append(invalid(where, failed, f"{_AT_MOST} completions"))
    if failed is not None and failed > MAX_FAILED_INDEXES:
        errors.append(invalid(where, failed, f"{_AT_MOST} {MAX_FAILED_INDEXES}"))
    if (completions or 0) <= MANY_COMPLETIONS or spec.get("backoffLimitPerIndex") is None:
        return
    bound = (
        f"{_AT_MOST} {LIMIT_FOR_MANY} when completions are above {MANY_COMPLETIONS} "
        "and used with backoff limit per index"
    )
    if failed is None:
        errors.append(required(where, f"must be specified when completions is above {MANY_COMPLETIONS}"))
    if parallelism > LIMIT_FOR_MANY:
        errors.append(invalid(f"{path}.parallelism", parallelism, bound))
    if failed is not None and failed > LIMIT_FOR_MANY:
        errors.append(invalid(where, failed, bound))


def _check_replacement(errors: Errors, spec: Spec, path: str) -> None:
    policy = spec.get("podReplacementPolicy")
    allowed = REPLACEMENT_POLICIES if spec.get("podFailurePolicy") is None else REPLACEMENT_POLICIES[:1]
    if policy is not None and policy not in allowed:
        errors.append(not_supported(path, policy, allowed))


def _check_restart_policy(errors: Errors, spec: Spec, path: str) -> None:
    policy = spec["template"]["spec"].get("restartPolicy")
    if policy in (None, "", "Always"):
        errors.append(required(path, 'valid values: "OnFailure", "Never"'))
    elif policy not in ("OnFailure", "Never"):
        errors.append(not_supported(path, policy, ("OnFailure", "Never")))
    elif policy != "Never" and spec.get("podFailurePolicy") is not None:
        errors.append(invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified'))


def _check_same(errors: Errors, path: str, spec: Spec, before: Spec, shown: Any) -> None:
    field = path.rpartition(".")[2]
    if not semantic_equal(spec.get(field), before.get(field)):
        errors.append(invalid(path, shown(spec.get(field)), IMMUTABLE))


def _check_completions_update(errors: Errors, spec: Spec, before: Spec) -> None:
    """Check that completions stay; an indexed job's may change together with its parallelism (elastic jobs)."""
    completions = spec.get("completions")
    if completions == before.get("completions"):
        return
    if spec.get("completionMode") != "Indexed":
        errors.append(invalid("spec.completions", completions, IMMUTABLE))
    elif completions is not None and completions != spec.get("parallelism"):
        text = "can only be modified in tandem with spec.parallelism"
        errors.append(invalid("spec.completions", completions, text))


def _check_template_update(errors: Errors, new: Job, old: Job) -> None:
    template, before = new["spec"]["template"], old["spec"]["template"]
    is_open = _may_change_template(old)
    if is_open:
        before = _with_scheduling_of(before, template)
    if not old["spec"].get("suspend") or not is_open:
        if not semantic_equal(template, before):
            errors.append(invalid("spec.template", internal_value("PodTemplateSpec", template), IMMUTABLE))
    elif not semantic_equal(template["spec"], _with_resources_of(before["spec"], template["spec"])):
        errors.append(invalid("spec.template.spec", internal_value("PodSpec", template["spec"]), IMMUTABLE))


def _may_change_template(job: Job) -> bool:
    """Whether no pod of a suspended job runs (gates Mutable...ForSuspendedJobs, on since 1.36)."""
    status = job.get("status") or {}
    stopped = not status.get("startTime") or is_true(status, "Suspended")
    return bool(job["spec"].get("suspend")) and stopped and not status.get("active")


def _with_scheduling_of(template: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return *template* with the labels, annotations and scheduling directives of *other*."""
    metadata, spec = dict(template.get("metadata") or {}), dict(template["spec"])
    for name in ("labels", "annotations"):
        metadata[name] = (other.get("metadata") or {}).get(name)
    for name in ("nodeSelector", "tolerations", "schedulingGates"):
        spec[name] = other["spec"].get(name)
    node_affinity = (other["spec"].get("affinity") or {}).get("nodeAffinity")
    spec["affinity"] = {**(spec.get("affinity") or {}), "nodeAffinity": node_affinity}
    return {**template, "metadata": metadata, "spec": spec}


def _with_resources_of(spec: Spec, other: Spec) -> Spec:
    """Return the pod's *spec* with the containers' resources of *other*."""
    result = dict(spec)
    for kind in ("containers", "initContainers"):
        ours, theirs = spec.get(kind) or [], other.get(kind) or []
        if len(ours) == len(theirs):
            result[kind] = [
                {**mine, "resources": its.get("resources")} if mine.get("name") == its.get("name") else mine
                for mine, its in zip(ours, theirs, strict=True)
            ]
    return result
