"""Validation of what a pod is called and how it resolves names.

Source: kubernetes pkg/apis/core/validation/validation.go validatePodDNSConfig, ValidateHostAliases,
validatePodHostName.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.addresses import check_ip
from k8scourse.apiserver.validation.support import Errors, check, check_choice
from k8scourse.machinery.field import forbidden, invalid, required, too_long
from k8scourse.machinery.names import (
    is_dns1123_label,
    is_dns1123_subdomain,
    is_dns1123_subdomain_with_underscore,
)

_DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_NAME_SERVERS_LIMIT = 3
_SEARCHES_LIMIT = 32
_SEARCH_CHARACTERS_LIMIT = 2048
_HOST_NAME_LIMIT = 64


def check_dns_policy(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check spec.dnsPolicy."""
    if spec.get("dnsPolicy") not in _DNS_POLICIES:
        check_choice(errors, f"{path}.dnsPolicy", spec.get("dnsPolicy"), _DNS_POLICIES)


def check_dns_config(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check spec.dnsConfig, which dnsPolicy None makes necessary."""
    config = spec.get("dnsConfig")
    if spec.get("dnsPolicy") == "None":
        if config is None:
            errors.append(required(path, "must provide `dnsConfig` when `dnsPolicy` is None"))
            return
        if not config.get("nameservers"):
            text = "must provide at least one DNS nameserver when `dnsPolicy` is None"
            errors.append(required(f"{path}.nameservers", text))
            return
    if config is None:
        return
    servers = config.get("nameservers") or []
    if len(servers) > _NAME_SERVERS_LIMIT:
        text = f"must not have more than {_NAME_SERVERS_LIMIT} nameservers"
        errors.append(invalid(f"{path}.nameservers", servers, text))
    for index, server in enumerate(servers):
        check_ip(errors, server, f"{path}.nameservers[{index}]")
    _check_searches(errors, config.get("searches") or [], f"{path}.searches")
    for index, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            errors.append(required(f"{path}.options[{index}]", "must not be empty"))


def _check_searches(errors: Errors, searches: Sequence[str], path: str) -> None:
    if len(searches) > _SEARCHES_LIMIT:
        text = f"must not have more than {_SEARCHES_LIMIT} search paths"
        errors.append(invalid(path, searches, text))
    if len(" ".join(searches)) > _SEARCH_CHARACTERS_LIMIT:
        text = f"must not have more than {_SEARCH_CHARACTERS_LIMIT} characters (including spaces) in the search list"
        errors.append(invalid(path, searches, text))
    for index, search in enumerate(searches):
        if search != ".":
            check(errors, f"{path}[{index}]", search.removesuffix("."), is_dns1123_subdomain_with_underscore)


def check_host_names(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check hostname and subdomain."""
    for field in ("hostname", "subdomain"):
        if spec.get(field):
            check(errors, f"{path}.{field}", spec[field], is_dns1123_label)


def check_host_aliases(errors: Errors, aliases: Sequence[Mapping[str, Any]], path: str) -> None:
    """Check the lines that a pod adds to /etc/hosts."""
    for index, alias in enumerate(aliases):
        check_ip(errors, alias.get("ip") or "", f"{path}[{index}].ip")
        for number, name in enumerate(alias.get("hostnames") or ()):
            check(errors, f"{path}[{index}].hostnames[{number}]", name, is_dns1123_subdomain)


def check_host_name_override(errors: Errors, spec: Mapping[str, Any], path: str) -> None:
    """Check hostnameOverride, which excludes two other ways to choose the name."""
    name = spec.get("hostnameOverride")
    if name is None:
        return
    if spec.get("setHostnameAsFQDN"):
        errors.append(forbidden(path, "may not be specified when setHostnameAsFQDN is true"))
    if spec.get("hostNetwork"):
        errors.append(forbidden(path, "may not be specified when hostNetwork is true"))
    if len(name) > _HOST_NAME_LIMIT:
        errors.append(too_long(path, "", _HOST_NAME_LIMIT))
    check(errors, path, name, is_dns1123_subdomain)
