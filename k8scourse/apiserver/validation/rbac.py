"""Validation of Roles, ClusterRoles and their bindings.

Source: kubernetes pkg/apis/rbac/validation/validation.go.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.label_selector import check_label_selector
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import FieldError, invalid, not_supported, required
from k8scourse.machinery.go_format import Struct
from k8scourse.machinery.names import is_dns1123_subdomain, is_path_segment_name

GROUP = "rbac.authorization.k8s.io"
SUBJECT_KINDS = ("ServiceAccount", "User", "Group")

_ONE_KIND_OF_TARGET = "rules cannot apply to both regular resources and non-resource URLs"
_NO_SELECTOR = "at least one clusterRoleSelector required if aggregationRule is non-nil"

Object = Mapping[str, Any]


def validate_role(role: Object) -> list[FieldError]:
    """Return the faults of a Role: each rule names verbs, groups and resources."""
    return _role_errors(role, namespaced=True)


def validate_role_update(new: Object, old: Object) -> list[FieldError]:
    """Return the faults of changing the stored Role *old* to *new*."""
    return validate_role(new) + check_metadata_update(new["metadata"], old["metadata"])


def validate_cluster_role(role: Object) -> list[FieldError]:
    """Return the faults of a ClusterRole, whose rules may also be about URLs or be gathered by labels."""
    errors = _role_errors(role, namespaced=False)
    aggregation = role.get("aggregationRule")
    if aggregation is None:
        return errors
    selectors = aggregation.get("clusterRoleSelectors") or ()
    if not selectors:
        errors.append(required("aggregationRule.clusterRoleSelectors", _NO_SELECTOR))
    for index, selector in enumerate(selectors):
        check_label_selector(errors, selector, f"aggregationRule.clusterRoleSelectors[{index}]")
    return errors


def validate_cluster_role_update(new: Object, old: Object) -> list[FieldError]:
    """Return the faults of changing the stored ClusterRole *old* to *new*."""
    return validate_cluster_role(new) + check_metadata_update(new["metadata"], old["metadata"])


def validate_role_binding(binding: Object) -> list[FieldError]:
    """Return the faults of a RoleBinding, which grants a Role of its namespace or a ClusterRole."""
    return _binding_errors(binding, namespaced=True, kinds=("Role", "ClusterRole"))


def validate_role_binding_update(new: Object, old: Object) -> list[FieldError]:
    """Return the faults of changing the stored RoleBinding *old* to *new*: what it grants stays."""
    return validate_role_binding(new) + _binding_update_errors(new, old)


def validate_cluster_role_binding(binding: Object) -> list[FieldError]:
    """Return the faults of a ClusterRoleBinding, which grants a ClusterRole."""
    return _binding_errors(binding, namespaced=False, kinds=("ClusterRole",))


def validate_cluster_role_binding_update(new: Object, old: Object) -> list[FieldError]:
    """Return the faults of changing the stored ClusterRoleBinding *old* to *new*: what it grants stays."""
    return validate_cluster_role_binding(new) + _binding_update_errors(new, old)


def _role_errors(role: Object, *, namespaced: bool) -> list[FieldError]:
    errors = check_metadata(role["metadata"], namespaced=namespaced, name_rule=is_path_segment_name)
    for index, rule in enumerate(role.get("rules") or ()):
        _check_rule(errors, rule, f"rules[{index}]", namespaced=namespaced)
    return errors


def _check_rule(errors: Errors, rule: Object, path: str, *, namespaced: bool) -> None:
    if not rule.get("verbs"):
        errors.append(required(f"{path}.verbs", "verbs must contain at least one value"))
    urls = rule.get("nonResourceURLs")
    if urls:
        where = f"{path}.nonResourceURLs"
        if namespaced:
            errors.append(invalid(where, urls, "namespaced rules cannot apply to non-resource URLs"))
        if any(rule.get(name) for name in ("apiGroups", "resources", "resourceNames")):
            errors.append(invalid(where, urls, _ONE_KIND_OF_TARGET))
        return
    if not rule.get("apiGroups"):
        errors.append(required(f"{path}.apiGroups", "resource rules must supply at least one api group"))
    if not rule.get("resources"):
        errors.append(required(f"{path}.resources", "resource rules must supply at least one resource"))


def _binding_errors(binding: Object, *, namespaced: bool, kinds: Sequence[str]) -> list[FieldError]:
    errors = check_metadata(binding["metadata"], namespaced=namespaced, name_rule=is_path_segment_name)
    reference = _reference(binding)
    if reference["APIGroup"] != GROUP:
        errors.append(not_supported("roleRef.apiGroup", reference["APIGroup"], (GROUP,)))
    if reference["Kind"] not in kinds:
        errors.append(not_supported("roleRef.kind", reference["Kind"], kinds))
    if reference["Name"]:
        check(errors, "roleRef.name", reference["Name"], is_path_segment_name)
    else:
        errors.append(required("roleRef.name"))
    for index, subject in enumerate(binding.get("subjects") or ()):
        _check_subject(errors, subject, f"subjects[{index}]", namespaced=namespaced)
    return errors


def _binding_update_errors(new: Object, old: Object) -> list[FieldError]:
    errors = check_metadata_update(new["metadata"], old["metadata"])
    if _reference(new) != _reference(old):
        errors.append(invalid("roleRef", _reference(new), "cannot change roleRef"))
    return errors


def _reference(binding: Object) -> Struct:
    """The role a binding grants, with the fields of the API server's own type."""
    reference = binding.get("roleRef") or {}
    return Struct((shown, reference.get(name) or "") for shown, name in _REFERENCE_FIELDS)


_REFERENCE_FIELDS = (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name"))


def _check_subject(errors: Errors, subject: Object, path: str, *, namespaced: bool) -> None:
    kind, name, group = (subject.get(field) or "" for field in ("kind", "name", "apiGroup"))
    if not name:
        errors.append(required(f"{path}.name"))
    if kind not in SUBJECT_KINDS:
        errors.append(not_supported(f"{path}.kind", kind, SUBJECT_KINDS))
    elif kind == "ServiceAccount":
        if name:
            check(errors, f"{path}.name", name, is_dns1123_subdomain)
        if group:
            errors.append(not_supported(f"{path}.apiGroup", group, ("",)))
        if not namespaced and not subject.get("namespace"):
            errors.append(required(f"{path}.namespace"))
    elif group != GROUP:
        errors.append(not_supported(f"{path}.apiGroup", group, (GROUP,)))
