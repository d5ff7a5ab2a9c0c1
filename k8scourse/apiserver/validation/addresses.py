"""Validation of IP addresses and CIDR blocks in fields that older releases took loosely.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go (gate StrictIPCIDRValidation, on in 1.36).
"""

import ipaddress
import re
from collections.abc import Collection, Sequence

from k8scourse.apiserver.validation.support import Errors
from k8scourse.machinery.field import invalid

_LEADING_ZEROS = re.compile(r"(?<![0-9a-fA-F:.])0+(?=[0-9])|(?<=\.)0+(?=[0-9])")


def check_ip(errors: Errors, value: str, path: str, known: Collection[str] = ()) -> None:
    """Report a text that is no IP address; values in *known* (already stored) are left alone."""
    if value in known:
        return
    address = _address(value)
    if address is None:
        loose = _address(_LEADING_ZEROS.sub("", value))
        text = "must not have leading 0s" if loose else "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
        errors.append(invalid(path, value, text))
    elif isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        errors.append(invalid(path, value, "must not be an IPv4-mapped IPv6 address"))


def check_cidr(errors: Errors, value: str, path: str) -> None:
    """Report a text that is no CIDR block, or one with bits beyond its prefix."""
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


def _network(value: str, *, strict: bool) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(value, strict=strict)
    except ValueError:
        return None
