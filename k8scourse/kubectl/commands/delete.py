"""`kubectl delete`: by name, selector or file, then waiting until the objects are gone.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go and cmd/wait/delete.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8scourse.kubectl.errors import KubectlError, with_source
from k8scourse.kubectl.resource_builder import Builder, Info, Result
from k8scourse.kubectl.session import SECOND, Session
from k8scourse.machinery.status import ApiError

_WEEK = 168 * 3600 * SECOND
_IMMEDIATE = (
    "Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may "
    "continue to run on the cluster indefinitely."
)
_CLUSTER_SCOPED = "deleting cluster-scoped resources, not scoped to the provided namespace"
_POLICIES = {
    "background": "Background",
    "true": "Background",
    "foreground": "Foreground",
    "orphan": "Orphan",
    "false": "Orphan",
}


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """How to delete."""

    grace_period: int = -1
    cascade: str = "background"
    timeout: int = 0
    """ns to wait until the objects are gone; 0 means a week."""
    wait: bool = True
    name_only: bool = False
    warn_cluster_scope: bool = False


def run(session: Session) -> None:
    """Delete what the command line names. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("raw", "kustomize", "interactive")
    options = _options(session)
    result = Builder(
        session,
        words=session.words,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        label_selector=session.flag("selector"),
        field_selector=session.flag("field-selector"),
        select_all=session.flag("all"),
        all_namespaces=session.flag("all-namespaces"),
        require_object=False,
        flatten=True,
    ).do()
    _validate(session, options)
    chosen = bool(session.flag("all") or session.flag("selector") or session.flag("field-selector"))
    result.ignore_not_found = session.flag("ignore-not-found") if session.changed("ignore-not-found") else chosen
    delete_all(session, result, options)


def _options(session: Session) -> DeleteOptions:
    grace, force = session.flag("grace-period"), session.flag("force")
    if session.flag("now"):
        if grace != -1:
            raise KubectlError("--now and --grace-period cannot be specified together")
        grace = 1
    if grace == 0 and not force:
        grace = 1
    if force and grace < 0:
        grace = 0
    if session.flag("cascade") not in _POLICIES:
        raise KubectlError(
            f'invalid cascade value ({session.flag("cascade")}). Must be "background", "foreground", or "orphan"'
        )
    return DeleteOptions(
        grace_period=grace,
        cascade=session.flag("cascade"),
        timeout=session.flag("timeout"),
        wait=session.flag("wait"),
        name_only=session.flag("output") == "name",
        warn_cluster_scope=session.namespace_given and not session.flag("all-namespaces"),
    )


def _validate(session: Session, options: DeleteOptions) -> None:
    if session.flag("output") not in ("", "name"):
        raise KubectlError(f"unexpected -o output mode: {session.flag('output')}. We only support '-o name'")
    if session.flag("all") and session.flag("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    if session.flag("all") and session.flag("field-selector"):
        raise KubectlError("cannot set --all and --field-selector at the same time")
    if session.flag("force"):
        if options.grace_period > 0:
            raise KubectlError("--force and --grace-period greater than 0 cannot be specified together")
        session.terminal.warn(_IMMEDIATE)


def delete_all(session: Session, result: Result, options: DeleteOptions) -> None:
    """Delete the objects of *result*, say so, and wait as *options* say."""
    deleted: list[tuple[Info, str]] = []
    found: list[Info] = []
    warn = options.warn_cluster_scope
    dry_run = session.dry_run()

    def delete(info: Info) -> None:
        nonlocal warn
        found.append(info)
        if warn and not info.resource.namespaced:
            session.terminal.warn(_CLUSTER_SCOPED)
            warn = False
        if dry_run != "client":
            answer = _delete(session, info, options)
            deleted.append((info, _uid(answer)))
        session.terminal.line(_sentence(info, options, dry_run))

    result.visit(delete)
    if not found:
        session.terminal.line("No resources found")
    elif options.wait and dry_run == "none":
        _wait(session, deleted, options.timeout or _WEEK)


def _delete(session: Session, info: Info, options: DeleteOptions) -> Any:
    body: dict[str, Any] = {"propagationPolicy": _POLICIES[options.cascade]}
    if options.grace_period >= 0:
        body["gracePeriodSeconds"] = options.grace_period
    if session.server_dry_run():
        body["dryRun"] = ["All"]
    try:
        return session.api.delete(info.resource, info.namespace, info.name, body, dryRun=session.server_dry_run())
    except ApiError as error:
        raise with_source("deleting", info.source, error) from error


def _uid(answer: Any) -> str:
    if answer.get("kind") == "Status":
        return (answer.get("details") or {}).get("uid", "")
    return (answer.get("metadata") or {}).get("uid", "")


def _sentence(info: Info, options: DeleteOptions, dry_run: str) -> str:
    resource = info.resource
    kind = resource.kind.lower() + (f".{resource.group}" if resource.group else "")
    if options.name_only:
        return f"{kind}/{info.name}"
    words = "force deleted" if options.grace_period == 0 else "deleted"
    if resource.namespaced:
        words += f" from {info.namespace} namespace"
    words += {"client": " (dry run)", "server": " (server dry run)"}.get(dry_run, "")
    return f'{kind} "{info.name}" {words}'


def _wait(session: Session, deleted: list[tuple[Info, str]], timeout: int) -> None:
    """Let time pass until each object is gone, or another one has its name; KubectlError when time is up."""
    end = session.clock.now + timeout
    for info, uid in deleted:
        try:
            gone = wait_until_gone(session, info, uid, max(0, end - session.clock.now))
        except ApiError as error:
            if error.reason in ("Forbidden", "MethodNotAllowed"):
                return
            raise
        if not gone:
            raise KubectlError(f"timed out waiting for the condition on {info.resource.plural}/{info.name}")


def wait_until_gone(session: Session, info: Info, uid: str, timeout: int) -> bool:
    """Whether the object disappears within *timeout* ns of virtual time."""

    def gone() -> bool:
        obj = session.api.find(info.resource, info.namespace, info.name)
        return obj is None or (bool(uid) and obj["metadata"].get("uid") != uid)

    return session.clock.run_until(gone, timeout)
