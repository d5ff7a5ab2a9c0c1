"""Defaults of autoscalers.

Source: kubernetes pkg/apis/autoscaling/v2/defaults.go.
"""

import copy
from typing import Any

DEFAULT_CPU_UTILIZATION = 80  # percent
_SCALE_UP: dict[str, Any] = {
    "stabilizationWindowSeconds": 0,
    "selectPolicy": "Max",
    "policies": [
        {"type": "Pods", "value": 4, "periodSeconds": 15},
        {"type": "Percent", "value": 100, "periodSeconds": 15},
    ],
}
_SCALE_DOWN: dict[str, Any] = {
    "selectPolicy": "Max",
    "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
}


def default_autoscaler(autoscaler: dict[str, Any]) -> None:
    """Fill a HorizontalPodAutoscaler: one replica at least, the use of CPU, and complete rules if it has any.

    How long scaling down waits (stabilizationWindowSeconds) stays open: the controller's own setting decides.
    """
    spec = autoscaler.setdefault("spec", {})
    if spec.get("minReplicas") is None:
        spec["minReplicas"] = 1
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": DEFAULT_CPU_UTILIZATION}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    behavior = spec.get("behavior")
    if behavior is not None:
        behavior["scaleUp"] = _filled(behavior.get("scaleUp"), _SCALE_UP)
        behavior["scaleDown"] = _filled(behavior.get("scaleDown"), _SCALE_DOWN)


def _filled(rules: dict[str, Any] | None, defaults: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in (rules or {}).items() if value is not None}
    return {**copy.deepcopy(defaults), **given}
