"""Waiting in virtual time: watches and polls."""

from __future__ import annotations

from typing import Any, Protocol

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.request import AS_TABLE, JSON
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import SECOND, Session

DEFAULT_WATCH = 60 * SECOND
"""How long `-w` watches without --request-timeout: nobody presses Ctrl-C in virtual time."""


class Stream(Protocol):
    """A watch on the server."""

    def poll(self) -> list[dict[str, Any]]:
        """The events since the last call."""
        ...


def open_watch(
    session: Session,
    resource: ResourceInfo,
    namespace: str,
    query: dict[str, str],
    *,
    table: bool,
    full: bool = False,
) -> Stream:
    """A watch of *resource* with *query*; as rows with *table*, whole objects in the rows with *full*."""
    parameters = {key: value for key, value in query.items() if value}
    parameters["watch"] = "true"
    if full and table:
        parameters["includeObject"] = "Object"
    path = session.api.path(resource, namespace)
    kept = session.api.object
    stream = session.api.call("GET", path, query=parameters, accept=AS_TABLE if table else JSON)
    session.api.object = kept
    if not hasattr(stream, "poll"):
        raise KubectlError("the server did not open a watch")
    return stream


def duration(session: Session) -> int:
    """How long a watch lasts, in ns."""
    return session.request_timeout or DEFAULT_WATCH
