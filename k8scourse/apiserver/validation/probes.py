"""Validation of probes and lifecycle hooks.

Source: kubernetes pkg/apis/core/validation/validation.go validateProbe, validateHandler, validateLifecycle.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.support import Errors, check_nonnegative
from k8scourse.machinery.field import forbidden, invalid, not_supported, required
from k8scourse.machinery.names import is_http_header_name, is_port_name, is_port_number

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_TIMES = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOK_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")
_SCHEMES = ("HTTP", "HTTPS")


def check_probes(errors: Errors, container: Mapping[str, Any], path: str) -> None:
    """Check the three probes of a container."""
    for name in PROBES:
        probe = container.get(name)
        if probe is not None:
            _check_probe(errors, probe, name, f"{path}.{name}")


def _check_probe(errors: Errors, probe: Mapping[str, Any], name: str, path: str) -> None:
    _check_handler(errors, probe, _PROBE_HANDLERS, None, path)
    for field in _TIMES:
        check_nonnegative(errors, f"{path}.{field}", probe.get(field))
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and grace <= 0:
        errors.append(invalid(f"{path}.terminationGracePeriodSeconds", grace, "must be greater than 0"))
    if name == "readinessProbe":
        if grace is not None:
            text = "must not be set for readinessProbes"
            errors.append(invalid(f"{path}.terminationGracePeriodSeconds", grace, text))
    elif probe.get("successThreshold") != 1:
        errors.append(invalid(f"{path}.successThreshold", probe.get("successThreshold") or 0, "must be 1"))


def check_lifecycle(errors: Errors, lifecycle: Mapping[str, Any], grace: int | None, path: str) -> None:
    """Check the hooks of a container; *grace* is the pod's terminationGracePeriodSeconds, which bounds ``sleep``."""
    for hook in ("postStart", "preStop"):
        if lifecycle.get(hook) is not None:
            _check_handler(errors, lifecycle[hook], _HOOK_HANDLERS, grace, f"{path}.{hook}")


def _check_handler(
    errors: Errors, handler: Mapping[str, Any], kinds: tuple[str, ...], grace: int | None, path: str
) -> None:
    """Check that exactly one action is given, and that one."""
    chosen = None
    for kind in kinds:
        action = handler.get(kind)
        if action is None:
            continue
        if chosen is not None:
            errors.append(forbidden(f"{path}.{kind}", "may not specify more than 1 handler type"))
            continue
        chosen = kind
        _check_action(errors, kind, action, grace, f"{path}.{kind}")
    if chosen is None:
        errors.append(required(path, "must specify a handler type"))


def _check_action(errors: Errors, kind: str, action: Mapping[str, Any], grace: int | None, path: str) -> None:
    if kind == "exec":
        if not action.get("command"):
            errors.append(required(f"{path}.command"))
    elif kind == "httpGet":
        _check_http_get(errors, action, path)
    elif kind == "sleep":
        seconds = action.get("seconds") or 0
        if grace is not None and not 0 <= seconds <= grace:
            text = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
            errors.append(invalid(path, seconds, text))
    else:
        _check_port(errors, action.get("port", 0), f"{path}.port")


def _check_http_get(errors: Errors, action: Mapping[str, Any], path: str) -> None:
    if not action.get("path"):
        errors.append(required(f"{path}.path"))
    _check_port(errors, action.get("port", 0), f"{path}.port")
    scheme = action.get("scheme") or ""
    if scheme not in _SCHEMES:
        errors.append(not_supported(f"{path}.scheme", scheme, _SCHEMES))
    for header in action.get("httpHeaders") or ():
        name = header.get("name") or ""
        for message in is_http_header_name(name):
            errors.append(invalid(f"{path}.httpHeaders", name, message))


def _check_port(errors: Errors, port: int | str, path: str) -> None:
    """Check a port given by number or by name."""
    for message in is_port_number(port) if isinstance(port, int) else is_port_name(port):
        errors.append(invalid(path, port, message))
