"""Validation of node affinity, pod affinity and pod anti-affinity.

Source: kubernetes pkg/apis/core/validation/validation.go validateAffinity and following.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.internal_values import internal_value
from k8scourse.apiserver.validation.label_selector import (
    NEEDS_VALUES,
    TAKES_NO_VALUES,
    UNKNOWN_OPERATOR,
    check_label_selector,
)
from k8scourse.apiserver.validation.match_label_keys import check_match_label_keys
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import forbidden, invalid, required
from k8scourse.machinery.names import is_dns1123_label, is_dns1123_subdomain, is_label_value, is_qualified_name

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"

Affinity = Mapping[str, Any]


def check_affinity(errors: Errors, affinity: Affinity, path: str) -> None:
    """Check spec.affinity."""
    if affinity.get("nodeAffinity"):
        _check_node_affinity(errors, affinity["nodeAffinity"], f"{path}.nodeAffinity")
    for kind in ("podAffinity", "podAntiAffinity"):
        if affinity.get(kind):
            _check_pod_affinity(errors, affinity[kind], f"{path}.{kind}")


def _check_node_affinity(errors: Errors, affinity: Affinity, path: str) -> None:
    needed = affinity.get(REQUIRED)
    if needed is not None:
        check_node_selector(errors, needed, f"{path}.{REQUIRED}")
    for index, term in enumerate(affinity.get(PREFERRED) or ()):
        item = f"{path}.{PREFERRED}[{index}]"
        _check_weight(errors, term, item)
        _check_term(errors, term.get("preference") or {}, f"{item}.preference", check_values=False)


def check_node_selector(errors: Errors, selector: Mapping[str, Any], path: str) -> None:
    """Check a node selector: at least one term, each of expressions on labels and fields."""
    terms = selector.get("nodeSelectorTerms") or ()
    if not terms:
        errors.append(required(f"{path}.nodeSelectorTerms", "must have at least one node selector term"))
    for index, term in enumerate(terms):
        _check_term(errors, term, f"{path}.nodeSelectorTerms[{index}]", check_values=True)


def _check_weight(errors: Errors, term: Mapping[str, Any], path: str) -> None:
    weight = term.get("weight") or 0
    if not 1 <= weight <= 100:
        errors.append(invalid(f"{path}.weight", weight, "must be in the range 1-100"))


def _check_term(errors: Errors, term: Mapping[str, Any], path: str, *, check_values: bool) -> None:
    for index, requirement in enumerate(term.get("matchExpressions") or ()):
        _check_requirement(errors, requirement, f"{path}.matchExpressions[{index}]", check_values=check_values)
    for index, requirement in enumerate(term.get("matchFields") or ()):
        _check_field_requirement(errors, requirement, f"{path}.matchFields[{index}]")


def _check_requirement(errors: Errors, requirement: Mapping[str, Any], path: str, *, check_values: bool) -> None:
    operator, values = requirement.get("operator") or "", requirement.get("values") or ()
    if operator in ("In", "NotIn"):
        if not values:
            errors.append(required(f"{path}.values", NEEDS_VALUES))
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            errors.append(forbidden(f"{path}.values", TAKES_NO_VALUES))
    elif operator in ("Gt", "Lt"):
        if len(values) != 1:
            text = "must be specified single value when `operator` is 'Lt' or 'Gt'"
            errors.append(required(f"{path}.values", text))
    else:
        errors.append(invalid(f"{path}.operator", operator, UNKNOWN_OPERATOR))
    check(errors, f"{path}.key", requirement.get("key") or "", is_qualified_name)
    if check_values:
        for index, value in enumerate(values):
            check(errors, f"{path}.values[{index}]", value, is_label_value)


def _check_field_requirement(errors: Errors, requirement: Mapping[str, Any], path: str) -> None:
    operator, values = requirement.get("operator") or "", requirement.get("values") or ()
    if operator not in ("In", "NotIn"):
        errors.append(invalid(f"{path}.operator", operator, UNKNOWN_OPERATOR))
    elif len(values) != 1:
        text = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        errors.append(required(f"{path}.values", text))
    key = requirement.get("key") or ""
    if key != "metadata.name":
        errors.append(invalid(f"{path}.key", key, "not a valid field selector key"))
        return
    for index, value in enumerate(values):
        check(errors, f"{path}.values[{index}]", value, is_dns1123_subdomain)


def _check_pod_affinity(errors: Errors, affinity: Affinity, path: str) -> None:
    for index, term in enumerate(affinity.get(REQUIRED) or ()):
        _check_pod_term(errors, term, f"{path}.{REQUIRED}[{index}]")
    for index, weighted in enumerate(affinity.get(PREFERRED) or ()):
        item = f"{path}.{PREFERRED}[{index}]"
        _check_weight(errors, weighted, item)
        _check_pod_term(errors, weighted.get("podAffinityTerm") or {}, f"{item}.podAffinityTerm")


def _check_pod_term(errors: Errors, term: Mapping[str, Any], path: str) -> None:
    check_label_selector(errors, term.get("labelSelector"), f"{path}.labelSelector")
    check_label_selector(errors, term.get("namespaceSelector"), f"{path}.namespaceSelector")
    for name in term.get("namespaces") or ():
        check(errors, f"{path}.namespace", name, is_dns1123_label)
    check_match_label_keys(
        errors, term.get("matchLabelKeys"), term.get("mismatchLabelKeys"), term.get("labelSelector"), path
    )
    key = term.get("topologyKey") or ""
    if not key:
        errors.append(required(f"{path}.topologyKey", "can not be empty"))
    check(errors, f"{path}.topologyKey", key, is_qualified_name)


def check_node_affinity_mutation(errors: Errors, new: Affinity | None, old: Affinity | None, path: str) -> None:
    """Check a change of the node affinity of a gated pod: each term may only get more requirements."""
    old_terms = ((old or {}).get(REQUIRED) or {}).get("nodeSelectorTerms") or []
    new_terms = ((new or {}).get(REQUIRED) or {}).get("nodeSelectorTerms") or []
    terms_path = f"{path}.{REQUIRED}.nodeSelectorTerms"
    if not old_terms:
        return
    if len(old_terms) != len(new_terms):
        text = "no additions/deletions to non-empty NodeSelectorTerms list are allowed"
        errors.append(invalid(terms_path, internal_value("[]NodeSelectorTerm", new_terms), text))
        return
    for index, (new_term, old_term) in enumerate(zip(new_terms, old_terms, strict=True)):
        if not _only_adds(new_term, old_term):
            text = "only additions are allowed (no mutations or deletions)"
            errors.append(invalid(f"{terms_path}[{index}]", internal_value("NodeSelectorTerm", new_term), text))


def _only_adds(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether *new* begins with all requirements of *old*; an empty term matches no node and must stay empty."""
    parts: Sequence[str] = ("matchExpressions", "matchFields")
    if not any(old.get(part) for part in parts):
        return not any(new.get(part) for part in parts)
    return all(semantic_equal((new.get(part) or [])[: len(old.get(part) or ())], old.get(part) or []) for part in parts)
