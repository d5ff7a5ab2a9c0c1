"""The authorizer's place in the path of a request.

Roles and bindings are not simulated yet: superusers and the cluster's own components may do everything, and for anybody
else the answer says that it is not simulated instead of guessing.
Source: staging/src/k8s.io/apiserver/pkg/endpoints/filters/authorization.go
"""

from __future__ import annotations

from typing import Protocol

from k8scourse.apiserver.authentication import UserInfo
from k8scourse.apiserver.request import RequestInfo
from k8scourse.machinery.status import not_simulated

MASTERS = "system:masters"
COMPONENT_USERS = (
    "system:kube-scheduler",
    "system:kube-controller-manager",
    "system:node:",
    "system:serviceaccount:kube-system:",
)


class Authorizer(Protocol):
    """Decides whether a user may do what a request asks."""

    def authorize(self, user: UserInfo, info: RequestInfo) -> None:
        """Return if allowed; raise ApiError (403 Forbidden) if not."""


class PrivilegedUsers:
    """Allows superusers and the cluster's components; knows no roles."""

    def authorize(self, user: UserInfo, info: RequestInfo) -> None:
        """Return for a member of system:masters or a component; raise ApiError "not simulated yet" for others."""
        if MASTERS in user.groups or user.name.startswith(COMPONENT_USERS):
            return
        raise not_simulated(f"authorization (RBAC) of user {user.name!r}")
