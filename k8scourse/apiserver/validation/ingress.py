"""Validation of Ingresses and IngressClasses.

Source: kubernetes pkg/apis/networking/validation/validation.go.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.addresses import check_ip, is_ip
from k8scourse.apiserver.validation.load_balancer import check_load_balancer_host
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import Errors, check, check_domain_prefixed_path, check_immutable
from k8scourse.machinery.field import FieldError, forbidden, invalid, not_supported, required, too_long
from k8scourse.machinery.names import (
    is_dns1123_label,
    is_dns1123_subdomain,
    is_path_segment_name,
    is_port_name,
    is_port_number,
    is_wildcard_dns1123_subdomain,
)

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
SCOPES = ("Cluster", "Namespace")
MAX_CONTROLLER_LENGTH = 250
_FORBIDDEN_PARTS = ("//", "/./", "/../", "%2f", "%2F")
_FORBIDDEN_ENDS = ("/..", "/.")
_ABSOLUTE = "must be an absolute path"

Ingress = Mapping[str, Any]
IngressClass = Mapping[str, Any]


def validate_ingress(ingress: Ingress) -> list[FieldError]:
    """Return the faults of an Ingress that is to be created."""
    errors = _errors(ingress, None)
    annotation = (ingress["metadata"].get("annotations") or {}).get(CLASS_ANNOTATION)
    name = (ingress.get("spec") or {}).get("ingressClassName")
    if None not in (annotation, name) and annotation != name:
        text = "must match `ingressClassName` when both are specified"
        errors.append(invalid(f"annotations.{CLASS_ANNOTATION}", annotation, text))
    return errors


def validate_ingress_update(new: Ingress, old: Ingress) -> list[FieldError]:
    """Return the faults of changing the stored Ingress *old* to *new*; names it had wrong already may stay wrong."""
    return check_metadata_update(new["metadata"], old["metadata"]) + _errors(new, old)


def validate_ingress_status_update(new: Ingress, old: Ingress) -> list[FieldError]:
    """Return the faults of the addresses that a controller reports."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    known = [item["ip"] for item in _load_balancer(old) if item.get("ip")]
    for index, item in enumerate(_load_balancer(new)):
        path = f"status.loadBalancer.ingress[{index}]"
        if item.get("ip"):
            check_ip(errors, item["ip"], f"{path}.ip", known)
        check_load_balancer_host(errors, item.get("hostname"), f"{path}.hostname")
    return errors


def validate_ingress_class(ingress_class: IngressClass) -> list[FieldError]:
    """Return the faults of an IngressClass: its controller is named like ``example.com/name``."""
    errors = check_metadata(ingress_class["metadata"], namespaced=False)
    spec = ingress_class.get("spec") or {}
    controller = spec.get("controller") or ""
    if len(controller) > MAX_CONTROLLER_LENGTH:
        errors.append(too_long("spec.controller", "", MAX_CONTROLLER_LENGTH))
    check_domain_prefixed_path(errors, "spec.controller", controller)
    if spec.get("parameters") is not None:
        _check_reference(errors, spec["parameters"], "spec.parameters")
        _check_scope(errors, spec["parameters"], "spec.parameters")
    return errors


