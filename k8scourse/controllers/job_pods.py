"""What a Job reads from its pods: indexes, failures, when they ended, and which ones it gives up first.

Source: pkg/controller/job/{indexed_job_utils,backoff_utils,job_controller}.go
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_ready, pod_condition
from k8scourse.machinery.timestamps import parse_time

SECOND = 1_000_000_000

FINALIZER = "batch.kubernetes.io/job-tracking"
COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index"
INDEX_FAILURE_COUNT = "batch.kubernetes.io/job-index-failure-count"
INDEX_IGNORED_FAILURE_COUNT = "batch.kubernetes.io/job-index-ignored-failure-count"
COMPLETION_INDEX_VARIABLE = "JOB_COMPLETION_INDEX"

FIRST_BACKOFF, LONGEST_BACKOFF = 10 * SECOND, 600 * SECOND
_PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}
_LONGEST_PREFIX = 58
_MOST = 2**31 - 1


def is_indexed(job: Object) -> bool:
    """Whether each completion has an index."""
    return job["spec"].get("completionMode") == "Indexed"


def only_replaces_failed(job: Object) -> bool:
    """Whether a pod that is going is replaced once it has ended, not before."""
    spec = job["spec"]
    return spec.get("podReplacementPolicy") == "Failed" or spec.get("podFailurePolicy") is not None


def phase_of(pod: Object) -> str:
    """The pod's phase."""
    return (pod.get("status") or {}).get("phase", "")


def has_finalizer(pod: Object) -> bool:
    """Whether the pod has not been counted yet."""
    return FINALIZER in (pod["metadata"].get("finalizers") or ())


def is_failed(pod: Object, job: Object) -> bool:
    """Whether the pod counts as failed: also one that is going, unless the Job waits for its end."""
    if phase_of(pod) == "Failed":
        return True
    if only_replaces_failed(job):
        return False
    return "deletionTimestamp" in pod["metadata"] and phase_of(pod) != "Succeeded"


# indexes


def _number(pod: Object, annotation: str) -> int | None:
    text = (pod["metadata"].get("annotations") or {}).get(annotation)
    return int(text) if text is not None and text.isdecimal() and text.isascii() and int(text) <= _MOST else None


def index_of(pod: Object) -> int | None:
    """The pod's completion index, None without a valid one."""
    return _number(pod, COMPLETION_INDEX)


def index_failures(pod: Object) -> int:
    """How often the index of the pod had failed when it was created."""
    return _number(pod, INDEX_FAILURE_COUNT) or 0


def ignored_failures(pod: Object) -> int:
    """How many failures of the index of the pod were ignored when it was created."""
    return _number(pod, INDEX_IGNORED_FAILURE_COUNT) or 0


def index_prefix(job: str, index: int) -> str:
    """What the names of the pods of an index begin with; the name of the Job may be cut."""
    ending = f"-{index}-"
    return job[: _LONGEST_PREFIX - len(ending)] + ending


def tracked_template(job: Object) -> Object:
    """The Job's template with the finalizer that keeps pods until they are counted."""
    template: dict[str, Any] = dict(job["spec"]["template"])
    metadata: dict[str, Any] = dict(template.get("metadata") or {})
    finalizers = metadata.get("finalizers") or []
    if FINALIZER not in finalizers:
        metadata["finalizers"] = [*finalizers, FINALIZER]
    template["metadata"] = metadata
    if is_indexed(job):
        template["spec"] = _with_index_variable(template["spec"])
    return template


def indexed_template(template: Object, job: Object, index: int) -> Object:
    """The tracked *template* for one index."""
    metadata, text = template["metadata"], str(index)
    labels = {**(metadata.get("labels") or {}), COMPLETION_INDEX: text}
    annotations = {**(metadata.get("annotations") or {}), COMPLETION_INDEX: text}
    spec = {**template["spec"], "hostname": f"{job['metadata']['name']}-{index}"}
    return {**template, "metadata": {**metadata, "labels": labels, "annotations": annotations}, "spec": spec}


