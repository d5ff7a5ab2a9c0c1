"""Validation of IP addresses and CIDR blocks in fields that older releases took loosely.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go (gate StrictIPCIDRValidation, on in 1.36).
"""

import ipaddress
import re
from collections.abc import Collection, Sequence

from k8scourse.apiserver.validation.support import Errors
from k8scourse.machinery.field import invalid
from k8scourse.machinery.go_format import go_quote

_LEADING_ZEROS = re.compile(r"(?<![0-9a-fA-F:.])0+(?=[0-9])|(?<=\.)0+(?=[0-9])")
_LINK_LOCAL = {4: ipaddress.ip_network("169.254.0.0/16"), 6: ipaddress.ip_network("fe80::/10")}
_LINK_LOCAL_MULTICAST = {4: ipaddress.ip_network("224.0.0.0/24"), 6: ipaddress.ip_network("ff02::/16")}


def check_ip(errors: Errors, value: str, path: str, known: Collection[str] = ()) -> None:
    """Report a text that is no IP address; values in *known* (already stored) are left alone."""
    if value in known:
        return
    address = _address(value)
    if address is None:
        loose = _loose_address(value)
        text = "must not have leading 0s" if loose else "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
        errors.append(invalid(path, value, text))
    elif isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        errors.append(invalid(path, value, "must not be an IPv4-mapped IPv6 address"))


def check_canonical_ip(errors: Errors, value: str, path: str) -> None:
    """Report a text that is no IP address in the form that Go prints, e.g. an upper case IPv6 address."""
    before = len(errors)
    check_ip(errors, value, path)
    if len(errors) == before and str(_address(value)) != value:
        errors.append(invalid(path, value, f"must be in canonical form ({go_quote(str(_address(value)))})"))


def check_endpoint_ip(errors: Errors, value: str, path: str) -> None:
    """Report an address that no endpoint can have: unspecified, loopback, link-local.

    Source: kubernetes pkg/apis/core/validation/validation.go ValidateEndpointIP.
    """
    address = _loose_address(value)
    if address is None:
        errors.append(invalid(path, value, "must be a valid IP address"))
        return
    if address.is_unspecified:
        errors.append(invalid(path, value, f"may not be unspecified ({value})"))
    if address.is_loopback:
        errors.append(invalid(path, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)"))
    if address in _LINK_LOCAL[address.version]:
        text = "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
        errors.append(invalid(path, value, text))
    if address in _LINK_LOCAL_MULTICAST[address.version]:
        text = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
        errors.append(invalid(path, value, text))


def is_ipv6(value: str) -> bool:
    """Whether *value* is an IPv6 address (in either form that Go reads)."""
    address = _loose_address(value)
    return address is not None and address.version == 6


def is_ip(value: str) -> bool:
    """Whether *value* is an IP address, leading zeros allowed."""
    return _loose_address(value) is not None


def address_warnings(value: str, path: str) -> list[str]:
    """Return the warning about an accepted address in a form that Kubernetes does not print.

    Source: GetWarningsForIP of the same file.
    """
    address, loose = _address(value), _loose_address(value)
    if loose is None:
        return []
    if address is None or (address.version == 6 and address.ipv4_mapped):
        return [f"{path}: non-standard IP address {go_quote(value)} is invalid: use {go_quote(str(loose))}"]
    if address.version == 6 and str(address) != value:
        shown = go_quote(value)
        return [f"{path}: IPv6 address {shown} should be in RFC 5952 canonical format ({go_quote(str(address))})"]
    return []


def cidr_warnings(value: str, path: str) -> list[str]:
    """Return the warnings about an accepted block in a form that Kubernetes does not print.

    Source: GetWarningsForCIDR of the same file.
    """
    network = _network(value, strict=False)
    address = _address(value.partition("/")[0])
    if network is None or address is None:
        return []
    if address != network.network_address:
        one = f"{address}/{network.max_prefixlen}"
        text = f"is ambiguous in this context (should be {go_quote(str(network))} or {go_quote(one)}?)"
        return [f"{path}: CIDR value {go_quote(value)} {text}"]
    if network.version == 6 and str(network) != value:
        shown = go_quote(value)
        return [f"{path}: IPv6 CIDR value {shown} should be in RFC 5952 canonical format ({go_quote(str(network))})"]
    return []


def check_cidr(errors: Errors, value: str, path: str, known: Collection[str] = ()) -> None:
    """Report a text that is no CIDR block, or one with bits beyond its prefix; values in *known* are left alone."""
    if value in known:
        return
    address, slash, length = value.partition("/")
    if not slash or not length.isdecimal() or _network(value, strict=False) is None:
        loose = _network(_LEADING_ZEROS.sub("", address) + "/" + length.lstrip("0"), strict=False) if slash else None
        text = (
            "must not have leading 0s in IP or prefix length"
            if loose
            else "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
        )
        errors.append(invalid(path, value, text))
    elif _network(value, strict=True) is None:
        errors.append(invalid(path, value, "must not have bits set beyond the prefix length"))


def is_dual_stack(values: Sequence[str]) -> bool:
    """Whether both families are among *values* (addresses or blocks)."""
    return len({":" in value for value in values}) == 2


def _address(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if "%" in value:  # a zone, which Go's parser does not take
        return None
    try:
        return ipaddress.ip_address(value)
    except ValueError:
        return None


def _loose_address(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    return _address(value) or _address(_LEADING_ZEROS.sub("", value))


def _network(value: str, *, strict: bool) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(value, strict=strict)
    except ValueError:
        return None
