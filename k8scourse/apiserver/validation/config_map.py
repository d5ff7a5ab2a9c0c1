"""Validation of ConfigMaps.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateConfigMap, ValidateConfigMapUpdate.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import check
from k8scourse.machinery.field import FieldError, forbidden, invalid, key, too_long
from k8scourse.machinery.names import is_config_map_key

SIZE_LIMIT = 1024 * 1024
FROZEN = "field is immutable when `immutable` is set"

ConfigMap = Mapping[str, Any]


def validate_config_map(config_map: ConfigMap) -> list[FieldError]:
    """Return the faults of a ConfigMap: bad keys, keys given twice, more than 1 MiB of values."""
    errors = check_metadata(config_map["metadata"], namespaced=True)
    data, binary = config_map.get("data") or {}, config_map.get("binaryData") or {}
    size = 0
    for name, value in data.items():
        path = key("data", name)
        check(errors, path, name, is_config_map_key)
        if name in binary:
            errors.append(invalid(path, name, "duplicate of key present in binaryData"))
        size += len(value.encode())
    for name, value in binary.items():
        check(errors, key("binaryData", name), name, is_config_map_key)
        size += decoded_size(value)
    if size > SIZE_LIMIT:
        errors.append(too_long("", "", SIZE_LIMIT))
    return errors


def decoded_size(text: str) -> int:
    """Return how many bytes a base64 text stands for."""
    try:
        return len(base64.b64decode(text))
    except binascii.Error:  # decoding the request has reported it
        return 0


def validate_config_map_update(new: ConfigMap, old: ConfigMap) -> list[FieldError]:
    """Return the faults of changing the stored ConfigMap *old* to *new*; an immutable one keeps its data."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    if old.get("immutable"):
        if not new.get("immutable"):
            errors.append(forbidden("immutable", FROZEN))
        for field in ("data", "binaryData"):
            if (new.get(field) or {}) != (old.get(field) or {}):
                errors.append(forbidden(field, FROZEN))
    return errors + validate_config_map(new)
