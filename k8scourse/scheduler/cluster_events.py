"""What happened to a node or a pod, in the words in which plugins register their interest.

Source: kubernetes: pkg/scheduler/framework/events.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.scheduler.framework import Event
from k8scourse.scheduler.pod_info import PodInfo

Object = dict[str, Any]

NODE_ADD = Event("Node", "Add")
NODE_DELETE = Event("Node", "Delete")
POD_ADD = Event("Pod", "Add")
POD_DELETE = Event("Pod", "Delete")
POD_UPDATE = Event("Pod", "Update")
"""A change that no plugin has a word for; it wakes nobody."""


def node_events(old: Object, new: Object) -> list[Event]:
    """What an update of a Node changed; nothing that matters: an empty list."""
    before, after = old.get("spec") or {}, new.get("spec") or {}
    old_status, new_status = old.get("status") or {}, new.get("status") or {}
    actions: list[str] = []
    if before.get("unschedulable") and not after.get("unschedulable"):
        actions.append("UpdateNodeTaint")
    if old_status.get("allocatable") != new_status.get("allocatable"):
        actions.append("UpdateNodeAllocatable")
    if (old["metadata"].get("labels") or {}) != (new["metadata"].get("labels") or {}):
        actions.append("UpdateNodeLabel")
    if (before.get("taints") or []) != (after.get("taints") or []) and "UpdateNodeTaint" not in actions:
        actions.append("UpdateNodeTaint")
    return [Event("Node", action) for action in actions]


def pod_events(old: PodInfo, new: PodInfo) -> list[Event]:
    """What an update of a Pod changed."""
    actions: list[str] = []
    if old.traits.labels != new.traits.labels:
        actions.append("UpdatePodLabel")
    if old.traits is not new.traits and _is_scaled_down(old, new):
        actions.append("UpdatePodScaleDown")
    if old.pod["spec"].get("schedulingGates") and not new.pod["spec"].get("schedulingGates"):
        actions.append("UpdatePodSchedulingGatesEliminated")
    if len(old.traits.tolerations) != len(new.traits.tolerations):
        actions.append("UpdatePodToleration")
    return [Event("Pod", action) for action in actions] or [POD_UPDATE]


def _is_scaled_down(old: PodInfo, new: PodInfo) -> bool:
    before, after = old.traits.requests, new.traits.requests
    return (
        before.milli_cpu > after.milli_cpu
        or before.memory > after.memory
        or before.ephemeral_storage > after.ephemeral_storage
        or any(amount > after.scalar.get(name, 0) for name, amount in before.scalar.items())
    )
