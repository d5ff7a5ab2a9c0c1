"""A LabelSelector written on the command line.

Kubernetes: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go ParseToLabelSelector.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.labels import SelectorError, parse_selector

_EQUAL = ("=", "==")
_OPERATORS = {"in": "In", "notin": "NotIn", "exists": "Exists", "!": "DoesNotExist"}


def parse_label_selector(text: str) -> dict[str, Any]:
    """`a=b,c in (d)` as matchLabels and matchExpressions; parts without entries are left out. Raises KubectlError."""
    try:
        requirements = parse_selector(text).requirements
    except SelectorError as error:
        raise KubectlError(f'couldn\'t parse the selector string "{text}": {error}') from error
    labels: dict[str, str] = {}
    expressions: list[dict[str, Any]] = []
    for requirement in requirements:
        if requirement.operator in _EQUAL:
            labels[requirement.key] = requirement.values[0]
        elif requirement.operator in ("gt", "lt"):
            raise KubectlError(f"{go_quote(requirement.operator)} isn't supported in label selectors")
        elif requirement.operator not in _OPERATORS:
            raise KubectlError(f"{go_quote(requirement.operator)} is not a valid label selector operator")
        else:
            expression = {"key": requirement.key, "operator": _OPERATORS[requirement.operator]}
            values = sorted(requirement.values)
            expressions.append({**expression, "values": values} if values else expression)
    selector: dict[str, Any] = {}
    if labels:
        selector["matchLabels"] = labels
    if expressions:
        selector["matchExpressions"] = expressions
    return selector
