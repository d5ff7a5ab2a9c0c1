"""Validation of the policies of Jobs: which failures count, and when indexes make a success.

Source: kubernetes pkg/apis/batch/validation/validation.go validatePodFailurePolicy, validateSuccessPolicy.
"""

from collections.abc import Collection, Mapping
from typing import Any

from k8scourse.apiserver.validation.job_indexes import IndexesError, count_indexes
from k8scourse.apiserver.validation.support import Errors, check, check_nonnegative
from k8scourse.machinery.field import (
    OMITTED,
    duplicate,
    invalid,
    not_supported,
    required,
    too_long,
    too_many,
)
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.names import is_qualified_name

ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
OPERATORS = ("In", "NotIn")
STATUSES = ("False", "True", "Unknown")
MAX_RULES = 20
MAX_EXIT_CODES = 255
MAX_PATTERNS = 20
MAX_INDEXES_LENGTH = 64 * 1024

Spec = Mapping[str, Any]
Rule = Mapping[str, Any]


def check_failure_policy(errors: Errors, spec: Spec, path: str) -> None:
    """Check spec.podFailurePolicy."""
    rules = spec["podFailurePolicy"].get("rules") or ()
    if len(rules) > MAX_RULES:
        errors.append(too_many(f"{path}.rules", len(rules), MAX_RULES))
    pod = spec["template"]["spec"]
    names = [item.get("name") or "" for kind in ("containers", "initContainers") for item in pod.get(kind) or ()]
    for index, rule in enumerate(rules):
        _check_rule(errors, spec, rule, names, f"{path}.rules[{index}]")


def _check_rule(errors: Errors, spec: Spec, rule: Rule, names: Collection[str], path: str) -> None:
    action = rule.get("action")
    if action == "FailIndex":
        if spec.get("backoffLimitPerIndex") is None:
            errors.append(invalid(f"{path}.action", action, "requires the backoffLimitPerIndex to be set"))
    else:
        _check_choice(errors, f"{path}.action", action, ACTIONS)
    codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions") or ()
    if codes is not None:
        _check_exit_codes(errors, codes, names, f"{path}.onExitCodes")
    if len(conditions) > MAX_PATTERNS:
        errors.append(too_many(f"{path}.onPodConditions", len(conditions), MAX_PATTERNS))
    for index, pattern in enumerate(conditions):
        where = f"{path}.onPodConditions[{index}]"
        check(errors, f"{where}.type", pattern.get("type") or "", is_qualified_name)
        _check_choice(errors, f"{where}.status", pattern.get("status"), STATUSES)
    if codes is not None and conditions:
        text = "specifying both OnExitCodes and OnPodConditions is not supported"
        errors.append(invalid(path, OMITTED, text))
    if codes is None and not conditions:
        text = "specifying one of OnExitCodes and OnPodConditions is required"
        errors.append(invalid(path, OMITTED, text))


def _check_choice(errors: Errors, path: str, value: str | None, choices: Collection[str]) -> None:
    """Report an absent value together with the choices (as Go prints a list of quoted texts)."""
    if not value:
        errors.append(required(path, f"valid values: [{' '.join(map(go_quote, choices))}]"))
    elif value not in choices:
        errors.append(not_supported(path, value, choices))


def _check_exit_codes(errors: Errors, codes: Mapping[str, Any], names: Collection[str], path: str) -> None:
    operator, values = codes.get("operator"), list(codes.get("values") or ())
    _check_choice(errors, f"{path}.operator", operator, OPERATORS)
    container = codes.get("containerName")
    if container is not None and container not in names:
        text = "must be one of the container or initContainer names in the pod template"
        errors.append(invalid(f"{path}.containerName", container, text))
    if not values:
        errors.append(invalid(f"{path}.values", codes.get("values"), "at least one value is required"))
    elif len(values) > MAX_EXIT_CODES:
        errors.append(too_many(f"{path}.values", len(values), MAX_EXIT_CODES))
    for index, value in enumerate(values):
        where = f"{path}.values[{index}]"
        if operator == "In" and value == 0:
            errors.append(invalid(where, value, "must not be 0 for the In operator"))
        if value in values[:index]:
            errors.append(duplicate(where, value))
    if values != sorted(values):
        errors.append(invalid(f"{path}.values", values, "must be ordered"))


def check_success_policy(errors: Errors, spec: Spec, path: str) -> None:
    """Check spec.successPolicy of an indexed Job."""
    rules = spec["successPolicy"].get("rules") or ()
    if not rules:
        text = "at least one rules must be specified when the successPolicy is specified"
        errors.append(required(f"{path}.rules", text))
    if len(rules) > MAX_RULES:
        errors.append(too_many(f"{path}.rules", len(rules), MAX_RULES))
    for index, rule in enumerate(rules):
        _check_success_rule(errors, rule, spec.get("completions") or 0, f"{path}.rules[{index}]")


def _check_success_rule(errors: Errors, rule: Rule, completions: int, path: str) -> None:
    indexes, count = rule.get("succeededIndexes"), rule.get("succeededCount")
    if indexes is None and count is None:
        text = "at least one of succeededCount or succeededIndexes must be specified"
        errors.append(required(path, text))
    total = 0
    if indexes is not None:
        where = f"{path}.succeededIndexes"
        if len(indexes) > MAX_INDEXES_LENGTH:
            errors.append(too_long(where, "", MAX_INDEXES_LENGTH))
        try:
            total = count_indexes(indexes, completions)
        except IndexesError as error:
            errors.append(invalid(where, indexes, f"error parsing succeededIndexes: {error}"))
    if count is None:
        return
    where, limit = f"{path}.succeededCount", "must be less than or equal to"
    check_nonnegative(errors, where, count)
    if count > completions:
        errors.append(invalid(where, count, f"{limit} {completions} (the number of specified completions)"))
    if indexes is not None and count > total:
        text = f"{limit} {total} (the number of indexes in the specified succeededIndexes field)"
        errors.append(invalid(where, count, text))
