"""Validation of NetworkPolicies.

Source: kubernetes pkg/apis/networking/validation/validation.go ValidateNetworkPolicy, ValidateNetworkPolicyUpdate.
"""

import ipaddress
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from k8scourse.apiserver.validation.addresses import check_cidr, cidr_warnings
from k8scourse.apiserver.validation.label_selector import check_label_selector
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import FieldError, forbidden, invalid, not_supported, required
from k8scourse.machinery.names import is_port_name, is_port_number

PROTOCOLS = ("TCP", "UDP", "SCTP")
POLICY_TYPES = ("Ingress", "Egress")
_DIRECTIONS = (("ingress", "from"), ("egress", "to"))

Policy = Mapping[str, Any]


def validate_network_policy(policy: Policy) -> list[FieldError]:
    """Return the faults of a NetworkPolicy that is to be created."""
    return check_metadata(policy["metadata"], namespaced=True) + _spec_errors(policy, ())


def validate_network_policy_update(new: Policy, old: Policy) -> list[FieldError]:
    """Return the faults of changing the stored NetworkPolicy *old* to *new*; blocks it had already may stay wrong."""
    known = [text for _, block in _blocks(old) for text in (block.get("cidr") or "", *(block.get("except") or ()))]
    return check_metadata_update(new["metadata"], old["metadata"]) + _spec_errors(new, known)


def network_policy_warnings(policy: Policy) -> list[str]:
    """Return what the writer is told about blocks in a form that Kubernetes does not print."""
    warnings: list[str] = []
    for path, block in _blocks(policy):
        warnings.extend(cidr_warnings(block.get("cidr") or "", f"{path}.cidr"))
        for index, text in enumerate(block.get("except") or ()):
            warnings.extend(cidr_warnings(text, f"{path}.except[{index}]"))
    return warnings


def _blocks(policy: Policy) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The blocks of addresses that a policy names, each with its path."""
    spec = policy.get("spec") or {}
    for direction, side in _DIRECTIONS:
        for i, rule in enumerate(spec.get(direction) or ()):
            for j, peer in enumerate(rule.get(side) or ()):
                if peer.get("ipBlock") is not None:
                    yield f"spec.{direction}[{i}].{side}[{j}].ipBlock", peer["ipBlock"]


def _spec_errors(policy: Policy, known: Collection[str]) -> list[FieldError]:
    errors: Errors = []
    spec = policy.get("spec") or {}
    check_label_selector(errors, spec.get("podSelector"), "spec.podSelector")
    for direction, side in _DIRECTIONS:
        for i, rule in enumerate(spec.get(direction) or ()):
            path = f"spec.{direction}[{i}]"
            for j, port in enumerate(rule.get("ports") or ()):
                _check_port(errors, port, f"{path}.ports[{j}]")
            for j, peer in enumerate(rule.get(side) or ()):
                _check_peer(errors, peer, f"{path}.{side}[{j}]", known)
    types = spec.get("policyTypes") or ()
    if len(types) > len(POLICY_TYPES):
        errors.append(invalid("spec.policyTypes", types, "may not specify more than two policyTypes"))
        return errors
    for index, kind in enumerate(types):
        if kind not in POLICY_TYPES:
            errors.append(not_supported(f"spec.policyTypes[{index}]", kind, POLICY_TYPES))
    return errors


def _check_port(errors: Errors, item: Mapping[str, Any], path: str) -> None:
    protocol, port, end = item.get("protocol"), item.get("port"), item.get("endPort")
    if protocol is not None and protocol not in PROTOCOLS:
        errors.append(not_supported(f"{path}.protocol", protocol, PROTOCOLS))
    if isinstance(port, int):
        errors.extend(invalid(f"{path}.port", port, message) for message in is_port_number(port))
        if end is not None:
            if end < port:
                errors.append(invalid(f"{path}.endPort", port, "must be greater than or equal to `port`"))
            errors.extend(invalid(f"{path}.endPort", end, message) for message in is_port_number(end))
    elif port is not None:
        if end is not None:
            text = "may not be specified when `port` is non-numeric"
            errors.append(invalid(f"{path}.endPort", end, text))
        check(errors, f"{path}.port", port, is_port_name)
    elif end is not None:
        text = "may not be specified when `port` is not specified"
        errors.append(invalid(f"{path}.endPort", end, text))


def _check_peer(errors: Errors, peer: Mapping[str, Any], path: str, known: Collection[str]) -> None:
    selectors = [name for name in ("podSelector", "namespaceSelector") if peer.get(name) is not None]
    for name in selectors:
        check_label_selector(errors, peer[name], f"{path}.{name}")
    block = peer.get("ipBlock")
    if block is not None:
        _check_block(errors, block, f"{path}.ipBlock", known)
        if selectors:
            errors.append(forbidden(path, "may not specify both ipBlock and another peer"))
    elif not selectors:
        errors.append(required(path, "must specify a peer"))


def _check_block(errors: Errors, block: Mapping[str, Any], path: str, known: Collection[str]) -> None:
    text = block.get("cidr") or ""
    if not text:
        errors.append(required(f"{path}.cidr"))
        return
    check_cidr(errors, text, f"{path}.cidr", known)
    outer = _network(text)
    if outer is None:
        return
    for index, text in enumerate(block.get("except") or ()):
        where = f"{path}.except[{index}]"
        check_cidr(errors, text, where, known)
        inner = _network(text)
        if inner is not None and not _is_strict_subset(inner, outer):
            errors.append(invalid(where, text, "must be a strict subset of `cidr`"))


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _is_strict_subset(inner: Network, outer: Network) -> bool:
    same_family = inner.version == outer.version
    return same_family and inner.network_address in outer and inner.prefixlen > outer.prefixlen
