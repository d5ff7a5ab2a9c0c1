"""The IP families of a Service, in a cluster that has IPv4 alone.

Source: kubernetes pkg/registry/core/service/storage/alloc.go initIPFamilyFields
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.service_allocation import IPV4
from k8scourse.apiserver.validation.addresses import is_ipv6
from k8scourse.apiserver.validation.service_addresses import check_cluster_ips
from k8scourse.component_helpers.services import HEADLESS, needs_cluster_ip
from k8scourse.machinery.field import FieldError, invalid

Spec = dict[str, Any]

IPV6 = "IPv6"
SINGLE_STACK = "SingleStack"
PREFER_DUAL_STACK = "PreferDualStack"
REQUIRE_DUAL_STACK = "RequireDualStack"
_POLICY = "spec.ipFamilyPolicy"
_ONE_OF_BOTH = "must be 'RequireDualStack' or 'PreferDualStack' when multiple {what} are specified"
_KEEPS_ONE = "must be 'SingleStack' to release the secondary {what}"


def init_families(spec: Spec, before: Spec | None) -> list[FieldError]:
    """Fill in ipFamilyPolicy and ipFamilies of *spec* in place; gives the faults that forbid it.

    *before* is the spec of the stored Service, None for one that is created.
    """
    if not needs_cluster_ip(spec) or (before is not None and is_unchanged_dual_stack(spec, before)):
        return []
    if spec.get("ipFamilyPolicy") is None:
        spec["ipFamilyPolicy"] = _default_policy(spec, before)
    errors: list[FieldError] = []
    check_cluster_ips(errors, spec, before or {})
    if errors:
        return errors
    if before is not None:
        errors += _release_second(spec, before)
    if spec["ipFamilyPolicy"] == SINGLE_STACK:
        errors += _check_single(spec)
    errors += _infer_families(spec)
    if errors:
        return errors
    if _is_bare_headless(spec):
        _complete_bare_headless(spec)
        return []
    return _settle(spec)


def is_unchanged_dual_stack(spec: Spec, before: Spec) -> bool:
    """Whether a Service that prefers two families is written with the addresses and families that it has."""
    return (
        spec.get("type") == before.get("type")
        and spec.get("ipFamilyPolicy") == before.get("ipFamilyPolicy") == PREFER_DUAL_STACK
        and (spec.get("clusterIPs") or []) == (before.get("clusterIPs") or [])
        and (spec.get("ipFamilies") or []) == (before.get("ipFamilies") or [])
    )


def _default_policy(spec: Spec, before: Spec | None) -> str:
    if before is not None and before.get("ipFamilyPolicy") is not None:
        return before["ipFamilyPolicy"]
    return REQUIRE_DUAL_STACK if _is_bare_headless(spec) else SINGLE_STACK


def _is_bare_headless(spec: Spec) -> bool:
    return spec.get("clusterIP") == HEADLESS and not spec.get("selector")


def _release_second(spec: Spec, before: Spec) -> list[FieldError]:
    """An update to one family keeps the first address and family; with another policy none may go."""
    errors: list[FieldError] = []
    for name, what in (("clusterIPs", "cluster IP"), ("ipFamilies", "IP family")):
        new, old = spec.get(name) or [], before.get(name) or []
        if spec["ipFamilyPolicy"] == SINGLE_STACK:
            if new == old and len(new) > 1:
                spec[name] = new[:1]
        elif new and len(new) < len(old):
            errors.append(invalid(_POLICY, spec["ipFamilyPolicy"], _KEEPS_ONE.format(what=what)))
    return errors


def _check_single(spec: Spec) -> list[FieldError]:
    return [
        invalid(_POLICY, SINGLE_STACK, _ONE_OF_BOTH.format(what=what))
        for name, what in (("clusterIPs", "cluster IPs"), ("ipFamilies", "IP families"))
        if len(spec.get(name) or ()) == 2
    ]


def _infer_families(spec: Spec) -> list[FieldError]:
    addresses: list[str] = spec.get("clusterIPs") or []
    families: list[str] = list(spec.get("ipFamilies") or ())
    errors: list[FieldError] = []
    for index, address in enumerate(addresses):
        if address == HEADLESS:
            break
        family = IPV6 if is_ipv6(address) else IPV4
        if index < len(families):
            continue
        if family == IPV4:
            families.append(family)
        else:
            errors.append(
                invalid(f"spec.clusterIPs[{index}]", addresses, f"{family} is not configured on this cluster")
            )
    if families:
        spec["ipFamilies"] = families
    return errors


def _complete_bare_headless(spec: Spec) -> None:
    """Endpoints of a headless Service without selector are the user's: any family may be among them."""
    families: list[str] = list(spec.get("ipFamilies") or ()) or [IPV4]
    if len(families) < 2 and spec["ipFamilyPolicy"] != SINGLE_STACK:
        families.append(IPV6 if families[0] == IPV4 else IPV4)
    spec["ipFamilies"] = families


def _settle(spec: Spec) -> list[FieldError]:
    policy, families = spec["ipFamilyPolicy"], spec.get("ipFamilies") or []
    errors: list[FieldError] = []
    if policy == REQUIRE_DUAL_STACK:
        errors.append(invalid(_POLICY, policy, "this cluster is not configured for dual-stack services"))
    errors += [
        invalid(f"spec.ipFamilies[{index}]", family, "not configured on this cluster")
        for index, family in enumerate(families)
        if family != IPV4
    ]
    if not errors and not families:
        spec["ipFamilies"] = [IPV4]
    return errors
