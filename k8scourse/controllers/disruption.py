"""The disruption controller keeps the status of pod disruption budgets, which the eviction API obeys.

Source: pkg/controller/disruption/disruption.go
"""

from __future__ import annotations

from typing import Self

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object, controller_of
from k8scourse.client.resources import ResourceMap, UnknownKind
from k8scourse.client.workqueue import Controller
from k8scourse.component_helpers.pod_status import updated_condition, with_condition
from k8scourse.controllers import disruption_rules as rules
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time

BUDGETS = "poddisruptionbudgets.policy"
_SCALED = {
    ("apps", "ReplicaSet"): "replicasets.apps",
    ("apps", "StatefulSet"): "statefulsets.apps",
    ("", "ReplicationController"): "replicationcontrollers",
    ("apps", "Deployment"): "deployments.apps",
}
"""The resources whose spec.replicas counts, by group and kind of the controller."""

MULTIPLE = 'Pod "{namespace}"/"{name}" matches multiple PodDisruptionBudgets.  Chose "{chosen}" arbitrarily.'
NO_PODS = "No matching pods found"
NOT_DELETED = "Pod was expected by PDB {namespace}/{namespace} to be deleted but it wasn't"
COUNT_FAILED = "Failed to calculate the number of expected pods: {error}"
NO_CONTROLLER = 'found no controllers for pod "{name}"'
NO_SCALE = "{resource} does not implement the scale subresource"
UNMANAGED = (
    "Pods selected by this PodDisruptionBudget (selector: {selector}) were found to be unmanaged. "
    "As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. "
    'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
)


class CountFailed(Exception):
    """The number of pods that a budget should expect cannot be told; the text says why."""