def validate_ingress_class_update(new: IngressClass, old: IngressClass) -> list[FieldError]:
    """Return the faults of changing the stored IngressClass *old* to *new*: the controller stays."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    controllers = ((item.get("spec") or {}).get("controller") or "" for item in (new, old))
    check_immutable(errors, "spec.controller", *controllers)
    return errors + validate_ingress_class(new)


def _load_balancer(ingress: Ingress) -> Sequence[Mapping[str, Any]]:
    return ((ingress.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()


def _errors(ingress: Ingress, old: Ingress | None) -> list[FieldError]:
    errors = check_metadata(ingress["metadata"], namespaced=True)
    spec, before = ingress.get("spec") or {}, (old or {}).get("spec") or {}
    rules, backend = spec.get("rules"), spec.get("defaultBackend")
    if not rules and backend is None:
        text = "either `defaultBackend` or `rules` must be specified"
        errors.append(invalid("spec", rules, text))
    if backend is not None:
        _check_backend(errors, backend, "spec.defaultBackend")
    for index, rule in enumerate(rules or ()):
        _check_rule(errors, rule, f"spec.rules[{index}]", may_be_odd=_has_odd_wildcard(before))
    for index, item in enumerate(spec.get("tls") or ()):
        _check_tls(errors, item, f"spec.tls[{index}]", may_be_odd=_has_odd_secret(before))
    if spec.get("ingressClassName") is not None:
        check(errors, "spec.ingressClassName", spec["ingressClassName"], is_dns1123_subdomain)
    return errors


def _has_odd_wildcard(spec: Mapping[str, Any]) -> bool:
    """Whether a stored rule for a wildcard host breaks the rules for paths, which were not checked once."""
    errors: Errors = []
    for rule in spec.get("rules") or ():
        if "*" in (rule.get("host") or "") and rule.get("http") is not None:
            _check_paths(errors, rule["http"], "")
    return bool(errors)


def _has_odd_secret(spec: Mapping[str, Any]) -> bool:
    names = (item.get("secretName") for item in spec.get("tls") or ())
    return any(is_dns1123_subdomain(name) for name in names if name)


def _check_rule(errors: Errors, rule: Mapping[str, Any], path: str, *, may_be_odd: bool) -> None:
    host = rule.get("host") or ""
    if host:
        if is_ip(host):
            errors.append(invalid(f"{path}.host", host, "must be a DNS name, not an IP address"))
        _check_host(errors, host, f"{path}.host")
    if rule.get("http") is not None and not ("*" in host and may_be_odd):
        _check_paths(errors, rule["http"], f"{path}.http")


def _check_host(errors: Errors, host: str, path: str) -> None:
    check(errors, path, host, is_wildcard_dns1123_subdomain if "*" in host else is_dns1123_subdomain)


def _check_paths(errors: Errors, http: Mapping[str, Any], path: str) -> None:
    paths = http.get("paths") or ()
    if not paths:
        errors.append(required(f"{path}.paths"))
    for index, item in enumerate(paths):
        _check_path(errors, item, f"{path}.paths[{index}]")


def _check_path(errors: Errors, item: Mapping[str, Any], path: str) -> None:
    kind, value = item.get("pathType"), item.get("path") or ""
    if kind is None:
        errors.append(required(f"{path}.pathType", "pathType must be specified"))
        return
    where = f"{path}.path"
    if kind in ("Exact", "Prefix"):
        if not value.startswith("/"):
            errors.append(invalid(where, value, _ABSOLUTE))
        for part in _FORBIDDEN_PARTS:
            if part in value:
                errors.append(invalid(where, value, f"must not contain '{part}'"))
        for end in _FORBIDDEN_ENDS:
            if value.endswith(end):
                errors.append(invalid(where, value, f"cannot end with '{end}'"))
    elif kind not in PATH_TYPES:
        errors.append(not_supported(f"{path}.pathType", kind, PATH_TYPES))
    elif value and not value.startswith("/"):
        errors.append(invalid(where, value, _ABSOLUTE))
    _check_backend(errors, item.get("backend") or {}, f"{path}.backend")


def _check_backend(errors: Errors, backend: Mapping[str, Any], path: str) -> None:
    service, resource = backend.get("service"), backend.get("resource")
    if service is not None and resource is not None:
        errors.append(invalid(path, "", "cannot set both resource and service backends"))
    elif resource is not None:
        _check_reference(errors, resource, f"{path}.resource")
    elif service is not None:
        _check_service(errors, service, path)
    else:
        errors.append(invalid(path, "", "resource or service backend is required"))


def _check_service(errors: Errors, service: Mapping[str, Any], path: str) -> None:
    """Check the service of a backend; its name may begin with a digit (RelaxedServiceNameValidation)."""
    where = f"{path}.service"
    if service.get("name"):
        check(errors, f"{where}.name", service["name"], is_dns1123_label)
    else:
        errors.append(required(f"{where}.name"))
    port = service.get("port") or {}
    name, number = port.get("name"), port.get("number")
    if name and number:
        errors.append(invalid(path, "", "cannot set both port name & port number"))
    elif name:
        check(errors, f"{where}.port.name", name, is_port_name)
    elif number:
        errors.extend(invalid(f"{where}.port.number", number, message) for message in is_port_number(number))
    else:
        errors.append(required(path, "port name or number is required"))


def _check_tls(errors: Errors, item: Mapping[str, Any], path: str, *, may_be_odd: bool) -> None:
    for index, host in enumerate(item.get("hosts") or ()):
        _check_host(errors, host, f"{path}.hosts[{index}]")
    if item.get("secretName") and not may_be_odd:
        check(errors, f"{path}.secretName", item["secretName"], is_dns1123_subdomain)


def _check_reference(errors: Errors, reference: Mapping[str, Any], path: str) -> None:
    if reference.get("apiGroup") is not None:
        check(errors, f"{path}.apiGroup", reference["apiGroup"], is_dns1123_subdomain)
    for field in ("kind", "name"):
        if reference.get(field):
            check(errors, f"{path}.{field}", reference[field], is_path_segment_name)
        else:
            errors.append(required(f"{path}.{field}"))


def _check_scope(errors: Errors, reference: Mapping[str, Any], path: str) -> None:
    scope, namespace = reference.get("scope"), reference.get("namespace")
    if scope is None:
        errors.append(required(f"{path}.scope"))
    elif scope not in SCOPES:
        errors.append(not_supported(f"{path}.scope", scope, SCOPES))
    elif scope == "Cluster" and namespace is not None:
        errors.append(forbidden(f"{path}.namespace", "`parameters.scope` is set to 'Cluster'"))
    elif scope == "Namespace" and namespace is None:
        errors.append(required(f"{path}.namespace", "`parameters.scope` is set to 'Namespace'"))
    elif scope == "Namespace":
        check(errors, f"{path}.namespace", namespace or "", is_dns1123_label)
