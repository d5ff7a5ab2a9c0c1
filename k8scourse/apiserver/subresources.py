"""Subresources: status and scale of every kind that has them, binding and eviction of pods, finalize of namespaces.

Sources: pkg/registry/core/pod/storage/{storage,eviction}.go, pkg/registry/apps/deployment/storage/storage.go,
pkg/registry/core/namespace/storage/storage.go
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from k8scourse.apiserver import eviction, listing, pod_connections, writing
from k8scourse.apiserver.admission.pod_topology_labels import topology_labels
from k8scourse.apiserver.call import Call
from k8scourse.apiserver.patching import apply_patch, read_patch
from k8scourse.machinery import field, status
from k8scourse.machinery.fieldpath import get_path, set_path
from k8scourse.machinery.labels import selector_from
from k8scourse.machinery.timestamps import format_time

Object = dict[str, Any]
Served = tuple[int, Any]


def serve(call: Call) -> Served:
    """Answer a request about a subresource; raises ApiError."""
    if call.info.subresource not in call.resource.subresources:
        raise status.unknown_path(call.info.verb, call.info.resource, call.info.name)
    handler = _HANDLERS.get((call.resource.group_resource, call.info.subresource))
    if handler is None:
        handler = _GENERIC.get(call.info.subresource)
    if handler is None:
        raise status.not_simulated(f"the subresource {call.resource.plural}/{call.info.subresource}")
    return handler(call)


def _status(call: Call) -> Served:
    verb = call.info.verb
    if verb == "get":
        return 200, listing.get(call)
    if verb == "update":
        return writing.update(call)
    if verb == "patch":
        return writing.patch(call)
    raise status.method_not_supported(f"{call.resource.group_resource}/status", verb)


def _scale(call: Call) -> Served:
    """The Scale of a workload: spec.replicas and the selector of its pods."""
    obj = call.server.read(call.resource, call.namespace, call.info.name)
    places = _scale_places(call)
    if call.info.verb == "get":
        return 200, _scale_of(obj, places)
    if call.info.verb == "patch":
        change = read_patch(call.request.body, call.request.content_type)
        wanted = apply_patch(_scale_of(obj, places), change, call.request.content_type, call.server.scale_schema)
    elif call.info.verb == "update":
        wanted = call.request.body
    else:
        raise status.method_not_supported(f"{call.resource.group_resource}/scale", call.info.verb)
    replicas = (wanted.get("spec") or {}).get("replicas", 0)
    if not isinstance(replicas, int) or replicas < 0:
        fault = field.invalid("spec.replicas", replicas, "must be greater than or equal to 0")
        raise status.invalid("Scale.autoscaling", obj["metadata"]["name"], [fault])
    changed = {**set_path(obj, places.replicas, replicas), "metadata": dict(obj["metadata"])}
    version = (wanted.get("metadata") or {}).get("resourceVersion")
    if version:
        changed["metadata"]["resourceVersion"] = version
    return 200, _scale_of(writing.replace(call, changed, obj), places)


class _ScalePlaces(NamedTuple):
    """Where an object has what its Scale shows; the selector of a custom resource is a text."""

    replicas: str = "spec.replicas"
    current: str = "status.replicas"
    selector: str = "spec.selector"


_USUAL_PLACES = _ScalePlaces()


def _scale_places(call: Call) -> _ScalePlaces:
    custom = call.server.custom_resources.version(call.resource)
    if custom is None:
        return _USUAL_PLACES
    scale = custom.subresources["scale"]
    names = ("specReplicasPath", "statusReplicasPath", "labelSelectorPath")
    return _ScalePlaces(*((scale.get(name) or "").lstrip(".") for name in names))


def _selector_text(obj: Object, path: str) -> str:
    found = get_path(obj, path) if path else ""
    if isinstance(found, str):
        return found
    return str(selector_from(found)) if isinstance(found, dict) else ""


def _number(obj: Object, path: str) -> int:
    found = get_path(obj, path)
    return found if isinstance(found, int) else 0


def _scale_of(obj: Object, places: _ScalePlaces) -> Object:
    metadata = obj["metadata"]
    names = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    found: Object = {"replicas": _number(obj, places.current)}
    selector = _selector_text(obj, places.selector)
    if selector:
        found["selector"] = selector
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: metadata[name] for name in names if name in metadata},
        "spec": {"replicas": _number(obj, places.replicas)},
        "status": found,
    }


def _bind(call: Call) -> Served:
    """POST pods/binding: assign a pod to a node (storage.go assignPod)."""
    if call.info.verb != "create":
        raise status.method_not_supported("pods/binding", call.info.verb)
    binding = call.request.body
    pod = call.server.read(call.resource, call.namespace, call.info.name)
    name, node = pod["metadata"]["name"], (binding.get("target") or {}).get("name", "")
    refusal = ""
    if "deletionTimestamp" in pod["metadata"]:
        refusal = f"pod {name} is being deleted, cannot be assigned to a host"
    elif pod["spec"].get("nodeName"):
        refusal = f'pod {name} is already assigned to node "{pod["spec"]["nodeName"]}"'
    elif pod["spec"].get("schedulingGates"):
        refusal = f"pod {name} has non-empty .spec.schedulingGates"
    if refusal:
        raise status.conflict("pods/binding", name, refusal)
    bound = {**pod, "spec": {**pod["spec"], "nodeName": node}, "metadata": dict(pod["metadata"])}
    annotations = (binding.get("metadata") or {}).get("annotations")
    if annotations:
        bound["metadata"]["annotations"] = {**bound["metadata"].get("annotations", {}), **annotations}
    labels = topology_labels(call.server.storage, node)
    if labels:
        bound["metadata"]["labels"] = {**(bound["metadata"].get("labels") or {}), **labels}
    bound["status"] = _scheduled(pod.get("status") or {}, call.server.engine.now, pod["metadata"].get("generation"))
    call.server.storage.write("pods", bound)
    return 201, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


def _scheduled(before: Object, now: int, generation: int | None) -> Object:
    condition: Object = {
        "type": "PodScheduled",
        "status": "True",
        "lastProbeTime": None,
        "lastTransitionTime": format_time(now),
    }
    if generation:
        condition["observedGeneration"] = generation
    others = [item for item in before.get("conditions") or () if item["type"] != "PodScheduled"]
    return {**before, "conditions": [*others, condition]}


def _finalize_namespace(call: Call) -> Served:
    """PUT namespaces/finalize: change spec.finalizers; without any a terminating namespace ends."""
    if call.info.verb != "update":
        raise status.method_not_supported("namespaces/finalize", call.info.verb)
    obj = writing.read_body(call, call.request.body)
    writing.check_name(call, obj)
    if not (obj.get("spec") or {}).get("finalizers"):
        obj["spec"] = {}
    return 200, writing.replace(call, obj, call.server.read(call.resource, "", call.info.name))


def _ephemeral_containers(call: Call) -> Served:
    """GET, PUT and PATCH pods/ephemeralcontainers: containers for debugging are added to a pod that runs."""
    verb = call.info.verb
    if verb == "get":
        return 200, listing.get(call)
    if verb == "update":
        return writing.update(call)
    if verb == "patch":
        return writing.patch(call)
    raise status.method_not_supported("pods/ephemeralcontainers", verb)


_GENERIC: dict[str, Callable[[Call], Served]] = {"status": _status, "scale": _scale}
_HANDLERS: dict[tuple[str, str], Callable[[Call], Served]] = {
    ("pods", "binding"): _bind,
    ("pods", "ephemeralcontainers"): _ephemeral_containers,
    ("pods", "eviction"): eviction.evict,
    ("pods", "log"): pod_connections.log,
    ("pods", "exec"): pod_connections.exec_,
    ("namespaces", "finalize"): _finalize_namespace,
}
