"""`kubectl scale`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/scale/scale.go and pkg/scale/scale.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.request import MERGE_PATCH
from k8scourse.kubectl.change_cause import ANNOTATION, command_text
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session


def run(session: Session) -> None:
    """Set the number of replicas. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    if not session.changed("replicas"):
        raise KubectlError('required flag(s) "replicas" not set')
    session.dry_run()
    replicas, expected = session.flag("replicas"), session.flag("current-replicas")
    if replicas < 0:
        raise KubectlError("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    if expected < -1:
        raise KubectlError("The --current-replicas must specify an integer of -1 or greater")
    infos, errors = (
        Builder(
            session,
            words=session.words,
            files=session.flag("filename"),
            recursive=session.flag("recursive"),
            label_selector=session.flag("selector"),
            allow_empty_selector=session.flag("all"),
            flatten=True,
        )
        .do()
        .infos()
    )
    if session.flag("resource-version") and len(infos) > 1:
        raise KubectlError("cannot use --resource-version with multiple resources")
    if not infos:
        raise_all(errors)
        raise KubectlError("no objects passed to scale")
    for info in infos:
        _scale(session, info, replicas, expected)
    raise_all(errors)


def _scale(session: Session, info: Info, replicas: int, expected: int) -> None:
    show, obj = result_printer(session), info.obj or {}
    if session.dry_run() != "client":
        version = session.flag("resource-version")
        if expected != -1 or version:
            _update(session, info, replicas, expected, version)
        else:
            session.api.patch(
                info.resource,
                info.namespace,
                info.name,
                {"spec": {"replicas": replicas}},
                MERGE_PATCH,
                subresource="scale",
                dryRun=session.server_dry_run(),
            )
        _wait(session, info, replicas)
    _record(session, info)
    if info.resource.group in ("", "apps"):
        obj = {**obj, "spec": {**(obj.get("spec") or {}), "replicas": replicas}}
    show(obj, "scaled")


def _record(session: Session, info: Info) -> None:
    """Keep the command line in the object's annotation if --record says so."""
    if session.flag("record") and session.dry_run() == "none":
        patch = {"metadata": {"annotations": {ANNOTATION: command_text(session)}}}
        session.api.patch(info.resource, info.namespace, info.name, patch, MERGE_PATCH)


def _update(session: Session, info: Info, replicas: int, expected: int, version: str) -> None:
    """GET and PUT of the scale, with the preconditions of the command line."""
    scale: dict[str, Any] = session.api.get(info.resource, info.namespace, info.name, subresource="scale")
    current = (scale.get("spec") or {}).get("replicas", 0)
    if expected not in (-1, current):
        raise KubectlError(f"Expected replicas to be {expected}, was {current}")
    found = scale["metadata"].get("resourceVersion", "")
    if version and found != version:
        raise KubectlError(f"Expected resource version to be {version}, was {found}")
    changed = {**scale, "spec": {**(scale.get("spec") or {}), "replicas": replicas}}
    session.api.replace(
        info.resource, info.namespace, info.name, changed, subresource="scale", dryRun=session.server_dry_run()
    )


def _wait(session: Session, info: Info, replicas: int) -> None:
    timeout = session.flag("timeout")
    if not timeout or session.dry_run() != "none":
        return

    def reached() -> bool:
        scale = session.api.get(info.resource, info.namespace, info.name, subresource="scale")
        return scale["spec"].get("replicas", 0) == replicas == (scale.get("status") or {}).get("replicas", 0)

    if not session.clock.run_until(reached, timeout):
        raise KubectlError(f"timed out waiting for {info.name!r} to be synced".replace("'", '"'))
