"""Amounts of resources as they are stored: rounded up to thousandths, in canonical form.

Source: kubernetes pkg/apis/core/v1/defaults.go SetDefaults_ResourceList; apimachinery pkg/api/resource.
"""

from functools import lru_cache
from typing import Any

from k8scourse.machinery.quantity import parse_quantity


def default_resource_list(amounts: dict[str, Any]) -> None:
    """Rewrite the amounts of a resource list in place: ``0.5`` becomes ``500m``, ``1024Mi`` becomes ``1Gi``."""
    for name, amount in amounts.items():
        stored = _stored_form(amount)
        if stored != amount:
            amounts[name] = stored


@lru_cache(maxsize=4096)
def _stored_form(amount: str | int | float) -> str:
    quantity = parse_quantity(amount)
    rounded = parse_quantity(f"{quantity.milli_value()}m")
    return str(quantity if rounded == quantity else rounded)
