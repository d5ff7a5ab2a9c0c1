"""CronJobs create Jobs when they are due.

Source: pkg/controller/cronjob/cronjob_controllerv2.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.events import object_reference
from k8scourse.client.informers import Key, Object, controller_of
from k8scourse.client.workqueue import Controller
from k8scourse.controllers import cronjob_messages as messages
from k8scourse.controllers import cronjob_rules as rules
from k8scourse.controllers.job_conditions import COMPLETE, FAILED, finished
from k8scourse.controllers.ownership import namespace_terminating
from k8scourse.controllers.sync_error import sync_error
from k8scourse.machinery.cron import CronError, parse_schedule
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.time_zones import TimeZoneError, load_time_zone
from k8scourse.machinery.timestamps import format_time, parse_time

JOBS = "jobs.batch"

Words = tuple[str, str]


class CronJobController(Controller):
    """Starts Jobs by schedule, keeps count of them, and deletes the oldest ones."""

    name = "cronjob-controller"
    user = "system:serviceaccount:kube-system:cronjob-controller"
    resource = "cronjobs.batch"

    def start(self) -> None:
        """Watch CronJobs and Jobs."""
        self.informers.subscribe(self.resource, self.name, "cron_job_changed")
        self.informers.subscribe(JOBS, self.name, "job_changed")

    # what wakes it

    def cron_job_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: another schedule only moves the time of the next look; all else is looked at."""
        if old is None or new is None or not _other_schedule(old, new):
            self.enqueue_object(old, new)
        else:
            self.engine.call_soon(self.name, "reschedule", new["metadata"]["namespace"], new["metadata"]["name"])

    def reschedule(self, namespace: str, name: str) -> None:
        """Look again when the changed schedule is due."""
        cron_job = self.informers.get(self.resource, name, namespace)
        if cron_job is None:
            return
        try:
            timetable = _timetable(cron_job)
        except (CronError, TimeZoneError):
            self._tell(cron_job, "Warning", messages.UNPARSEABLE_CHANGE, schedule=cron_job["spec"]["schedule"])
            return
        self._look_again(cron_job, timetable)

    def _look_again(self, cron_job: Object, timetable: rules.Timetable) -> None:
        time = rules.next_due(cron_job, timetable, self.engine.now)
        if time is not None:
            metadata = cron_job["metadata"]
            self.enqueue_after((metadata["namespace"], metadata["name"]), max(time - self.engine.now, 0))

    def job_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: the CronJob of a Job looks at it."""
        for job in (old, new):
            reference = controller_of(job) if job is not None else None
            if job is None or reference is None or reference["kind"] != "CronJob":
                continue
            namespace = job["metadata"]["namespace"]
            cron_job = self.informers.get(self.resource, reference["name"], namespace)
            if cron_job is not None and cron_job["metadata"]["uid"] == reference["uid"]:
                self.enqueue_late((namespace, reference["name"]))

    # what it does

    def sync(self, key: Key) -> None:
        """Forget old Jobs, take note of those that ended, start the one that is due, and write the status."""
        namespace, name = key
        stored = self.informers.get(self.resource, name, namespace)
        if stored is None:
            return
        cron_job: Object = {**stored, "status": dict(stored.get("status") or {})}
        jobs = self.informers.controlled_by(JOBS, stored["metadata"]["uid"])
        failure: ApiError | None = None
        timetable: rules.Timetable | None = None
        try:
            self._forget_oldest(cron_job, jobs)
            self._note_jobs(cron_job, jobs)
            timetable = self._readable(cron_job)
            if timetable is not None:
                self._start_due(cron_job, timetable)
        except rules.InvalidSchedule as error:
            timetable = None
            words = messages.INVALID_SCHEDULE
            self._tell(cron_job, "Warning", words, schedule=cron_job["spec"]["schedule"], error=error)
        except ApiError as error:
            failure = error
        if cron_job["status"] != (stored.get("status") or {}):
            cron_job = self.client.update_status(self.resource, cron_job)
        if failure is not None:
            raise failure
        if timetable is not None:
            self._look_again(cron_job, timetable)

    def _tell(self, cron_job: Object, kind: str, words: Words, **details: Any) -> None:
        self.recorder.event(cron_job, kind, words[0], words[1].format(**details))

    # the Jobs that are there

    def _forget_oldest(self, cron_job: Object, jobs: list[Object]) -> None:
        for limit, kind in (("successfulJobsHistoryLimit", COMPLETE), ("failedJobsHistoryLimit", FAILED)):
            most = cron_job["spec"].get(limit)
            over = [job for job in jobs if (end := finished(job)) is not None and end["type"] == kind]
            surplus = len(over) - most if most is not None else 0
            for job in sorted(over, key=rules.oldest_first)[: max(surplus, 0)]:
                self._delete(cron_job, job)

    def _delete(self, cron_job: Object, job: Object) -> bool:
        """Delete a Job with its pods and forget it; gives whether that worked."""
        metadata = job["metadata"]
        try:
            self.client.delete(JOBS, metadata["name"], metadata["namespace"], propagationPolicy="Background")
        except ApiError as error:
            self._tell(cron_job, "Warning", messages.FAILED_DELETE, error=error.message)
            return False
        _forget(cron_job, metadata["uid"])
        self._tell(cron_job, "Normal", messages.DELETED, job=metadata["name"])
        return True

    def _note_jobs(self, cron_job: Object, jobs: list[Object]) -> None:
        """Bring the list of active Jobs up to date."""
        status = cron_job["status"]
        active = {reference["uid"] for reference in status.get("active") or ()}
        for job in jobs:
            name, uid, end = job["metadata"]["name"], job["metadata"]["uid"], finished(job)
            if end is None and uid not in active:
                self._tell(cron_job, "Warning", messages.UNEXPECTED_JOB, job=name)
            elif end is not None:
                if uid in active:
                    _forget(cron_job, uid)
                    self._tell(cron_job, "Normal", messages.SAW_COMPLETED, job=name, condition=end["type"])
                completed = job["status"].get("completionTime")
                if end["type"] == COMPLETE and completed and completed > status.get("lastSuccessfulTime", ""):
                    status["lastSuccessfulTime"] = completed
        present = {job["metadata"]["uid"] for job in jobs}
        for reference in status.get("active") or ():
            known = self.informers.get(JOBS, reference["name"], reference["namespace"])
            if reference["uid"] not in present and known is None:
                self._tell(cron_job, "Normal", messages.MISSING_JOB, job=reference["name"])
                _forget(cron_job, reference["uid"])

    # the Job that is due

    def _readable(self, cron_job: Object) -> rules.Timetable | None:
        """The timetable of a CronJob that may start Jobs; None: it is going, suspended or cannot be read."""
        spec = cron_job["spec"]
        if "deletionTimestamp" in cron_job["metadata"]:
            return None
        try:
            load_time_zone(spec.get("timeZone") or "")
        except TimeZoneError as error:
            words = messages.UNKNOWN_TIME_ZONE
            self._tell(cron_job, "Warning", words, zone=go_quote(spec["timeZone"]), error=error)
            return None
        if spec.get("suspend"):
            return None
        quoted = go_quote(spec["schedule"])
        if "TZ" in spec["schedule"]:
            self._tell(cron_job, "Warning", messages.UNSUPPORTED_SCHEDULE, schedule=quoted)
        try:
            return _timetable(cron_job)
        except CronError as error:
            self._tell(cron_job, "Warning", messages.UNPARSEABLE_SCHEDULE, schedule=quoted, error=error)
            return None

    def _start_due(self, cron_job: Object, timetable: rules.Timetable) -> None:
        """Start the Job of the last time that was due, if nothing speaks against it; raises ApiError."""
        status, now = cron_job["status"], self.engine.now
        due = rules.last_due(cron_job, timetable, now, deadline=True)
        if due.time is None:
            return
        if rules.is_far_behind(due):
            self._tell(cron_job, "Warning", messages.TOO_MANY_MISSED)
        deadline = cron_job["spec"].get("startingDeadlineSeconds")
        if deadline is not None and due.time + deadline * rules.SECOND < now:
            self._tell(cron_job, "Warning", messages.MISS_SCHEDULE, time=rules.rfc1123(due.time))
            return
        active: list[Object] = status.get("active") or []
        name, started = rules.job_name(cron_job, due.time), status.get("lastScheduleTime")
        if any(reference["name"] == name for reference in active):
            return
        if started is not None and parse_time(started) == due.time:
            return
        if not self._make_room(cron_job, active):
            return
        job = self._create(cron_job, due.time)
        if job is not None:
            status["active"] = [*(status.get("active") or ()), object_reference(job)]
            status["lastScheduleTime"] = format_time(due.time)

    def _make_room(self, cron_job: Object, active: list[Object]) -> bool:
        """Apply the concurrency policy; gives whether a Job may start. Raises ApiError."""
        policy, metadata = cron_job["spec"].get("concurrencyPolicy"), cron_job["metadata"]
        subject = ("CronJob", metadata["namespace"], metadata["name"])
        if policy == "Forbid" and active:
            self.decide(subject, "Skip", "the last Job still runs", "spec.concurrencyPolicy")
            self._tell(cron_job, "Normal", messages.ALREADY_ACTIVE)
            return False
        if policy == "Replace":
            for reference in active:
                self.decide(subject, "DeleteJob", "the last Job still runs", "spec.concurrencyPolicy")
                job = self.client.get(JOBS, reference["name"], reference["namespace"])
                if not self._delete(cron_job, job):
                    raise sync_error(f"could not replace job {reference['namespace']}/{reference['name']}")
        return True

    def _create(self, cron_job: Object, time: int) -> Object | None:
        """Create the Job of a scheduled time; None: another one of this name is there. Raises ApiError."""
        wanted, metadata = rules.new_job(cron_job, time), cron_job["metadata"]
        name = wanted["metadata"]["name"]
        subject = ("CronJob", metadata["namespace"], metadata["name"])
        self.decide(subject, "CreateJob", "the schedule is due", "spec.schedule", {"job": name})
        try:
            job = self.client.create(JOBS, wanted, metadata["namespace"])
        except ApiError as error:
            if error.reason == "AlreadyExists":
                job = self.client.get(JOBS, name, metadata["namespace"])
                reference = controller_of(job)
                return job if reference is not None and reference["uid"] == metadata["uid"] else None
            if not namespace_terminating(error):
                self._tell(cron_job, "Warning", messages.FAILED_CREATE, error=error.message)
            raise
        self._tell(cron_job, "Normal", messages.CREATED, job=name)
        return job


def _forget(cron_job: Object, uid: str) -> None:
    """Take a Job off the list of active ones in the status that is being written."""
    left = [reference for reference in cron_job["status"].get("active") or () if reference["uid"] != uid]
    if left:
        cron_job["status"]["active"] = left
    else:
        cron_job["status"].pop("active", None)


def _timetable(cron_job: Object) -> rules.Timetable:
    """The schedule in its zone; raises CronError and TimeZoneError. A zone in the schedule itself goes first."""
    spec = cron_job["spec"]
    zone = None if "TZ" in spec["schedule"] else spec.get("timeZone")
    load_time_zone(zone or "")
    return rules.Timetable(parse_schedule(spec["schedule"]), zone)


def _other_schedule(old: Object, new: Object) -> bool:
    return any(old["spec"].get(field) != new["spec"].get(field) for field in ("schedule", "timeZone"))
