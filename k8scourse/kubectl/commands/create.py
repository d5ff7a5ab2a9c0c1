"""`kubectl create -f`: POST every document.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create/create.go.
"""

from __future__ import annotations

from dataclasses import replace

from k8scourse.kubectl import last_applied
from k8scourse.kubectl.errors import KubectlError, NotSimulated, raise_all, with_source
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery.status import ApiError

NO_EDITOR = (
    "no editor can be opened here: pass the edited text as standard input; `kubectl get TYPE NAME -o yaml` shows the "
    "text to start from"
)


def run(session: Session) -> None:
    """Create the objects of the files. Raises KubectlError, ApiError or Several."""
    if session.words:
        raise session.usage(f"Unexpected args: [{' '.join(session.words)}]")
    session.refuse_flags("raw", "kustomize", "windows-line-endings")
    require_files(session)
    validation = session.field_validation()
    dry_run, show = session.dry_run(), result_printer(session)
    created: list[str] = []

    def create(info: Info) -> None:
        obj = last_applied.updated(info.obj or {}, create=session.flag("save-config"))
        if dry_run != "client":
            obj = post(session, info, obj, validation)
        created.append(info.name)
        show(obj, "created")

    sources = files_of(session, validate=validation != "Ignore")
    if session.flag("edit"):
        sources = _edited(session, sources)
    sources.do().visit(create)
    if not created:
        raise KubectlError("no objects passed to create")


def _edited(session: Session, sources: Builder) -> Builder:
    """The text that a person would leave in the editor, in the place of the files."""
    raise_all(sources.do().infos()[1])
    if session.stdin is None or "-" in sources.files:
        raise KubectlError(NO_EDITOR)
    return replace(sources, files=["-"])


def require_files(session: Session) -> None:
    """Raise KubectlError unless -f is given."""
    if session.flag("kustomize"):
        raise NotSimulated("kustomize (-k)")
    if not session.flag("filename"):
        raise KubectlError("must specify one of -f and -k")


def files_of(session: Session, *, validate: bool) -> Builder:
    """The builder for the documents of -f."""
    return Builder(
        session,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        label_selector=session.flag("selector"),
        flatten=True,
        validate=validate,
    )


def post(session: Session, info: Info, obj: dict, validation: str, verb: str = "creating") -> dict:
    """Create *obj*; errors say from which file and, below, from which lines."""
    try:
        created = session.api.create(
            info.resource,
            info.namespace,
            obj,
            dryRun=session.server_dry_run(),
            fieldManager=session.flag("field-manager") or "",
            fieldValidation=validation,
        )
    except ApiError as error:
        place = info.manifest.places(error) if info.manifest is not None else ""
        raise with_source(verb, info.source, error, place) from error
    if info.manifest is not None:
        session.remember(created, info.manifest.document, info.manifest.within)
    return created
