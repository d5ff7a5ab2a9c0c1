"""The checks of the Pod Security Standards: what baseline and restricted forbid, in the words of Kubernetes.

Source: kubernetes staging/src/k8s.io/pod-security-admission/policy/check_*.go.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from k8scourse.machinery.go_format import go_quote

Object = Mapping[str, Any]

_DEFAULT_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
_SAFE_VOLUMES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_SELINUX_TYPES = ("", "container_t", "container_init_t", "container_kvm_t")
_SELINUX_TYPES_1_31 = (*_SELINUX_TYPES, "container_engine_t")
_SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
)
_SYSCTLS_1_27 = (*_SYSCTLS, "net.ipv4.ip_local_reserved_ports")
_SYSCTLS_1_29 = (
    *_SYSCTLS_1_27,
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
)
_SYSCTLS_1_32 = (*_SYSCTLS_1_29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem")
_PROFILES = ("Localhost", "RuntimeDefault")
_APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP_POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/"


class Violation(NamedTuple):
    """What a check forbids: a few words, and the containers and values that are meant."""

    reason: str
    detail: str


Check = Callable[[Object, Object], Violation | None]
"""A check looks at metadata and spec of a pod."""


def containers_of(spec: Object) -> Iterator[Object]:
    """Yield all containers of a pod, init containers first."""
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        yield from spec.get(kind) or ()


def _security(holder: Object) -> Object:
    return holder.get("securityContext") or {}


def _quoted(items: Collection[str]) -> str:
    return ", ".join(f'"{item}"' for item in items)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _named(names: Sequence[str], word: str = "container") -> str:
    return f"{_plural(word, len(names))} {_quoted(names)}"


def _setters(spec: Object, is_bad: Callable[[Object], bool]) -> tuple[list[str], bool]:
    """Return the names of the containers whose security context is bad, and whether the pod's is."""
    bad = [container.get("name") or "" for container in containers_of(spec) if is_bad(_security(container))]
    return bad, is_bad(_security(spec))


def _joined(containers: Sequence[str], pod_is_bad: bool) -> str:
    return " and ".join([*(["pod"] if pod_is_bad else []), *([_named(containers)] if containers else [])])


def _is_windows(spec: Object) -> bool:
    return (spec.get("os") or {}).get("name") == "windows"


def _has_own_users(spec: Object) -> bool:
    """Whether root in the pod is nobody on the node (hostUsers: false)."""
    return spec.get("hostUsers") is False


def except_on_windows(check: Check) -> Check:
    """Return *check* without effect on Windows pods, for which its fields do not exist."""
    return lambda metadata, spec: None if _is_windows(spec) else check(metadata, spec)


def except_in_user_namespaces(check: Check) -> Check:
    """Return *check* without effect on pods with users of their own."""
    return lambda metadata, spec: None if _has_own_users(spec) else check(metadata, spec)


def privilege_escalation(metadata: Object, spec: Object) -> Violation | None:
    """Containers must give up privilege escalation."""
    bad = [
        container.get("name") or ""
        for container in containers_of(spec)
        if _security(container).get("allowPrivilegeEscalation") is not False
    ]
    if not bad:
        return None
    detail = f"{_named(bad)} must set securityContext.allowPrivilegeEscalation=false"
    return Violation("allowPrivilegeEscalation != false", detail)


def apparmor_profile(metadata: Object, spec: Object) -> Violation | None:
    """AppArmor must not be switched off."""
    found: set[str] = set()

    def is_bad(security: Object) -> bool:
        kind = (security.get("appArmorProfile") or {}).get("type") or ""
        bad = security.get("appArmorProfile") is not None and kind not in _PROFILES
        if bad:
            found.add(kind)
        return bad

    containers, pod_is_bad = _setters(spec, is_bad)
    setters = [*(["pod"] if pod_is_bad else []), *([_named(containers)] if containers else [])]
    annotations = sorted(
        f"{name}={go_quote(value)}"
        for name, value in (metadata.get("annotations") or {}).items()
        if name.startswith(_APPARMOR_ANNOTATION)
        and value not in ("", "runtime/default")
        and not value.startswith("localhost/")
    )
    if annotations:
        setters.append(_plural("annotation", len(annotations)))
    if not setters:
        return None
    values = [*sorted(found), *annotations]
    detail = f"{' and '.join(setters)} must not set AppArmor profile type to {_quoted(values)}"
    return Violation(_plural("forbidden AppArmor profile", len(values)), detail)


