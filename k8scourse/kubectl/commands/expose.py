"""`kubectl expose`: a Service for the pods of a workload, or for one pod.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go, pkg/polymorphichelpers (mapbasedselectorforobject.go,
portsforobject.go, multiprotocolsforobject.go).
"""

from __future__ import annotations

import re
from typing import Any

from k8scourse.kubectl import last_applied
from k8scourse.kubectl.change_cause import recorded
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.overrides import overridden
from k8scourse.kubectl.plain_labels import label_text, parse_labels
from k8scourse.kubectl.pod_templates import pod_spec
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.resource_builder import Builder, Info
from k8scourse.kubectl.session import Session
from k8scourse.machinery.go_format import go_quote

Object = dict[str, Any]

_LONGEST_NAME = 63
_NAMES = {("apps", "Deployment"): "deployment", ("apps", "ReplicaSet"): "replicaset"}
_CAN_BE_EXPOSED = (*_NAMES, ("", "ReplicationController"), ("", "Service"), ("", "Pod"))


def run(session: Session) -> None:
    """Create the Service. Raises KubectlError, ApiError or Several."""
    session.refuse_flags("kustomize")
    session.dry_run()
    Builder(
        session,
        words=session.words,
        files=session.flag("filename"),
        recursive=session.flag("recursive"),
        flatten=True,
    ).do().visit(lambda info: _expose(session, info))


def _expose(session: Session, info: Info) -> None:
    resource, obj = info.resource, info.obj or {}
    if (resource.group, resource.kind) not in _CAN_BE_EXPOSED:
        kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
        raise KubectlError(f"cannot expose a {kind}")
    selector = session.flag("selector") or _selector(obj)
    ports = _ports(session, obj)
    labels = session.flag("labels") or label_text(obj["metadata"].get("labels"))
    service = _service(session, info, selector, ports, labels)
    service = recorded(session, overridden(session, service))
    if session.dry_run() == "client":
        if session.namespace_given:
            service = {**service, "metadata": {**service["metadata"], "namespace": session.namespace}}
    else:
        service = session.api.create(
            session.resource_of("v1", "Service"),
            session.namespace,
            last_applied.updated(service, create=session.flag("save-config")),
            dryRun=session.server_dry_run(),
            fieldManager=session.flag("field-manager"),
        )
    result_printer(session)(service, "exposed")


def _selector(obj: Object) -> str:
    try:
        return _own_selector(obj)
    except KubectlError as error:
        raise KubectlError(
            f"couldn't retrieve selectors via --selector flag or introspection: {error.message}"
        ) from error


def _own_selector(obj: Object) -> str:
    spec = obj.get("spec") or {}
    if obj["kind"] == "Pod":
        if not obj["metadata"].get("labels"):
            raise KubectlError("the pod has no labels and cannot be exposed")
        return label_text(obj["metadata"]["labels"])
    if obj["kind"] == "Service" and spec.get("selector") is None:
        raise KubectlError("the service has no pod selector set")
    if obj["apiVersion"] == "v1":
        return label_text(spec.get("selector"))
    selector = spec.get("selector") or {}
    if not selector.get("matchLabels"):
        raise KubectlError(f"invalid {obj['kind'].lower()}: no selectors, therefore cannot be exposed")
    if selector.get("matchExpressions"):
        parts = (
            f"{{Key:{each['key']} Operator:{each['operator']} Values:[{' '.join(each.get('values') or [])}]}}"
            for each in selector["matchExpressions"]
        )
        raise KubectlError(f'couldn\'t convert expressions - "[{" ".join(parts)}]" to map-based selector format')
    return label_text(selector["matchLabels"])


def _declared(obj: Object) -> dict[str, list[str]]:
    """The protocols of every port that the object declares, in order."""
    ports: dict[str, list[str]] = {}
    if obj["kind"] == "Service":
        declared = [(port["port"], port) for port in obj["spec"].get("ports") or []]
    else:
        containers = pod_spec(obj).get("containers") or []
        declared = [(port["containerPort"], port) for each in containers for port in each.get("ports") or []]
    for number, port in declared:
        ports.setdefault(str(number), []).append(port.get("protocol") or "TCP")
    return ports


def _ports(session: Session, obj: Object) -> list[Object]:
    declared = _declared(obj)
    wanted = session.flag("port").split(",") if session.flag("port") else list(declared)
    if not wanted and session.flag("cluster-ip") != "None":
        raise KubectlError("couldn't find port via --port flag or introspection")
    ports: list[Object] = []
    for index, text in enumerate(wanted, 1):
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            raise KubectlError(f"strconv.Atoi: parsing {go_quote(text)}: invalid syntax")
        name = {"name": f"port-{index}"} if len(wanted) > 1 else {}
        protocols = [session.flag("protocol")] if session.flag("protocol") else declared.get(text, ["TCP"])
        if len(protocols) == 1:
            ports.append({**name, "port": int(text), "protocol": protocols[0]})
            continue
        for protocol in protocols:
            ports.append({"name": f"port-{index}-{protocol.lower()}", "port": int(text), "protocol": protocol})
    return ports


def _service(session: Session, info: Info, selector: str, ports: list[Object], labels: str) -> Object:
    if not selector:
        raise KubectlError("selector must be specified")
    target = session.flag("target-port")
    number = re.fullmatch(r"[+-]?[0-9]+", target)
    spec: Object = {"selector": parse_labels(selector)}
    metadata: Object = {"name": session.flag("name") or info.name[:_LONGEST_NAME]}
    if labels:
        metadata["labels"] = parse_labels(labels)
    if ports:
        goal = (int(target) if number else target) if target else None
        spec["ports"] = [{**port, "targetPort": port["port"] if goal is None else goal} for port in ports]
    if session.flag("external-ip"):
        spec["externalIPs"] = [session.flag("external-ip")]
    if session.flag("type"):
        spec["type"] = session.flag("type")
    if session.flag("type") == "LoadBalancer" and session.flag("load-balancer-ip"):
        spec["loadBalancerIP"] = session.flag("load-balancer-ip")
    affinity = session.flag("session-affinity")
    if affinity not in ("", "None", "ClientIP"):
        raise KubectlError(f"unknown session affinity: {affinity}")
    if affinity:
        spec["sessionAffinity"] = affinity
    if session.flag("cluster-ip"):
        spec["clusterIP"] = session.flag("cluster-ip")
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": spec,
        "status": {"loadBalancer": {}},
    }
