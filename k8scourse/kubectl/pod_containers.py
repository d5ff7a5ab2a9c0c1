"""Which pod and which container a command such as logs or exec is about.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/util/podcmd/podcmd.go, pkg/polymorphichelpers/helpers.go.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.pod_templates import go_type
from k8scourse.kubectl.resource_builder import Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery.labels import selector_from, selector_from_set

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"

Object = dict[str, Any]

_FIELDS = ("containers", "initContainers", "ephemeralContainers")
_BY_SELECTOR = ("ReplicaSet", "StatefulSet", "DaemonSet", "Deployment", "Job")


def container_names(pod: Object) -> str:
    """Every container's name with its sort, as errors list them."""
    marks = (("containers", ""), ("ephemeralContainers", " (ephem)"), ("initContainers", " (init)"))
    return ", ".join(f"{each['name']}{mark}" for field, mark in marks for each in pod["spec"].get(field) or [])


def has_container(pod: Object, name: str) -> bool:
    """Whether the pod has a container of this name, of whatever sort."""
    return any(each["name"] == name for field in _FIELDS for each in pod["spec"].get(field) or [])


def has_several(pod: Object) -> bool:
    """Whether there is more than the first container to choose from."""
    return sum(len(pod["spec"].get(field) or []) for field in _FIELDS) > 1


def not_a_container(pod: Object, name: str) -> KubectlError:
    """The error for a container that the pod does not have."""
    return KubectlError(
        f"container {name} is not valid for pod {pod['metadata']['name']} out of: {container_names(pod)}"
    )


def pods_of(session: Session, info: Info, timeout: int) -> list[Object]:
    """The pod, or the pods of a workload or service; lets time pass until there is one. Raises KubectlError."""
    obj = info.obj or {}
    if (obj["apiVersion"], obj["kind"]) == ("v1", "Pod"):
        return [obj]
    selector = _selector(obj)
    resource = session.resource_of("v1", "Pod")
    pods: list[Object] = []

    def found() -> bool:
        pods[:] = session.api.list(resource, info.namespace, labelSelector=selector).get("items") or []
        return bool(pods)

    if not session.clock.run_until(found, timeout):
        raise KubectlError("timed out waiting for the condition")
    return pods


def _selector(obj: Object) -> str:
    spec = obj.get("spec") or {}
    if obj["apiVersion"] == "v1" and obj["kind"] == "Service":
        if not spec.get("selector"):
            name = obj["metadata"]["name"]
            raise KubectlError(f"invalid service '{name}': Service is defined without a selector")
        return str(selector_from_set(spec["selector"]))
    if obj["apiVersion"] == "v1" and obj["kind"] == "ReplicationController":
        return str(selector_from_set(spec.get("selector") or {}))
    if obj["apiVersion"] in ("apps/v1", "batch/v1") and obj["kind"] in _BY_SELECTOR:
        return str(selector_from(spec.get("selector")))
    raise KubectlError(f"selector for {go_type(obj)} not implemented")