def default_capabilities(metadata: Object, spec: Object) -> Violation | None:
    """Only the capabilities that containers have anyway may be added."""
    bad, found = _added(spec, _DEFAULT_CAPABILITIES)
    if not bad:
        return None
    detail = f"{_named(bad)} must not include {_quoted(found)} in securityContext.capabilities.add"
    return Violation("non-default capabilities", detail)


def _added(spec: Object, allowed: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the containers that add other capabilities than *allowed*, and these."""
    bad: list[str] = []
    found: set[str] = set()
    for container in containers_of(spec):
        extra = set((_security(container).get("capabilities") or {}).get("add") or ()).difference(allowed)
        if extra:
            bad.append(container.get("name") or "")
            found |= extra
    return bad, sorted(found)


def dropped_capabilities(metadata: Object, spec: Object) -> Violation | None:
    """All capabilities must be dropped; only NET_BIND_SERVICE may come back."""
    keeping = [
        container.get("name") or ""
        for container in containers_of(spec)
        if "ALL" not in ((_security(container).get("capabilities") or {}).get("drop") or ())
    ]
    adding, found = _added(spec, ("NET_BIND_SERVICE",))
    details: list[str] = []
    if keeping:
        details.append(f'{_named(keeping)} must set securityContext.capabilities.drop=["ALL"]')
    if adding:
        details.append(f"{_named(adding)} must not include {_quoted(found)} in securityContext.capabilities.add")
    return Violation("unrestricted capabilities", "; ".join(details)) if details else None


def host_namespaces(metadata: Object, spec: Object) -> Violation | None:
    """Pods stay out of the namespaces of their node."""
    found = [f"{name}=true" for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    return Violation("host namespaces", ", ".join(found)) if found else None


def host_paths(metadata: Object, spec: Object) -> Violation | None:
    """Pods see no directories of their node."""
    found = [volume.get("name") or "" for volume in spec.get("volumes") or () if volume.get("hostPath") is not None]
    return Violation("hostPath volumes", _named(found, "volume")) if found else None


def host_ports(metadata: Object, spec: Object) -> Violation | None:
    """Pods take no ports of their node."""
    bad: list[str] = []
    found: set[str] = set()
    for container in containers_of(spec):
        ports = {str(port["hostPort"]) for port in container.get("ports") or () if port.get("hostPort")}
        if ports:
            bad.append(container.get("name") or "")
            found |= ports
    if not bad:
        return None
    use = "uses" if len(bad) == 1 else "use"
    return Violation("hostPort", f"{_named(bad)} {use} {_plural('hostPort', len(found))} {', '.join(sorted(found))}")


def probe_hosts(metadata: Object, spec: Object) -> Violation | None:
    """Probes and hooks talk to their own pod."""
    bad: set[str] = set()
    found: set[str] = set()
    for container in containers_of(spec):
        lifecycle = container.get("lifecycle") or {}
        handlers = [container.get(name) for name in ("livenessProbe", "readinessProbe", "startupProbe")]
        handlers += [lifecycle.get(name) for name in ("postStart", "preStop")]
        hosts = {
            action["host"]
            for handler in handlers
            for action in ((handler or {}).get("httpGet") or {}, (handler or {}).get("tcpSocket") or {})
            if action.get("host")
        }
        if hosts:
            bad.add(container.get("name") or "")
            found |= hosts
    if not bad:
        return None
    use = "uses" if len(bad) == 1 else "use"
    detail = f"{_named(sorted(bad))} {use} {_plural('probe or lifecycle host', len(found))} {_quoted(sorted(found))}"
    return Violation("probe or lifecycle host", detail)


def privileged(metadata: Object, spec: Object) -> Violation | None:
    """Containers are not privileged."""
    bad = [container.get("name") or "" for container in containers_of(spec) if _security(container).get("privileged")]
    return Violation("privileged", f"{_named(bad)} must not set securityContext.privileged=true") if bad else None


def proc_mount(metadata: Object, spec: Object) -> Violation | None:
    """The usual parts of /proc stay masked."""
    bad = [item for item in containers_of(spec) if _security(item).get("procMount") not in (None, "Default")]
    if not bad:
        return None
    names, found = [item.get("name") or "" for item in bad], {_security(item)["procMount"] for item in bad}
    return Violation("procMount", f"{_named(names)} must not set securityContext.procMount to {_quoted(sorted(found))}")


def restricted_volumes(metadata: Object, spec: Object) -> Violation | None:
    """Only volumes that come from the API, from memory or through claims."""
    bad: list[str] = []
    found: set[str] = set()
    for volume in spec.get("volumes") or ():
        kinds = [name for name, source in volume.items() if name != "name" and source is not None]
        if not _SAFE_VOLUMES.intersection(kinds):
            bad.append(volume.get("name") or "")
            found.add(kinds[0] if kinds else "unknown")
    if not bad:
        return None
    use = "uses" if len(bad) == 1 else "use"
    kinds_text = f"{_plural('restricted volume type', len(found))} {_quoted(sorted(found))}"
    return Violation("restricted volume types", f"{_named(bad, 'volume')} {use} {kinds_text}")


def non_root(metadata: Object, spec: Object) -> Violation | None:
    """Pod or containers must promise not to run as root."""
    reason = "runAsNonRoot != true"
    bad, pod_is_bad = _setters(spec, lambda security: security.get("runAsNonRoot") is False)
    if bad or pod_is_bad:
        return Violation(reason, f"{_joined(bad, pod_is_bad)} must not set securityContext.runAsNonRoot=false")
    silent = [item.get("name") or "" for item in containers_of(spec) if _security(item).get("runAsNonRoot") is None]
    if not silent or _security(spec).get("runAsNonRoot"):
        return None
    return Violation(reason, f"pod or {_named(silent)} must set securityContext.runAsNonRoot=true")


def root_user(metadata: Object, spec: Object) -> Violation | None:
    """Nothing runs as user 0 by name."""
    bad, pod_is_bad = _setters(spec, lambda security: security.get("runAsUser") == 0)
    if not bad and not pod_is_bad:
        return None
    return Violation("runAsUser=0", f"{_joined(bad, pod_is_bad)} must not set runAsUser=0")


def selinux_options(allowed: Collection[str]) -> Check:
    """Return the check of SELinux options: only types for containers, neither user nor role."""

    def check(metadata: Object, spec: Object) -> Violation | None:
        types: set[str] = set()
        names: set[str] = set()

        def is_bad(security: Object) -> bool:
            options = security.get("seLinuxOptions")
            if options is None:
                return False
            kind = options.get("type") or ""
            given = [name for name in ("user", "role") if options.get(name)]
            names.update(given)
            if kind not in allowed:
                types.add(kind)
            return kind not in allowed or bool(given)

        bad, pod_is_bad = _setters(spec, is_bad)
        if not bad and not pod_is_bad:
            return None
        data = [f"{_plural('type', len(types))} {_quoted(sorted(types))}"] if types else []
        data += [f"{name} may not be set" for name in ("user", "role") if name in names]
        setters = _joined(bad, pod_is_bad)
        return Violation("seLinuxOptions", f"{setters} set forbidden securityContext.seLinuxOptions: {'; '.join(data)}")

    return check


def seccomp_annotations(metadata: Object, spec: Object) -> Violation | None:
    """Seccomp must not be switched off by the annotations of old."""
    annotations = metadata.get("annotations") or {}
    names = [_SECCOMP_POD_ANNOTATION, *(_SECCOMP_ANNOTATION + (c.get("name") or "") for c in containers_of(spec))]
    bad = sorted(
        {
            f"{name}={go_quote(annotations[name])}"
            for name in names
            if name in annotations
            and annotations[name] not in ("runtime/default", "docker/default")
            and not annotations[name].startswith("localhost/")
        }
    )
    return Violation("seccompProfile", f"forbidden {_plural('annotation', len(bad))} {', '.join(bad)}") if bad else None


def seccomp_not_off(metadata: Object, spec: Object) -> Violation | None:
    """Seccomp must not be switched off."""
    found: set[str] = set()

    def is_bad(security: Object) -> bool:
        profile = security.get("seccompProfile")
        bad = profile is not None and profile.get("type") not in _PROFILES
        if bad and profile is not None:
            found.add(profile.get("type") or "")
        return bad

    bad, pod_is_bad = _setters(spec, is_bad)
    if not bad and not pod_is_bad:
        return None
    what = f"must not set securityContext.seccompProfile.type to {_quoted(sorted(found))}"
    return Violation("seccompProfile", f"{_joined(bad, pod_is_bad)} {what}")


def seccomp_on(metadata: Object, spec: Object) -> Violation | None:
    """Pod or containers must switch seccomp on."""
    violation = seccomp_not_off(metadata, spec)
    if violation is not None or _security(spec).get("seccompProfile") is not None:
        return violation
    silent = [item.get("name") or "" for item in containers_of(spec) if _security(item).get("seccompProfile") is None]
    if not silent:
        return None
    what = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
    return Violation("seccompProfile", f"pod or {_named(silent)} {what}")


def sysctls(allowed: Collection[str]) -> Check:
    """Return the check of sysctls: only those that concern the pod alone."""

    def check(metadata: Object, spec: Object) -> Violation | None:
        names = (item.get("name") or "" for item in _security(spec).get("sysctls") or ())
        bad = [name for name in names if name not in allowed]
        return Violation("forbidden sysctls", ", ".join(bad)) if bad else None

    return check


def windows_host_process(metadata: Object, spec: Object) -> Violation | None:
    """Windows containers do not run as processes of the host."""
    bad, pod_is_bad = _setters(spec, lambda security: bool((security.get("windowsOptions") or {}).get("hostProcess")))
    if not bad and not pod_is_bad:
        return None
    what = "must not set securityContext.windowsOptions.hostProcess=true"
    return Violation("hostProcess", f"{_joined(bad, pod_is_bad)} {what}")


class Versioned(NamedTuple):
    """A check, how it looked in which version of the standard, and which baseline check it replaces."""

    name: str
    versions: tuple[tuple[int, Check], ...]
    """(minor version from which it holds, the check), in increasing order."""
    overrides: str = ""


BASELINE: tuple[Versioned, ...] = (
    Versioned("appArmorProfile", ((0, apparmor_profile),)),
    Versioned("capabilities_baseline", ((0, default_capabilities),)),
    Versioned("hostNamespaces", ((0, host_namespaces),)),
    Versioned("hostPathVolumes", ((0, host_paths),)),
    Versioned("hostPorts", ((0, host_ports),)),
    Versioned("hostProbesAndHostLifecycle", ((34, probe_hosts),)),
    Versioned("privileged", ((0, privileged),)),
    Versioned("procMount", ((0, proc_mount), (35, except_in_user_namespaces(proc_mount)))),
    Versioned("seLinuxOptions", ((0, selinux_options(_SELINUX_TYPES)), (31, selinux_options(_SELINUX_TYPES_1_31)))),
    Versioned("seccompProfile_baseline", ((0, seccomp_annotations), (19, seccomp_not_off))),
    Versioned(
        "sysctls",
        (
            (0, sysctls(_SYSCTLS)),
            (27, sysctls(_SYSCTLS_1_27)),
            (29, sysctls(_SYSCTLS_1_29)),
            (32, sysctls(_SYSCTLS_1_32)),
        ),
    ),
    Versioned("windowsHostProcess", ((0, windows_host_process),)),
)
"""The checks of baseline, in the order in which their findings are listed."""

RESTRICTED: tuple[Versioned, ...] = (
    Versioned("allowPrivilegeEscalation", ((8, privilege_escalation), (25, except_on_windows(privilege_escalation)))),
    Versioned(
        "capabilities_restricted",
        ((22, dropped_capabilities), (25, except_on_windows(dropped_capabilities))),
        "capabilities_baseline",
    ),
    Versioned("procMount_restricted", ((35, proc_mount),), "procMount"),
    Versioned("restrictedVolumes", ((0, restricted_volumes),), "hostPathVolumes"),
    Versioned("runAsNonRoot", ((0, non_root), (35, except_in_user_namespaces(non_root)))),
    Versioned("runAsUser", ((23, root_user), (35, except_in_user_namespaces(root_user)))),
    Versioned(
        "seccompProfile_restricted", ((19, seccomp_on), (25, except_on_windows(seccomp_on))), "seccompProfile_baseline"
    ),
)
"""The checks that restricted adds to baseline."""
