"""Names of the built-in taints and operations on lists of taints (kubernetes: pkg/util/taints).

A taint is identified by key and effect: two taints with the same key and effect but other values are the same taint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

NOT_READY = "node.kubernetes.io/not-ready"
UNREACHABLE = "node.kubernetes.io/unreachable"
UNSCHEDULABLE = "node.kubernetes.io/unschedulable"
MEMORY_PRESSURE = "node.kubernetes.io/memory-pressure"
DISK_PRESSURE = "node.kubernetes.io/disk-pressure"
PID_PRESSURE = "node.kubernetes.io/pid-pressure"
NETWORK_UNAVAILABLE = "node.kubernetes.io/network-unavailable"
OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized"

Taint = Mapping[str, Any]


def make_taint(key: str, effect: str, value: str = "", *, time_added: str | None = None) -> dict[str, Any]:
    """A taint as API JSON: an empty value and a missing time are left out."""
    taint: dict[str, Any] = {"key": key}
    if value:
        taint["value"] = value
    taint["effect"] = effect
    if time_added is not None:
        taint["timeAdded"] = time_added
    return taint


def same_taint(left: Taint, right: Taint) -> bool:
    """Whether two taints have the same key and effect."""
    return left.get("key") == right.get("key") and left.get("effect") == right.get("effect")


def has_taint(taints: Iterable[Taint], wanted: Taint) -> bool:
    """Whether *taints* contains a taint with the key and effect of *wanted*."""
    return any(same_taint(taint, wanted) for taint in taints)


def taints_with_effect(taints: Iterable[Taint], effect: str) -> list[Taint]:
    """The taints with *effect*, in order."""
    return [taint for taint in taints if taint.get("effect") == effect]


def add_or_update_taint(taints: Iterable[Taint], taint: Taint) -> list[Taint]:
    """*taints* with *taint* in the place of the one with its key and effect, else at the end."""
    result: list[Taint] = []
    placed = False
    for present in taints:
        if same_taint(present, taint):
            result.append(taint)
            placed = True
        else:
            result.append(present)
    return result if placed else [*result, taint]


def delete_taint(taints: Iterable[Taint], unwanted: Taint) -> list[Taint]:
    """*taints* without those that have the key and effect of *unwanted*."""
    return [taint for taint in taints if not same_taint(taint, unwanted)]


def delete_taints_by_key(taints: Iterable[Taint], key: str) -> list[Taint]:
    """*taints* without those that have *key*, whatever their effect."""
    return [taint for taint in taints if taint.get("key") != key]


def taint_set_diff(new: Iterable[Taint], old: Iterable[Taint]) -> tuple[list[Taint], list[Taint]]:
    """The taints to add and the taints to remove to get from *old* to *new*, by key and effect."""
    new, old = list(new), list(old)
    return [taint for taint in new if not has_taint(old, taint)], [taint for taint in old if not has_taint(new, taint)]
