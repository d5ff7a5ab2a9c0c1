"""`kubectl set selector`: which pods a service leads to.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/set/set_selector.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import changes
from k8scourse.kubectl.change_cause import recorded
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.label_selectors import parse_label_selector
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session

Object = dict[str, Any]


def run(session: Session) -> None:
    """Replace the selector of services. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    session.dry_run()
    selector = parse_label_selector(session.words[-1]) if session.words else None
    if selector is None:
        raise KubectlError("one selector is required")
    local = session.flag("local")
    Builder(
        session,
        words=session.words[:-1],
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        select_all=session.flag("all"),
        flatten=True,
        latest=not local,
    ).do().visit(lambda info: _update(session, info, selector))


def _update(session: Session, info: Info, selector: Object) -> None:
    before = info.obj or {}
    after = recorded(session, _with_selector(before, selector))
    if not session.flag("local") and session.dry_run() != "client":
        patch, content_type = changes.patch_between(session, info, before, after)
        version = session.flag("resource-version")
        if version:
            patch = {**patch, "metadata": {**patch.get("metadata", {}), "resourceVersion": version}}
        after = changes.send(session, info, patch, content_type)
    result_printer(session)(after, "selector updated")


def _with_selector(obj: Object, selector: Object) -> Object:
    if (obj["apiVersion"], obj["kind"]) != ("v1", "Service"):
        raise KubectlError("setting a selector is only supported for Services")
    expressions = selector.get("matchExpressions")
    if expressions:
        listed = " ".join(
            f"{{{each['key']} {each['operator']} [{' '.join(each.get('values', ()))}]}}" for each in expressions
        )
        raise KubectlError(f"match expression [{listed}] not supported on this object")
    return {**obj, "spec": {**(obj.get("spec") or {}), "selector": selector.get("matchLabels") or {}}}
