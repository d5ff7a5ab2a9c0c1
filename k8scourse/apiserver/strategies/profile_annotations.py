"""Warnings about seccomp and AppArmor profiles given by annotations, the form before fields.

Source: kubernetes pkg/api/pod/warnings.go.
"""

from collections.abc import Iterator, Mapping
from typing import Any

SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
APPARMOR_CONTAINER = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP_TEXT = 'non-functional in v1.27+; use the "seccompProfile" field instead'
_APPARMOR_TEXT = 'deprecated since v1.30; use the "appArmorProfile" field instead'
_APPARMOR_TYPES = {"unconfined": "Unconfined", "runtime/default": "RuntimeDefault"}

Annotations = Mapping[str, str]


def pod_profile_warnings(spec: Mapping[str, Any], annotations: Annotations, prefix: str) -> Iterator[str]:
    """Warn of the pod's seccomp annotation unless the field is set; *prefix* is empty or that of a template."""
    if SECCOMP_POD in annotations and (spec.get("securityContext") or {}).get("seccompProfile") is None:
        yield f"{prefix}metadata.annotations[{SECCOMP_POD}]: {_SECCOMP_TEXT}"


def container_profile_warnings(
    container: Mapping[str, Any], spec: Mapping[str, Any], annotations: Annotations, prefix: str
) -> Iterator[str]:
    """Warn of a container's annotations unless its fields are set; AppArmor ones are warned of in templates only."""
    security, name = container.get("securityContext") or {}, container.get("name") or ""
    if SECCOMP_CONTAINER + name in annotations and security.get("seccompProfile") is None:
        yield f"{prefix}metadata.annotations[{SECCOMP_CONTAINER}{name}]: {_SECCOMP_TEXT}"
    profile = annotations.get(APPARMOR_CONTAINER + name)
    if not prefix or profile is None or security.get("appArmorProfile") is not None:
        return
    of_pod = (spec.get("securityContext") or {}).get("appArmorProfile")
    if of_pod is None or of_pod != _as_field(profile):
        yield f"{prefix}metadata.annotations[{APPARMOR_CONTAINER}{name}]: {_APPARMOR_TEXT}"


def _as_field(profile: str) -> dict[str, str] | None:
    if profile in _APPARMOR_TYPES:
        return {"type": _APPARMOR_TYPES[profile]}
    local = profile.removeprefix("localhost/")
    return {"type": "Localhost", "localhostProfile": local} if local not in (profile, "") else None