def _with_index_variable(spec: Object) -> Object:
    field = {"fieldRef": {"fieldPath": f"metadata.labels['{COMPLETION_INDEX}']"}}
    variable = {"name": COMPLETION_INDEX_VARIABLE, "valueFrom": field}

    def add(container: Object) -> Object:
        present = container.get("env") or []
        if any(entry["name"] == COMPLETION_INDEX_VARIABLE for entry in present):
            return container
        return {**container, "env": [*present, variable]}

    lists = {field: [add(container) for container in spec[field]] for field in _CONTAINERS if spec.get(field)}
    return {**spec, **lists}


_CONTAINERS = ("initContainers", "containers")


# time


def finished_at(pod: Object) -> int:
    """When the pod ended, in ns since the Unix epoch, as well as can be told (getFinishedTime)."""
    status, metadata = pod.get("status") or {}, pod["metadata"]
    sidecars = {
        container["name"]
        for container in pod["spec"].get("initContainers") or ()
        if container.get("restartPolicy") == "Always"
    }
    statuses: list[Object] = list(status.get("containerStatuses") or ())
    statuses += [entry for entry in status.get("initContainerStatuses") or () if entry["name"] in sidecars]
    ends = [(entry.get("state") or {}).get("terminated", {}).get("finishedAt") for entry in statuses]
    if ends and all(ends):
        return max(parse_time(end) for end in ends)
    ready = pod_condition(pod, "Ready")
    if ready is not None and ready["status"] == "False" and ready.get("lastTransitionTime"):
        return parse_time(ready["lastTransitionTime"])
    if "deletionTimestamp" in metadata:
        return parse_time(metadata["deletionTimestamp"]) - metadata.get("deletionGracePeriodSeconds", 0) * SECOND
    return parse_time(metadata["creationTimestamp"])


def remaining_backoff(failures: int, last_failure: int | None, now: int) -> int:
    """How long to wait, in ns, before the next pod: 10 s, 20 s, 40 s, ... up to 10 min after the last failure."""
    if not failures or last_failure is None:
        return 0
    wait = min(FIRST_BACKOFF << min(failures - 1, 10), LONGEST_BACKOFF)
    return max(wait - (now - last_failure), 0)


def restarts_of(pods: Iterable[Object]) -> int:
    """How often containers of pods that have not ended were restarted."""
    return sum(
        entry.get("restartCount", 0)
        for pod in pods
        if phase_of(pod) in ("Running", "Pending")
        for field in ("initContainerStatuses", "containerStatuses")
        for entry in pod["status"].get(field) or ()
    )


# which pods go


def surplus(job: Object, active: Sequence[Object], at_least: int) -> list[Object]:
    """The pods of *active* to delete: those with a wrong or repeated index, and *at_least* so many."""
    doomed: list[Object] = []
    left = list(active)
    if is_indexed(job):
        by_index: dict[int, list[Object]] = {}
        for pod in active:
            index = index_of(pod)
            if index is None or index >= job["spec"]["completions"]:
                doomed.append(pod)
            else:
                by_index.setdefault(index, []).append(pod)
        left = []
        for index in sorted(by_index):
            *repeated, kept = sorted(by_index[index], key=_dispensable_first)
            doomed += repeated
            left.append(kept)
    left.sort(key=_dispensable_first)
    return doomed + left[: max(at_least - len(doomed), 0)]


def _dispensable_first(pod: Object) -> tuple[bool, int, bool, int, int, int]:
    """Unassigned, pending, not ready, ready for less time, restarted more often, younger (ActivePods)."""
    ready, condition = is_pod_ready(pod), pod_condition(pod, "Ready")
    since = parse_time(condition["lastTransitionTime"]) if ready and condition is not None else 0
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    restarts = max((entry.get("restartCount", 0) for entry in statuses), default=0)
    created = parse_time(pod["metadata"]["creationTimestamp"])
    return bool(pod["spec"].get("nodeName")), _PHASES.get(phase_of(pod), 0), ready, -since, -restarts, -created
