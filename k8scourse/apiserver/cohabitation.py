"""Resources that share their objects with another API: events.k8s.io Events and autoscaling/v1 autoscalers.

Their objects are stored in the form of the other API (core Events, autoscaling/v2). A request is read and checked in
its own form, carried out on the stored form, and answered in its own.

Sources: pkg/apis/events/v1/conversion.go, pkg/apis/autoscaling/v1/conversion.go and
pkg/kubeapiserver/default_storage_factory_builder.go
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from k8scourse.apiserver import writing
from k8scourse.apiserver.call import Call
from k8scourse.apiserver.decode import decode
from k8scourse.apiserver.patching import apply_patch, check_options, read_patch
from k8scourse.apiserver.request import APPLY_PATCH, PROTOBUF
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.apiserver.watch import Watch
from k8scourse.machinery import status

Object = dict[str, Any]

_EVENT_NAMES = {
    "regarding": "involvedObject",
    "note": "message",
    "reportingController": "reportingComponent",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
}
_CORE_NAMES = {core: name for name, core in _EVENT_NAMES.items()}
_CPU = "cpu"


@dataclass(frozen=True, slots=True)
class Conversion:
    """How the objects of one resource are stored: as those of which API, and the way there and back."""

    stored_version: str
    to_stored: Callable[[Object, Object | None], Object]
    """Of an object, and of the stored one that it replaces, if there is one."""
    from_stored: Callable[[Object], Object]
    labels: Mapping[str, str]
    """Names in field selectors, where they differ."""


def _event_to_core(event: Object, old: Object | None) -> Object:
    return {_EVENT_NAMES.get(name, name): value for name, value in event.items()}


def _event_from_core(event: Object) -> Object:
    return {_CORE_NAMES.get(name, name): value for name, value in event.items()}


def _is_cpu_use(metric: Mapping[str, Any]) -> bool:
    """Whether a metric is the one that autoscaling/v1 knows: the use of CPU in percent of what pods request."""
    resource = metric.get("resource") or {}
    holder = resource.get("target") or resource.get("current") or {}
    return metric.get("type") == "Resource" and resource.get("name") == _CPU and "averageUtilization" in holder


def _autoscaler_to_v2(autoscaler: Object, old: Object | None) -> Object:
    spec = dict(autoscaler["spec"])
    percent = spec.pop("targetCPUUtilizationPercentage", None)
    before = (old or {}).get("spec") or {}
    metrics = [metric for metric in before.get("metrics") or () if not _is_cpu_use(metric)]
    if percent is not None:
        target = {"type": "Utilization", "averageUtilization": percent}
        metrics.append({"type": "Resource", "resource": {"name": _CPU, "target": target}})
    if metrics:
        spec["metrics"] = metrics
    if "behavior" in before:
        spec["behavior"] = before["behavior"]
    found = dict(autoscaler.get("status") or {})
    percent = found.pop("currentCPUUtilizationPercentage", None)
    if percent is not None:
        current = {"name": _CPU, "current": {"averageUtilization": percent}}
        found["currentMetrics"] = [{"type": "Resource", "resource": current}]
    return {**autoscaler, "spec": spec, "status": found}


def _autoscaler_from_v2(autoscaler: Object) -> Object:
    spec = {name: value for name, value in autoscaler["spec"].items() if name not in ("metrics", "behavior")}
    for metric in autoscaler["spec"].get("metrics") or ():
        if _is_cpu_use(metric):
            spec["targetCPUUtilizationPercentage"] = metric["resource"]["target"]["averageUtilization"]
    found = dict(autoscaler.get("status") or {})
    found.pop("conditions", None)
    for metric in found.pop("currentMetrics", None) or ():
        if _is_cpu_use(metric):
            found["currentCPUUtilizationPercentage"] = metric["resource"]["current"]["averageUtilization"]
    return {**autoscaler, "spec": spec, "status": found}


CONVERSIONS: Mapping[tuple[str, str], Conversion] = {
    ("events.k8s.io/v1", "Event"): Conversion(
        "v1",
        _event_to_core,
        _event_from_core,
        {
            "reportingController": "reportingComponent",
            **{
                f"regarding.{name}": f"involvedObject.{name}"
                for name in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
            },
        },
    ),
    ("autoscaling/v1", "HorizontalPodAutoscaler"): Conversion(
        "autoscaling/v2", _autoscaler_to_v2, _autoscaler_from_v2, {}
    ),
}


def conversion_of(call: Call) -> Conversion | None:
    """How the request's objects are stored, if it is in the form of another API."""
    return CONVERSIONS.get((call.resource.group_version, call.resource.kind))


