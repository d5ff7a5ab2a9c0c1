"""When the change happened that endpoints follow: the annotation endpoints.kubernetes.io/last-change-trigger-time.

Source: staging/src/k8s.io/endpointslice/util/trigger_time_tracker.go
"""

from __future__ import annotations

from collections.abc import Iterable

from k8scourse.client.informers import Key, Object
from k8scourse.component_helpers.pod_status import pod_condition

LAST_CHANGE = "endpoints.kubernetes.io/last-change-trigger-time"


class TriggerTimes:
    """Remembers of each Service since when its pods were as they are. Times are RFC 3339 texts of one form."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[Key, tuple[str, dict[str, str]]] = {}

    def next(self, service: Object, pods: Iterable[Object]) -> str:
        """The earliest change since the last call for this Service; "" when nothing has changed."""
        metadata = service["metadata"]
        key = (metadata["namespace"], metadata["name"])
        created = metadata["creationTimestamp"]
        before = self._known.get(key)
        known_created, known_pods = before or ("", {})
        times: dict[str, str] = {}
        for pod in pods:
            ready = pod_condition(pod, "Ready")
            if ready is not None and ready.get("lastTransitionTime"):
                times[pod["metadata"]["name"]] = ready["lastTransitionTime"]
        self._known[key] = created, times
        if before is None:
            return created
        changed = [time for name, time in times.items() if time > known_pods.get(name, "")]
        if created > known_created:
            changed.append(created)
        return min(changed, default="")

    def forget(self, key: Key) -> None:
        """The Service is gone."""
        self._known.pop(key, None)

    def copy(self) -> TriggerTimes:
        """An independent copy."""
        twin = TriggerTimes()
        twin._known = self._known.copy()
        return twin


def annotated(obj: Object, time: str) -> Object:
    """A copy of *obj* with the annotation set to *time*, or without it when *time* is ""."""
    metadata = dict(obj["metadata"])
    annotations = {name: value for name, value in (metadata.get("annotations") or {}).items() if name != LAST_CHANGE}
    if time:
        annotations[LAST_CHANGE] = time
    metadata.pop("annotations", None)
    if annotations:
        metadata["annotations"] = annotations
    return {**obj, "metadata": metadata}
