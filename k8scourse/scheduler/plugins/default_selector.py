"""The label selector that the built-in spread constraints use for a pod: that of its Services and its owner."""

from __future__ import annotations

from typing import Any

from k8scourse.scheduler.pod_info import PodTraits
from k8scourse.scheduler.snapshot import Snapshot

Object = dict[str, Any]

_OWNERS = {("apps/v1", "ReplicaSet"), ("apps/v1", "StatefulSet")}
_REPLICATION_CONTROLLER = ("v1", "ReplicationController")


def default_selector(traits: PodTraits, snapshot: Snapshot) -> Object | None:
    """A label selector, or None when no Service and no supported owner selects the pod.

    Source: kubernetes: plugins/helper/spread.go DefaultSelector
    """
    labels: dict[str, str] = {}
    services = sorted(key for key in snapshot.workloads if key[0] == "Service" and key[1] == traits.namespace)
    for key in services:
        selector = snapshot.workloads[key]
        if _matches(selector, traits):
            labels |= selector or {}
    expressions: list[Object] = []
    if traits.owner is not None:
        version, kind, name = traits.owner
        selector = snapshot.workloads.get((kind, traits.namespace, name))
        if selector is not None and (version, kind) in _OWNERS:
            expressions = [
                *(_equals(key, value) for key, value in (selector.get("matchLabels") or {}).items()),
                *(selector.get("matchExpressions") or ()),
            ]
        elif selector is not None and (version, kind) == _REPLICATION_CONTROLLER:
            labels |= selector
    if not labels and not expressions:
        return None
    return {"matchLabels": labels, "matchExpressions": expressions}


def _matches(selector: Object | None, traits: PodTraits) -> bool:
    """Whether a Service's selector selects the pod; a missing one selects nothing, an empty one everything."""
    return selector is not None and all(traits.labels.get(key) == value for key, value in selector.items())


def _equals(key: str, value: str) -> Object:
    return {"key": key, "operator": "In", "values": [value]}
