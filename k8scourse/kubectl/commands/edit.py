"""`kubectl edit`: the text that a person would leave in the editor comes in as standard input.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import changes, last_applied, manifests
from k8scourse.kubectl.change_cause import recorded
from k8scourse.kubectl.commands.create import NO_EDITOR
from k8scourse.kubectl.errors import ExitSilently, KubectlError, raise_all
from k8scourse.kubectl.printers.objects import result_printer, without_managed_fields
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import merge_patch
from k8scourse.machinery.go_format import Struct, go_json
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.yaml import dump_yaml

Object = dict[str, Any]

_FIXED = (("apiVersion",), ("kind",), ("metadata", "name"))


def run(session: Session) -> None:
    """Patch the objects with what differs in the edited text. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize", "windows-line-endings")
    infos, errors = (
        Builder(
            session,
            words=session.words,
            files=session.flag("filename"),
            recursive=session.flag("recursive"),
            subresource=session.flag("subresource"),
            flatten=True,
            latest=True,
        )
        .do()
        .infos()
    )
    raise_all(errors)
    if not infos:
        raise KubectlError("edit cancelled, no objects found")
    if session.stdin is None:
        raise KubectlError(NO_EDITOR)
    edited = _without_comments(session.stdin)
    if edited == _without_comments(_text(infos)):
        return session.terminal.err("Edit cancelled, no changes made.\n")
    if not edited.strip():
        return session.terminal.err("Edit cancelled, saved file was empty.\n")
    updated = list(manifests.read(manifests.Source(manifests.STDIN, session.stdin), validate=True))
    failed = [not _apply(session, infos, manifest.value) for manifest in updated]
    if any(failed):
        raise ExitSilently(1)
    return None


def _text(infos: list[Info]) -> str:
    """What the editor would show."""
    shown = [dict(without_managed_fields(info.obj or {})) for info in infos]
    if len(shown) == 1:
        return dump_yaml(shown[0])
    return dump_yaml(Struct({"apiVersion": "v1", "items": shown, "kind": "List", "metadata": {}}))


def _without_comments(text: str) -> str:
    return "".join(f"{line}\n" for line in text.splitlines() if not line.lstrip().startswith("#")).strip()


def _apply(session: Session, infos: list[Info], edited: Object) -> bool:
    """Send what differs; False when the server refused it."""
    info = _original(infos, edited)
    before, show = dict(without_managed_fields(info.obj or {})), result_printer(session)
    after = last_applied.updated(recorded(session, edited), create=session.flag("save-config"))
    if merge_patch.same(before, after):
        show(edited, "skipped")
        return True
    if any(_at(before, path) != _at(after, path) for path in _FIXED):
        raise KubectlError("At least one of apiVersion, kind and name was changed")
    patch, content_type = changes.patch_between(session, info, before, after)
    if session.flag("output-patch"):
        session.terminal.line(f"Patch: {go_json(patch)}")
    query = {"subresource": session.flag("subresource"), "fieldValidation": session.field_validation()}
    try:
        patched = changes.send(session, info, patch, content_type, **query)
    except ApiError as error:
        _tell(session, info, error)
        return False
    show(patched, "edited")
    return True


def _original(infos: list[Info], edited: Object) -> Info:
    """The object that the edited text is about: the one with its uid; a single one also without."""
    uid = (edited.get("metadata") or {}).get("uid")
    for info in infos:
        if (info.obj or {})["metadata"].get("uid") == uid or (uid is None and len(infos) == 1):
            return info
    raise KubectlError(
        f"no original object found for {edited.get('kind')} {(edited.get('metadata') or {}).get('name')}"
    )


def _at(obj: Object, path: tuple[str, ...]) -> Any:
    value: Any = obj
    for key in path:
        value = (value or {}).get(key)
    return value


def _tell(session: Session, info: Info, error: ApiError) -> None:
    """The line of a refusal, and its causes, which the real program writes into the text that it opens again."""
    subject = f'{info.resource.group_resource} "{info.name}"'
    if error.reason == "Invalid":
        session.terminal.err(f"error: {subject} is invalid\n")
        for cause in error.causes:
            session.terminal.err(f"* {cause.get('field', '')}: {cause.get('message', '')}\n")
    elif error.reason == "NotFound":
        session.terminal.err(f"error: {subject} could not be found on the server\n")
    else:
        session.terminal.err(f"error: {subject} could not be patched: {error.message}\n")
