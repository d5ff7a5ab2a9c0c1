"""How a Job counts its pods: none is lost or counted twice, whatever happens in between.

A pod keeps a finalizer until its end has been written into the Job's status: first its uid, then, once the finalizer is
off, the number.
Source: pkg/controller/job/job_controller.go (trackJobStatusAndRemoveFinalizers), KEP-2307
"""

from __future__ import annotations

from k8scourse.client.component import Component
from k8scourse.client.informers import Object
from k8scourse.controllers import job_conditions as conditions
from k8scourse.controllers import job_pods as pods_
from k8scourse.controllers.job_view import JobView
from k8scourse.machinery.status import ApiError

JOBS = "jobs.batch"
MAX_UNCOUNTED = 500
"""So many pods are counted in one sync at most."""

COMPLETED_EVENT = ("Completed", "Job completed")
TOO_MANY_SUCCEEDED = ("TooManySucceededPods", "Too many succeeded pods running after completion count reached")

_NUMBERS = ("active", "succeeded", "failed")


class JobTracking(JobView):
    """Writes what became of the pods into the status of the Job."""

    def _track(self, changed: bool) -> None:
        """Count pods that have ended, take their finalizers off, and declare the Job over when all is counted."""
        tracked = {pod["metadata"]["uid"] for pod in self._pods if pods_.has_finalizer(pod)}
        changed = self._count_released(tracked) or changed
        released, fresh, all_seen = self._note_ended()
        changed = changed or fresh
        if self._indexed:
            changed = self._write_indexes() or changed
        changed = self._announce_end() or changed
        if changed:
            self._flush()
            self.store_failures = True
        failure: ApiError | None = None
        for pod in released:
            try:
                release(self._controller, pod)
            except ApiError as error:
                failure = failure or error
                continue
            tracked.discard(pod["metadata"]["uid"])
        changed = self._count_released(tracked)
        if failure is not None:
            if changed:
                self._flush()
            raise failure
        is_over = all_seen and self._end()
        if changed or is_over:
            self._flush()
        if is_over:
            self._tell_end()

    def _count_released(self, tracked: set[str]) -> bool:
        """Turn the uids of pods whose finalizer is off into numbers; gives whether there were any."""
        found = False
        for kind, uids in self._uncounted.items():
            left = [uid for uid in uids if uid in tracked]
            if len(left) != len(uids):
                found = True
                self._status[kind] = self._status.get(kind, 0) + len(uids) - len(left)
                self._uncounted[kind] = left
        return found

    def _note_ended(self) -> tuple[list[Object], bool, bool]:
        """Note the pods that have ended: which ones, whether any is news, and whether all had their turn."""
        released: list[Object] = []
        fresh = False
        succeeded, failed = set(self._uncounted["succeeded"]), set(self._uncounted["failed"])
        indexes = 0
        for pod in self._pods:
            if not pods_.has_finalizer(pod) or not self._may_release(pod):
                continue
            released.append(pod)
            uid = pod["metadata"]["uid"]
            if pods_.phase_of(pod) == "Succeeded" and uid not in failed:
                if self._indexed:
                    news = self._has_valid_index(pod) and pods_.index_of(pod) not in self._counted_before
                    indexes += news
                    fresh = fresh or news
                elif uid not in succeeded:
                    self._uncounted["succeeded"].append(uid)
                    fresh = True
            elif self._counts_as_failed(pod) and uid not in failed and self._has_valid_index(pod):
                counts = self._judge(pod).counts
                self._uncounted["failed"] += [uid] * counts
                fresh = fresh or counts
            if indexes + sum(len(uids) for uids in self._uncounted.values()) >= MAX_UNCOUNTED:
                return released, fresh, False
        return released, fresh, True

    def _counts_as_failed(self, pod: Object) -> bool:
        if pods_.is_failed(pod, self.job):
            return True
        return self._over is not None and self._over["type"] != conditions.SUCCESS_CRITERIA_MET

    def _may_release(self, pod: Object) -> bool:
        if "deletionTimestamp" in self.job["metadata"] or self._over is not None or pods_.phase_of(pod) == "Succeeded":
            return True
        if not pods_.is_failed(pod, self.job):
            return False
        delayed = self._delayed.get(index) if (index := pods_.index_of(pod)) is not None else None
        return delayed is None or delayed["metadata"]["uid"] != pod["metadata"]["uid"]

    def _write_indexes(self) -> bool:
        """Write completed and failed indexes into the status; gives whether they changed."""
        text = str(self._indexes)
        failed = None if self._failed_indexes is None else str(self._failed_indexes)
        changed = text != self._status.get("completedIndexes", "") or failed != self._status.get("failedIndexes")
        self._status["succeeded"] = len(self._indexes)
        self._status["completedIndexes"] = text
        self._status["failedIndexes"] = failed
        return changed

    def _announce_end(self) -> bool:
        """Write the interim condition before the last finalizers are taken off, and prepare the final one."""
        over = self._over
        if over is None or over["type"] in (conditions.FAILED, conditions.COMPLETE):
            return False
        final = conditions.FAILED if over["type"] == conditions.FAILURE_TARGET else conditions.COMPLETE
        self._over = self._condition(final, (over["reason"], over["message"]))
        if any(entry["type"] == over["type"] and entry["status"] == "True" for entry in self._conditions):
            return False
        self._conditions = [*self._conditions, over]
        return True

    def _end(self) -> bool:
        """Add the final condition once every pod is counted and gone or ended; gives whether that is done."""
        if self._over is None or any(self._uncounted.values()) or self._terminating > 0:
            return False
        self._conditions = conditions.ensured(self._conditions, self._over) or self._conditions
        if self._over["type"] == conditions.COMPLETE:
            self._status["completionTime"] = self._over["lastTransitionTime"]
        return True

    def _tell_end(self) -> None:
        over = self._over
        if over is None:
            return
        tell = self._controller.recorder.event
        if over["type"] != conditions.COMPLETE:
            tell(self.job, "Warning", over["reason"], over["message"])
            return
        completions = self._spec.get("completions")
        if completions is not None and self._status.get("succeeded", 0) > completions:
            tell(self.job, "Warning", *TOO_MANY_SUCCEEDED)
        tell(self.job, "Normal", *COMPLETED_EVENT)

    def _flush(self) -> None:
        """Write the status; raises ApiError."""
        status = {field: value for field, value in self._status.items() if value or field not in _NUMBERS}
        if not status.get("completedIndexes"):
            status.pop("completedIndexes", None)
        if status.get("failedIndexes") is None:
            status.pop("failedIndexes", None)
        status["uncountedTerminatedPods"] = {kind: uids for kind, uids in self._uncounted.items() if uids}
        if self._conditions:
            status["conditions"] = self._conditions
        self.job = self._controller.client.update_status(JOBS, {**self.job, "status": status})


def release(controller: Component, pod: Object) -> None:
    """Take the tracking finalizer off a pod; one that is gone needs nothing. Raises ApiError."""
    if not pods_.has_finalizer(pod):
        return
    metadata = pod["metadata"]
    patch = {"metadata": {"$deleteFromPrimitiveList/finalizers": [pods_.FINALIZER]}}
    try:
        controller.client.patch("pods", metadata["name"], patch, metadata["namespace"])
    except ApiError as error:
        if error.code != 404:
            raise
