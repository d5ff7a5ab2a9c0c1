"""The strategies of Ingress and IngressClass.

Source: kubernetes pkg/registry/networking/{ingress,ingressclass}/strategy.go.
"""

from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy, cluster_object_fields, keep
from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.ingress import (
    CLASS_ANNOTATION,
    validate_ingress,
    validate_ingress_class,
    validate_ingress_class_update,
    validate_ingress_status_update,
    validate_ingress_update,
)
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.machinery.go_format import go_quote

Object = dict[str, Any]


def _prepare_ingress(ingress: Object) -> None:
    ingress["status"] = {"loadBalancer": {}}
    ingress["metadata"]["generation"] = 1


def _prepare_ingress_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    _count_generation(new, old)


def _count_generation(new: Object, old: Object) -> None:
    if not semantic_equal(new.get("spec"), old.get("spec")):
        new["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1


def _warnings(ingress: Object) -> list[str]:
    has_annotation = CLASS_ANNOTATION in (ingress["metadata"].get("annotations") or {})
    if not has_annotation or (ingress.get("spec") or {}).get("ingressClassName") is not None:
        return []
    return [f"annotation {go_quote(CLASS_ANNOTATION)} is deprecated, please use 'spec.ingressClassName' instead"]


def _prepare_class(ingress_class: Object) -> None:
    ingress_class["metadata"]["generation"] = 1


INGRESS = Strategy(
    prepare_for_create=_prepare_ingress,
    prepare_for_update=_prepare_ingress_update,
    validate=validate_ingress,
    validate_update=validate_ingress_update,
    validate_status_update=validate_ingress_status_update,
    warnings_on_create=_warnings,
    has_status=True,
)

INGRESS_CLASS = Strategy(
    prepare_for_create=_prepare_class,
    prepare_for_update=_count_generation,
    validate=validate_ingress_class,
    validate_update=validate_ingress_class_update,
    validate_status_update=validate_object_meta_update,
    selectable_fields=cluster_object_fields,
)
