"""The strategy of kinds that are only stored: metadata is validated, the rest is taken as it comes.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/registry/rest; which kinds count generations:
pkg/registry/*/*/strategy.go.
"""

from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.strategies.strategy import Strategy, cluster_object_fields, keep, object_fields
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.machinery.field import FieldError

Object = dict[str, Any]

_GENERATED = frozenset(
    {
        ("", "PodTemplate"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        ("networking.k8s.io", "NetworkPolicy"),
        ("resource.k8s.io", "DeviceClass"),
        ("resource.k8s.io", "DeviceTaintRule"),
        ("resource.k8s.io", "ResourceSlice"),
    }
)
_WITHOUT_CONTENT = ("apiVersion", "kind", "metadata", "status")


def generic_strategy(resource: ResourceInfo) -> Strategy:
    """Return the strategy of a kind without rules of its own."""
    has_status = "status" in resource.subresources
    counts = (resource.group, resource.kind) in _GENERATED

    def prepare_for_create(obj: Object) -> None:
        if has_status:
            obj["status"] = {}
        if counts:
            obj["metadata"]["generation"] = 1

    def prepare_for_update(new: Object, old: Object) -> None:
        if has_status:
            keep(new, old, "status")
        if counts and not semantic_equal(_content(new), _content(old)):
            new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1

    def prepare_for_status_update(new: Object, old: Object) -> None:
        for name in {*new, *old}.difference(_WITHOUT_CONTENT):
            keep(new, old, name)

    def validate(obj: Object) -> list[FieldError]:
        return check_metadata(obj["metadata"], namespaced=resource.namespaced)

    def validate_update(new: Object, old: Object) -> list[FieldError]:
        return check_metadata_update(new["metadata"], old["metadata"])

    return Strategy(
        prepare_for_create=prepare_for_create,
        prepare_for_update=prepare_for_update,
        prepare_for_status_update=prepare_for_status_update,
        validate=validate,
        validate_update=validate_update,
        validate_status_update=validate_update,
        selectable_fields=object_fields if resource.namespaced else cluster_object_fields,
        has_status=has_status,
    )


def _content(obj: Object) -> Object:
    return {name: value for name, value in obj.items() if name not in _WITHOUT_CONTENT}
