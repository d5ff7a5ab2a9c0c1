"""`kubectl diff`: what apply would change.

The two versions are compared as files below LIVE and MERGED, where the real program makes folders with random names.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go.
"""

from __future__ import annotations

import difflib
from typing import Any

from k8scourse.apiserver.request import APPLY_PATCH
from k8scourse.kubectl import last_applied
from k8scourse.kubectl.commands.apply import difference, warn_if_deleting
from k8scourse.kubectl.commands.create import require_files
from k8scourse.kubectl.errors import ExitSilently, KubectlError, Several, terminal_text
from k8scourse.kubectl.printers.objects import without_managed_fields
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.server_side_apply import manager_of
from k8scourse.kubectl.session import Session
from k8scourse.machinery.status import ApiError
from k8scourse.machinery.timestamps import format_time
from k8scourse.machinery.yaml import dump_yaml

Object = dict[str, Any]

_TROUBLE = 2
"""The exit code for a failure; 1 means that there are differences."""
_MASK = "***"


def run(session: Session) -> None:
    """Print the differences between the live objects and the files applied to them; exit code 1 if there are any."""
    try:
        found = _differences(session)
    except (KubectlError, ApiError, Several) as error:
        session.terminal.err(terminal_text(error))
        raise ExitSilently(_TROUBLE) from error
    if found:
        session.terminal.out("".join(found[name] for name in sorted(found)))
        raise ExitSilently(1)


def _differences(session: Session) -> dict[str, str]:
    if session.words:
        raise session.usage(f"Unexpected args: [{' '.join(session.words)}]")
    require_files(session)
    if session.flag("force-conflicts") and not session.flag("server-side"):
        raise KubectlError("--force-conflicts only works with --server-side")
    session.refuse_flags("prune", "prune-allowlist")
    found: dict[str, str] = {}

    def compare(info: Info) -> None:
        live = session.api.find(info.resource, info.namespace, info.name)
        merged = _merged(session, info, live)
        text = _compared(session, info, live, merged)
        if text:
            found[_file_name(info)] = text
        warn_if_deleting(session, live)

    Builder(
        session,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        label_selector=session.flag("selector"),
        flatten=True,
        continue_on_error=False,
    ).do().visit(compare)
    return found


def _merged(session: Session, info: Info, live: Object | None) -> Object:
    """The object as it would be after apply, by a dry run on the server."""
    if session.flag("server-side"):
        force = "true" if session.flag("force-conflicts") else "false"
        query = {"dryRun": "All", "fieldManager": manager_of(session), "force": force}
        return session.api.patch(info.resource, info.namespace, info.name, info.obj or {}, APPLY_PATCH, **query)
    query = {"dryRun": "All", "fieldManager": session.flag("field-manager")}
    if live is None:
        return session.api.create(info.resource, info.namespace, info.obj or {}, **query)
    patch, content_type = difference(session, info, live, last_applied.bare(info.obj or {}))
    if not patch:
        return live
    return session.api.patch(info.resource, info.namespace, info.name, patch, content_type, **query)


def _file_name(info: Info) -> str:
    resource = info.resource
    group = f"{resource.group}." if resource.group else ""
    return f"{group}{resource.version}.{resource.kind}.{info.namespace}.{info.name}"


def _compared(session: Session, info: Info, live: Object | None, merged: Object) -> str:
    if not session.flag("show-managed-fields"):
        live = None if live is None else dict(without_managed_fields(live))
        merged = dict(without_managed_fields(merged))
    if info.resource.kind == "Secret" and not session.flag("show-secrets"):
        live, merged = _masked(live, merged)
    before = "" if live is None else dump_yaml(live)
    after = dump_yaml(merged)
    if before == after:
        return ""
    name, instant = _file_name(info), format_time(session.clock.now)
    moment = f"{instant[:10]} {instant[11:19]}.000000000 +0000"
    old, new = f"LIVE/{name}", f"MERGED/{name}"
    created = "1970-01-01 00:00:00.000000000 +0000" if live is None else moment
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), old, new, created, moment)
    return f"diff -u -N {old} {new}\n{''.join(lines)}"


def _masked(live: Object | None, merged: Object) -> tuple[Object | None, Object]:
    """Both with masks for the values of a Secret; different values stay different."""
    before, after = (live or {}).get("data") or {}, merged.get("data") or {}
    old = {key: _mask(value, after.get(key, value), " (before)") for key, value in before.items()}
    new = {key: _mask(value, before.get(key, value), " (after)") for key, value in after.items()}
    if live is not None and "data" in live:
        live = {**live, "data": old}
    return live, {**merged, "data": new} if "data" in merged else merged


def _mask(value: Any, other: Any, mark: str) -> str:
    return _MASK if value == other else _MASK + mark
