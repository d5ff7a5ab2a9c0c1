"""What one look at a Job sees: its pods, its indexes, its failures, and whether it is over.

Source: pkg/controller/job/job_controller.go (syncJob), pkg/controller/job/indexed_job_utils.go
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from k8scourse.client.component import Component
from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_pod_ready
from k8scourse.controllers import job_conditions as conditions
from k8scourse.controllers import job_pods as pods_
from k8scourse.controllers.job_indexes import Indexes
from k8scourse.controllers.job_policies import Failure, judge_failure, judge_success
from k8scourse.controllers.pod_control import is_active, is_terminating
from k8scourse.machinery.timestamps import parse_time


class Failures(NamedTuple):
    """How often pods have failed in a row, and when the last one did (ns since the Unix epoch)."""

    in_a_row: int = 0
    last: int | None = None


class JobView:
    """A Job with its pods at one moment; the status that will be written grows in it."""

    def __init__(self, controller: Component, job: Object, pods: list[Object], failures: Failures, now: int) -> None:
        self._controller = controller
        self.job = job
        self._now = now
        self._spec = job["spec"]
        self._indexed = pods_.is_indexed(job)
        self._per_index = self._indexed and self._spec.get("backoffLimitPerIndex") is not None
        self._pods = sorted(pods, key=_by_index) if self._indexed else pods
        self._active_pods = [pod for pod in pods if is_active(pod)]
        self._active = len(self._active_pods)
        self._ready = sum(is_pod_ready(pod) for pod in self._active_pods)
        self._terminating = sum(is_terminating(pod) for pod in pods)
        before: Object = job.get("status") or {}
        self._status: Object = dict(before)
        self._conditions: list[Object] = list(before.get("conditions") or ())
        uncounted = before.get("uncountedTerminatedPods") or {}
        self._uncounted: dict[str, list[str]] = {
            "succeeded": list(uncounted.get("succeeded") or ()),
            "failed": list(uncounted.get("failed") or ()),
        }
        succeeded = self._uncounted_pods("succeeded", lambda pod: pods_.phase_of(pod) == "Succeeded")
        failed = self._uncounted_pods("failed", lambda pod: pods_.is_failed(pod, job))
        self.failures = next_failures(failures, succeeded, failed)
        self.store_failures = False
        """Whether the status, and with it the failures, has been written."""
        self._succeeded = before.get("succeeded", 0) + len(succeeded) + len(self._uncounted["succeeded"])
        counted = sum(self._judge(pod).counts for pod in failed)
        self._failed = before.get("failed", 0) + counted + len(self._uncounted["failed"])
        self._counted_before = Indexes()
        self._indexes = Indexes()
        self._failed_indexes: Indexes | None = None
        self._delayed: dict[int, Object] = {}
        if self._indexed:
            self._look_at_indexes()
        self._over: Object | None = None
        self.wait: int | None = None
        """After how many ns to look again, if that is known."""

    # what is seen

    @property
    def _suspended(self) -> bool:
        return bool(self._spec.get("suspend"))

    def _judge(self, pod: Object) -> Failure:
        return judge_failure(self._spec.get("podFailurePolicy"), pod)

    def _has_valid_index(self, pod: Object) -> bool:
        index = pods_.index_of(pod)
        return not self._indexed or (index is not None and index < self._spec["completions"])

    def _uncounted_pods(self, kind: str, wanted: Callable[[Object], bool]) -> list[Object]:
        """The pods to count that are not in the status yet."""
        known = set(self._uncounted[kind])
        return [
            pod
            for pod in self._pods
            if pods_.has_finalizer(pod)
            and pod["metadata"]["uid"] not in known
            and self._has_valid_index(pod)
            and wanted(pod)
        ]

    def _look_at_indexes(self) -> None:
        completions: int = self._spec["completions"]
        tracked = [
            (index, pod)
            for pod in self._pods
            if (index := pods_.index_of(pod)) is not None and index < completions and pods_.has_finalizer(pod)
        ]
        self._counted_before = Indexes.parse(self._status.get("completedIndexes"), completions)
        done = Indexes.of(index for index, pod in tracked if pods_.phase_of(pod) == "Succeeded")
        self._indexes = self._counted_before | done
        self._succeeded = len(self._indexes)
        if not self._per_index:
            return
        before = Indexes.parse(self._status.get("failedIndexes"), completions)
        self._failed_indexes = before | Indexes.of(index for index, pod in tracked if self._fails_index(pod))
        busy = self._indexes | self._failed_indexes | indexes_of(self._active_pods)
        for index, pod in tracked:
            if pods_.is_failed(pod, self.job) and index not in busy and self._is_later(pod, self._delayed.get(index)):
                self._delayed[index] = pod

    def _fails_index(self, pod: Object) -> bool:
        if not pods_.is_failed(pod, self.job):
            return False
        verdict = self._judge(pod)
        exhausted = pods_.index_failures(pod) >= self._spec["backoffLimitPerIndex"]
        return verdict.action == "FailIndex" or (verdict.counts and exhausted)

    def _is_later(self, pod: Object, other: Object | None) -> bool:
        if other is None:
            return True
        return all_failures(other) <= all_failures(pod) and pods_.finished_at(pod) >= pods_.finished_at(other)

    def _condition(self, kind: str, words: tuple[str, str]) -> Object:
        return conditions.new_condition(kind, "True", *words, self._now)

    def _tell(self, verdict: str, rule: str, field: str, detail: Any) -> None:
        metadata = self.job["metadata"]
        self._controller.decide(("Job", metadata["namespace"], metadata["name"]), verdict, rule, field, detail)

    # whether it is over

    def _verdict(self) -> Object | None:
        """The condition with which the Job ends, if something other than its completions ends it."""
        met = conditions.true_condition(self.job, conditions.SUCCESS_CRITERIA_MET)
        if met is not None:
            return met
        target = conditions.true_condition(self.job, conditions.FAILURE_TARGET)
        if target is not None:
            return self._condition(conditions.FAILED, (target["reason"], target["message"]))
        words = self._policy_failure() or self._limit_failure() or self._index_failure()
        if words is not None:
            return self._condition(conditions.FAILURE_TARGET, words)
        if self._indexed:
            text = judge_success(self._spec.get("successPolicy"), self._spec["completions"], self._indexes)
            if text is not None:
                return self._condition(conditions.SUCCESS_CRITERIA_MET, (conditions.SUCCESS_POLICY, text))
        return None

    def _policy_failure(self) -> tuple[str, str] | None:
        if self._spec.get("podFailurePolicy") is None:
            return None
        for pod in self._pods:
            message = self._judge(pod).message if pods_.is_failed(pod, self.job) else None
            if message is not None:
                return conditions.FAILURE_POLICY, message
        return None

    def _limit_failure(self) -> tuple[str, str] | None:
        limit = self._spec["backoffLimit"]
        if self._failed > limit or self._restarted_too_often(limit):
            return conditions.BACKOFF_LIMIT
        deadline = self._spec.get("activeDeadlineSeconds")
        if deadline is None or self._suspended:
            return None
        left = parse_time(self._status["startTime"]) + deadline * pods_.SECOND - self._now
        if left <= 0:
            return conditions.DEADLINE
        self._look_again(left)
        return None

    def _restarted_too_often(self, limit: int) -> bool:
        if self._spec["template"]["spec"].get("restartPolicy") != "OnFailure":
            return False
        return pods_.restarts_of(self._pods) >= max(limit, 1)

    def _index_failure(self) -> tuple[str, str] | None:
        if self._failed_indexes is None:
            return None
        failed, most = len(self._failed_indexes), self._spec.get("maxFailedIndexes")
        if most is not None and failed > most:
            return conditions.MAX_FAILED_INDEXES
        if failed and failed + len(self._indexes) >= self._spec["completions"]:
            return conditions.FAILED_INDEXES
        return None

    def _look_again(self, wait: int) -> None:
        self.wait = wait if self.wait is None else min(self.wait, wait)


def next_failures(before: Failures, succeeded: list[Object], failed: list[Object]) -> Failures:
    """The failures in a row after these pods have ended (newBackoffRecord)."""
    ends = sorted(pods_.finished_at(pod) for pod in failed)
    if not succeeded:
        return Failures(before.in_a_row + len(ends), ends[-1]) if ends else before
    last_success = max(pods_.finished_at(pod) for pod in succeeded)
    later = [end for end in ends if end > last_success]
    return Failures(len(later), later[-1] if later else None)


def _by_index(pod: Object) -> int:
    index = pods_.index_of(pod)
    return -1 if index is None else index


def all_failures(pod: Object) -> int:
    return pods_.index_failures(pod) + pods_.ignored_failures(pod)


def indexes_of(pods: Sequence[Object]) -> Indexes:
    return Indexes.of(index for pod in pods if (index := pods_.index_of(pod)) is not None)
