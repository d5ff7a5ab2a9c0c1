"""The strategies of StatefulSet and ControllerRevision.

Source: kubernetes pkg/registry/apps/{statefulset,controllerrevision}/strategy.go.
"""

from typing import Any

from k8scourse.apiserver.strategies.pod import drop_disabled_fields
from k8scourse.apiserver.strategies.pod_warnings import pod_warnings
from k8scourse.apiserver.strategies.strategy import Strategy, keep
from k8scourse.apiserver.validation.controller_revision import (
    validate_controller_revision,
    validate_controller_revision_update,
)
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.apiserver.validation.stateful_set import (
    validate_stateful_set,
    validate_stateful_set_status_update,
    validate_stateful_set_update,
)
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.quantity import parse_quantity

Object = dict[str, Any]


def _drop_disabled_fields(stateful_set: Object) -> None:
    """Remove what is behind gates that are off in 1.36: maxUnavailable (MaxUnavailableStatefulSet)."""
    rolling = stateful_set["spec"]["updateStrategy"].get("rollingUpdate")
    if rolling:
        rolling.pop("maxUnavailable", None)
    drop_disabled_fields(stateful_set["spec"]["template"]["spec"])


def _prepare_for_create(stateful_set: Object) -> None:
    stateful_set["status"] = {"replicas": 0, "availableReplicas": 0}
    stateful_set["metadata"]["generation"] = 1
    _drop_disabled_fields(stateful_set)


def _prepare_for_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    _drop_disabled_fields(new)
    if not semantic_equal(new["spec"], old["spec"]):
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


def _template_warnings(stateful_set: Object) -> list[str]:
    template = stateful_set["spec"]["template"]
    return pod_warnings("spec.template.", template["spec"], template.get("metadata") or {})


def _claim_warnings(stateful_set: Object, below: str = "") -> list[str]:
    """Warn of sizes that are no whole bytes, and of a history without limit."""
    warnings: list[str] = []
    for index, claim in enumerate(stateful_set["spec"].get("volumeClaimTemplates") or ()):
        resources = (claim.get("spec") or {}).get("resources") or {}
        for kind in ("requests", "limits"):
            size = parse_quantity((resources.get(kind) or {}).get("storage") or 0)
            if size.milli_value() % 1000:
                path = f"spec.volumeClaimTemplates[{index}]{below}.resources.{kind}[storage]"
                warnings.append(f"{path}: fractional byte value {go_quote(str(size))} is invalid, must be an integer")
    if (stateful_set["spec"].get("revisionHistoryLimit") or 0) < 0:
        text = "a negative value retains all historical revisions; a value >= 0 is recommended"
        warnings.append(f"spec.revisionHistoryLimit: {text}")
    return warnings


def _warnings_on_update(new: Object, old: Object) -> list[str]:
    same = new["metadata"].get("generation") == old["metadata"].get("generation")
    return [*([] if same else _template_warnings(new)), *_claim_warnings(new, ".Spec")]


STATEFUL_SET = Strategy(
    prepare_for_create=_prepare_for_create,
    prepare_for_update=_prepare_for_update,
    validate=validate_stateful_set,
    validate_update=validate_stateful_set_update,
    validate_status_update=validate_stateful_set_status_update,
    warnings_on_create=lambda stateful_set: _template_warnings(stateful_set) + _claim_warnings(stateful_set),
    warnings_on_update=_warnings_on_update,
    has_status=True,
)

CONTROLLER_REVISION = Strategy(
    validate=validate_controller_revision,
    validate_update=validate_controller_revision_update,
    validate_status_update=validate_object_meta_update,
)
