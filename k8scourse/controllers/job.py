"""Jobs run pods until enough of them have succeeded.

Source: pkg/controller/job/job_controller.go
"""

from __future__ import annotations

from typing import Self

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object, controller_of
from k8scourse.client.workqueue import Controller
from k8scourse.controllers.job_conditions import finished
from k8scourse.controllers.job_pods import FINALIZER, has_finalizer
from k8scourse.controllers.job_sync import JobSync
from k8scourse.controllers.job_tracking import JOBS, release
from k8scourse.controllers.job_view import Failures
from k8scourse.controllers.ownership import claim_objects
from k8scourse.machinery.labels import selector_from

CONTROLLER_NAME = "kubernetes.io/job-controller"
"""The value of spec.managedBy that means this controller."""

_POD = "pods/"
"""Begins the names in the keys of pods that only need their finalizer taken off."""


class JobController(Controller):
    """Creates and counts the pods of Jobs.

    Kubernetes gathers the changes of pods for a second before it looks (SyncJobBatchPeriod); here they are gathered
    until all that is due has happened.
    """

    name = "job-controller"
    user = "system:serviceaccount:kube-system:job-controller"
    resource = JOBS

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._pod_failures: dict[Key, Failures] = {}

    def start(self) -> None:
        """Watch Jobs and all pods."""
        self.informers.subscribe(self.resource, self.name, "job_changed")
        self.informers.subscribe("pods", self.name, "pod_changed")

    def copy_state(self, source: Self) -> None:
        """Take over the queue and how often pods have failed."""
        super().copy_state(source)
        self._pod_failures = source._pod_failures.copy()

    # what wakes it

    def job_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a Job that is over or gone lets its last pods go, others are looked at."""
        gone = old if new is None else new
        if gone is None:
            return
        if new is None or (old is not None and finished(new) is not None):
            for pod in self.informers.controlled_by("pods", gone["metadata"]["uid"]):
                self._enqueue_pod(pod)
        self.enqueue_object(old, new)

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a pod's Job looks at it; one without a Job loses its finalizer or is adopted."""
        before = controller_of(old) if old is not None else None
        after = controller_of(new) if new is not None else None
        namespace = (new or old or {})["metadata"]["namespace"]
        if before is not None and before != after:
            self._wake(namespace, before)
        if new is None:
            return
        if after is not None:
            job = self._wake(namespace, after)
            if after["kind"] == "Job" and (job is None or finished(job) is not None):
                self._enqueue_pod(new)
            return
        self._enqueue_pod(new)
        labels = new["metadata"].get("labels")
        if "deletionTimestamp" not in new["metadata"] and (
            old is None or before is not None or old["metadata"].get("labels") != labels
        ):
            for job in self.informers.list(self.resource, namespace):
                selector = selector_from(job["spec"].get("selector"))
                if not selector.empty() and selector.matches(labels):
                    self.enqueue_late((namespace, job["metadata"]["name"]))

    def _wake(self, namespace: str, reference: Object) -> Object | None:
        if reference["kind"] != "Job":
            return None
        job = self.informers.get(self.resource, reference["name"], namespace)
        if job is None or job["metadata"]["uid"] != reference["uid"]:
            return None
        self.enqueue_late((namespace, reference["name"]))
        return job

    def _enqueue_pod(self, pod: Object) -> None:
        if has_finalizer(pod):
            metadata = pod["metadata"]
            self.enqueue_late((metadata["namespace"], _POD + metadata["name"]))

    # what it does

    def sync(self, key: Key) -> None:
        """Bring a Job further, or let a pod go that belongs to none."""
        namespace, name = key
        if name.startswith(_POD):
            self._release_orphan(namespace, name.removeprefix(_POD))
            return
        job = self.informers.get(self.resource, name, namespace)
        if job is None or finished(job) is not None:
            self._pod_failures.pop(key, None)
            return
        if job["spec"].get("managedBy", CONTROLLER_NAME) != CONTROLLER_NAME:
            return
        sync = JobSync(self, job, self._claim(job), self._pod_failures.get(key, Failures()), self.engine.now)
        try:
            sync.run()
        finally:
            if sync.store_failures:
                self._pod_failures[key] = sync.failures
            if sync.wait is not None:
                self.enqueue_after(key, sync.wait)

    def _claim(self, job: Object) -> list[Object]:
        metadata = job["metadata"]
        candidates = self.informers.controlled_by("pods", metadata["uid"])
        candidates += self.informers.orphans("pods", metadata["namespace"])
        selector = selector_from(job["spec"].get("selector"))
        return claim_objects(self.client, "pods", job, selector, candidates, (FINALIZER,))

    def _release_orphan(self, namespace: str, name: str) -> None:
        """Take the finalizer off a pod whose Job is over, gone or not its own any more (handleSingleOrphanPod)."""
        pod = self.informers.get("pods", name, namespace)
        if pod is None:
            return
        reference = controller_of(pod)
        if reference is not None:
            if (reference["apiVersion"], reference["kind"]) != ("batch/v1", "Job"):
                return
            job = self.informers.get(self.resource, reference["name"], namespace)
            if job is not None and job["metadata"]["uid"] == reference["uid"]:
                foreign = job["spec"].get("managedBy", CONTROLLER_NAME) != CONTROLLER_NAME
                if foreign or finished(job) is None:
                    return
        release(self, pod)
