"""Validation of environment variables and their sources.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateEnv, ValidateEnvFrom and following.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from k8scourse.apiserver.validation.paths import check_no_backsteps
from k8scourse.apiserver.validation.support import Errors, check
from k8scourse.machinery.field import invalid, not_supported, required
from k8scourse.machinery.names import (
    is_config_map_key,
    is_dns1123_label,
    is_dns1123_subdomain,
    is_qualified_name,
    is_relaxed_env_var_name,
    mask_trailing_dash,
)
from k8scourse.machinery.quantity import parse_quantity

ENV_FIELD_PATHS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
VOLUME_FIELD_PATHS = (
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
)
_CONVERTIBLE = frozenset(
    (*ENV_FIELD_PATHS, *VOLUME_FIELD_PATHS, "spec.restartPolicy", "spec.schedulerName", "status.phase")
)
_SUBSCRIPTABLE = ("metadata.annotations", "metadata.labels")
_RESOURCES = (
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
)
_HUGE_PAGES = ("limits.hugepages-", "requests.hugepages-")
_BYTE_DIVISORS = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
_NO_SOURCE = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
_MANY_SOURCES = "may not have more than one field specified at a time"


def check_env(errors: Errors, variables: Sequence[Mapping[str, Any]], path: str) -> None:
    """Check the env list of a container; repeated names only cause a warning."""
    for index, variable in enumerate(variables):
        name = variable.get("name")
        if not name:
            errors.append(required(f"{path}[{index}].name"))
        else:
            for message in is_relaxed_env_var_name(name):
                errors.append(invalid(f"{path}[{index}].name", name, message))
        if variable.get("valueFrom") is not None:
            _check_value_from(errors, variable, f"{path}[{index}].valueFrom")


def _check_value_from(errors: Errors, variable: Mapping[str, Any], path: str) -> None:
    source = variable["valueFrom"]
    present = [name for name in _VALUE_SOURCES if source.get(name) is not None]
    for name in present:
        _VALUE_SOURCES[name](errors, source[name], f"{path}.{name}")
    if not present:
        errors.append(invalid(path, "", _NO_SOURCE))
    elif variable.get("value"):
        errors.append(invalid(path, "", "may not be specified when `value` is not empty"))
    elif len(present) > 1:
        errors.append(invalid(path, "", _MANY_SOURCES))


def check_env_from(errors: Errors, sources: Sequence[Mapping[str, Any]], path: str) -> None:
    """Check the envFrom list of a container."""
    for index, source in enumerate(sources):
        prefix = source.get("prefix")
        if prefix:
            check(errors, f"{path}[{index}].prefix", prefix, is_relaxed_env_var_name)
        present = [name for name in ("configMapRef", "secretRef") if source.get(name) is not None]
        for kind in present:
            _check_reference(errors, source[kind], f"{path}[{index}].{kind}.name")
        if not present:
            errors.append(invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"))
        elif len(present) > 1:
            errors.append(invalid(path, "", _MANY_SOURCES))


def _check_reference(errors: Errors, reference: Mapping[str, Any], path: str) -> None:
    name = reference.get("name")
    if not name:
        errors.append(required(path))
        return
    for message in is_dns1123_subdomain(mask_trailing_dash(name)):
        errors.append(invalid(path, name, message))


def check_field_selector(errors: Errors, selector: Mapping[str, Any], supported: Collection[str], path: str) -> None:
    """Check a reference to a field of the pod itself; *supported* lists the plain paths allowed here."""
    for name in ("apiVersion", "fieldPath"):
        if not selector.get(name):
            errors.append(required(f"{path}.{name}"))
            return
    field_path = selector["fieldPath"]
    base, subscript = _split_subscript(field_path)
    fault = _conversion_fault(selector["apiVersion"], field_path, base, subscript)
    if fault:
        errors.append(invalid(f"{path}.fieldPath", field_path, f"error converting fieldPath: {fault}"))
    elif subscript is not None:
        check(errors, path, subscript.lower() if base == "metadata.annotations" else subscript, is_qualified_name)
    elif base not in supported and base != "spec.host":
        errors.append(not_supported(f"{path}.fieldPath", base, supported))


def _split_subscript(field_path: str) -> tuple[str, str | None]:
    """Split ``metadata.labels['a']`` into ("metadata.labels", "a"); without subscript the second part is None."""
    if not field_path.endswith("']"):
        return field_path, None
    base, found, subscript = field_path[:-2].partition("['")
    return (base, subscript) if found and base else (field_path, None)


def _conversion_fault(version: str, field_path: str, base: str, subscript: str | None) -> str | None:
    if version != "v1":
        return f"unsupported pod version: {version}"
    if subscript is not None:
        return None if base in _SUBSCRIPTABLE else f"field label does not support subscript: {field_path}"
    known = base in _CONVERTIBLE or base == "spec.host"
    return None if known else f"field label not supported: {field_path}"


def check_resource_selector(errors: Errors, selector: Mapping[str, Any], path: str, *, in_volume: bool = False) -> None:
    """Check a reference to a request or limit of a container; a volume must say of which container."""
    resource = selector.get("resource") or ""
    if in_volume and not selector.get("containerName"):
        errors.append(required(f"{path}.containerName"))
    elif not resource:
        errors.append(required(f"{path}.resource"))
    elif resource not in _RESOURCES and not resource.startswith(_HUGE_PAGES):
        errors.append(not_supported(f"{path}.resource", resource, _RESOURCES))
    divisor = parse_quantity(selector.get("divisor") or "0")
    if divisor.milli_value():
        _check_divisor(errors, resource, str(divisor), f"{path}.divisor")


def _check_divisor(errors: Errors, resource: str, divisor: str, path: str) -> None:
    name = resource.partition(".")[2]
    if name == "cpu":
        if divisor not in ("1m", "1"):
            text = "only divisor's values 1m and 1 are supported with the cpu resource"
            errors.append(invalid(path, resource, text))
        return
    spoken = {"memory": "memory", "ephemeral-storage": "local ephemeral storage"}.get(name)
    if spoken is None and resource.startswith(_HUGE_PAGES):
        spoken = "hugepages"
    if spoken and divisor not in _BYTE_DIVISORS:
        text = f"only divisor's values {', '.join(_BYTE_DIVISORS)} are supported with the {spoken} resource"
        errors.append(invalid(path, resource, text))


def _check_env_field(errors: Errors, selector: Mapping[str, Any], path: str) -> None:
    check_field_selector(errors, selector, ENV_FIELD_PATHS, path)


def _check_key_selector(errors: Errors, selector: Mapping[str, Any], path: str) -> None:
    check(errors, f"{path}.name", selector.get("name") or "", is_dns1123_subdomain)
    if not selector.get("key"):
        errors.append(required(f"{path}.key"))
    else:
        check(errors, f"{path}.key", selector["key"], is_config_map_key)


def _check_file_key(errors: Errors, selector: Mapping[str, Any], path: str) -> None:
    if not selector.get("key"):
        errors.append(required(f"{path}.key"))
    else:
        check(errors, f"{path}.key", selector["key"], is_relaxed_env_var_name)
    if not selector.get("volumeName"):
        errors.append(required(f"{path}.volumeName"))
    else:
        check(errors, f"{path}.volumeName", selector["volumeName"], is_dns1123_label)
    if not selector.get("path"):
        errors.append(required(f"{path}.path"))
    else:
        check_no_backsteps(errors, selector["path"], f"{path}.path")


_VALUE_SOURCES = {
    "fieldRef": _check_env_field,
    "resourceFieldRef": check_resource_selector,
    "configMapKeyRef": _check_key_selector,
    "secretKeyRef": _check_key_selector,
    "fileKeyRef": _check_file_key,
}
