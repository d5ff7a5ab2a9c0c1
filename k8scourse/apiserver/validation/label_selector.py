"""Validation of labels and label selectors.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import forbidden, invalid, required
from k8scourse.machinery.names import is_label_value, is_qualified_name

NEEDS_VALUES = "must be specified when `operator` is 'In' or 'NotIn'"
TAKES_NO_VALUES = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
UNKNOWN_OPERATOR = "not a valid selector operator"


def check_labels(errors: Errors, labels: Mapping[str, str], path: str) -> None:
    """Check keys and values of labels (or of a nodeSelector); all faults are reported on the map itself."""
    for key, value in labels.items():
        check(errors, path, key, is_qualified_name)
        check(errors, path, value, is_label_value)


def check_label_selector(errors: Errors, selector: Mapping[str, Any] | None, path: str) -> None:
    """Check a label selector; an absent one is fine here."""
    if not selector:
        return
    if selector.get("matchLabels"):
        check_labels(errors, selector["matchLabels"], f"{path}.matchLabels")
    for index, requirement in enumerate(selector.get("matchExpressions") or ()):
        _check_requirement(errors, requirement, f"{path}.matchExpressions[{index}]")


def _check_requirement(errors: Errors, requirement: Mapping[str, Any], path: str) -> None:
    operator, values = requirement.get("operator") or "", requirement.get("values") or ()
    if operator in ("In", "NotIn"):
        if not values:
            errors.append(required(f"{path}.values", NEEDS_VALUES))
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            errors.append(forbidden(f"{path}.values", TAKES_NO_VALUES))
    else:
        errors.append(invalid(f"{path}.operator", operator, UNKNOWN_OPERATOR))
    check(errors, f"{path}.key", requirement.get("key") or "", is_qualified_name)
    for index, value in enumerate(values):
        check(errors, f"{path}.values[{index}]", value, is_label_value)