def serve(call: Call, conversion: Conversion, dispatch: Callable[[Call], tuple[int, Any]]) -> tuple[int, Any]:
    """Carry out a request on the stored form; *dispatch* answers one that is about it. Raises ApiError."""
    inner = _inner(call, conversion)
    if call.info.verb in ("create", "update"):
        return _write(call, inner, conversion, dispatch)
    if call.info.verb == "patch":
        return _patch(call, inner, conversion)
    code, body = dispatch(inner)
    return code, _answer(call, conversion, body)


def _inner(call: Call, conversion: Conversion) -> Call:
    """The same request about the resource that stores the objects."""
    hub = call.server.registry.resource(conversion.stored_version, call.resource.plural)
    query = dict(call.request.query)
    selector = query.get("fieldSelector", "")
    for name, stored in conversion.labels.items():
        selector = ",".join(
            stored + term.removeprefix(name) if term.startswith((f"{name}=", f"{name}!")) else term
            for term in selector.split(",")
        )
    if selector:
        query["fieldSelector"] = selector
    request = replace(call.request, query=query)
    info = replace(call.info, group=hub.group, version=hub.version)
    return Call(call.server, request, info, call.user, hub, call.warnings)


def _write(
    call: Call, inner: Call, conversion: Conversion, dispatch: Callable[[Call], tuple[int, Any]]
) -> tuple[int, Any]:
    obj = writing.read_body(call, call.request.body)
    if call.info.verb == "create":
        _check(call, obj)
    stored = _to_stored(inner, conversion, obj, _stored(inner))
    inner.request = replace(inner.request, body=stored, content_type=PROTOBUF, fresh=True)
    code, body = dispatch(inner)
    return code, _answer(call, conversion, body)


def _check(call: Call, obj: Object) -> None:
    """What the request's own API demands of a new object, beyond what the other one does."""
    metadata = obj.setdefault("metadata", {})
    checked = {**obj, "metadata": {"namespace": call.namespace, "name": metadata.get("generateName", ""), **metadata}}
    errors = strategy_for(call.resource).validate(checked)
    if errors:
        raise status.invalid(call.resource.group_kind, metadata.get("name", ""), errors)


def _patch(call: Call, inner: Call, conversion: Conversion) -> tuple[int, Any]:
    if call.request.content_type == APPLY_PATCH:
        raise status.not_simulated(f"server-side apply of a {call.resource.group_version} {call.resource.kind}")
    check_options(call)
    change = read_patch(call.request.body, call.request.content_type)
    old = call.server.read(inner.resource, call.namespace, call.info.name)
    shown = _shown(call, conversion, old)
    patched = apply_patch(shown, change, call.request.content_type, call.server.schema_of(call.resource))
    mode = call.request.query.get("fieldValidation") or "Warn"
    obj, warnings = decode(patched, call.resource, call.server.schemas, mode)
    call.warnings.extend(warnings)
    changed = writing.replace(inner, _to_stored(inner, conversion, obj, old), old)
    return 200, _shown(call, conversion, changed)


def _stored(inner: Call) -> Object | None:
    if not inner.info.name:
        return None
    return inner.server.storage.get(inner.resource.group_resource, inner.namespace, inner.info.name)


def _to_stored(inner: Call, conversion: Conversion, obj: Object, old: Object | None) -> Object:
    stored = conversion.to_stored(obj, old)
    return {**stored, "apiVersion": inner.resource.group_version, "kind": inner.resource.kind}


def _shown(call: Call, conversion: Conversion, stored: Object) -> Object:
    return {**conversion.from_stored(stored), "apiVersion": call.resource.group_version}


def _answer(call: Call, conversion: Conversion, body: Any) -> Any:
    """The answer in the form of the request: an object, a list or a stream; rows and a Status stay as they are."""
    if isinstance(body, Watch):
        return body.shown_as(lambda obj: _answer(call, conversion, obj))
    kind = body.get("kind")
    if kind == call.resource.kind:
        return _shown(call, conversion, body)
    if kind == f"{call.resource.kind}List":
        items = [conversion.from_stored(item) for item in body["items"]]
        return {**body, "apiVersion": call.resource.group_version, "items": items}
    return body
