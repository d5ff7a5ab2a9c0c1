"""Rows of RoleBinding and ClusterRoleBinding.

Kubernetes: pkg/printers/internalversion/printers.go printRoleBinding, pkg/apis/rbac/helpers.go SubjectsStrings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.printers.cells import created

Object = Mapping[str, Any]


def binding_row(obj: Object, now: int) -> list[Any]:
    """NAME ROLE AGE USERS GROUPS SERVICEACCOUNTS."""
    role, subjects = obj.get("roleRef") or {}, obj.get("subjects") or []
    users, groups = (
        ", ".join(each.get("name", "") for each in subjects if each.get("kind") == kind) for kind in ("User", "Group")
    )
    accounts = (
        f"{each.get('namespace', '')}/{each.get('name', '')}"
        for each in subjects
        if each.get("kind") == "ServiceAccount"
    )
    return [
        obj["metadata"]["name"],
        f"{role.get('kind', '')}/{role.get('name', '')}",
        created(obj, now),
        users,
        groups,
        ", ".join(accounts),
    ]
