"""The Containers section of pods and pod templates.

Kubernetes: staging/src/k8s.io/kubectl/pkg/describe/describe.go describeContainers and DescribeProbe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.component_helpers.pod_requests import parse_resources
from k8scourse.kubectl.describe.common import NONE, date
from k8scourse.kubectl.describe.writer import Page
from k8scourse.machinery import fieldpath
from k8scourse.machinery.go_format import go_quote, go_value
from k8scourse.machinery.quantity import canonical

Object = Mapping[str, Any]


def containers(
    page: Page,
    title: str,
    listed: Sequence[Object],
    *,
    statuses: Sequence[Object] = (),
    pod: Object | None = None,
    indent: str = "",
) -> None:
    """The section *title*. *pod* resolves field references of the environment; *indent* is that of a template."""
    by_name = {status["name"]: status for status in statuses}
    page.line(0, f"{indent}{title}:{'' if listed else ' ' + NONE}")
    for container in listed:
        status = by_name.get(container["name"])
        _basics(page, container, status, indent)
        for word, name in (("Command", "command"), ("Args", "args")):
            _words(page, word, container.get(name) or [])
        if status is not None:
            _state(page, status)
        resources(page, container.get("resources") or {}, 2)
        for word, name in (("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")):
            if container.get(name):
                page.field(word, probe_text(container[name]), 2)
        _environment_sources(page, container.get("envFrom") or [])
        _environment(page, container, pod)
        _mounts(page, container)


def _basics(page: Page, container: Object, status: Object | None, indent: str) -> None:
    page.line(1, f"{' ' if indent else ''}{container['name']}:")
    if status is not None:
        page.field("Container ID", status.get("containerID", ""), 2)
    page.field("Image", container.get("image", ""), 2)
    if status is not None:
        page.field("Image ID", status.get("imageID", ""), 2)
    for word, name in (("Port", "containerPort"), ("Host Port", "hostPort")):
        ports = ", ".join(_port(port, name) for port in container.get("ports") or [])
        page.field(word + "s" if "," in ports else word, ports or NONE, 2)
    seccomp = (container.get("securityContext") or {}).get("seccompProfile")
    if seccomp:
        page.field("SeccompProfile", seccomp.get("type", ""), 2)
        if seccomp.get("type") == "Localhost":
            page.field("LocalhostProfile", seccomp.get("localhostProfile", ""), 3)


def _port(port: Object, name: str) -> str:
    text = f"{port.get(name, 0)}/{port.get('protocol', '')}"
    return f"{text} ({port['name']})" if port.get("name") else text


def _words(page: Page, title: str, words: Sequence[str]) -> None:
    if words:
        page.line(2, f"{title}:")
    for word in words:
        for line in word.split("\n"):
            page.line(3, line)


def _state(page: Page, status: Object) -> None:
    _one_state(page, "State", status.get("state") or {})
    if (status.get("lastState") or {}).get("terminated"):
        _one_state(page, "Last State", status["lastState"])
    page.field("Ready", "True" if status.get("ready") else "False", 2)
    page.field("Restart Count", status.get("restartCount", 0), 2)


def _one_state(page: Page, title: str, state: Object) -> None:
    running, waiting, ended = state.get("running"), state.get("waiting"), state.get("terminated")
    if running is not None:
        page.field(title, "Running", 2)
        page.field("Started", date(running.get("startedAt")), 3)
    elif waiting is not None or ended is None:
        page.field(title, "Waiting", 2)
        if (waiting or {}).get("reason"):
            page.field("Reason", (waiting or {})["reason"], 3)
    else:
        page.field(title, "Terminated", 2)
        for word, name in (("Reason", "reason"), ("Message", "message")):
            if ended.get(name):
                page.field(word, ended[name], 3)
        page.field("Exit Code", ended.get("exitCode", 0), 3)
        if ended.get("signal", 0) > 0:
            page.field("Signal", ended["signal"], 3)
        page.field("Started", date(ended.get("startedAt")), 3)
        page.field("Finished", date(ended.get("finishedAt")), 3)


def resources(page: Page, claims: Object, level: int) -> None:
    """Limits and requests."""
    for word, name in (("Limits", "limits"), ("Requests", "requests")):
        amounts = claims.get(name) or {}
        if amounts:
            page.line(level, f"{word}:")
        for resource in sorted(amounts):
            page.field(resource, canonical(amounts[resource]), level + 1)


def probe_text(probe: Object) -> str:
    """One probe, such as `http-get http://:80/ delay=0s timeout=1s period=10s #success=1 #failure=3`."""
    numbers = (
        f"delay={probe.get('initialDelaySeconds', 0)}s timeout={probe.get('timeoutSeconds', 0)}s "
        f"period={probe.get('periodSeconds', 0)}s #success={probe.get('successThreshold', 0)} "
        f"#failure={probe.get('failureThreshold', 0)}"
    )
    if probe.get("exec") is not None:
        return f"exec {go_value(probe['exec'].get('command') or [])} {numbers}"
    if probe.get("httpGet") is not None:
        get = probe["httpGet"]
        path = get.get("path", "")
        path = path if path.startswith("/") or not path else "/" + path
        return f"http-get {get.get('scheme', '').lower()}://{get.get('host', '')}:{get.get('port', '')}{path} {numbers}"
    if probe.get("tcpSocket") is not None:
        return f"tcp-socket {probe['tcpSocket'].get('host', '')}:{probe['tcpSocket'].get('port', '')} {numbers}"
    if probe.get("grpc") is not None:
        return f"grpc <pod>:{probe['grpc'].get('port', 0)} {probe['grpc'].get('service', '')} {numbers}"
    return f"unknown {numbers}"


def _optional(source: Object) -> str:
    return f"Optional: {'true' if source.get('optional') else 'false'}"


def _environment_sources(page: Page, sources: Sequence[Object]) -> None:
    if sources:
        page.line(2, "Environment Variables from:")
    for source in sources:
        word, reference = "", {}
        if source.get("configMapRef") is not None:
            word, reference = "ConfigMap", source["configMapRef"]
        elif source.get("secretRef") is not None:
            word, reference = "Secret", source["secretRef"]
        prefix = f" with prefix '{source['prefix']}'" if source.get("prefix") else ""
        page.line(3, f"{reference.get('name', '')}\t{word}{prefix}\t{_optional(reference)}")


def _environment(page: Page, container: Object, pod: Object | None) -> None:
    variables = container.get("env") or []
    page.line(2, "Environment:" if variables else f"Environment:\t{NONE}")
    for variable in variables:
        name, source = variable["name"], variable.get("valueFrom")
        if source is None:
            first, *others = variable.get("value", "").split("\n")
            page.field(name, first, 3)
            for line in others:
                page.line(3, f"\t{line}")
        else:
            _referenced(page, name, source, container, pod)


def _referenced(page: Page, name: str, source: Object, container: Object, pod: Object | None) -> None:
    if source.get("fieldRef") is not None:
        reference = source["fieldRef"]
        value = _field_of(pod, reference["fieldPath"]) if pod is not None else ""
        page.field(name, f"{value} ({reference.get('apiVersion', '')}:{reference['fieldPath']})", 3)
    elif source.get("resourceFieldRef") is not None:
        resource = source["resourceFieldRef"]["resource"]
        page.field(name, f"{_amount_of(container, source['resourceFieldRef'])} ({resource})", 3)
    elif source.get("secretKeyRef") is not None:
        key = source["secretKeyRef"]
        text = f"<set to the key '{key['key']}' in secret '{key.get('name', '')}'>"
        page.field(name, f"{text}\t{_optional(key)}", 3)
    elif source.get("configMapKeyRef") is not None:
        key = source["configMapKeyRef"]
        text = f"<set to the key '{key['key']}' of config map '{key.get('name', '')}'>"
        page.field(name, f"{text}\t{_optional(key)}", 3)


def _field_of(pod: Object, path: str) -> str:
    try:
        value = fieldpath.get_path(pod, path)
    except fieldpath.FieldPathError:
        return ""
    return value if isinstance(value, str) else ""


def _amount_of(container: Object, reference: Object) -> str:
    """The value of a resource field in units of its divisor, rounded up."""
    field, _, name = reference["resource"].partition(".")
    amounts = parse_resources((container.get("resources") or {}).get(field))
    if name not in amounts or amounts[name].is_zero():
        return "node allocatable" if reference["resource"] in ("limits.cpu", "limits.memory") else "0"
    divisor = parse_resources({"divisor": reference.get("divisor") or "1"})["divisor"]
    unit = divisor if not divisor.is_zero() else parse_resources({"one": "1"})["one"]
    if name == "cpu":
        return str(-(-amounts[name].milli_value() // unit.milli_value()))
    return str(-(-amounts[name].value() // unit.value()))


def _mounts(page: Page, container: Object) -> None:
    mounts = sorted(container.get("volumeMounts") or [], key=lambda mount: mount["mountPath"])
    page.line(2, "Mounts:" if mounts else f"Mounts:\t{NONE}")
    for mount in mounts:
        flags = ["ro" if mount.get("readOnly") else "rw"]
        if mount.get("subPath"):
            flags.append(f"path={go_quote(mount['subPath'])}")
        page.line(3, f"{mount['mountPath']} from {mount['name']} ({','.join(flags)})")
    devices = sorted(container.get("volumeDevices") or [], key=lambda device: device["devicePath"])
    if devices:
        page.line(2, "Devices:" if mounts else f"Devices:\t{NONE}")
    for device in devices:
        page.line(3, f"{device['devicePath']} from {device['name']}")
