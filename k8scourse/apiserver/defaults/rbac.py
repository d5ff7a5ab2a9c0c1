"""Defaults of bindings.

Source: kubernetes pkg/apis/rbac/v1/defaults.go.
"""

from typing import Any

_GROUP = "rbac.authorization.k8s.io"


def default_binding(binding: dict[str, Any]) -> None:
    """Complete the groups of a RoleBinding or ClusterRoleBinding: of its role, and of users and groups it names."""
    reference = binding.setdefault("roleRef", {})
    if not reference.get("apiGroup"):
        reference["apiGroup"] = _GROUP
    for subject in binding.get("subjects") or ():
        if not subject.get("apiGroup") and subject.get("kind") in ("User", "Group"):
            subject["apiGroup"] = _GROUP
