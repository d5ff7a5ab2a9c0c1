"""Validation of the security contexts of pods and containers.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateSecurityContext, validatePodSpecSecurityContext.
"""

import re
from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.internal_values import internal_value
from k8scourse.apiserver.validation.paths import check_descending
from k8scourse.apiserver.validation.support import Errors
from k8scourse.machinery.field import duplicate, forbidden, invalid, not_supported, required, too_long
from k8scourse.machinery.names import is_user_id

_SECCOMP_TYPES = ("Localhost", "RuntimeDefault", "Unconfined")
_APP_ARMOR_TYPES = ("Localhost", "RuntimeDefault", "Unconfined")
_PROC_MOUNTS = ("Default", "Unmasked")
_SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SYSCTL_PATTERN = rf"^({_SYSCTL_SEGMENT}[\./])*{_SYSCTL_SEGMENT}$"
_SYSCTL = re.compile(_SYSCTL_PATTERN)
_SYSCTL_LIMIT = 253
_IPC_SYSCTLS = re.compile(
    r"(kernel\.(sem|shmall|shmmax|shmmni|shm_rmid_forced|shm|msgmax|msgmnb|msgmni|msg)$)|fs\.mqueue\."
)
_PROFILE_LIMIT = 4095

Context = Mapping[str, Any]


def check_security_context(errors: Errors, context: Context, path: str, *, host_users: bool) -> None:
    """Check the securityContext of a container."""
    _check_ids(errors, context, ("runAsUser", "runAsGroup"), path)
    mount = context.get("procMount")
    if mount is not None:
        if mount not in _PROC_MOUNTS:
            errors.append(not_supported(f"{path}.procMount", mount, _PROC_MOUNTS))
        if host_users and mount == "Unmasked":
            errors.append(invalid(f"{path}.procMount", mount, "`hostUsers` must be false to use `Unmasked`"))
    _check_seccomp(errors, context.get("seccompProfile"), f"{path}.seccompProfile")
    if context.get("allowPrivilegeEscalation") is False:
        _check_escalation(errors, context, path)
    _check_app_armor(errors, context.get("appArmorProfile"), f"{path}.appArmorProfile")


def _check_escalation(errors: Errors, context: Context, path: str) -> None:
    shown = internal_value("SecurityContext", context)
    if context.get("privileged"):
        text = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
        errors.append(invalid(path, shown, text))
    for capability in (context.get("capabilities") or {}).get("add") or ():
        if capability == "CAP_SYS_ADMIN":
            text = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            errors.append(invalid(path, shown, text))


def check_pod_security_context(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check the securityContext of a pod; the host flags stand beside it in the spec."""
    context: Context = spec.get("securityContext") or {}
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        text = "ShareProcessNamespace and HostPID cannot both be enabled"
        errors.append(invalid(f"{path}.shareProcessNamespace", True, text))
    if not context:
        return
    _check_ids(errors, context, ("fsGroup", "runAsUser", "runAsGroup"), path)
    for index, group in enumerate(context.get("supplementalGroups") or ()):
        for message in is_user_id(group):
            errors.append(invalid(f"{path}.supplementalGroups[{index}]", group, message))
    if context.get("sysctls"):
        _check_sysctls(errors, context, spec, f"{path}.sysctls")
    choices = (
        ("fsGroupChangePolicy", ("Always", "OnRootMismatch")),
        ("supplementalGroupsPolicy", ("Merge", "Strict")),
        ("seLinuxChangePolicy", ("Recursive",)),
    )
    for name, supported in choices:
        if context.get(name) is not None and context[name] not in supported:
            errors.append(not_supported(f"{path}.{name}", context[name], supported))
    _check_seccomp(errors, context.get("seccompProfile"), f"{path}.seccompProfile")
    _check_app_armor(errors, context.get("appArmorProfile"), f"{path}.appArmorProfile")


def _check_ids(errors: Errors, context: Context, names: tuple[str, ...], path: str) -> None:
    for name in names:
        value = context.get(name)
        if value is not None:
            for message in is_user_id(value):
                errors.append(invalid(f"{path}.{name}", value, message))


def _check_sysctls(errors: Errors, context: Context, spec: Mapping[str, Any], path: str) -> None:
    seen: set[str] = set()
    for index, sysctl in enumerate(context["sysctls"]):
        item, name = f"{path}[{index}].name", sysctl.get("name") or ""
        if not name:
            errors.append(required(item))
        elif len(name) > _SYSCTL_LIMIT or not _SYSCTL.match(name):
            text = f"must have at most {_SYSCTL_LIMIT} characters and match regex {_SYSCTL_PATTERN}"
            errors.append(invalid(item, name, text))
        elif name in seen:
            errors.append(duplicate(item, name))
        seen.add(name)
        dotted = name.replace("/", ".")
        if spec.get("hostNetwork") and dotted.startswith("net."):
            errors.append(invalid(item, name, "may not be specified when 'hostNetwork' is true"))
        elif spec.get("hostIPC") and _IPC_SYSCTLS.match(dotted):
            errors.append(invalid(item, name, "may not be specified when 'hostIPC' is true"))


def _check_seccomp(errors: Errors, profile: Context | None, path: str) -> None:
    if profile is None:
        return
    kind, local = profile.get("type") or "", profile.get("localhostProfile")
    if not kind:
        errors.append(required(f"{path}.type", "type is required when seccompProfile is set"))
    elif kind not in _SECCOMP_TYPES:
        errors.append(not_supported(f"{path}.type", kind, _SECCOMP_TYPES))
    if kind != "Localhost":
        if local is not None:
            shown = internal_value("SeccompProfile", profile)
            errors.append(invalid(f"{path}.localhostProfile", shown, "can only be set when seccomp type is Localhost"))
    elif local is None:
        errors.append(required(f"{path}.localhostProfile", "must be set when seccomp type is Localhost"))
    else:
        check_descending(errors, local, f"{path}.localhostProfile")


def _check_app_armor(errors: Errors, profile: Context | None, path: str) -> None:
    if profile is None:
        return
    kind: str = profile.get("type") or ""
    local: str | None = profile.get("localhostProfile")
    if not kind:
        errors.append(required(f"{path}.type", "type is required when appArmorProfile is set"))
    elif kind not in _APP_ARMOR_TYPES:
        errors.append(not_supported(f"{path}.type", kind, _APP_ARMOR_TYPES))
    elif kind != "Localhost":
        if local is not None:
            text = "can only be set when AppArmor type is Localhost"
            errors.append(invalid(f"{path}.localhostProfile", local, text))
    elif local is None or not local.strip():
        errors.append(required(f"{path}.localhostProfile", "must be set when AppArmor type is Localhost"))
    elif local != local.strip():
        errors.append(invalid(f"{path}.localhostProfile", local, "must not be padded with whitespace"))
    elif len(local) > _PROFILE_LIMIT:
        errors.append(too_long(f"{path}.localhostProfile", "", _PROFILE_LIMIT))


def check_host_users(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check what a pod with its own user namespace (hostUsers false) must not use."""
    if spec.get("hostUsers") is not False:
        return
    text = "when `hostUsers` is false"
    if spec.get("hostNetwork"):
        errors.append(forbidden(f"{path}.hostNetwork", text))
    if spec.get("hostPID"):
        errors.append(forbidden(f"{path}.HostPID", text))
    if spec.get("hostIPC"):
        errors.append(forbidden(f"{path}.HostIPC", text))
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(kind) or ()):
            if container.get("volumeDevices"):
                errors.append(forbidden(f"{path}.{kind}[{index}].volumeDevices", text))
