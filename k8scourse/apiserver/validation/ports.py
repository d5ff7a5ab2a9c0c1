"""Validation of container ports and host ports.

Source: kubernetes pkg/apis/core/validation/validation.go validateContainerPorts, AccumulateUniqueHostPorts,
validatePodHostNetworkDeps.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.support import Errors, check_choice
from k8scourse.machinery.field import duplicate, invalid, required
from k8scourse.machinery.names import is_port_name, is_port_number

PROTOCOLS = ("SCTP", "TCP", "UDP")


def check_ports(errors: Errors, ports: Sequence[Mapping[str, Any]], path: str) -> None:
    """Check the ports of a container; names must be unique, numbers need not be."""
    names: set[str] = set()
    for index, port in enumerate(ports):
        item = f"{path}[{index}]"
        if port.get("name"):
            _check_name(errors, port["name"], names, f"{item}.name")
        number = port.get("containerPort")
        if not number:
            errors.append(required(f"{item}.containerPort"))
        else:
            _check_number(errors, number, f"{item}.containerPort")
        if port.get("hostPort"):
            _check_number(errors, port["hostPort"], f"{item}.hostPort")
        if port.get("protocol") not in PROTOCOLS:
            check_choice(errors, f"{item}.protocol", port.get("protocol"), PROTOCOLS)


def _check_name(errors: Errors, name: str, taken: set[str], path: str) -> None:
    messages = is_port_name(name)
    if messages:
        errors.extend(invalid(path, name, message) for message in messages)
    elif name in taken:
        errors.append(duplicate(path, name))
    else:
        taken.add(name)


def _check_number(errors: Errors, number: int, path: str) -> None:
    for message in is_port_number(number):
        errors.append(invalid(path, number, message))


def check_host_ports(errors: Errors, containers: Sequence[Mapping[str, Any]], path: str) -> None:
    """Report a (protocol, host IP, host port) that two ports of *containers* share."""
    taken: set[str] = set()
    for index, container in enumerate(containers):
        for number, port in enumerate(container.get("ports") or ()):
            if not port.get("hostPort"):
                continue
            claim = f"{port.get('protocol') or ''}/{port.get('hostIP') or ''}/{port['hostPort']}"
            if claim in taken:
                errors.append(duplicate(f"{path}[{index}].ports[{number}].hostPort", claim))
            taken.add(claim)


def check_host_network_ports(errors: Errors, spec: Mapping[str, Any], path: str, *, is_pod: bool) -> None:
    """Report host ports that differ from the container's when the pod uses the host's network."""
    for index, container in enumerate(spec.get("containers") or ()):
        for number, port in enumerate(container.get("ports") or ()):
            host_port = port.get("hostPort") or 0
            if (is_pod or host_port) and host_port != port.get("containerPort"):
                text = "must match `containerPort` when `hostNetwork` is true"
                where = f"{path}.containers[{index}].ports[{number}].hostPort"
                errors.append(invalid(where, host_port, text))
