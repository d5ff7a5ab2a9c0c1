"""Rows of PodDisruptionBudget, PriorityClass and Lease.

Kubernetes: pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.printers.cells import created

Object = Mapping[str, Any]


def pod_disruption_budget_row(obj: Object, now: int) -> list[Any]:
    """NAME MIN-AVAILABLE MAX-UNAVAILABLE ALLOWED-DISRUPTIONS AGE."""
    spec = obj.get("spec") or {}
    return [
        obj["metadata"]["name"],
        str(spec.get("minAvailable", "N/A")),
        str(spec.get("maxUnavailable", "N/A")),
        (obj.get("status") or {}).get("disruptionsAllowed") or 0,
        created(obj, now),
    ]


def priority_class_row(obj: Object, now: int) -> list[Any]:
    """NAME VALUE GLOBAL-DEFAULT AGE PREEMPTIONPOLICY."""
    return [
        obj["metadata"]["name"],
        obj.get("value", 0),
        bool(obj.get("globalDefault", False)),
        created(obj, now),
        obj.get("preemptionPolicy", ""),
    ]


def lease_row(obj: Object, now: int) -> list[Any]:
    """NAME HOLDER AGE."""
    return [obj["metadata"]["name"], (obj.get("spec") or {}).get("holderIdentity") or "", created(obj, now)]
