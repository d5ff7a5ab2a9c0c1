"""`kubectl apply -f`: create, or patch with what changed since the last time (client-side apply).

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go and patcher.go.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from k8scourse.apiserver.request import MERGE_PATCH, STRATEGIC_MERGE_PATCH
from k8scourse.kubectl import last_applied, server_side_apply
from k8scourse.kubectl.commands.create import files_of, post, require_files
from k8scourse.kubectl.commands.delete import wait_until_gone
from k8scourse.kubectl.errors import KubectlError, Several, SourcedApiError, flatten, raise_all, with_source
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import SECOND, Session
from k8scourse.machinery import merge_patch, strategic, three_way, unstructured
from k8scourse.machinery.go_format import Struct, go_json
from k8scourse.machinery.status import ApiError

_RETRIES = 5
_NO_ANNOTATION = (
    "resource {name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by "
    "kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create "
    "--save-config or kubectl apply. The missing annotation will be patched automatically."
)
_DELETING = "Detected changes to resource {name} which is currently being deleted."

Object = dict[str, Any]
Show = Callable[[Object, str], None]


def run(session: Session) -> None:
    """Apply the objects of the files, each on its own. Raises KubectlError, ApiError or Several."""
    if session.words:
        raise session.usage(f"Unexpected args: [{' '.join(session.words)}]")
    session.refuse_flags("prune", "prune-allowlist")
    dry_run = session.dry_run()
    require_files(session)
    validation = session.field_validation()
    _validate(session, dry_run)
    infos, errors = files_of(session, validate=validation != "Ignore").do().infos()
    errors = [flat for error in errors for flat in flatten(error)]
    if not infos and not errors:
        raise KubectlError("no objects passed to apply")
    show, applied = _shower(session)
    for info in infos:
        try:
            _apply(session, info, validation, dry_run, show)
        except (KubectlError, ApiError, Several) as error:
            errors.append(error)
    raise_all(errors)
    if applied:
        result_printer(session)(applied[0] if len(applied) == 1 else _listed(applied), "")


def _shower(session: Session) -> tuple[Show, list[Object]]:
    """What to do with each applied object, and where they collect: `-o yaml` and the like print all at the end."""
    applied: list[Object] = []
    if session.flag("output") in ("", "name") and not session.flag("template"):
        return result_printer(session), applied
    return lambda obj, _: applied.append(obj), applied


def _listed(objects: list[Object]) -> Object:
    return Struct({"kind": "List", "apiVersion": "v1", "metadata": {}, "items": objects})


def _validate(session: Session, dry_run: str) -> None:
    if session.flag("server-side"):
        server_side_apply.validate(session, dry_run)
    elif session.flag("force-conflicts"):
        raise KubectlError("--force-conflicts only works with --server-side")
    if dry_run == "server" and session.flag("force"):
        raise KubectlError("--dry-run=server cannot be used with --force")
    if session.flag("all") and session.flag("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    if session.flag("subresource") and not session.flag("server-side"):
        raise KubectlError("--subresource can only be specified for --server-side")


def _apply(session: Session, info: Info, validation: str, dry_run: str, show: Show) -> None:
    manifest = info.obj or {}
    generate_name = unstructured.text(manifest, "generateName")
    if not info.name and generate_name:
        raise KubectlError(f"from {generate_name}: cannot use generate name with apply")
    if session.flag("server-side"):
        return _apply_on_server(session, info, validation, show)
    current = _current(session, info)
    if current is None:
        created = merge_patch.without_nulls(last_applied.annotated(manifest))
        if dry_run != "client":
            created = post(session, info, created, validation)
        return show(created, "created")
    if not last_applied.original(current):
        session.terminal.warn(_NO_ANNOTATION.format(name=info.label))
    patched, changed = _patch(session, info, current, validation, dry_run)
    if info.manifest is not None:
        session.remember(patched, info.manifest.document, info.manifest.within)
    warn_if_deleting(session, patched)
    return show(patched, "configured" if changed else "unchanged")


def _apply_on_server(session: Session, info: Info, validation: str, show: Show) -> None:
    try:
        applied = server_side_apply.apply(session, info, validation)
    except ApiError as error:
        place = info.manifest.places(error) if info.manifest is not None else ""
        raise SourcedApiError(error, error.message, place) from error
    if info.manifest is not None:
        session.remember(applied, info.manifest.document, info.manifest.within)
    warn_if_deleting(session, applied)
    return show(applied, "serverside-applied")


def warn_if_deleting(session: Session, obj: Object | None) -> None:
    """Warn that the object is on its way out, if it is."""
    if obj is not None and obj["metadata"].get("deletionTimestamp"):
        session.terminal.warn(_DELETING.format(name=obj["metadata"]["name"]))


def _current(session: Session, info: Info) -> Object | None:
    """The live object, or None. Raises what the request met, with the object's description."""
    try:
        if not info.name:
            raise KubectlError("resource name may not be empty")
        return session.api.find(info.resource, info.namespace, info.name)
    except (ApiError, KubectlError) as error:
        verb = f"retrieving current configuration of:\n{info.describe()}\nfrom server for:"
        place = info.manifest.place(("metadata", "name")) if info.manifest is not None and not info.name else ""
        raise with_source(verb, info.source, error, place) from error


