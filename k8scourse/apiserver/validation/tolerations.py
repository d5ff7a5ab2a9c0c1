"""Validation of tolerations and taints.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateTolerations, validateOnlyAddedTolerations,
validateNodeTaints.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from k8scourse.apiserver.validation.internal_values import internal_value
from k8scourse.apiserver.validation.support import Errors, check, check_choice
from k8scourse.machinery.field import duplicate, forbidden, invalid, not_supported
from k8scourse.machinery.names import is_label_value, is_qualified_name

TAINT_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_OPERATORS = ("Equal", "Exists")
_NUMERIC_OPERATORS = ("Lt", "Gt")  # gate TaintTolerationComparisonOperators, off in 1.36
_EMPTY_KEY = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
_ONLY_SECONDS = "existing toleration can not be modified except its tolerationSeconds"

Toleration = Mapping[str, Any]


def check_tolerations(errors: Errors, tolerations: Sequence[Toleration], path: str) -> None:
    """Check tolerations; duplicates and negative tolerationSeconds are accepted."""
    for index, toleration in enumerate(tolerations):
        _check_toleration(errors, toleration, f"{path}[{index}]")


def _check_toleration(errors: Errors, toleration: Toleration, path: str) -> None:
    key, operator, effect = (toleration.get(name) or "" for name in ("key", "operator", "effect"))
    if key:
        check(errors, f"{path}.key", key, is_qualified_name)
    elif operator != "Exists":
        errors.append(invalid(f"{path}.operator", operator, _EMPTY_KEY))
    if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
        errors.append(invalid(f"{path}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    _check_operator(errors, operator, toleration.get("value") or "", f"{path}.operator")
    if effect and effect not in TAINT_EFFECTS:
        errors.append(not_supported(f"{path}.effect", effect, TAINT_EFFECTS))


def _check_operator(errors: Errors, operator: str, value: str, path: str) -> None:
    """Check operator and value together; upstream reports both on ``operator``."""
    if operator in ("", "Equal"):
        faults = is_label_value(value)
        if faults:
            errors.append(invalid(path, value, ";".join(faults)))
    elif operator == "Exists":
        if value:
            errors.append(invalid(path, value, "value must be empty when `operator` is 'Exists'"))
    elif operator in _NUMERIC_OPERATORS:
        errors.append(not_supported(path, operator, _OPERATORS + _NUMERIC_OPERATORS))
    else:
        errors.append(not_supported(path, operator, _OPERATORS))


def check_only_added_tolerations(
    errors: Errors, new: Sequence[Toleration], old: Sequence[Toleration], path: str
) -> None:
    """Check that a pod keeps its tolerations; their tolerationSeconds may change and others may be added."""
    kept = [_without_seconds(toleration) for toleration in new]
    if not all(_without_seconds(toleration) in kept for toleration in old):
        errors.append(forbidden(path, _ONLY_SECONDS))
        return
    check_tolerations(errors, new, path)


def _without_seconds(toleration: Toleration) -> dict[str, Any]:
    return {name: value for name, value in toleration.items() if value and name != "tolerationSeconds"}


def check_taints(errors: Errors, taints: Sequence[Mapping[str, Any]], path: str) -> None:
    """Check the taints of a node; key and effect together must be unique."""
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(taints):
        item = f"{path}[{index}]"
        key, effect = taint.get("key") or "", taint.get("effect") or ""
        check(errors, f"{item}.key", key, is_qualified_name)
        faults = is_label_value(taint.get("value") or "")
        if faults:
            errors.append(invalid(f"{item}.value", taint.get("value"), ";".join(faults)))
        check_choice(errors, f"{item}.effect", effect, TAINT_EFFECTS)
        if (key, effect) in seen:
            repeated = duplicate(item, internal_value("Taint", taint))
            errors.append(replace(repeated, detail="taints must be unique by key and effect pair"))
        seen.add((key, effect))
