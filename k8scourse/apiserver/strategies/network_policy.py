"""The strategy of NetworkPolicies.

Source: kubernetes pkg/registry/networking/networkpolicy/strategy.go.
"""

from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.network_policy import (
    network_policy_warnings,
    validate_network_policy,
    validate_network_policy_update,
)
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update

Object = dict[str, Any]


def _prepare(policy: Object) -> None:
    policy["metadata"]["generation"] = 1


def _prepare_update(new: Object, old: Object) -> None:
    if not semantic_equal(new.get("spec"), old.get("spec")):
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


NETWORK_POLICY = Strategy(
    prepare_for_create=_prepare,
    prepare_for_update=_prepare_update,
    validate=validate_network_policy,
    validate_update=validate_network_policy_update,
    validate_status_update=validate_object_meta_update,
    warnings_on_create=network_policy_warnings,
    warnings_on_update=lambda new, old: network_policy_warnings(new),
)
