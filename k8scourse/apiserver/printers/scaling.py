"""The row of a HorizontalPodAutoscaler.

Kubernetes: pkg/printers/internalversion/printers.go printHorizontalPodAutoscaler, formatHPAMetrics.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.printers.cells import NONE, UNKNOWN, UNSET, created
from k8scourse.machinery.quantity import canonical

Object = Mapping[str, Any]

_MOST = 2
_SOURCES = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
_V1_TARGET = "targetCPUUtilizationPercentage"


def autoscaler_row(obj: Object, now: int) -> list[Any]:
    """NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    target = spec.get("scaleTargetRef") or {}
    return [
        obj["metadata"]["name"],
        f"{target.get('kind', '')}/{target.get('name', '')}",
        _targets(_metrics(spec), status.get("currentMetrics") or []),
        str(spec["minReplicas"]) if spec.get("minReplicas") is not None else UNSET,
        spec.get("maxReplicas", 0),
        status.get("currentReplicas") or 0,
        created(obj, now),
    ]


def _metrics(spec: Object) -> list[Object]:
    """spec.metrics; what autoscaling/v1 says of the processor counts as one."""
    if spec.get(_V1_TARGET) is None:
        return spec.get("metrics") or []
    target = {"averageUtilization": spec[_V1_TARGET], "type": "Utilization"}
    return [{"type": "Resource", "resource": {"name": "cpu", "target": target}}, *(spec.get("metrics") or [])]


def _targets(metrics: list[Object], current: list[Object]) -> str:
    if not metrics:
        return NONE
    texts = [_target(metric, current[i] if i < len(current) else {}) for i, metric in enumerate(metrics)]
    text = ", ".join(texts[:_MOST])
    return f"{text} + {len(texts) - _MOST} more..." if len(texts) > _MOST else text


def _target(metric: Object, status: Object) -> str:
    """`cpu: 20%/80%`, `<unknown>/100m (avg)`: what is measured and what is wanted."""
    field = _SOURCES.get(metric.get("type", ""))
    if field is None:
        return "<unknown type>"
    source, now = metric.get(field) or {}, (status.get(field) or {}).get("current") or {}
    target = source.get("target") or {}
    named = f"{source.get('name', '')}: " if field in ("resource", "containerResource") else ""
    if target.get("averageValue") is not None:
        average = f"{_amount(now, 'averageValue')}/{canonical(target['averageValue'])}"
        return f"{named}{average} (avg)" if field in ("external", "object") else named + average
    if named:
        used, wanted = now.get("averageUtilization"), target.get("averageUtilization")
        measured = UNKNOWN if used is None else f"{used}%"
        return f"{named}{measured}/{'<auto>' if wanted is None else f'{wanted}%'}"
    return f"{_amount(now, 'value')}/{canonical(target.get('value', '0'))}"


def _amount(current: Object, field: str) -> str:
    return UNKNOWN if current.get(field) is None else canonical(current[field])
