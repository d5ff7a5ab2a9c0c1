"""The namespace controller empties namespaces that are being deleted, and then lets them go.

Sources: pkg/controller/namespace/namespace_controller.go, deletion/namespaced_resources_deleter.go

A real controller looks again every few seconds while something is left. Looking again gives the same answer until an
object of the namespace changes, so that here a change plans the next look.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from k8scourse.client.component import Context
from k8scourse.client.informers import Key, Object
from k8scourse.client.resources import MetadataClient, Resource, ResourceMap
from k8scourse.client.workqueue import Controller
from k8scourse.component_helpers.pod_status import is_terminal
from k8scourse.controllers.namespace_conditions import failures, updated_conditions
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import parse_time

SECOND = 1_000_000_000
GRACE_PERIOD = 5 * SECOND
"""The first look comes so long after the deletion, so that API servers know of it."""
FINALIZER_ESTIMATE = 15
"""So many seconds finalizers are given."""
LONGEST_RETRY = 60 * SECOND
FINALIZER = "kubernetes"
_UNSUPPORTED = frozenset({"MethodNotAllowed", "NotFound", "NotSimulated"})
UNEXPECTED = "unexpected items still remain in namespace: {namespace} for gvr: {group}/{version}, Resource={resource}"


@dataclass
class _Content:
    """What is left in a namespace after a round of deletions."""

    estimate: int = 0
    """In how many seconds it is expected to be gone; 0 when nothing is left."""
    limited: bool = False
    """Whether the estimate runs out by itself: it is the grace period of pods."""
    remaining: dict[tuple[str, str], int] = field(default_factory=dict)
    finalizers: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


class NamespaceController(Controller):
    """Deletes the content of terminating namespaces, pods first, and finalizes them."""

    name = "namespace-controller"
    user = "system:serviceaccount:kube-system:namespace-controller"
    resource = "namespaces"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._resources = ResourceMap(context.handler, self.user, self.groups)
        self._objects = MetadataClient(context.handler, self.user, self.groups)
        self._parked: dict[str, tuple[int, int]] = {}

    def start(self) -> None:
        """Watch namespaces, and everything while a namespace waits."""
        self.informers.subscribe("namespaces", self.name, "namespace_changed")
        self.informers.subscribe("*", self.name, "content_changed")

    def copy_state(self, source: Self) -> None:
        """Take over the queue and the namespaces that wait for a change."""
        super().copy_state(source)
        self._parked = source._parked.copy()

    def namespace_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a namespace that is being deleted is looked at after the grace period."""
        if new is not None and "deletionTimestamp" in new["metadata"]:
            self.enqueue_after(("", new["metadata"]["name"]), GRACE_PERIOD)

    def content_changed(self, old: Object | None, new: Object | None) -> None:
        """Informer handler: a change in a namespace that waits plans the next look, on the beat of its waiting."""
        if not self._parked:
            return
        namespace = (new or old or {})["metadata"].get("namespace", "")
        parked = self._parked.pop(namespace, None)
        if parked is not None:
            since, period = parked
            passed = self.engine.now - since
            self.enqueue_after(("", namespace), (passed // period + 1) * period - passed)

    def sync(self, key: Key) -> None:
        """Delete what is in a terminating namespace, tell what is left, and finalize it when nothing is."""
        name = key[1]
        namespace = self.informers.get("namespaces", name)
        self._parked.pop(name, None)
        if namespace is None or "deletionTimestamp" not in namespace["metadata"]:
            return
        if not namespace["spec"].get("finalizers"):
            return
        content = self._delete_content(namespace)
        namespace = self._store_conditions(namespace, content)
        if content.errors:
            self._parked[name] = (self.engine.now, LONGEST_RETRY)
        elif content.estimate:
            wait = (content.estimate // 2 + 1) * SECOND
            if content.limited:
                self.enqueue_after(key, wait)
            else:
                self._parked[name] = (self.engine.now, wait)
        else:
            self._finalize(namespace)

    def _store_conditions(self, namespace: Object, content: _Content) -> Object:
        """Write the conditions if they changed; a refusal does not matter, the next look writes them."""
        status = namespace.get("status") or {}
        wrong = failures(content.errors, content.remaining, content.finalizers)
        conditions = updated_conditions(status.get("conditions"), wrong, self.engine.now)
        if conditions == status.get("conditions"):
            return namespace
        return self.client.update_status("namespaces", {**namespace, "status": {**status, "conditions": conditions}})

    def _finalize(self, namespace: Object) -> None:
        kept = sorted(other for other in namespace["spec"]["finalizers"] if other != FINALIZER)
        changed = {**namespace, "spec": {**namespace["spec"], "finalizers": kept}}
        self.client.update("namespaces", changed, "finalize")
        self.decide(("Namespace", "", namespace["metadata"]["name"]), "Finalized", "no content is left")

    # content

    def _delete_content(self, namespace: Object) -> _Content:
        """Delete all objects, pods before anything else (deleteAllContent)."""
        content = _Content()
        resources = [
            resource for resource in self._resources.preferred() if resource.namespaced and "delete" in resource.verbs
        ]
        pods = [resource for resource in resources if resource.group_resource == "pods"]
        for resource in pods:
            self._delete_all(resource, namespace, content)
        if content.remaining:
            # pods hold everything else back, and the conditions do not mention them yet
            content.remaining, content.finalizers = {}, Counter()
            return content
        for resource in resources:
            if resource not in pods:
                self._delete_all(resource, namespace, content)
        return content

    def _delete_all(self, resource: Resource, namespace: Object, content: _Content) -> None:
        """Delete the objects of one resource and count what is left (deleteAllContentForGroupVersionResource)."""
        name = namespace["metadata"]["name"]
        estimate = self._grace(namespace) if resource.group_resource == "pods" else 0
        try:
            self._request_deletion(resource, name)
            left = self._objects.list(resource, name) if "list" in resource.verbs else []
        except ApiError as error:
            if error.reason not in _UNSUPPORTED:
                content.errors.append(error.message)
            return
        if not left:
            return
        finalizers = Counter(finalizer for obj in left for finalizer in obj["metadata"].get("finalizers") or ())
        content.remaining[(resource.plural, resource.group)] = len(left)
        content.finalizers.update(finalizers)
        if estimate:
            content.limited = True
        elif finalizers:
            estimate = FINALIZER_ESTIMATE
        else:
            place = {"group": resource.group, "version": resource.version, "resource": resource.plural}
            content.errors.append(UNEXPECTED.format(namespace=name, **place))
        content.estimate = max(content.estimate, estimate)

    def _request_deletion(self, resource: Resource, namespace: str) -> None:
        if "deletecollection" in resource.verbs:
            self._objects.delete_collection(resource, namespace, propagationPolicy="Background")
            return
        for obj in self._objects.list(resource, namespace) if "list" in resource.verbs else []:
            try:
                self._objects.delete(resource, obj["metadata"]["name"], namespace, propagationPolicy="Background")
            except ApiError as error:
                if error.reason not in _UNSUPPORTED:
                    raise

    def _grace(self, namespace: Object) -> int:
        """The longest grace period of running pods in seconds, 0 once it has passed since the deletion."""
        metadata = namespace["metadata"]
        graces = [
            pod["spec"].get("terminationGracePeriodSeconds", 0)
            for pod in self.informers.list("pods", metadata["name"])
            if not is_terminal(pod)
        ]
        longest = max(graces, default=0)
        passed = self.engine.now - parse_time(metadata["deletionTimestamp"])
        return 0 if passed >= longest * SECOND else longest
