"""The controller that counts what the quotas of a namespace limit.

The API server charges quotas when objects are created; this controller counts anew when a quota appears or changes,
when something goes away or ends, and every five minutes.

Source: kubernetes pkg/controller/resourcequota/resource_quota_controller.go,
staging/src/k8s.io/apiserver/pkg/quota/v1/resources.go CalculateUsage.
"""

from __future__ import annotations

from typing import Any

from k8scourse.client.informers import Key, Object
from k8scourse.client.workqueue import SECOND, Controller
from k8scourse.component_helpers import quota as rules
from k8scourse.component_helpers.pod_requests import Resources, parse_resources
from k8scourse.machinery.quantity import Quantity
from k8scourse.machinery.timestamps import parse_time

RESYNC = 300 * SECOND
_KINDS = (
    "pods",
    "services",
    "persistentvolumeclaims",
    "configmaps",
    "secrets",
    "replicationcontrollers",
    "resourcequotas",
)
_COUNTED_ONLY = (
    "endpoints",
    "serviceaccounts",
    "limitranges",
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "jobs.batch",
    "cronjobs.batch",
    "ingresses.networking.k8s.io",
    "poddisruptionbudgets.policy",
    "leases.coordination.k8s.io",
)
"""Kinds that a quota can limit by ``count/``; the count of others is brought up to date every five minutes."""
_COUNT = "count/"
_FINISHED = ("Failed", "Succeeded")


class ResourceQuotaController(Controller):
    """Keeps the status of ResourceQuotas true."""

    name = "resourcequota-controller"
    user = "system:serviceaccount:kube-system:resourcequota-controller"
    resource = "resourcequotas"

    def start(self) -> None:
        """Watch quotas, and what they count."""
        self.informers.subscribe("resourcequotas", self.name, "quota_changed")
        self.informers.subscribe("pods", self.name, "pod_changed")
        for kind in (*_KINDS[1:-1], *_COUNTED_ONLY):
            self.informers.subscribe(kind, self.name, "object_changed")

    def quota_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: count for a quota that appeared or has other limits; a quota itself may be counted."""
        if new is None:
            self.object_changed(old, new)
        elif old is None or old.get("spec") != new.get("spec"):
            self.enqueue((new["metadata"]["namespace"], new["metadata"]["name"]))

    def pod_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a pod that ended, was resized or is gone gives back what it used."""
        if old is None:
            return
        has_ended = new is None or (_phase(old) != _phase(new) and _phase(new) in _FINISHED)
        if has_ended or (new is not None and old["spec"] is not new["spec"]):
            self._recount(old)

    def object_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: something that is gone gives back what it used."""
        if old is not None and (new is None or ("spec" in old and old["spec"] is not new.get("spec"))):
            self._recount(old)

    def _recount(self, obj: Object) -> None:
        namespace = obj["metadata"].get("namespace", "")
        for quota in self.informers.list("resourcequotas", namespace):
            self.enqueue_late((namespace, quota["metadata"]["name"]))

    def sync(self, key: Key) -> None:
        """Write the limits of the spec and what is used of them into the status."""
        quota = self.informers.get("resourcequotas", key[1], key[0])
        if quota is None:
            return
        self.enqueue_after(key, RESYNC)
        spec, status = quota.get("spec") or {}, quota.get("status") or {}
        hard = spec.get("hard") or {}
        before = parse_resources(status.get("used"))
        used = {name: amount for name, amount in {**before, **self._count(quota)}.items() if name in hard}
        is_known = "hard" in status and "used" in status
        if is_known and status["hard"] == hard and used == before:
            return
        counted: dict[str, Any] = {
            "hard": dict(hard),
            "used": {name: str(amount) for name, amount in sorted(used.items())},
        }
        self.client.update_status("resourcequotas", {**quota, "status": counted})

    def _count(self, quota: Object) -> Resources:
        """Sum up what the objects of the quota's namespace use of its resources."""
        hard = (quota.get("spec") or {}).get("hard") or {}
        counted = [name.removeprefix(_COUNT) for name in hard if name.startswith(_COUNT)]
        used: Resources = {}
        for resource in dict.fromkeys((*_KINDS, *counted)):
            names = rules.matching_resources(resource, hard)
            if not names:
                continue
            for name in names:
                used[name] = Quantity.of(0)
            for obj in self.informers.list(resource, quota["metadata"]["namespace"]):
                if rules.matches_scopes(resource, quota, obj) and not self._is_overdue(resource, obj):
                    for name, amount in rules.usage(resource, obj).items():
                        if name in used:
                            used[name] += amount
        return used

    def _is_overdue(self, resource: str, obj: Object) -> bool:
        """Whether a pod should be gone by now: its node may be lost, and it is not charged any longer."""
        metadata = obj["metadata"]
        ends = metadata.get("deletionTimestamp")
        if resource != "pods" or ends is None:
            return False
        grace = metadata.get("deletionGracePeriodSeconds") or 0
        return self.engine.now > parse_time(ends) + grace * SECOND


def _phase(pod: Object) -> str:
    return (pod.get("status") or {}).get("phase") or ""
