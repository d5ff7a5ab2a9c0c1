"""`kubectl rollout status`: let virtual time pass until a rollout is complete.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go.
"""

from __future__ import annotations

from k8scourse.kubectl import rollouts
from k8scourse.kubectl.commands import watching
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.rollout_progress import progress
from k8scourse.kubectl.session import SECOND, Session

_LONGEST = 3600 * SECOND
"""How long it watches without --timeout: nobody presses Ctrl-C in virtual time."""


def run(session: Session) -> None:
    """Print how far rollouts are until they are complete. Raises KubectlError, ApiError or Several."""
    result = rollouts.found(session)
    rollouts.check_revision(session.flag("revision"))
    seen: list[str] = []

    def follow(info: Info) -> None:
        seen.append(info.name)
        _follow(session, info)

    result.visit(follow)
    if not seen:
        rollouts.no_resources(session)


def _follow(session: Session, info: Info) -> None:
    progress(info.obj or {}, session.flag("revision"))
    query = {"fieldSelector": f"metadata.name={info.name}"}
    stream = watching.open_watch(session, info.resource, info.namespace, query, table=False)

    def done() -> bool:
        for event in stream.poll():
            if event["type"] == "DELETED":
                raise KubectlError("object has been deleted")
            line, complete = progress(event["object"], session.flag("revision"))
            session.terminal.line(line)
            if complete or not session.flag("watch"):
                return True
        return False

    if not session.clock.run_until(done, session.flag("timeout") or _LONGEST):
        raise KubectlError("timed out waiting for the condition")
