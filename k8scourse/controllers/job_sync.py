"""One look at a Job: whether it is over, and which pods it creates or deletes.

Source: pkg/controller/job/job_controller.go (syncJob, manageJob)
"""

from __future__ import annotations

from collections.abc import Sequence

from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_ready
from k8scourse.controllers import job_conditions as conditions
from k8scourse.controllers import job_pods as pods_
from k8scourse.controllers.job_tracking import JobTracking, release
from k8scourse.controllers.job_view import all_failures, indexes_of
from k8scourse.controllers.pod_control import create_pod, delete_pod, is_terminating, slow_start
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time

MAX_CHANGES = 500
"""So many pods are created or deleted in one sync at most."""

SUSPENDED_EVENT = ("Suspended", "Job suspended")
RESUMED_EVENT = ("Resumed", "Job resumed")


class JobSync(JobTracking):
    """Works on one Job; `run` raises ApiError when the API server refuses something."""

    def run(self) -> None:
        """Do what the moment asks for; raises ApiError."""
        if "startTime" not in self._status and not self._suspended:
            self._status["startTime"] = format_time(self._now)
        self._over = self._verdict()
        failure: ApiError | None = None
        changed = False
        if self._over is not None:
            failure = self._stop()
        else:
            managed = "deletionTimestamp" not in self.job["metadata"]
            if managed:
                failure = self._manage()
            if self._is_complete():
                self._over = self._condition(conditions.SUCCESS_CRITERIA_MET, conditions.COMPLETIONS_REACHED)
            elif managed:
                changed = self._note_suspension()
        old = self.job.get("status") or {}
        changed = changed or self._active != old.get("active", 0)
        changed = changed or (self._ready, self._terminating) != (old.get("ready"), old.get("terminating"))
        self._status.update(active=self._active, ready=self._ready, terminating=self._terminating)
        self._track(changed)
        if failure is not None:
            raise failure

    def _is_complete(self) -> bool:
        completions = self._spec.get("completions")
        enough = self._succeeded > 0 if completions is None else self._succeeded >= completions
        return enough and self._active == 0

    # pods

    def _stop(self) -> ApiError | None:
        """Delete the active pods of a Job that is over; while some resist, it is not over."""
        active = self._active
        failure = self._delete(self._active_pods)
        if self._active != 0:
            self._over = None
        if active:
            self._tell("DeletePods", "the Job is over", "status.conditions", {"count": active - self._active})
        return failure

    def _delete(self, doomed: Sequence[Object], *, uncounted: bool = False) -> ApiError | None:
        """Delete pods; *uncounted* ones lose their finalizer first and so do not count as failed."""
        failure: ApiError | None = None
        for pod in doomed:
            try:
                if uncounted:
                    release(self._controller, pod)
                delete_pod(self._controller, pod["metadata"]["name"], self.job)
            except ApiError as error:
                failure = failure or error
                continue
            self._active -= 1
            self._terminating += 1
            self._ready -= is_pod_ready(pod)
        return failure

    def _manage(self) -> ApiError | None:
        """Create missing pods or delete surplus ones."""
        wanted = 0 if self._suspended else self._wanted()
        doomed = pods_.surplus(self.job, self._active_pods, max(self._active - wanted, 0))
        if not self._suspended:
            doomed = doomed[:MAX_CHANGES]
        if doomed or self._suspended:
            if doomed:
                rule, field = ("suspended", "spec.suspend") if self._suspended else ("too many", "spec.parallelism")
                self._tell("DeletePods", rule, field, {"pods": [pod["metadata"]["name"] for pod in doomed]})
            return self._delete(doomed, uncounted=True)
        missing = wanted - self._active
        if pods_.only_replaces_failed(self.job):
            missing -= self._terminating
        return self._create(min(missing, MAX_CHANGES)) if missing > 0 else None

    def _wanted(self) -> int:
        """How many pods should be active."""
        parallelism, completions = self._spec["parallelism"], self._spec.get("completions")
        if completions is None:
            return self._active if self._succeeded > 0 else parallelism
        return max(min(completions - self._succeeded, parallelism), 0)

    def _create(self, count: int) -> ApiError | None:
        if not self._per_index:
            wait = pods_.remaining_backoff(*self.failures, self._now)
            if wait > 0:
                return self._back_off(wait)
        indexes: list[int] = []
        if self._indexed:
            indexes, wait = self._indexes_to_create(count)
            if wait > 0:
                return self._back_off(wait)
            count = len(indexes)
        if not count:
            return None
        template = pods_.tracked_template(self.job)
        self._tell("CreatePods", "fewer active pods than wanted", "spec.parallelism", {"count": count})

        def create(number: int) -> Object:
            if not indexes:
                return create_pod(self._controller, template, self.job)
            index = indexes[number]
            prefix = pods_.index_prefix(self.job["metadata"]["name"], index)
            return create_pod(self._controller, self._index_template(template, index), self.job, prefix)

        created, failure = slow_start(count, create)
        self._active += created
        return failure

    def _back_off(self, wait: int) -> None:
        """Wait, at least a second, before pods are created; the status tells no active pods meanwhile."""
        self._look_again(max(wait, pods_.SECOND))
        self._tell(
            "BackOff", "pods have failed", "spec.backoffLimit", {"failures": self.failures.in_a_row, "wait": wait}
        )
        self._active = 0

    def _indexes_to_create(self, count: int) -> tuple[list[int], int]:
        """The lowest indexes that need a pod and do not back off, else how long all of them do."""
        busy = self._indexes | indexes_of(self._active_pods)
        if pods_.only_replaces_failed(self.job):
            busy |= indexes_of([pod for pod in self._pods if is_terminating(pod)])
        if self._failed_indexes is not None:
            busy |= self._failed_indexes
        indexes = busy.first_missing(count, self._spec["completions"])
        if not self._per_index:
            return indexes, 0
        waits = {index: self._index_backoff(index) for index in indexes}
        due = [index for index in indexes if not waits[index]]
        return due, 0 if due else min(waits.values(), default=0)

    def _index_backoff(self, index: int) -> int:
        pod = self._delayed.get(index)
        if pod is None:
            return 0
        return pods_.remaining_backoff(all_failures(pod) + 1, pods_.finished_at(pod), self._now)

    def _index_template(self, template: Object, index: int) -> Object:
        template = pods_.indexed_template(template, self.job, index)
        if not self._per_index:
            return template
        failures = ignored = 0
        replaced = self._delayed.get(index)
        if replaced is not None:
            counts = self._judge(replaced).counts
            failures = pods_.index_failures(replaced) + counts
            ignored = pods_.ignored_failures(replaced) + (not counts)
        annotations = {**template["metadata"]["annotations"], pods_.INDEX_FAILURE_COUNT: str(failures)}
        if ignored:
            annotations[pods_.INDEX_IGNORED_FAILURE_COUNT] = str(ignored)
        return {**template, "metadata": {**template["metadata"], "annotations": annotations}}

    def _note_suspension(self) -> bool:
        """Write down that the Job pauses or goes on; gives whether that is news."""
        if self._suspended:
            words, event, status = conditions.JOB_SUSPENDED, SUSPENDED_EVENT, "True"
        else:
            words, event, status = conditions.JOB_RESUMED, RESUMED_EVENT, "False"
        changed = conditions.ensured(
            self._conditions, conditions.new_condition(conditions.SUSPENDED, status, *words, self._now)
        )
        if changed is None:
            return False
        self._conditions = changed
        self._controller.recorder.event(self.job, "Normal", *event)
        self._status.pop("startTime", None)
        if not self._suspended:
            self._status["startTime"] = format_time(self._now)
        return True
