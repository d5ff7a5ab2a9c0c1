"""Validation of containers, init containers and ephemeral containers.

Source: kubernetes pkg/apis/core/validation/validation.go validateContainers, validateInitContainers,
validateEphemeralContainers, validateContainerCommon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from k8scourse.apiserver.validation.environment import check_env, check_env_from
from k8scourse.apiserver.validation.mounts import Volumes, check_devices, check_mounts
from k8scourse.apiserver.validation.ports import check_host_ports, check_ports
from k8scourse.apiserver.validation.probes import PROBES, check_lifecycle, check_probes
from k8scourse.apiserver.validation.resources import check_container_resources
from k8scourse.apiserver.validation.restart_rules import check_resize_policy, check_restart_policy
from k8scourse.apiserver.validation.security import check_security_context
from k8scourse.apiserver.validation.support import Errors, check_choice
from k8scourse.apiserver.validation.volumes import PULL_POLICIES
from k8scourse.machinery.field import duplicate, forbidden, invalid, not_found, required
from k8scourse.machinery.names import is_dns1123_label

_MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
_ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always"
_NOT_EPHEMERAL = ("ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle")
_NOT_EPHEMERAL_EITHER = ("resizePolicy", "restartPolicy", "restartPolicyRules")

Container = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PodContext:
    """What the check of a container must know of its pod."""

    volumes: Volumes
    claim_names: frozenset[str]
    grace_period: int | None
    restart_policy: str
    host_users: bool


def check_containers(errors: Errors, containers: Sequence[Container], pod: PodContext, path: str) -> None:
    """Check spec.containers: at least one, unique names."""
    if not containers:
        errors.append(required(path))
        return
    names: set[str] = set()
    for index, container in enumerate(containers):
        item, name = f"{path}[{index}]", container.get("name") or ""
        _check_common(errors, container, pod, item)
        if name in names:
            errors.append(duplicate(f"{item}.name", name))
        names.add(name)
        if container.get("lifecycle"):
            check_lifecycle(errors, container["lifecycle"], pod.grace_period, f"{item}.lifecycle")
        check_probes(errors, container, item)
        check_restart_policy(errors, container, item)
    check_host_ports(errors, containers, path)


def check_init_containers(
    errors: Errors, containers: Sequence[Container], regular: Sequence[Container], pod: PodContext, path: str
) -> None:
    """Check spec.initContainers; only sidecars (restartPolicy Always) may have probes and hooks."""
    names = {container.get("name") for container in regular}
    for index, container in enumerate(containers):
        item, name = f"{path}[{index}]", container.get("name") or ""
        _check_common(errors, container, pod, item)
        check_restart_policy(errors, container, item)
        if name in names:
            errors.append(duplicate(f"{item}.name", name))
        elif name:
            names.add(name)
        check_host_ports(errors, [container], path)
        if container.get("restartPolicy") == "Always":
            if container.get("lifecycle"):
                check_lifecycle(errors, container["lifecycle"], pod.grace_period, f"{item}.lifecycle")
            check_probes(errors, container, item)
            continue
        for field in ("lifecycle", *PROBES):
            if container.get(field) is not None:
                errors.append(forbidden(f"{item}.{field}", _ONLY_SIDECARS))
        for number, policy in enumerate(container.get("resizePolicy") or ()):
            if policy.get("restartPolicy") == "RestartContainer":
                text = "must not be set to 'RestartContainer' for non-sidecar initContainers"
                where = f"{item}.resizePolicy[{number}].restartPolicy"
                errors.append(invalid(where, "RestartContainer", text))


def check_ephemeral_containers(errors: Errors, spec: Mapping[str, Any], pod: PodContext, path: str) -> None:
    """Check spec.ephemeralContainers: no ports, resources, probes; the target must be a container of the pod."""
    others = {c.get("name") for kind in ("containers", "initContainers") for c in spec.get(kind) or ()}
    names = set(others)
    for index, container in enumerate(spec["ephemeralContainers"]):
        item, name = f"{path}[{index}]", container.get("name") or ""
        _check_common(errors, container, pod, item)
        check_image_padding(errors, container, item)
        if name in names:
            errors.append(duplicate(f"{item}.name", name))
        names.add(name)
        target = container.get("targetContainerName")
        if target and target not in others:
            errors.append(not_found(f"{item}.targetContainerName", target))
        for field in (*_NOT_EPHEMERAL, *_NOT_EPHEMERAL_EITHER):
            if container.get(field):
                errors.append(forbidden(f"{item}.{field}", "cannot be set for an Ephemeral Container"))
        for number, mount in enumerate(container.get("volumeMounts") or ()):
            for field in ("subPath", "subPathExpr"):
                if mount.get(field):
                    text = "cannot be set for an Ephemeral Container"
                    errors.append(forbidden(f"{item}.volumeMounts[{number}].{field}", text))


def check_image_padding(errors: Errors, container: Container, path: str) -> None:
    """Report white space around an image (checked in pods, not in templates)."""
    image = container.get("image") or ""
    if image != image.strip():
        errors.append(invalid(f"{path}.image", image, "must not have leading or trailing whitespace"))


def _check_common(errors: Errors, container: Container, pod: PodContext, path: str) -> None:
    """Check what containers of all sorts share."""
    name = container.get("name")
    if not name:
        errors.append(required(f"{path}.name"))
    elif messages := is_dns1123_label(name):
        errors.extend(invalid(f"{path}.name", name, message) for message in messages)
    if not container.get("image"):
        errors.append(required(f"{path}.image"))
    if container.get("terminationMessagePolicy") not in _MESSAGE_POLICIES:
        where = f"{path}.terminationMessagePolicy"
        check_choice(errors, where, container.get("terminationMessagePolicy"), _MESSAGE_POLICIES)
    if container.get("ports"):
        check_ports(errors, container["ports"], f"{path}.ports")
    if container.get("env"):
        check_env(errors, container["env"], f"{path}.env")
    if container.get("envFrom"):
        check_env_from(errors, container["envFrom"], f"{path}.envFrom")
    if container.get("volumeMounts"):
        check_mounts(errors, container, pod.volumes, f"{path}.volumeMounts")
    if container.get("volumeDevices"):
        check_devices(errors, container, pod.volumes, f"{path}.volumeDevices")
    if container.get("imagePullPolicy") not in PULL_POLICIES:
        check_choice(errors, f"{path}.imagePullPolicy", container.get("imagePullPolicy"), PULL_POLICIES)
    if container.get("resources"):
        check_container_resources(errors, container["resources"], pod.claim_names, f"{path}.resources")
    if container.get("resizePolicy"):
        check_resize_policy(errors, container["resizePolicy"], pod.restart_policy, f"{path}.resizePolicy")
    if container.get("securityContext"):
        where = f"{path}.securityContext"
        check_security_context(errors, container["securityContext"], where, host_users=pod.host_users)


def check_image_updates(errors: Errors, new: Sequence[Container], old: Sequence[Container], path: str) -> bool:
    """Check that a pod keeps its containers and that each has an image; False if the numbers differ."""
    if len(new) != len(old):
        errors.append(forbidden(path, "pod updates may not add or remove containers"))
        return False
    for index, container in enumerate(new):
        if not container.get("image"):
            errors.append(required(f"{path}[{index}].image"))
        check_image_padding(errors, container, f"{path}[{index}]")
    return True
