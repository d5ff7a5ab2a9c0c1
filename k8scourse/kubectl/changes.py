"""Commands that change objects one by one with a patch of what differs.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/set/helper.go CalculatePatches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8scourse.apiserver.request import MERGE_PATCH, STRATEGIC_MERGE_PATCH
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import merge_patch, strategic_diff
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]
Mutate = Callable[[Object], Object | None]
"""Gives the changed object, None when nothing is to be done. Raises KubectlError."""

LOCAL_AND_SERVER = "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
ALL_AND_SELECTOR = "cannot set --all and --selector at the same time"
NO_RESOURCES = "one or more resources must be specified as <resource> <name> or <resource>/<name>"
_LOCAL_NEEDS_FILES = (
    "error: you must specify resources by --filename when --local is set.\n"
    "Example resource specifications include:\n"
    "   '-f rsrc.yaml'\n"
    "   '--filename=rsrc.json'"
)


def find(session: Session, words: list[str]) -> list[Info]:
    """The objects that *words*, files and selectors name; with --local those of the files as they are written."""
    local = session.flag("local")
    if local and words:
        raise KubectlError(_LOCAL_NEEDS_FILES)
    infos, errors = (
        Builder(
            session,
            words=words,
            files=session.flag("filename"),
            recursive=session.flag("recursive"),
            label_selector=session.flag("selector"),
            allow_empty_selector=bool(session.flag("all")),
            flatten=True,
            latest=not local,
        )
        .do()
        .infos()
    )
    raise_all(errors)
    return infos


def patch_between(session: Session, info: Info, before: Object, after: Object) -> tuple[Object, str]:
    """The patch that leads from *before* to *after*, and its content type."""
    schema = session.schemas.find_kind(info.resource.group_version, info.resource.kind)
    if schema is None:
        return merge_patch.create_merge_patch(before, after), MERGE_PATCH
    return strategic_diff.create_strategic_patch(before, after, schema), STRATEGIC_MERGE_PATCH


def send(session: Session, info: Info, patch: Object, content_type: str, **query: str) -> Object:
    """PATCH the object as the command line's field manager; what the server answers."""
    return session.api.patch(
        info.resource,
        info.namespace,
        info.name,
        patch,
        content_type,
        dryRun=session.server_dry_run() if "dry-run" in session.arguments.values else "",
        fieldManager=session.flag("field-manager") or "",
        **query,
    )


def patch_each(
    session: Session, infos: list[Info], mutate: Mutate, word: str, failure: str, *, patch_same: bool = False
) -> list[Exception]:
    """Change every object and print `KIND/NAME WORD`; the errors, in the order of kubectl.

    *failure* begins the message of a refusal. Without *patch_same* objects that stay the same are passed over.
    """
    changed = [(info, *_mutated(info, mutate)) for info in infos]
    errors: list[Exception] = []
    show = result_printer(session)
    for info, after, error in changed:
        if error is not None:
            errors.append(error)
        if after is None:
            continue
        patch, content_type = patch_between(session, info, info.obj or {}, after)
        if not patch and not patch_same:
            continue
        if session.flag("local") or session.dry_run() == "client":
            show(after, word)
            continue
        try:
            show(send(session, info, patch, content_type), word)
        except ApiError as refusal:
            errors.append(KubectlError(f"{failure} {refusal.message}"))
    return errors


def _mutated(info: Info, mutate: Mutate) -> tuple[Object | None, Exception | None]:
    try:
        return mutate(info.obj or {}), None
    except KubectlError as error:
        return None, KubectlError(f"error: {info.label} {error.message}\n")
