"""The environment variables of a container, and its command line with them filled in.

Sources: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/kubelet/envvars, third_party/forked/golang/expansion,
pkg/api/v1/resource/helpers.go ExtractContainerResourceValue
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from k8scourse.client.informers import Informers
from k8scourse.component_helpers.services import HEADLESS
from k8scourse.kubelet import messages
from k8scourse.kubelet.runtime import ContainerRuntime, PodRuntime
from k8scourse.kubelet.sources import CONFIG_MAPS, KINDS, SECRETS, WORDS, as_container_sees, texts_of
from k8scourse.machinery.fieldpath import get_path, parse_path
from k8scourse.machinery.quantity import Quantity, parse_quantity
from k8scourse.machinery.timestamps import parse_time

Object = dict[str, Any]

_REFERENCE = re.compile(r"\$(?:\$|\(([^)]*)\))")
_MASTER = "kubernetes"


class ConfigError(ValueError):
    """What keeps a container from being created; str() is the kubelet's sentence."""


def expand(text: str, variables: Mapping[str, str]) -> str:
    """*text* with $(NAME) replaced; $$ stands for $, and a name that is not known stays as it is written."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        return variables.get(match[1], match[0])

    return _REFERENCE.sub(value, text) if "$" in text else text


def missing_source(container: Object, namespace: str, informers: Informers, state: ContainerRuntime) -> str | None:
    """The kubelet's sentence about the first ConfigMap, Secret or key that the environment lacks, or None."""
    for source in container.get("envFrom") or ():
        for field, resource in (("configMapRef", CONFIG_MAPS), ("secretRef", SECRETS)):
            reference = source.get(field)
            if reference and not reference.get("optional"):
                name = reference.get("name", "")
                if as_container_sees(resource, name, namespace, informers, state) is None:
                    return messages.NOT_FOUND.format(word=WORDS[resource], name=name)
    for variable in container.get("env") or ():
        origin = variable.get("valueFrom")
        if not origin:
            continue
        for field, resource in (("configMapKeyRef", CONFIG_MAPS), ("secretKeyRef", SECRETS)):
            reference = origin.get(field)
            if reference and not reference.get("optional"):
                name, key = reference.get("name", ""), reference["key"]
                found = as_container_sees(resource, name, namespace, informers, state)
                if found is None:
                    return messages.NOT_FOUND.format(word=WORDS[resource], name=name)
                if key not in (found.get("data") or {}):
                    return messages.NO_KEY.format(key=key, kind=KINDS[resource], namespace=namespace, name=name)
    return None


def variables_of(
    pod: Object,
    container: Object,
    runtime: PodRuntime,
    state: ContainerRuntime,
    informers: Informers,
    image: Mapping[str, str],
) -> dict[str, str]:
    """The variables that the container's process finds; *image* has those of its image."""
    namespace = pod["metadata"]["namespace"]
    own: dict[str, str] = {}
    for source in container.get("envFrom") or ():
        for field, resource in (("configMapRef", CONFIG_MAPS), ("secretRef", SECRETS)):
            name = (source.get(field) or {}).get("name", "")
            found = as_container_sees(resource, name, namespace, informers, state) if source.get(field) else None
            if found is not None:
                prefix = source.get("prefix", "")
                own.update({f"{prefix}{key}": value for key, value in texts_of(resource, found).items()})
    links = service_links(pod, informers, state.started_at if state.serial else None)
    for variable in container.get("env") or ():
        value: str | None = variable.get("value") or ""
        if value:
            value = expand(value, {**links, **own})
        elif variable.get("valueFrom"):
            value = _from_source(variable["valueFrom"], pod, container, runtime, state, informers)
        if value is not None:
            own[variable["name"]] = value
    return {**image, "HOSTNAME": host_name(pod), **links, **own}


def _from_source(
    origin: Object, pod: Object, container: Object, runtime: PodRuntime, state: ContainerRuntime, informers: Informers
) -> str | None:
    """The value of a variable from elsewhere; None if that is optional and missing."""
    for field, resource in (("configMapKeyRef", CONFIG_MAPS), ("secretKeyRef", SECRETS)):
        if origin.get(field):
            reference = origin[field]
            namespace = pod["metadata"]["namespace"]
            found = as_container_sees(resource, reference.get("name", ""), namespace, informers, state)
            return texts_of(resource, found).get(reference["key"]) if found is not None else None
    if origin.get("fieldRef"):
        as_started = pod if state.metadata is None else {**pod, "metadata": state.metadata}
        return field_value(origin["fieldRef"]["fieldPath"], as_started, runtime, informers)
    if origin.get("resourceFieldRef"):
        return resource_value(origin["resourceFieldRef"], pod, container, informers.get("nodes", runtime.node))
    return None


