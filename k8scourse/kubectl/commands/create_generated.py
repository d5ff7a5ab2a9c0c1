"""`kubectl create KIND`: objects made from flags.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/create.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8scourse.kubectl import last_applied
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.generators import access, basic, batch, config_data, services
from k8scourse.kubectl.printers.objects import result_printer
from k8scourse.kubectl.session import Session
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

_GENERATORS: dict[str, Callable[[Session, str], Object]] = {
    "clusterrole": access.cluster_role,
    "clusterrolebinding": access.cluster_role_binding,
    "configmap": config_data.config_map,
    "cronjob": batch.cron_job,
    "deployment": basic.deployment,
    "ingress": services.ingress,
    "job": batch.job,
    "namespace": basic.namespace,
    "poddisruptionbudget": basic.disruption_budget,
    "priorityclass": basic.priority_class,
    "quota": basic.quota,
    "role": access.role,
    "rolebinding": access.role_binding,
    "secret docker-registry": config_data.docker_registry_secret,
    "secret generic": config_data.generic_secret,
    "secret tls": config_data.tls_secret,
    "service clusterip": services.service,
    "service externalname": services.service,
    "service loadbalancer": services.service,
    "service nodeport": services.service,
    "serviceaccount": basic.service_account,
}
_REQUIRED = {
    "clusterrolebinding": ("clusterrole",),
    "cronjob": ("image", "schedule"),
    "deployment": ("image",),
    "priorityclass": ("value",),
    "service externalname": ("external-name",),
}
_UNWRAPPED = ("clusterrole", "namespace", "role")
"""The kinds whose refusals are shown as they are; others read `failed to create X: ...`."""
_WRAPPED = {"poddisruptionbudget": "poddisruptionbudgets"}


def run(session: Session) -> None:
    """Make one object from the flags and create it. Raises KubectlError or ApiError."""
    kind = session.command.removeprefix("kubectl create ")
    missing = [flag for flag in _REQUIRED.get(kind, ()) if not session.changed(flag)]
    if missing:
        listed = ", ".join(f'"{flag}"' for flag in missing)
        raise KubectlError(f"required flag(s) {listed} not set")
    name = _name(session)
    dry_run, validation = session.dry_run(), session.field_validation()
    obj = _GENERATORS[kind](session, name)
    resource = session.resource_of(obj["apiVersion"], obj["kind"])
    if resource.namespaced and session.namespace_given:
        obj = {**obj, "metadata": {**obj["metadata"], "namespace": session.namespace}}
    obj = last_applied.updated(obj, create=session.flag("save-config"))
    if dry_run != "client":
        obj = _create(session, kind, obj, validation)
    result_printer(session)(obj, "created")


def _create(session: Session, kind: str, obj: Object, validation: str) -> Object:
    resource = session.resource_of(obj["apiVersion"], obj["kind"])
    try:
        return session.api.create(
            resource,
            session.namespace,
            obj,
            dryRun=session.server_dry_run(),
            fieldManager=session.flag("field-manager"),
            fieldValidation=validation,
        )
    except ApiError as error:
        if kind in _UNWRAPPED:
            raise
        raise KubectlError(f"failed to create {_what(session, kind)} {error.message}") from error


def _what(session: Session, kind: str) -> str:
    if kind.startswith("secret "):
        return "secret"
    if kind.startswith("service "):
        return f"{services.service_type(session.command)} service:"
    return f"{_WRAPPED.get(kind, kind)}:"


def _name(session: Session) -> str:
    before_dash = session.arguments.words_before_dash
    count = len(session.words) if before_dash < 0 else before_dash
    if count != 1:
        raise session.usage(f"exactly one NAME is required, got {count}")
    return session.words[0]
