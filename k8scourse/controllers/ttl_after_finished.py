"""Jobs that are over are deleted when their time to live is (spec.ttlSecondsAfterFinished).

Source: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go
"""

from __future__ import annotations

from k8scourse.client.informers import Key, Object
from k8scourse.client.workqueue import SECOND, Controller
from k8scourse.controllers.job_conditions import finished
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import parse_time


class TTLAfterFinishedController(Controller):
    """Deletes Jobs, their pods first, some time after they have ended."""

    name = "ttl-after-finished-controller"
    user = "system:serviceaccount:kube-system:ttl-after-finished-controller"
    resource = "jobs.batch"

    def start(self) -> None:
        """Watch Jobs."""
        self.informers.subscribe(self.resource, self.name, "job_changed")

    def job_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: look at a Job that is over and has a time to live."""
        if new is not None and _expires_at(new) is not None:
            self.enqueue((new["metadata"]["namespace"], new["metadata"]["name"]))

    def sync(self, key: Key) -> None:
        """Delete the Job, or look again when its time is over; raises ApiError."""
        namespace, name = key
        job = self.informers.get(self.resource, name, namespace)
        expires = _expires_at(job) if job is not None else None
        if job is None or expires is None:
            return
        if expires > self.engine.now:
            self.enqueue_after(key, expires - self.engine.now)
            return
        self.decide(("Job", namespace, name), "Delete", "the time to live is over", "spec.ttlSecondsAfterFinished")
        options = {"propagationPolicy": "Foreground", "preconditions": {"uid": job["metadata"]["uid"]}}
        try:
            self.client.delete(self.resource, name, namespace, **options)
        except ApiError as error:
            if error.code != 404:
                raise


def _expires_at(job: Object) -> int | None:
    """When the Job is to be deleted (ns since the Unix epoch); None: never, or its deletion has begun."""
    ttl, end = job["spec"].get("ttlSecondsAfterFinished"), finished(job)
    if ttl is None or end is None or "deletionTimestamp" in job["metadata"]:
        return None
    return parse_time(end["lastTransitionTime"]) + ttl * SECOND
