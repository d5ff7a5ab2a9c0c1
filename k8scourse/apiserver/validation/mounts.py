"""Validation of volumeMounts and volumeDevices.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateVolumeMounts, ValidateVolumeDevices.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.paths import check_descending
from k8scourse.apiserver.validation.support import Errors
from k8scourse.machinery.field import forbidden, invalid, not_found, not_supported, required

_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
_RECURSIVE_READ_ONLY = ("Disabled", "Enabled", "IfPossible")

Mount = Mapping[str, Any]
Volumes = Mapping[str, Mapping[str, Any]]


def check_mounts(errors: Errors, container: Mapping[str, Any], volumes: Volumes, path: str) -> None:
    """Check the volumeMounts of a container; *volumes* are the pod's faultless volumes by name."""
    devices = {device.get("name"): device.get("devicePath") for device in container.get("volumeDevices") or ()}
    taken: set[str] = set()
    for index, mount in enumerate(container["volumeMounts"]):
        item, name, target = f"{path}[{index}]", mount.get("name") or "", mount.get("mountPath") or ""
        if not name:
            errors.append(required(f"{item}.name"))
        if name not in volumes:
            errors.append(not_found(f"{item}.name", name))
        if not target:
            errors.append(required(f"{item}.mountPath"))
        if target in taken:
            errors.append(invalid(f"{item}.mountPath", target, "must be unique"))
        taken.add(target)
        if name in devices:
            errors.append(invalid(f"{item}.name", name, "must not already exist in volumeDevices"))
        if target in devices.values():
            text = "must not already exist as a path in volumeDevices"
            errors.append(invalid(f"{item}.mountPath", target, text))
        if len(mount) > 2:
            _check_options(errors, mount, container, item, path)


def _check_options(errors: Errors, mount: Mount, container: Mapping[str, Any], item: str, path: str) -> None:
    """Check the rarer fields of a mount; upstream reports most of them without the index."""
    if mount.get("subPath"):
        check_descending(errors, mount["subPath"], f"{path}.subPath")
    expression = mount.get("subPathExpr")
    if expression:
        if mount.get("subPath"):
            text = "subPathExpr and subPath are mutually exclusive"
            errors.append(invalid(f"{item}.subPathExpr", expression, text))
        check_descending(errors, expression, f"{path}.subPathExpr")
    propagation = mount.get("mountPropagation")
    if propagation is not None:
        if propagation not in _PROPAGATIONS:
            errors.append(not_supported(f"{path}.mountPropagation", propagation, _PROPAGATIONS))
        if propagation == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
            text = "Bidirectional mount propagation is available only to privileged containers"
            errors.append(forbidden(f"{path}.mountPropagation", text))
    if mount.get("recursiveReadOnly") is not None:
        _check_recursive_read_only(errors, mount, f"{path}.recursiveReadOnly")


def _check_recursive_read_only(errors: Errors, mount: Mount, path: str) -> None:
    mode = mount["recursiveReadOnly"]
    if mode not in _RECURSIVE_READ_ONLY:
        errors.append(not_supported(path, mode, _RECURSIVE_READ_ONLY))
    elif mode != "Disabled":
        if not mount.get("readOnly"):
            errors.append(forbidden(path, "may only be specified when readOnly is true"))
        if mount.get("mountPropagation") not in (None, "None"):
            text = "may only be specified when mountPropagation is None or not specified"
            errors.append(forbidden(path, text))


def check_devices(errors: Errors, container: Mapping[str, Any], volumes: Volumes, path: str) -> None:
    """Check the volumeDevices (raw block devices) of a container."""
    mounts: Sequence[Mount] = container.get("volumeMounts") or ()
    mounted = {mount.get("name"): mount.get("mountPath") for mount in mounts}
    names: set[str] = set()
    targets: set[str] = set()
    for index, device in enumerate(container["volumeDevices"]):
        item = f"{path}[{index}]"
        name: str = device.get("name") or ""
        target: str = device.get("devicePath") or ""
        _check_device_name(errors, name, names, volumes, f"{item}.name")
        if not target:
            errors.append(required(f"{item}.devicePath"))
        if target in targets:
            errors.append(invalid(f"{item}.devicePath", target, "must be unique"))
        if ".." in target.split("/"):
            errors.append(invalid(f"{item}.devicePath", target, "can not contain backsteps ('..')"))
        else:
            targets.add(target)
        if name in mounted:
            errors.append(invalid(f"{item}.name", name, "must not already exist in volumeMounts"))
        if target in mounted.values():
            text = "must not already exist as a path in volumeMounts"
            errors.append(invalid(f"{item}.devicePath", target, text))
        names.add(name)


def _check_device_name(errors: Errors, name: str, taken: set[str], volumes: Volumes, path: str) -> None:
    if not name:
        errors.append(required(path))
    elif name in taken:
        errors.append(invalid(path, name, "must be unique"))
    volume = volumes.get(name)
    if volume is None:
        errors.append(not_found(path, name))
    elif volume.get("persistentVolumeClaim") is None and volume.get("ephemeral") is None:
        text = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
        errors.append(invalid(path, name, text))
