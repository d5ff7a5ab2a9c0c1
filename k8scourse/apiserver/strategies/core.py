"""The strategies of Node, Namespace, ServiceAccount, ConfigMap and Event.

Source: kubernetes pkg/registry/core/{node,namespace,serviceaccount,configmap,event}/strategy.go.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.defaults.core import NAMESPACE_NAME_LABEL
from k8scourse.apiserver.strategies.strategy import (
    Strategy,
    Subresource,
    cluster_object_fields,
    keep,
    object_fields,
)
from k8scourse.apiserver.validation.config_map import validate_config_map, validate_config_map_update
from k8scourse.apiserver.validation.event import core_form, validate_event, validate_event_update
from k8scourse.apiserver.validation.namespace import (
    KUBERNETES_FINALIZER,
    validate_namespace,
    validate_namespace_finalize_update,
    validate_namespace_status_update,
    validate_namespace_update,
)
from k8scourse.apiserver.validation.node import validate_node, validate_node_change, validate_node_update
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.apiserver.validation.service_account import validate_service_account, validate_service_account_update

_ENFORCE_ANNOTATION = "kubernetes.io/enforce-mountable-secrets"

Object = dict[str, Any]


def _prepare_node(node: Object) -> None:
    """A node may be created with its status: that is how kubelets register."""
    (node.get("spec") or {}).pop("configSource", None)
    (node.get("status") or {}).pop("config", None)


def _prepare_node_update(new: Object, old: Object) -> None:
    keep(new, old, "status")
    (new.get("spec") or {}).pop("configSource", None)


def _node_warnings(node: Object) -> list[str]:
    if (node.get("spec") or {}).get("externalID"):
        return ["spec.externalID: this field is deprecated, and is unused by Kubernetes"]
    return []


def _node_fields(node: Mapping[str, Any]) -> dict[str, str]:
    unschedulable = (node.get("spec") or {}).get("unschedulable")
    return {**cluster_object_fields(node), "spec.unschedulable": "true" if unschedulable else "false"}


NODE = Strategy(
    prepare_for_create=_prepare_node,
    prepare_for_update=_prepare_node_update,
    validate=validate_node,
    validate_update=validate_node_update,
    validate_status_update=validate_node_change,
    warnings_on_create=_node_warnings,
    warnings_on_update=lambda new, old: _node_warnings(new),
    selectable_fields=_node_fields,
    has_status=True,
)


def _prepare_namespace(namespace: Object) -> None:
    """A new namespace is Active and holds the finalizer ``kubernetes`` until its content is gone."""
    namespace["status"] = {"phase": "Active"}
    spec = namespace.setdefault("spec", {})
    finalizers = spec.get("finalizers") or []
    if KUBERNETES_FINALIZER not in finalizers:
        spec["finalizers"] = [*finalizers, KUBERNETES_FINALIZER]
    metadata = namespace["metadata"]
    metadata["labels"] = {**(metadata.get("labels") or {}), NAMESPACE_NAME_LABEL: metadata.get("name", "")}


def _prepare_namespace_update(new: Object, old: Object) -> None:
    """Neither finalizers nor status change through the main resource."""
    keep(new, old, "spec")
    keep(new, old, "status")


def _prepare_finalize(new: Object, old: Object) -> None:
    keep(new, old, "status")


def _namespace_fields(namespace: Mapping[str, Any]) -> dict[str, str]:
    phase = (namespace.get("status") or {}).get("phase") or ""
    return {**cluster_object_fields(namespace), "status.phase": phase}


NAMESPACE = Strategy(
    prepare_for_create=_prepare_namespace,
    prepare_for_update=_prepare_namespace_update,
    validate=validate_namespace,
    validate_update=validate_namespace_update,
    validate_status_update=validate_namespace_status_update,
    selectable_fields=_namespace_fields,
    subresources={"finalize": Subresource(prepare=_prepare_finalize, validate=validate_namespace_finalize_update)},
    has_status=True,
)


def _clean_secret_references(account: Object) -> None:
    if account.get("secrets"):
        account["secrets"] = [{"name": secret.get("name") or ""} for secret in account["secrets"]]


def _service_account_warnings(account: Object, old: Object | None = None) -> list[str]:
    before = ((old or {}).get("metadata") or {}).get("annotations") or {}
    if _ENFORCE_ANNOTATION in before or _ENFORCE_ANNOTATION not in (account["metadata"].get("annotations") or {}):
        return []
    text = "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets"
    return [f"metadata.annotations[{_ENFORCE_ANNOTATION}]: {text}"]


SERVICE_ACCOUNT = Strategy(
    prepare_for_create=_clean_secret_references,
    prepare_for_update=lambda new, old: _clean_secret_references(new),
    validate=validate_service_account,
    validate_update=validate_service_account_update,
    validate_status_update=validate_object_meta_update,
    warnings_on_create=_service_account_warnings,
    warnings_on_update=_service_account_warnings,
)

CONFIG_MAP = Strategy(
    validate=validate_config_map,
    validate_update=validate_config_map_update,
    validate_status_update=validate_object_meta_update,
)


def _event_fields(event: Mapping[str, Any]) -> dict[str, str]:
    core = core_form(event)
    about = core.get("involvedObject") or {}
    reporter = core.get("reportingComponent") or ""
    names = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
    return {
        **object_fields(event),
        **{f"involvedObject.{name}": about.get(name) or "" for name in names},
        "reason": core.get("reason") or "",
        "reportingComponent": reporter,
        "source": (core.get("source") or {}).get("component") or reporter,
        "type": core.get("type") or "",
    }


EVENT = Strategy(
    validate=validate_event,
    validate_update=validate_event_update,
    validate_status_update=validate_object_meta_update,
    selectable_fields=_event_fields,
    allow_create_on_update=True,
)
