"""`kubectl rollout history`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_history.go, pkg/polymorphichelpers/history.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl import history, rollouts
from k8scourse.kubectl.change_cause import ANNOTATION
from k8scourse.kubectl.describe.pod import template_text
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.history import Revision
from k8scourse.kubectl.printers import tabwriter
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import Session

_KINDS = ("Deployment", "DaemonSet", "StatefulSet")

Object = dict[str, Any]


def run(session: Session) -> None:
    """Print the revisions of workloads, or one of them. Raises KubectlError, ApiError or Several."""
    result, number = rollouts.found(session), session.flag("revision")
    rollouts.check_revision(number)
    show = result_printer(session)

    def tell(info: Info) -> None:
        by_number = {each.number: each for each in _revisions(session, info)}
        if number > 0 and by_number and number not in by_number:
            raise KubectlError("unable to find the specified revision")
        if not session.flag("output"):
            which = f"with revision #{number}" if number > 0 else ""
            return show(info.obj or {}, f"{which}\n{_text(info, by_number, number)}")
        for each in [number] if number > 0 else sorted(by_number):
            if each not in by_number:
                raise KubectlError("unable to find the specified revision")
            show(by_number[each].workload, "")
        return None

    result.visit(tell)


def _revisions(session: Session, info: Info) -> list[Revision]:
    resource = info.resource
    if resource.group != "apps" or resource.kind not in _KINDS:
        raise rollouts.unsupported(info, "history", "no history viewer has been implemented")
    return history.revisions(session, info)[1]


def _text(info: Info, by_number: dict[int, Revision], number: int) -> str:
    if not by_number:
        return "No rollout history found."
    if number > 0:
        return template_text(_annotated(info, by_number[number]))
    lines = ["REVISION\tCHANGE-CAUSE\n"]
    for each in sorted(by_number):
        lines.append(f"{each}\t{_cause(info, by_number[each]) or '<none>'}\n")
    return tabwriter.align("".join(lines), minimum=0, padding=2)


def _cause(info: Info, revision: Revision) -> str:
    record = (revision.record["metadata"].get("annotations") or {}).get(ANNOTATION, "")
    if info.resource.kind != "Deployment":
        return record
    return record or ((revision.template.get("metadata") or {}).get("annotations") or {}).get(ANNOTATION, "")


def _annotated(info: Info, revision: Revision) -> Object:
    """The template, with the change cause of its replica set."""
    cause = _cause(info, revision)
    if info.resource.kind != "Deployment" or not cause:
        return revision.template
    metadata = revision.template.get("metadata") or {}
    annotations = {**(metadata.get("annotations") or {}), ANNOTATION: cause}
    return {**revision.template, "metadata": {**metadata, "annotations": annotations}}
