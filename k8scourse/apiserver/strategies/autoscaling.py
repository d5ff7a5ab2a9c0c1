"""The strategy of HorizontalPodAutoscalers.

Source: kubernetes pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go.
"""

from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy, keep
from k8scourse.apiserver.validation.autoscaling import (
    validate_autoscaler,
    validate_autoscaler_status_update,
    validate_autoscaler_update,
)

Object = dict[str, Any]


def _prepare(autoscaler: Object) -> None:
    autoscaler["status"] = {"currentMetrics": None, "desiredReplicas": 0}


def _prepare_update(new: Object, old: Object) -> None:
    keep(new, old, "status")


HORIZONTAL_POD_AUTOSCALER = Strategy(
    prepare_for_create=_prepare,
    prepare_for_update=_prepare_update,
    validate=validate_autoscaler,
    validate_update=validate_autoscaler_update,
    validate_status_update=validate_autoscaler_status_update,
    has_status=True,
)
