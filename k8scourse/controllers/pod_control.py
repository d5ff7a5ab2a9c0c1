"""Creating and deleting pods on behalf of a workload, with the events that tell of it.

Source: pkg/controller/controller_utils.go (RealPodControl)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from k8scourse.client.component import Component
from k8scourse.client.informers import Object
from k8scourse.component_helpers.pod_status import is_terminal
from k8scourse.controllers.ownership import controller_reference, namespace_terminating
from k8scourse.machinery.names import is_dns1123_subdomain
from k8scourse.machinery.status import ApiError

SLOW_START_BATCH = 1
"""The size of the first batch of creations; each next one is twice as large (SlowStartInitialBatchSize)."""

FAILED_CREATE = "FailedCreate"
SUCCESSFUL_CREATE = "SuccessfulCreate"
FAILED_DELETE = "FailedDelete"
SUCCESSFUL_DELETE = "SuccessfulDelete"
CREATED = "Created pod: {name}"
DELETED = "Deleted pod: {name}"
CREATE_ERROR = "Error creating: {error}"
DELETE_ERROR = "Error deleting: {error}"


def is_active(pod: Object) -> bool:
    """Whether the pod has neither ended nor begun to be deleted (IsPodActive)."""
    return "deletionTimestamp" not in pod["metadata"] and not is_terminal(pod)


def is_terminating(pod: Object) -> bool:
    """Whether the pod is being deleted and has not ended yet (IsPodTerminating)."""
    return "deletionTimestamp" in pod["metadata"] and not is_terminal(pod)


def pod_prefix(controller: str) -> str:
    """What the names of a controller's pods begin with: its own name and a dash, unless that is no name any more."""
    return controller if is_dns1123_subdomain(f"{controller[:-1]}a") else f"{controller}-"


def pod_from_template(template: Object, owner: Object, prefix: str = "") -> Object:
    """The pod to create from *template* for *owner*; it shares the template's parts, which nobody changes.

    Its name begins with *prefix*, or with what the owner's name gives.
    """
    source = template.get("metadata") or {}
    metadata: dict[str, Any] = {"generateName": prefix or pod_prefix(owner["metadata"]["name"])}
    for field in ("labels", "annotations", "finalizers"):
        if source.get(field):
            metadata[field] = source[field]
    metadata["ownerReferences"] = [controller_reference(owner)]
    return {"metadata": metadata, "spec": template["spec"]}


def create_pod(component: Component, template: Object, owner: Object, prefix: str = "") -> Object:
    """Create a pod from *template* for *owner* and tell of it; raises ApiError. See `pod_from_template`."""
    try:
        namespace = owner["metadata"]["namespace"]
        pod = component.client.create("pods", pod_from_template(template, owner, prefix), namespace)
    except ApiError as error:
        if not namespace_terminating(error):
            component.recorder.event(owner, "Warning", FAILED_CREATE, CREATE_ERROR.format(error=error.message))
        raise
    component.recorder.event(owner, "Normal", SUCCESSFUL_CREATE, CREATED.format(name=pod["metadata"]["name"]))
    return pod


def delete_pod(component: Component, name: str, owner: Object) -> None:
    """Delete a pod of *owner* and tell of it; nothing happens if it is gone. Raises ApiError."""
    try:
        component.client.delete("pods", name, owner["metadata"]["namespace"])
    except ApiError as error:
        if error.code == 404:
            return
        component.recorder.event(owner, "Warning", FAILED_DELETE, DELETE_ERROR.format(error=error.message))
        raise
    component.recorder.event(owner, "Normal", SUCCESSFUL_DELETE, DELETED.format(name=name))


def delete_pods(component: Component, names: Iterable[str], owner: Object) -> None:
    """Delete pods of *owner*, all of them even if some refuse; raises the first ApiError."""
    failure: ApiError | None = None
    for name in names:
        try:
            delete_pod(component, name, owner)
        except ApiError as error:
            failure = failure or error
    if failure is not None:
        raise failure


def slow_start(count: int, create: Callable[[int], object]) -> tuple[int, ApiError | None]:
    """Call create(0), create(1), ... in batches of 1, 2, 4, ... until a batch has a failure.

    Gives how many succeeded and the first error. A namespace that is being deleted counts as success: nothing more can
    be done there. Source: pkg/controller/replicaset/replica_set.go slowStartBatch.
    """
    done = position = 0
    size = min(count, SLOW_START_BATCH)
    failure: ApiError | None = None
    while size > 0 and failure is None:
        for index in range(position, position + size):
            try:
                create(index)
            except ApiError as error:
                if not namespace_terminating(error):
                    failure = failure or error
                    continue
            done += 1
        position += size
        size = min(2 * size, count - position)
    return done, failure
