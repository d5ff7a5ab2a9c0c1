"""Defaults of the scheduling.k8s.io group.

Source: kubernetes pkg/apis/scheduling/v1/defaults.go.
"""

from typing import Any


def default_priority_class(priority_class: dict[str, Any]) -> None:
    """A priority class preempts unless it says Never; value is always written."""
    priority_class.setdefault("value", 0)
    if priority_class.get("preemptionPolicy") is None:
        priority_class["preemptionPolicy"] = "PreemptLowerPriority"
