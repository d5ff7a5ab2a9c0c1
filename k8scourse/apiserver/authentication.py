"""Who sends a request, and as whom it acts.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/filters/{authentication,impersonation}.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8scourse.apiserver.request import Request
from k8scourse.machinery.status import not_simulated

ANONYMOUS = "system:anonymous"
AUTHENTICATED_GROUP = "system:authenticated"
UNAUTHENTICATED_GROUP = "system:unauthenticated"


@dataclass(frozen=True, slots=True)
class UserInfo:
    """A user and the groups it belongs to."""

    name: str
    groups: tuple[str, ...] = ()


def authenticate(request: Request) -> UserInfo:
    """The identity that *request* acts as.

    The user comes with the request; every user but the anonymous one belongs to system:authenticated.
    Raises ApiError for impersonation, which is not simulated yet.
    """
    if "impersonate-user" in request.headers:
        raise not_simulated("impersonation (--as)")
    groups = request.groups
    if request.user != ANONYMOUS and AUTHENTICATED_GROUP not in groups:
        groups = (*groups, AUTHENTICATED_GROUP)
    return UserInfo(request.user, groups)
