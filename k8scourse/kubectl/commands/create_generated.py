"""`kubectl create KIND`: objects made from flags.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create/create_deployment.go and its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8scourse.kubectl import last_applied
from k8scourse.kubectl.errors import KubectlError, NotSimulated
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.session import Session
from k8scourse.machinery import names
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.labels import SelectorError, parse_selector
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

_WRAPPED = {
    "configmap": "configmap",
    "deployment": "deployment",
    "poddisruptionbudget": "poddisruptionbudgets",
    "priorityclass": "priorityclass",
    "serviceaccount": "serviceaccount",
}
"""The kinds whose refusals read `failed to create X: ...`."""


def run(session: Session) -> None:
    """Make one object from the flags and create it. Raises KubectlError or ApiError."""
    kind = session.command.rpartition(" ")[2]
    if kind == "deployment" and not session.changed("image"):
        raise KubectlError('required flag(s) "image" not set')
    if kind == "priorityclass" and not session.changed("value"):
        raise KubectlError('required flag(s) "value" not set')
    name = _name(session)
    dry_run, validation = session.dry_run(), session.field_validation()
    obj = _GENERATORS[kind](session, name)
    resource = session.resource_of(obj["apiVersion"], obj["kind"])
    if resource.namespaced and session.namespace_given:
        obj = {**obj, "metadata": {**obj["metadata"], "namespace": session.namespace}}
    obj = last_applied.updated(obj, create=session.flag("save-config"))
    if dry_run != "client":
        obj = _create(session, kind, obj, validation)
    result_printer(session)(obj, "created")


def _create(session: Session, kind: str, obj: Object, validation: str) -> Object:
    resource = session.resource_of(obj["apiVersion"], obj["kind"])
    try:
        return session.api.create(
            resource,
            session.namespace,
            obj,
            dryRun=session.server_dry_run(),
            fieldManager=session.flag("field-manager"),
            fieldValidation=validation,
        )
    except ApiError as error:
        if kind not in _WRAPPED:
            raise
        raise KubectlError(f"failed to create {_WRAPPED[kind]}: {error.message}") from error


def _name(session: Session) -> str:
    before_dash = session.arguments.words_before_dash
    count = len(session.words) if before_dash < 0 else before_dash
    if count != 1:
        raise session.usage(f"exactly one NAME is required, got {count}")
    return session.words[0]


def _deployment(session: Session, name: str) -> Object:
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


def _namespace(session: Session, name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {}, "status": {}}


def _service_account(session: Session, name: str) -> Object:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}


def _priority_class(session: Session, name: str) -> Object:
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


def _disruption_budget(session: Session, name: str) -> Object:
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
        "spec": {**bound, "selector": _label_selector(selector)},
        "status": {"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0},
    }


def _int_or_string(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _label_selector(text: str) -> Object:
    """`a=b,c=d` as a LabelSelector; other operators become expressions (metav1.ParseToLabelSelector)."""
    try:
        selector = parse_selector(text)
    except SelectorError as error:
        raise KubectlError(f"couldn't parse the selector string {go_quote(text)}: {error}") from error
    labels: dict[str, str] = {}
    for requirement in str(selector).split(","):
        key, equals, value = requirement.partition("=")
        if not equals or key.endswith("!") or " " in key:
            raise NotSimulated("a selector with operators other than `=`")
        labels[key] = value
    return {"matchLabels": labels}


def _config_map(session: Session, name: str) -> Object:
    if session.flag("from-env-file") and (session.flag("from-file") or session.flag("from-literal")):
        raise KubectlError("from-env-file cannot be combined with from-file or from-literal")
    session.refuse_flags("append-hash", "from-env-file")
    data: dict[str, str] = {}
    for source in session.flag("from-file"):
        key, equals, path = source.partition("=")
        path = path if equals else source
        _add(name, data, key if equals else path.rpartition("/")[2], session.files.read(path))
    for literal in session.flag("from-literal"):
        key, equals, value = literal.partition("=")
        if not equals or not key:
            raise KubectlError(f"invalid literal source {literal}, expected key=value")
        _add(name, data, key, _unquoted(value))
    obj: Object = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
    return {**obj, "data": data} if data else obj


def _add(name: str, data: dict[str, str], key: str, value: str) -> None:
    faults = names.is_config_map_key(key)
    if faults:
        raise KubectlError(f"{go_quote(key)} is not a valid key name for a ConfigMap: {','.join(faults)}")
    if key in data:
        raise KubectlError(
            f"cannot add key {go_quote(key)}, another key by that name already exists in Data for ConfigMap "
            f"{go_quote(name)}"
        )
    data[key] = value


def _unquoted(value: str) -> str:
    """A value without the quotation marks around it, as in --from-literal=a='"b"'."""
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


_GENERATORS: dict[str, Callable[[Session, str], Object]] = {
    "configmap": _config_map,
    "deployment": _deployment,
    "namespace": _namespace,
    "poddisruptionbudget": _disruption_budget,
    "priorityclass": _priority_class,
    "serviceaccount": _service_account,
}
