"""Validation of matchLabelKeys and mismatchLabelKeys in pod affinity and topology spread.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateMatchLabelKeysAndMismatchLabelKeys.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import forbidden, invalid
from k8scourse.machinery.names import is_qualified_name


def check_match_label_keys(
    errors: Errors,
    match: Sequence[str] | None,
    mismatch: Sequence[str] | None,
    selector: Mapping[str, Any] | None,
    path: str,
) -> None:
    """Check label keys whose values the API server takes from the pod itself; *path* is the term's."""
    if not match and not mismatch:
        return
    _check_keys(errors, match or (), selector, f"{path}.matchLabelKeys")
    _check_keys(errors, mismatch or (), selector, f"{path}.mismatchLabelKeys")
    if selector is not None:
        _check_not_in_selector(errors, match or (), selector, path)
    for index, key in enumerate(match or ()):
        if key in (mismatch or ()):
            text = "exists in both matchLabelKeys and mismatchLabelKeys"
            errors.append(invalid(f"{path}.matchLabelKeys[{index}]", key, text))


def _check_keys(errors: Errors, keys: Sequence[str], selector: Mapping[str, Any] | None, path: str) -> None:
    if keys and selector is None:
        errors.append(forbidden(path, "must not be specified when labelSelector is not set"))
        return
    for index, key in enumerate(keys):
        check(errors, f"{path}[{index}]", key, is_qualified_name)


def _check_not_in_selector(errors: Errors, match: Sequence[str], selector: Mapping[str, Any], path: str) -> None:
    """Report a key that the selector names already before its own merged requirement (upstream: on path[index])."""
    positions = {key: index for index, key in enumerate(match)}
    seen: set[str] = set(selector.get("matchLabels") or ())
    for expression in selector.get("matchExpressions") or ():
        key = expression.get("key") or ""
        if key in positions and key in seen:
            errors.append(invalid(f"{path}[{positions[key]}]", key, "exists in both matchLabelKeys and labelSelector"))
        seen.add(key)
