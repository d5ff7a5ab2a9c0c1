"""Validation of the addresses that a load balancer reports.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateLoadBalancerStatus.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.addresses import check_ip, is_ip
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import forbidden, invalid, not_supported, required
from k8scourse.machinery.names import is_dns1123_subdomain

_MODES = ("Proxy", "VIP")

Status = Mapping[str, Any]


def check_load_balancer_status(errors: Errors, status: Status, old: Status, path: str) -> None:
    """Check the list ``ingress`` of a Service's load balancer; addresses of *old* may stay as they are."""
    known = [item["ip"] for item in old.get("ingress") or () if item.get("ip")]
    for index, item in enumerate(status.get("ingress") or ()):
        where, address, mode = f"{path}.ingress[{index}]", item.get("ip"), item.get("ipMode")
        if address:
            check_ip(errors, address, f"{where}.ip", known)
        if mode is None and address:
            errors.append(required(f"{where}.ipMode", "must be specified when `ip` is set"))
        elif mode is not None and not address:
            errors.append(forbidden(f"{where}.ipMode", "may not be specified when `ip` is not set"))
        elif mode is not None and mode not in _MODES:
            errors.append(not_supported(f"{where}.ipMode", mode, _MODES))
        check_load_balancer_host(errors, item.get("hostname"), f"{where}.hostname")


def check_load_balancer_host(errors: Errors, host: str | None, path: str) -> None:
    """Check the name of a load balancer; it is no IP address."""
    if host:
        check(errors, path, host, is_dns1123_subdomain)
        if is_ip(host):
            errors.append(invalid(path, host, "must be a DNS name, not an IP address"))
