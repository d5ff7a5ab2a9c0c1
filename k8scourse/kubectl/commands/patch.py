"""`kubectl patch`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.request import JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import json_patch, merge_patch, strategic
from k8scourse.machinery import yaml as manifest_yaml
from k8scourse.machinery.go_format import go_quote

_TYPES = {"json": JSON_PATCH, "merge": MERGE_PATCH, "strategic": STRATEGIC_MERGE_PATCH}


def run(session: Session) -> None:
    """Patch the objects that the command line names. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("local", "kustomize")
    session.dry_run()
    content_type = _validate(session)
    patch = _read_patch(session)
    patched: list[str] = []

    def change(info: Info) -> None:
        patched.append(info.name)
        before = info.obj or {}
        after = _patched(session, info, patch, content_type)
        same = merge_patch.same(before, after)
        result_printer(session, marks_dry_run=False)(after, "patched (no change)" if same else "patched")

    Builder(
        session,
        words=session.words,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        subresource=session.flag("subresource"),
        flatten=True,
    ).do().visit(change)
    if not patched:
        raise KubectlError("no objects passed to patch")


def _validate(session: Session) -> str:
    if session.flag("patch") and session.flag("patch-file"):
        raise KubectlError("cannot specify --patch and --patch-file together")
    if not session.flag("patch") and not session.flag("patch-file"):
        raise KubectlError("must specify --patch or --patch-file containing the contents of the patch")
    kind = session.flag("type").lower() or "strategic"
    if kind not in _TYPES:
        raise KubectlError(f"--type must be one of [{' '.join(sorted(_TYPES))}], not {go_quote(session.flag('type'))}")
    return _TYPES[kind]


def _read_patch(session: Session) -> Any:
    text = session.flag("patch") or session.files.read(session.flag("patch-file"))
    try:
        documents = manifest_yaml.read_documents(text, "patch")
    except manifest_yaml.ManifestError as error:
        reason = error.kubectl_text.removeprefix("error converting YAML to JSON: ")
        raise KubectlError(f"unable to parse {go_quote(session.flag('patch'))}: {reason}") from error
    return documents[0].value if documents else None


def _patched(session: Session, info: Info, patch: Any, content_type: str) -> dict[str, Any]:
    if session.dry_run() == "client":
        return _locally(session, info, patch, content_type)
    return session.api.patch(
        info.resource,
        info.namespace,
        info.name,
        patch,
        content_type,
        subresource=session.flag("subresource"),
        dryRun=session.server_dry_run(),
        fieldManager=session.flag("field-manager"),
    )


def _locally(session: Session, info: Info, patch: Any, content_type: str) -> dict[str, Any]:
    obj = info.obj or {}
    if content_type == JSON_PATCH:
        return json_patch.apply_json_patch(obj, patch)
    if content_type == MERGE_PATCH:
        return merge_patch.apply_merge_patch(obj, patch)
    schema = session.schemas.find_kind(info.resource.group_version, info.resource.kind)
    if schema is None:
        version = f"{info.resource.group}/{info.resource.version}, Kind={info.resource.kind}"
        raise KubectlError(f"strategic merge patch is not supported for {version} locally, try --type merge")
    return strategic.strategic_merge_patch(obj, patch, schema)