class DisruptionController(Controller):
    """Counts healthy pods against what budgets want, and forgets evictions that never happened."""

    name = "disruption-controller"
    user = "system:serviceaccount:kube-system:disruption-controller"
    reporter = "controllermanager"
    resource = BUDGETS

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._resources = ResourceMap(context.handler, self.user, self.groups)
        self._stale: dict[Key, int] = {}

    def start(self) -> None:
        """Watch budgets and pods."""
        self.informers.subscribe(BUDGETS, self.name, "enqueue_object")
        self.informers.subscribe("pods", self.name, "pod_changed")

    def copy_state(self, source: Self) -> None:
        """Take over the queue and the timers of conditions that may be stale."""
        super().copy_state(source)
        self._stale = source._stale.copy()

    # what wakes it

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: the budget of a pod counts again; a condition DisruptionTarget is watched."""
        pod = new if new is not None else old
        if pod is None:
            return
        namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
        budgets = self._budgets_of(pod)
        if budgets:
            self.enqueue_late((namespace, budgets[0]["metadata"]["name"]))
        if new is None:
            return
        if len(budgets) > 1:
            self.engine.call_soon(self.name, "tell_multiple", (namespace, name), budgets[0]["metadata"]["name"])
        wait = rules.stale_condition_wait(new, self.engine.now)
        if wait is not None and (namespace, name) not in self._stale:
            self._expect_stale((namespace, name), wait)

    def _budgets_of(self, pod: Object) -> list[Object]:
        metadata = pod["metadata"]
        return [
            budget
            for budget in self.informers.list(BUDGETS, metadata["namespace"])
            if selector_from(budget["spec"].get("selector")).matches(metadata.get("labels"))
        ]

    def tell_multiple(self, key: Key, chosen: str) -> None:
        """Tell that a pod belongs to several budgets."""
        pod = self.informers.get("pods", key[1], key[0])
        if pod is not None:
            text = MULTIPLE.format(namespace=key[0], name=key[1], chosen=chosen)
            self.recorder.event(pod, "Warning", "MultiplePodDisruptionBudgets", text)

    # conditions of pods that were to be disrupted and were not

    def _expect_stale(self, key: Key, wait: int) -> None:
        self._stale[key] = self.engine.call_after(wait, self.name, "clear_stale", key)

    def clear_stale(self, key: Key) -> None:
        """Set a stale condition DisruptionTarget to False."""
        self._stale.pop(key, None)
        pod = self.informers.get("pods", key[1], key[0])
        wait = rules.stale_condition_wait(pod, self.engine.now) if pod is not None else None
        if pod is None or wait is None:
            return
        if wait > 0:
            self._expect_stale(key, wait)
            return
        condition = {"type": rules.DISRUPTION_TARGET, "status": "False"}
        if pod["metadata"].get("generation"):
            condition["observedGeneration"] = pod["metadata"]["generation"]
        changed = updated_condition(pod, condition, format_time(self.engine.now))
        if changed is not None:
            status = {**(pod.get("status") or {}), "conditions": with_condition(pod, changed)}
            self.client.update_status("pods", {**pod, "status": status})

    # budgets

    def sync(self, key: Key) -> None:
        """Write the budget's status; where it cannot be worked out, nothing may be disrupted."""
        budget = self.informers.get(BUDGETS, key[1], key[0])
        if budget is None:
            return
        try:
            status = self._status(budget)
        except CountFailed as error:
            self.recorder.event(budget, "Warning", "CalculateExpectedPodCountFailed", COUNT_FAILED.format(error=error))
            status = rules.failed_status(budget, str(error), self.engine.now)
        if status != budget.get("status"):
            self.client.update_status(BUDGETS, {**budget, "status": status})

    def _status(self, budget: Object) -> Object:
        namespace, now = budget["metadata"]["namespace"], self.engine.now
        selector = selector_from(budget["spec"].get("selector"))
        pods = [
            pod for pod in self.informers.list("pods", namespace) if selector.matches(pod["metadata"].get("labels"))
        ]
        if not pods:
            self.recorder.event(budget, "Normal", "NoPods", NO_PODS)
        scale, unmanaged = self._scale(pods) if rules.needs_scale(budget) else (0, False)
        if unmanaged:
            text = UNMANAGED.format(selector=rules.selector_text(budget["spec"].get("selector")))
            self.recorder.event(budget, "Warning", "UnmanagedPods", text)
        waiting, missed = rules.still_disrupted(budget, pods, now)
        for pod in missed:
            self.recorder.event(pod, "Warning", "NotDeleted", NOT_DELETED.format(namespace=namespace))
        check = rules.next_check(waiting, now)
        if check is not None:
            self.enqueue_after((namespace, budget["metadata"]["name"]), check)
        wanted = rules.expected(budget, scale, len(pods))
        return rules.calculate_status(budget, wanted, rules.healthy_pods(pods, waiting, now), waiting, now)

    def _scale(self, pods: list[Object]) -> tuple[int, bool]:
        """The replicas that the controllers of *pods* want, and whether some pod has none; raises CountFailed."""
        scales: dict[str, int] = {}
        seen: set[str] = set()
        unmanaged = False
        for pod in pods:
            reference = controller_of(pod)
            if reference is None:
                unmanaged = True
            elif reference["uid"] not in seen:
                seen.add(reference["uid"])
                found = self._scaled_by(reference, pod["metadata"]["namespace"])
                if found is None:
                    raise CountFailed(NO_CONTROLLER.format(name=pod["metadata"]["name"]))
                scales[found["metadata"]["uid"]] = found["spec"].get("replicas", 0)
        return sum(scales.values()), unmanaged

    def _scaled_by(self, reference: Object, namespace: str) -> Object | None:
        """The workload whose replicas count for a pod of this controller: the Deployment of a ReplicaSet, or itself."""
        owner = self._workload(reference, namespace)
        if owner is not None and reference["kind"] == "ReplicaSet":
            above = controller_of(owner)
            if above is not None and above["kind"] == "Deployment":
                return self._workload(above, namespace)
        return owner

    def _workload(self, reference: Object, namespace: str) -> Object | None:
        group = reference["apiVersion"].rpartition("/")[0]
        resource = _SCALED.get((group, reference["kind"]))
        if resource is None:
            try:
                info = self._resources.find(reference["apiVersion"], reference["kind"])
            except UnknownKind as error:
                raise CountFailed(str(error)) from None
            raise CountFailed(NO_SCALE.format(resource=info.group_resource))
        owner = self.informers.get(resource, reference["name"], namespace)
        return owner if owner is not None and owner["metadata"]["uid"] == reference["uid"] else None

    def sync_failed(self, key: Key, error: ApiError) -> None:
        """A conflict is no failure worth noting: the status is worked out again."""
        if error.reason != "Conflict":
            super().sync_failed(key, error)
