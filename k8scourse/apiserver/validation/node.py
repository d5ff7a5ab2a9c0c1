"""Validation of Nodes.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateNode, ValidateNodeUpdate. Taints are reported under
``metadata.taints``: a slip of upstream that users see.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.addresses import check_cidr, is_dual_stack
from k8scourse.apiserver.validation.internal_values import internal_value
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.resources import check_amount
from k8scourse.apiserver.validation.support import Errors
from k8scourse.apiserver.validation.tolerations import check_taints
from k8scourse.machinery.field import FieldError, duplicate, forbidden, invalid
from k8scourse.machinery.go_format import go_quote

_TAINTS_PATH = "metadata.taints"
_FEATURE = re.compile(r"[A-Z][a-zA-Z0-9]*(/[a-zA-Z][a-zA-Z0-9]*)*")
_FEATURE_LIMIT = 253

Node = Mapping[str, Any]


def validate_node(node: Node) -> list[FieldError]:
    """Return the faults of a Node by itself."""
    errors = check_metadata(node["metadata"], namespaced=False)
    spec = node.get("spec") or {}
    if spec.get("taints"):
        check_taints(errors, spec["taints"], _TAINTS_PATH)
    _check_status(errors, node)
    _check_pod_cidrs(errors, spec.get("podCIDRs") or [])
    return errors


def validate_node_update(new: Node, old: Node) -> list[FieldError]:
    """Return the faults of changing the stored Node *old* to *new* through the main resource."""
    return validate_node(new) + validate_node_change(new, old)


def validate_node_change(new: Node, old: Node) -> list[FieldError]:
    """Return the faults of the change alone; the status subresource checks no more than this."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    _check_status(errors, new)
    _check_addresses(errors, (new.get("status") or {}).get("addresses") or ())
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    known = before.get("podCIDRs")
    if known and known != spec.get("podCIDRs"):
        text = 'node updates may not change podCIDR except from "" to valid'
        errors.append(forbidden("spec.podCIDRs", text))
    if before.get("providerID") and before["providerID"] != spec.get("providerID"):
        text = 'node updates may not change providerID except from "" to valid'
        errors.append(forbidden("spec.providerID", text))
    if spec.get("taints"):
        check_taints(errors, spec["taints"], _TAINTS_PATH)
    if (spec.get("externalID") or "") != (before.get("externalID") or ""):
        errors.append(forbidden("spec.externalID", "may not be updated"))
    return errors


def _check_status(errors: Errors, node: Node) -> None:
    status = node.get("status") or {}
    for kind in ("capacity", "allocatable"):
        for name, amount in (status.get(kind) or {}).items():
            check_amount(errors, name, amount, f"status.{kind}.{name}")
    _check_features(errors, status.get("declaredFeatures") or ())


def _check_features(errors: Errors, features: Sequence[str]) -> None:
    path = "status.declaredFeatures"
    for index, feature in enumerate(features):
        if len(feature) > _FEATURE_LIMIT:
            text = f"invalid feature name {go_quote(feature)}: must be no more than {_FEATURE_LIMIT} characters"
            errors.append(invalid(f"{path}[{index}]", feature, text))
        elif not _FEATURE.fullmatch(feature):
            text = (
                f"invalid feature name {go_quote(feature)}: must start with an UpperCamelCase segment, with "
                "subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only "
                "alphanumeric characters and slashes"
            )
            errors.append(invalid(f"{path}[{index}]", feature, text))
        if index and features[index - 1] == feature:
            errors.append(duplicate(f"{path}[{index}]", feature))
        elif index and features[index - 1] > feature:
            errors.append(invalid(f"{path}[{index}]", feature, "list must be sorted alphabetically"))


def _check_addresses(errors: Errors, addresses: Sequence[Mapping[str, Any]]) -> None:
    seen: set[tuple[Any, Any]] = set()
    for index, address in enumerate(addresses):
        pair = address.get("type"), address.get("address")
        if pair in seen:
            errors.append(duplicate(f"status.addresses[{index}]", internal_value("NodeAddress", address)))
        seen.add(pair)


def _check_pod_cidrs(errors: Errors, blocks: list[str]) -> None:
    for index, block in enumerate(blocks):
        check_cidr(errors, block, f"spec.podCIDRs[{index}]")
    if len(blocks) > 2 or (len(blocks) == 2 and not is_dual_stack(blocks)):
        errors.append(invalid("spec.podCIDRs", blocks, "may specify no more than one CIDR for each IP family"))