def _patch(session: Session, info: Info, current: Object, validation: str, dry_run: str) -> tuple[Object, bool]:
    """The object after the patch, and whether there was anything to patch."""
    patch: Object = {}
    for attempt in range(_RETRIES + 1):
        patch, content_type = difference(session, info, current, last_applied.annotated(info.obj or {}))
        if not patch:
            return current, False
        if dry_run == "client":
            return _patched_locally(session, info, current, patch, content_type), True
        try:
            return _send(session, info, patch, content_type, validation), True
        except ApiError as error:
            if error.reason == "Conflict" and attempt < _RETRIES:
                current = session.api.get(info.resource, info.namespace, info.name)
                continue
            if error.reason in ("Conflict", "Invalid") and session.flag("force"):
                return _delete_and_create(session, info, validation), True
            raise _patch_error(info, patch, error) from error
    raise AssertionError("the last attempt returns or raises")


def difference(session: Session, info: Info, current: Object, modified: Object) -> tuple[Object, str]:
    """The three-way patch from what was applied last, the *modified* and the live object, and its content type.

    Raises KubectlError when there is none: an item of a list lacks the key by which items are merged. The real program
    then tries once more with its built-in types, which fail in the same way.
    """
    original = last_applied.original(current)
    last = json.loads(original) if original else {}
    schema = session.schemas.find_kind(info.resource.group_version, info.resource.kind)
    if schema is None:
        return three_way.three_way_merge(last, modified, current), MERGE_PATCH
    try:
        return three_way.three_way_strategic(last, modified, current, schema), STRATEGIC_MERGE_PATCH
    except merge_patch.PatchError as error:
        for spec in ("openapi v3 spec", "openapi spec"):
            session.terminal.err(f"warning: error calculating patch from {spec}: {error}\n")
        parts = f"original:\n{original or ''}\nmodified:\n{go_json(modified)}\n\ncurrent:\n{go_json(current)}\n\n"
        place = info.manifest.place(()) if info.manifest is not None else ""
        fault = KubectlError(f"creating patch with:\n{parts}for: {error}", place=place)
        raise with_source(f"applying patch:\n\nto:\n{info.describe()}\nfor:", info.source, fault) from error


def _patched_locally(session: Session, info: Info, current: Object, patch: Object, content_type: str) -> Object:
    schema = session.schemas.find_kind(info.resource.group_version, info.resource.kind)
    if content_type == MERGE_PATCH or schema is None:
        return merge_patch.apply_merge_patch(current, patch)
    return strategic.strategic_merge_patch(current, patch, schema)


def _send(session: Session, info: Info, patch: Object, content_type: str, validation: str) -> Object:
    return session.api.patch(
        info.resource,
        info.namespace,
        info.name,
        patch,
        content_type,
        dryRun=session.server_dry_run(),
        fieldManager=session.flag("field-manager"),
        fieldValidation=validation,
    )


def _patch_error(info: Info, patch: Object, error: ApiError) -> Exception:
    place = info.manifest.places(error) if info.manifest is not None else ""
    inner = with_source("patching", info.source, error, place)
    verb = f"applying patch:\n{go_json(patch)}\nto:\n{info.describe()}\nfor:"
    return with_source(verb, info.source, inner, place)


def _delete_and_create(session: Session, info: Info, validation: str) -> Object:
    """What --force does when the patch is refused."""
    options: Object = {"propagationPolicy": "Background"}
    if session.flag("grace-period") >= 0:
        options["gracePeriodSeconds"] = session.flag("grace-period")
    session.api.delete(info.resource, info.namespace, info.name, options)
    timeout = session.flag("timeout") or 300 * SECOND
    if not wait_until_gone(session, info, "", timeout):
        raise KubectlError("timed out waiting for the condition")
    return post(session, info, last_applied.annotated(info.obj or {}), validation)
