"""`kubectl create deployment`, `namespace`, `serviceaccount`, `priorityclass`, `poddisruptionbudget` and `quota`.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create/create_deployment.go and its neighbours.
"""

from __future__ import annotations

from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.label_selectors import parse_label_selector
from k8scourse.kubectl.quantities import resource_list
from k8scourse.kubectl.session import Session

Object = dict[str, Any]


def deployment(session: Session, name: str) -> Object:
    """The Deployment of --image."""
    images = session.flag("image")
    command = session.words[1:]
    if len(images) > 1 and command:
        raise KubectlError("cannot specify multiple --image options and command")
    containers: list[Object] = []
    for image in images:
        container: Object = {"name": _container_name(image), "image": image, "resources": {}}
        if command:
            container["command"] = command
        containers.append(container)
    if session.flag("port") >= 0:
        containers[0]["ports"] = [{"containerPort": session.flag("port")}]
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels},
        "spec": {
            "replicas": session.flag("replicas"),
            "selector": {"matchLabels": labels},
            "strategy": {},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
        "status": {},
    }


def _container_name(image: str) -> str:
    """The last part of the image without tag and digest.

    Where upstream appends random letters (names with `_` or `.`), the name here stays without them.
    """
    name = image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    return name.replace("_", "-").replace(".", "-")


def namespace(session: Session, name: str) -> Object:
    """The Namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {}, "status": {}}


def service_account(session: Session, name: str) -> Object:
    """The ServiceAccount."""
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}


def priority_class(session: Session, name: str) -> Object:
    """The PriorityClass."""
    obj: Object = {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name},
        "value": session.flag("value"),
        "preemptionPolicy": session.flag("preemption-policy"),
    }
    if session.flag("global-default"):
        obj["globalDefault"] = True
    if session.flag("description"):
        obj["description"] = session.flag("description")
    return obj


def disruption_budget(session: Session, name: str) -> Object:
    """The PodDisruptionBudget for the pods of --selector."""
    least, most, selector = session.flag("min-available"), session.flag("max-unavailable"), session.flag("selector")
    if not selector:
        raise KubectlError("a selector must be specified")
    if not least and not most:
        raise KubectlError("one of min-available or max-unavailable must be specified")
    if least and most:
        raise KubectlError("min-available and max-unavailable cannot be both specified")
    for value, flag in ((least, "min-available"), (most, "max-unavailable")):
        if value and not value.removesuffix("%").isdigit():
            raise KubectlError(f"invalid format specified for {flag}")
    bound = {"minAvailable": _int_or_string(least)} if least else {"maxUnavailable": _int_or_string(most)}
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": name},
        "spec": {**bound, "selector": parse_label_selector(selector)},
        "status": {"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0},
    }


def _int_or_string(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def quota(session: Session, name: str) -> Object:
    """The ResourceQuota of --hard and --scopes."""
    spec: Object = {}
    if session.flag("hard"):
        spec["hard"] = resource_list(session.flag("hard"))
    scopes = session.flag("scopes").split(",") if session.flag("scopes") else []
    if "" in scopes:
        raise KubectlError('invalid resource quota scope ""')
    if scopes:
        spec["scopes"] = scopes
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name}, "spec": spec, "status": {}}
