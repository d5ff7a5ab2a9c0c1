"""Validation of StorageClasses.

Source: kubernetes pkg/apis/storage/validation/validation.go ValidateStorageClass, ValidateStorageClassUpdate;
pkg/apis/core/validation/validation.go ValidateTopologySelectorTerm.
"""

from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.equality import semantic_equal
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import IMMUTABLE, Errors, check
from k8scourse.machinery.field import FieldError, duplicate, invalid, not_supported, required, too_long
from k8scourse.machinery.names import is_qualified_name

MAX_PARAMETERS = 512
MAX_PARAMETERS_SIZE = 256 * 1024  # bytes of all keys and values together
RECLAIM_POLICIES = ("Delete", "Retain")
BINDING_MODES = ("Immediate", "WaitForFirstConsumer")
_FIXED = (("parameters", None), ("provisioner", ""), ("reclaimPolicy", None), ("volumeBindingMode", None))

StorageClass = Mapping[str, Any]


def validate_storage_class(storage_class: StorageClass) -> list[FieldError]:
    """Return the faults of a StorageClass: its provisioner, parameters, policy, mode and topologies."""
    errors = check_metadata(storage_class["metadata"], namespaced=False)
    provisioner = storage_class.get("provisioner") or ""
    if not provisioner:
        errors.append(required("provisioner"))
    else:
        check(errors, "provisioner", provisioner.lower(), is_qualified_name)
    _check_parameters(errors, storage_class.get("parameters") or {})
    policy, mode = storage_class.get("reclaimPolicy"), storage_class.get("volumeBindingMode")
    if policy and policy not in RECLAIM_POLICIES:
        errors.append(not_supported("reclaimPolicy", policy, RECLAIM_POLICIES))
    if mode is None:
        errors.append(required("volumeBindingMode"))
    elif mode not in BINDING_MODES:
        errors.append(not_supported("volumeBindingMode", mode, BINDING_MODES))
    _check_topologies(errors, storage_class)
    return errors


def validate_storage_class_update(new: StorageClass, old: StorageClass) -> list[FieldError]:
    """Return the faults of changing the stored StorageClass *old* to *new*: how volumes are made stays."""
    errors = validate_storage_class(new) + check_metadata_update(new["metadata"], old["metadata"])
    for name, absent in _FIXED:
        if not semantic_equal(new.get(name), old.get(name)):
            errors.append(invalid(name, new.get(name, absent), IMMUTABLE))
    return errors


def _check_parameters(errors: Errors, parameters: Mapping[str, str]) -> None:
    if len(parameters) > MAX_PARAMETERS:
        errors.append(too_long("parameters", "", MAX_PARAMETERS))
        return
    if "" in parameters:
        errors.append(invalid("parameters", "", "field can not be empty."))
    if sum(len(key.encode()) + len(value.encode()) for key, value in parameters.items()) > MAX_PARAMETERS_SIZE:
        errors.append(too_long("parameters", "", MAX_PARAMETERS_SIZE))


def _check_topologies(errors: Errors, storage_class: StorageClass) -> None:
    seen: list[dict[str, set[str]]] = []
    for index, term in enumerate(storage_class.get("allowedTopologies") or ()):
        path = f"allowedTopologies[{index}].matchLabelExpressions"
        expressions: dict[str, set[str]] = {}
        for number, requirement in enumerate(term.get("matchLabelExpressions") or ()):
            _check_requirement(errors, requirement, f"{path}[{number}]", expressions)
        if expressions in seen:
            errors.append(duplicate(path, ""))
        seen.append(expressions)


def _check_requirement(
    errors: Errors, requirement: Mapping[str, Any], path: str, expressions: dict[str, set[str]]
) -> None:
    key, values = requirement.get("key") or "", requirement.get("values") or ()
    if not values:
        errors.append(required(f"{path}.values"))
    known: set[str] = set()
    for index, value in enumerate(values):
        if value in known:
            errors.append(duplicate(f"{path}.values[{index}]", value))
        known.add(value)
    check(errors, f"{path}.key", key, is_qualified_name)
    if key in expressions:
        errors.append(duplicate(f"{path}.key", key))
    expressions[key] = known
