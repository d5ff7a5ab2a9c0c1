"""The status that a kubelet with containerd reports for one container.

Source: pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any

from k8scourse.images.reference import ImageReferenceError, parse_image
from k8scourse.kubelet.runtime import (
    EPHEMERAL_CONTAINERS,
    RUNNING,
    TERMINATED,
    ContainerRuntime,
    Termination,
    container_id,
)
from k8scourse.kubelet.security import process_user
from k8scourse.kubelet.tools import Tools
from k8scourse.machinery.timestamps import format_time

Object = dict[str, Any]


def container_status(pod: Object, container: Object, state: ContainerRuntime, tools: Tools) -> Object:
    """The entry of *container* in the pod's container statuses."""
    image = container["image"]
    status: Object = {
        "name": container["name"],
        "state": _state(state),
        "lastState": {"terminated": _terminated(state.last)} if state.last else {},
        "ready": state.ready or _succeeded(state),
        "restartCount": state.restarts,
        "image": image,
        "imageID": "",
    }
    if state.place != EPHEMERAL_CONTAINERS:
        status["started"] = state.started
    mounts = container.get("volumeMounts")
    if mounts:
        status["volumeMounts"] = [_mount(mount) for mount in mounts]
    if not state.serial:
        return status
    status["image"], status["imageID"] = runtime_names(state.image or image)
    status["containerID"] = container_id(pod["metadata"]["uid"], container["name"], state.serial)
    resources = container.get("resources") or {}
    status["resources"] = resources
    if resources.get("requests"):
        status["allocatedResources"] = resources["requests"]
    if state.state == RUNNING:
        status["user"] = process_user(pod, container, tools.processes.image(container))
    return status


def _succeeded(state: ContainerRuntime) -> bool:
    """Whether this is an init container that is done."""
    end = state.termination
    return state.place == "initContainers" and state.state == TERMINATED and end is not None and end.exit_code == 0


def _mount(mount: Object) -> Object:
    found: Object = {"name": mount["name"], "mountPath": mount["mountPath"]}
    if mount.get("readOnly"):
        found["readOnly"] = True
        found["recursiveReadOnly"] = "Disabled"
    return found


@lru_cache(maxsize=4096)
def runtime_names(image: str) -> tuple[str, str]:
    """Name and id of an image as a container runtime reports them: the whole reference, and its digest."""
    try:
        reference = parse_image(image)
    except ImageReferenceError:
        return image, image
    digest = reference.digest or f"sha256:{sha256(str(reference).encode()).hexdigest()}"
    return str(reference), f"{reference.repository}@{digest}"


def _state(state: ContainerRuntime) -> Object:
    if state.state == RUNNING:
        return {"running": {"startedAt": format_time(state.started_at)}}
    if state.state == TERMINATED and state.termination is not None:
        return {"terminated": _terminated(state.termination)}
    waiting = {"reason": state.reason}
    if state.message:
        waiting["message"] = state.message
    return {"waiting": waiting}


def _terminated(end: Termination) -> Object:
    found: Object = {"exitCode": end.exit_code, "reason": end.reason}
    if end.message:
        found["message"] = end.message
    found["startedAt"] = format_time(end.started_at) if end.started_at is not None else None
    found["finishedAt"] = format_time(end.finished_at)
    if end.container_id:
        found["containerID"] = end.container_id
    return found