def field_value(path: str, pod: Object, runtime: PodRuntime, informers: Informers) -> str:
    """A field of the pod as the downward API gives it."""
    node = informers.get("nodes", runtime.node)
    host = _host_ip(node) if node is not None else ""
    special = {
        "status.podIP": runtime.ip,
        "status.podIPs": runtime.ip,
        "status.hostIP": host,
        "status.hostIPs": host,
    }
    if path in special:
        return special[path]
    if path in ("metadata.labels", "metadata.annotations"):
        values = pod["metadata"].get(path.partition(".")[2]) or {}
        return "\n".join(f'{key}="{value}"' for key, value in sorted(values.items()))
    value = get_path(pod, parse_path(path))
    return value if isinstance(value, str) else ""


def _host_ip(node: Object) -> str:
    addresses = node.get("status", {}).get("addresses") or ()
    return next((item["address"] for item in addresses if item["type"] == "InternalIP"), "")


def resource_value(reference: Object, pod: Object, container: Object, node: Object | None) -> str:
    """A request or limit of a container as the downward API gives it; a missing limit is what the node has."""
    name = reference.get("containerName")
    if name:
        every = (*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or ()))
        container = next((item for item in every if item["name"] == name), container)
    kind, _, resource = reference["resource"].partition(".")
    amounts = (container.get("resources") or {}).get(kind) or {}
    if resource not in amounts and kind == "limits" and node is not None:
        amounts = (node.get("status") or {}).get("allocatable") or {}
    amount = parse_quantity(amounts.get(resource, 0))
    divisor = parse_quantity(reference.get("divisor") or 0)
    if divisor.is_zero():
        divisor = parse_quantity(1)
    measure = Quantity.milli_value if resource == "cpu" else Quantity.value
    return str(-(-measure(amount) // measure(divisor)))


def host_name(pod: Object) -> str:
    """The host name that processes of the pod see."""
    spec = pod["spec"]
    if spec.get("hostNetwork"):
        return spec.get("nodeName", "")
    return (spec.get("hostnameOverride") or spec.get("hostname") or pod["metadata"]["name"])[:63].rstrip("-.")


def service_links(pod: Object, informers: Informers, before: int | None) -> dict[str, str]:
    """The variables about the Services that were there when the container started (*before*, ns; None: all).

    The API server's Service is always among them. Source: pkg/kubelet/envvars/envvars.go
    """
    found: dict[str, str] = {}
    namespace = pod["metadata"]["namespace"]
    services = [service for service in (informers.get("services", _MASTER, "default"),) if service is not None]
    if pod["spec"].get("enableServiceLinks", True):
        services.extend(service for service in informers.list("services", namespace) if service not in services)
    for service in services:
        made = service["metadata"].get("creationTimestamp")
        late = before is not None and made is not None and parse_time(made) > before
        addressed = service["spec"].get("clusterIP") not in (None, "", HEADLESS)
        if addressed and not late and service["spec"].get("ports"):
            found.update(_links_of(service))
    return found


def _links_of(service: Object) -> dict[str, str]:
    prefix = service["metadata"]["name"].upper().replace("-", "_")
    address, ports = service["spec"]["clusterIP"], service["spec"]["ports"]
    found = {f"{prefix}_SERVICE_HOST": address, f"{prefix}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            found[f"{prefix}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = str(port["port"])
    for index, port in enumerate(ports):
        protocol, number = port.get("protocol", "TCP"), port["port"]
        url = f"{protocol.lower()}://{address}:{number}"
        name = f"{prefix}_PORT_{number}_{protocol}"
        if index == 0:
            found[f"{prefix}_PORT"] = url
        found |= {name: url, f"{name}_PROTO": protocol.lower(), f"{name}_PORT": str(number), f"{name}_ADDR": address}
    return found


def expanded(words: Sequence[str], variables: Callable[[], Mapping[str, str]]) -> list[str]:
    """A command line with $(NAME) filled in; *variables* is only asked when there is something to fill in."""
    if not any("$" in word for word in words):
        return list(words)
    known = variables()
    return [expand(word, known) for word in words]
