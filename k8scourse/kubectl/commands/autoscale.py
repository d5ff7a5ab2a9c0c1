"""`kubectl autoscale`: a HorizontalPodAutoscaler for a workload.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/autoscale/autoscale.go.
"""

from __future__ import annotations

import re
from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.kubectl import last_applied
from k8scourse.kubectl.change_cause import recorded
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery import quantity
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INCOMPATIBLE = "failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1:"
_UNITS = {"cpu": "m", "memory": "Mi"}


def run(session: Session) -> None:
    """Create the autoscaler. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    if not session.changed("max"):
        raise KubectlError('required flag(s) "max" not set')
    session.dry_run()
    metrics = _validate(session)
    scaled: list[str] = []

    def scale(info: Info) -> None:
        _autoscale(session, info, metrics)
        scaled.append(info.name)

    Builder(
        session,
        words=session.words,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        flatten=True,
    ).do().visit(scale)
    if not scaled:
        raise KubectlError("no objects passed to autoscale")


def _validate(session: Session) -> list[Object]:
    """The metrics that the flags ask for."""
    most, least, percent = session.flag("max"), session.flag("min"), session.flag("cpu-percent")
    if most < 1:
        raise KubectlError(f"--max=MAXPODS is required and must be at least 1, max: {most}")
    if most < least:
        raise KubectlError(f"--max=MAXPODS must be larger or equal to --min=MINPODS, max: {most}, min: {least}")
    if percent > 0 and session.flag("cpu"):
        raise KubectlError("--cpu-percent and --cpu are mutually exclusive")
    metrics = [_metric("cpu", {"averageUtilization": percent, "type": "Utilization"})] if percent > 0 else []
    return [*metrics, *(_metric(name, _target(name, session.flag(name))) for name in _UNITS if session.flag(name))]


def _metric(name: str, target: Object) -> Object:
    return {"type": "Resource", "resource": {"name": name, "target": target}}


def _target(name: str, given: str) -> Object:
    """`70%` of the requests, or an average amount; a bare number has the unit m or Mi."""
    text = given.strip()
    if not text:
        raise KubectlError("empty input")
    if text.endswith("%"):
        number = text[:-1]
        if not re.fullmatch(r"[+]?[0-9]+", number) or int(number) >= 2**31:
            raise KubectlError(f"invalid percentage value: {number}")
        return {"averageUtilization": int(number), "type": "Utilization"}
    try:
        if _FLOAT.fullmatch(text):
            text = f"{float(text):g}{_UNITS[name]}"
        return {"averageValue": quantity.canonical(text), "type": "AverageValue"}
    except quantity.QuantityError as error:
        raise KubectlError(f"invalid resource {name} value: {given.strip()}") from error


def _autoscale(session: Session, info: Info, metrics: list[Object]) -> None:
    resource = info.resource
    if not _has_scale(session, resource):
        known = f"{resource.group}/{resource.version}, Resource={resource.plural}"
        raise KubectlError(
            f"cannot autoscale a {resource.kind}: could not find scale subresource for {known} in discovery information"
        )
    spec: Object = {
        "scaleTargetRef": {"apiVersion": resource.group_version, "kind": resource.kind, "name": info.name},
        "maxReplicas": session.flag("max"),
    }
    if session.flag("min") > 0:
        spec["minReplicas"] = session.flag("min")
    if metrics:
        spec["metrics"] = metrics
    metadata: Object = {"name": session.flag("name") or info.name}
    if session.namespace_given:
        metadata["namespace"] = session.namespace
    scaler: Object = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata,
        "spec": spec,
        "status": {"currentMetrics": None, "desiredReplicas": 0},
    }
    scaler = recorded(session, scaler)
    show = result_printer(session)
    if session.dry_run() == "client":
        return show(scaler, "created")
    return show(_create(session, scaler), "autoscaled")


def _has_scale(session: Session, resource: ResourceInfo) -> bool:
    kept = session.api.object
    path = f"/apis/{resource.group}/{resource.version}" if resource.group else f"/api/{resource.version}"
    listed = session.api.call("GET", path)
    session.api.object = kept
    return any(each["name"] == f"{resource.plural}/scale" for each in listed["resources"])


def _create(session: Session, scaler: Object) -> Object:
    """POST the autoscaler.

    When autoscaling/v2 refuses it kubectl tries v1, which can say less; its refusal is the same, or hides the first.
    """
    query = {"dryRun": session.server_dry_run(), "fieldManager": session.flag("field-manager")}
    obj = last_applied.updated(scaler, create=session.flag("save-config"))
    obj = {**obj, "status": {}}
    try:
        return session.api.create(
            session.resource_of("autoscaling/v2", scaler["kind"]), session.namespace, obj, **query
        )
    except ApiError as error:
        if session.flag("cpu").strip().endswith("%") and not session.flag("memory"):
            raise
        reason = "%!w(<nil>)" if session.flag("cpu") else "empty input"
        raise KubectlError(f"{_INCOMPATIBLE} {reason}") from error
