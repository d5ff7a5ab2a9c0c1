"""`kubectl replace -f`: PUT every document, or delete and create it with --force.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/replace/replace.go.
"""

from __future__ import annotations

from k8scourse.kubectl import last_applied
from k8scourse.kubectl.commands.create import files_of, post, require_files
from k8scourse.kubectl.commands.delete import DeleteOptions, delete_all
from k8scourse.kubectl.errors import KubectlError, with_source
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery.status import ApiError


def run(session: Session) -> None:
    """Replace the objects of the files. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("raw", "kustomize")
    require_files(session)
    validation, force = session.field_validation(), session.flag("force")
    if session.flag("grace-period") >= 0 and not force:
        raise KubectlError("--grace-period must have --force specified")
    if session.flag("timeout") and not force:
        raise KubectlError("--timeout must have --force specified")
    if force and session.dry_run() != "none":
        raise KubectlError("--dry-run can not be used when --force is set")
    if force:
        return _force(session, validation)
    show = result_printer(session)

    def replace(info: Info) -> None:
        obj = last_applied.updated(info.obj or {}, create=session.flag("save-config"))
        if session.dry_run() != "client":
            obj = _put(session, info, obj, validation)
        show(obj, "replaced")

    return files_of(session, validate=validation != "Ignore").do().visit(replace)


def _put(session: Session, info: Info, obj: dict, validation: str) -> dict:
    """PUT *obj*; without a resourceVersion it overwrites, whatever the object's revision is."""
    try:
        return session.api.replace(
            info.resource,
            info.namespace,
            info.name,
            obj,
            subresource=session.flag("subresource"),
            dryRun=session.server_dry_run(),
            fieldManager=session.flag("field-manager"),
            fieldValidation=validation,
        )
    except ApiError as error:
        place = info.manifest.places(error) if info.manifest is not None else ""
        raise with_source("replacing", info.source, error, place) from error


def _force(session: Session, validation: str) -> None:
    grace = session.flag("grace-period")
    options = DeleteOptions(
        grace_period=1 if grace == 0 else grace,
        cascade=session.flag("cascade"),
        timeout=session.flag("timeout"),
        wait=True,
        name_only=session.flag("output") == "name",
    )
    builder = files_of(session, validate=False)
    builder.require_object = False
    result = builder.do()
    result.ignore_not_found = True
    delete_all(session, result, options)
    show, count = result_printer(session), 0

    def create(info: Info) -> None:
        nonlocal count
        obj = last_applied.updated(info.obj or {}, create=session.flag("save-config"))
        show(post(session, info, obj, validation), "replaced")
        count += 1

    files_of(session, validate=True).do().visit(create)
    if not count:
        raise KubectlError("no objects passed to replace")
