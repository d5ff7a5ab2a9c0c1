"""What the commands below `kubectl rollout` share.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/rollout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8scourse.kubectl import changes
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info, Result
from k8scourse.kubectl.session import Session
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

_WORKLOADS = frozenset(
    {
        *(("", kind) for kind in ("Pod", "ReplicationController")),
        *(("apps", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")),
        *(("batch", kind) for kind in ("CronJob", "Job")),
    }
)


def found(session: Session) -> Result:
    """What the command line names. Raises KubectlError."""
    session.refuse_flags("kustomize")
    if not session.words and not session.flag("filename"):
        raise KubectlError("required resource not specified")
    return Builder(
        session,
        words=session.words,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        label_selector=session.flag("selector"),
        allow_empty_selector=True,
        flatten=True,
        latest=True,
    ).do()


def check_revision(number: int) -> None:
    """Raise KubectlError for a negative --revision."""
    if number < 0:
        raise KubectlError(f"revision must be a positive integer: {number}")


def no_resources(session: Session) -> None:
    """Tell that there was nothing to do."""
    session.terminal.err(f"No resources found in {session.namespace} namespace.\n")


def unsupported(info: Info, what: str, sentence: str) -> KubectlError:
    """The error for a kind without rollouts: *sentence* for workloads, another for what is none (apps.Accept)."""
    resource = info.resource
    kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
    if (resource.group, resource.kind) in _WORKLOADS:
        return KubectlError(f"{sentence} for {go_quote(kind)}")
    element = f"{{{resource.group} {resource.kind}}}"
    return KubectlError(f"error retrieving {what} for {go_quote(kind)}, no visitor method exists for {element}")


def patch_each(
    session: Session,
    mutate: Callable[[Object], Object],
    word: str,
    same: Callable[[Info], str | KubectlError],
) -> None:
    """Change every object and print *word*; *same* gives the word, or the error, for one that stays as it was."""
    infos, errors = found(session).infos()
    if not infos and not errors:
        return no_resources(session)
    show = result_printer(session)
    for info in infos:
        before = info.obj or {}
        try:
            patch, content_type = changes.patch_between(session, info, before, mutate(before))
        except KubectlError as error:
            errors.append(KubectlError(f'error: {info.resource.group_resource} "{info.name}" {error.message}'))
            continue
        if not patch:
            result = same(info)
            if isinstance(result, KubectlError):
                errors.append(result)
            else:
                show(before, result)
            continue
        try:
            show(changes.send(session, info, patch, content_type), word)
        except ApiError as refusal:
            errors.append(KubectlError(f"failed to patch: {refusal.message}"))
    return raise_all(errors)
