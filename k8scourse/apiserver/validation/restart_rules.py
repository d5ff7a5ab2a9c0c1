"""Validation of a container's own restart policy, restart rules and resize policy.

Source: kubernetes pkg/apis/core/validation/validation.go validateContainerRestartPolicy, validateResizePolicy.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.support import Errors
from k8scourse.machinery.field import duplicate, invalid, not_supported, required, too_many

_POLICIES = ("Always", "Never", "OnFailure")
_ACTIONS = ("Restart", "RestartAllContainers")
_OPERATORS = ("In", "NotIn")
_RULES_LIMIT = 20
_CODES_LIMIT = 255
_RESIZABLE = ("cpu", "memory")
_RESIZE_POLICIES = ("NotRequired", "RestartContainer")


def check_restart_policy(errors: Errors, container: Mapping[str, Any], path: str) -> None:
    """Check restartPolicy and restartPolicyRules of a container."""
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or ()
    if policy is None:
        if not rules:
            return
        text = "must specify restartPolicy when restart rules are used"
        errors.append(required(f"{path}.restartPolicy", text))
    elif policy not in _POLICIES:
        errors.append(not_supported(f"{path}.restartPolicy", policy, _POLICIES))
    if len(rules) > _RULES_LIMIT:
        errors.append(too_many(f"{path}.restartPolicyRules", len(rules), _RULES_LIMIT))
    for index, rule in enumerate(rules):
        _check_rule(errors, rule, f"{path}.restartPolicyRules[{index}]")


def _check_rule(errors: Errors, rule: Mapping[str, Any], path: str) -> None:
    action = rule.get("action") or ""
    if action not in _ACTIONS:
        errors.append(not_supported(f"{path}.action", action, _ACTIONS))
    codes = rule.get("exitCodes")
    if codes is None:
        errors.append(required(f"{path}.exitCodes", "must be specified"))
        return
    operator = codes.get("operator") or ""
    if operator not in _OPERATORS:
        errors.append(not_supported(f"{path}.exitCodes.operator", operator, _OPERATORS))
    values = codes.get("values") or ()
    if len(values) > _CODES_LIMIT:
        errors.append(too_many(f"{path}.exitCodes.values", len(values), _CODES_LIMIT))


def check_resize_policy(
    errors: Errors, policies: Sequence[Mapping[str, Any]], pod_restart_policy: str, path: str
) -> None:
    """Check how a container takes a change of its resources."""
    seen: set[str] = set()
    for index, policy in enumerate(policies):
        resource, restart = policy.get("resourceName") or "", policy.get("restartPolicy") or ""
        if resource in seen:
            errors.append(duplicate(f"{path}[{index}]", resource))
        seen.add(resource)
        for value, supported in ((resource, _RESIZABLE), (restart, _RESIZE_POLICIES)):
            if not value:
                errors.append(required(path))
            elif value not in supported:
                errors.append(not_supported(path, value, supported))
        if pod_restart_policy == "Never" and restart != "NotRequired":
            text = "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
            errors.append(invalid(path, restart, text))
