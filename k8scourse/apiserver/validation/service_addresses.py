"""Validation of the addresses of a Service: clusterIPs, ipFamilies and ipFamilyPolicy.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateServiceClusterIPsRelatedFields,
validateUpgradeDowngradeClusterIPs, validateUpgradeDowngradeIPFamilies.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.addresses import check_ip, is_dual_stack, is_ipv6
from k8scourse.apiserver.validation.support import Errors
from k8scourse.component_helpers.services import EXTERNAL_NAME, HEADLESS, is_headless
from k8scourse.machinery.field import duplicate, invalid, not_supported, required

FAMILIES = ("IPv4", "IPv6")
FAMILY_POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
_SET_ONCE = "may not change once set"

Spec = Mapping[str, Any]


def check_cluster_ips(errors: Errors, spec: Spec, before: Spec) -> None:
    """Check addresses and families of a Service by themselves; addresses of *before* may stay as they are."""
    if spec.get("type") == EXTERNAL_NAME:
        return
    addresses: Sequence[str] = spec.get("clusterIPs") or ()
    families: Sequence[str] = spec.get("ipFamilies") or ()
    path = "spec.clusterIPs"
    _check_first(errors, spec.get("clusterIP"), addresses, path)
    _check_families(errors, spec, families)
    count = len(errors)
    for index, address in enumerate(addresses):
        if index or address != HEADLESS:
            check_ip(errors, address, f"{path}[{index}]", before.get("clusterIPs") or ())
        elif len(addresses) > 1:
            errors.append(invalid(path, list(addresses), "'None' must be the first and only value"))
    has_bad_address = len(errors) > count
    if len(addresses) > 2:
        errors.append(invalid(path, list(addresses), "may only hold up to 2 values"))
    if has_bad_address:
        return
    if len(addresses) > 1 and not is_dual_stack(addresses):
        errors.append(invalid(path, list(addresses), "may specify no more than one IP for each IP family"))
    if is_headless(spec):
        return
    for index, (address, family) in enumerate(zip(addresses, families, strict=False)):
        if family in FAMILIES and is_ipv6(address) != (family == "IPv6"):
            text = f"expected an {family} value as indicated by `ipFamilies[{index}]`"
            errors.append(invalid(f"{path}[{index}]", address, text))


def _check_first(errors: Errors, first: str | None, addresses: Sequence[str], path: str) -> None:
    """Check that clusterIP is the first of clusterIPs."""
    if first:
        if not addresses:
            errors.append(required(path))
        elif addresses[0] != first:
            errors.append(invalid(path, list(addresses), "first value must match `clusterIP`"))
    elif addresses:
        errors.append(invalid(path, list(addresses), "must be empty when `clusterIP` is not specified"))


def _check_families(errors: Errors, spec: Spec, families: Sequence[str]) -> None:
    for index, family in enumerate(families):
        if family not in FAMILIES:
            errors.append(not_supported(f"spec.ipFamilies[{index}]", family, FAMILIES))
        if family in families[:index]:
            errors.append(duplicate(f"spec.ipFamilies[{index}]", family))
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in FAMILY_POLICIES:
        errors.append(not_supported("spec.ipFamilyPolicy", policy, FAMILY_POLICIES))


def check_cluster_ips_update(errors: Errors, spec: Spec, before: Spec) -> None:
    """Check that addresses stay; a second one may be added, and released with ipFamilyPolicy SingleStack."""
    if EXTERNAL_NAME in (spec.get("type"), before.get("type")) or (is_headless(spec) and is_headless(before)):
        return
    new, old = spec.get("clusterIPs") or [], before.get("clusterIPs") or []
    if len(new) == len(old):
        for index, address in enumerate(old):
            if new[index] != address:
                errors.append(invalid(f"spec.clusterIPs[{index}]", new, _SET_ONCE))
        return
    if not new:
        errors.append(invalid("spec.clusterIPs[0]", None, "primary clusterIP can not be unset"))
    elif old and new[0] != old[0]:
        errors.append(invalid("spec.clusterIPs[0]", new, _SET_ONCE))
    if len(old) > len(new) == 1:
        _check_single_stack(errors, spec, "clusterIP")


def check_families_update(errors: Errors, spec: Spec, before: Spec) -> None:
    """Check that families stay as addresses do; headless Services may change them."""
    if EXTERNAL_NAME in (spec.get("type"), before.get("type")) or is_headless(spec) or is_headless(before):
        return
    new, old = spec.get("ipFamilies") or [], before.get("ipFamilies") or []
    path = "spec.ipFamilies[0]"
    if len(new) == len(old):
        changed = sum(first != second for first, second in zip(new, old, strict=True))
        errors.extend(invalid(path, new, _SET_ONCE) for _ in range(changed))
        return
    addresses = spec.get("clusterIPs") or None
    if len(old) > len(new) and not addresses:
        errors.append(invalid(path, new or None, "primary ipFamily can not be unset"))
    if new and old and new[0] != old[0]:
        errors.append(invalid(path, addresses, _SET_ONCE))
    if len(old) > len(new) == 1:
        _check_single_stack(errors, spec, "ipFamily")


def _check_single_stack(errors: Errors, spec: Spec, what: str) -> None:
    policy = spec.get("ipFamilyPolicy")
    if policy != "SingleStack":
        text = f"must be set to 'SingleStack' when releasing the secondary {what}"
        errors.append(invalid("spec.ipFamilyPolicy", policy, text))
