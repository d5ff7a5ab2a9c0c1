"""`kubectl apply --server-side`: the server merges, and knows who wrote which field.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go, staging/src/k8s.io/client-go/util/csaupgrade.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8scourse.apiserver.request import APPLY_PATCH, JSON_PATCH
from k8scourse.kubectl import last_applied
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

MANAGER = "kubectl"
"""The manager of whoever applies without naming one."""
_ANNOTATION_MANAGER = "kubectl-last-applied"
_RETRIES = 5
_ADVICE = """
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""
_FAILURES = {
    "annotation": "failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply. This is "
    "non-fatal and will be retried next time you apply. Error: ",
    "migration": "server rejected managed fields migration to Server-Side Apply. This is non-fatal and will be retried "
    "next time you apply. Error: ",
    "again": "failed to re-apply configuration after performing Server-Side Apply migration. This is non-fatal and "
    "will be retried next time you apply. Error: ",
}


def manager_of(session: Session) -> str:
    """The field manager: --field-manager, or the program's own."""
    return session.flag("field-manager") if session.changed("field-manager") else MANAGER


def validate(session: Session, dry_run: str) -> None:
    """Raise KubectlError for flags that do not go together."""
    if dry_run == "client":
        raise KubectlError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
    if session.flag("force"):
        raise KubectlError("--force cannot be used with --server-side")


def apply(session: Session, info: Info, validation: str) -> Object:
    """Apply one manifest; the object that the server answers with. Raises KubectlError or ApiError."""

    session.api.managed_fields = True

    def send() -> Object:
        return _patch(session, info, info.obj or {}, manager_of(session), validation)

    try:
        applied = send()
    except ApiError as error:
        if error.reason != "Conflict":
            raise
        failure = ApiError({**error.status, "message": error.message + _ADVICE})
        raise KubectlError(failure.message) from error
    return _migrated(session, info, applied, send)


def _patch(session: Session, info: Info, body: Object, manager: str, validation: str = "") -> Object:
    return session.api.patch(
        info.resource,
        info.namespace,
        info.name,
        body,
        APPLY_PATCH,
        subresource=session.flag("subresource"),
        dryRun=session.server_dry_run(),
        fieldManager=manager,
        fieldValidation=validation,
        force="true" if session.flag("force-conflicts") else "false",
    )


def _migrated(session: Session, info: Info, applied: Object, send: Callable[[], Object]) -> Object:
    """Hand over what client-side apply managed; failures are warnings only."""
    step = "annotation"
    try:
        applied = _keep_annotation(session, info, applied)
        step = "migration"
        if _hand_over(session, info, applied):
            step = "again"
            applied = send()
    except ApiError as error:
        session.terminal.warn(_FAILURES[step] + error.message)
    return applied


def _keep_annotation(session: Session, info: Info, applied: Object) -> Object:
    """Let a manager of its own hold the annotation of client-side apply, so that it does not get lost."""
    original = last_applied.original(applied)
    if manager_of(session) != MANAGER or not original:
        return applied
    metadata = {"name": info.name, "annotations": {last_applied.ANNOTATION: original}}
    body = {"apiVersion": applied["apiVersion"], "kind": applied["kind"], "metadata": metadata}
    return _patch(session, info, body, _ANNOTATION_MANAGER)


def _hand_over(session: Session, info: Info, applied: Object) -> bool:
    """Give the fields of client-side apply to the manager of server-side apply; whether there were any."""
    for attempt in range(_RETRIES):
        entries = handed_over(applied["metadata"].get("managedFields") or [], manager_of(session))
        if entries is None:
            return False
        patch = [
            {"op": "replace", "path": "/metadata/managedFields", "value": entries},
            {"op": "replace", "path": "/metadata/resourceVersion", "value": applied["metadata"]["resourceVersion"]},
        ]
        try:
            session.api.patch(
                info.resource, info.namespace, info.name, patch, JSON_PATCH, dryRun=session.server_dry_run()
            )
        except ApiError as error:
            if error.reason != "Conflict" or attempt == _RETRIES - 1:
                raise
            applied = session.api.get(info.resource, info.namespace, info.name)
            continue
        return True
    return False


def handed_over(entries: list[Object], manager: str) -> list[Object] | None:
    """managedFields with the entries of client-side apply merged into the one of *manager*; None if there are none.

    Client-side apply is whoever wrote its annotation with an update.
    """
    writers = {entry["manager"] for entry in entries if entry.get("operation") == "Update" and _owns_annotation(entry)}
    old = [e for e in entries if e["manager"] in writers and e["operation"] == "Update" and not e.get("subresource")]
    if not old:
        return None
    fields: Object = {}
    for entry in old:
        fields = _union(fields, entry.get("fieldsV1") or {})
    found = next((e for e in entries if _is_apply_of(e, manager)), None)
    base = found if found is not None else {**old[0], "manager": manager, "operation": "Apply"}
    merged = {**base, "fieldsV1": _union(fields, (found or {}).get("fieldsV1") or {})}
    kept = [entry for entry in entries if entry not in old and entry is not found]
    return [merged, *kept]


def _is_apply_of(entry: Object, manager: str) -> bool:
    return (entry["manager"], entry["operation"], entry.get("subresource", "")) == (manager, "Apply", "")


def _owns_annotation(entry: Object) -> bool:
    annotations = ((entry.get("fieldsV1") or {}).get("f:metadata") or {}).get("f:annotations") or {}
    return f"f:{last_applied.ANNOTATION}" in annotations


def _union(left: Object, right: Object) -> Object:
    """Every path of both sets of fields."""
    return {
        key: _union(left.get(key) or {}, right.get(key) or {}) for key in (*left, *(k for k in right if k not in left))
    }
