"""Validation of Secrets.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateSecret, ValidateSecretUpdate.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.validation.config_map import FROZEN, SIZE_LIMIT, decoded_size
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.apiserver.validation.support import Errors, check, check_immutable
from k8scourse.machinery.field import FieldError, forbidden, invalid, key, required, too_long
from k8scourse.machinery.json_body import parse_json
from k8scourse.machinery.names import is_config_map_key

OPAQUE = "Opaque"
SERVICE_ACCOUNT_TOKEN = "kubernetes.io/service-account-token"
DOCKER_CONFIG = "kubernetes.io/dockercfg"
DOCKER_CONFIG_JSON = "kubernetes.io/dockerconfigjson"
BASIC_AUTH = "kubernetes.io/basic-auth"
SSH_AUTH = "kubernetes.io/ssh-auth"
TLS = "kubernetes.io/tls"
TLS_CERTIFICATE_KEY = "tls.crt"
TLS_PRIVATE_KEY_KEY = "tls.key"
ACCOUNT_NAME_ANNOTATION = "kubernetes.io/service-account.name"
_JSON_KEYS = {DOCKER_CONFIG: ".dockercfg", DOCKER_CONFIG_JSON: ".dockerconfigjson"}
_REDACTED = "<secret contents redacted>"
_GO_CONTEXTS = {
    "Extra data": "after top-level value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
}
_GO_TYPES = {bool: "bool", int: "number", float: "number", str: "string", list: "array"}

Secret = Mapping[str, Any]


def validate_secret(secret: Secret) -> list[FieldError]:
    """Return the faults of a Secret: bad keys, more than 1 MiB, keys that its type needs."""
    errors = check_metadata(secret["metadata"], namespaced=True)
    data = secret.get("data") or {}
    size = 0
    for name, value in data.items():
        check(errors, key("data", name), name, is_config_map_key)
        size += decoded_size(value)
    if size > SIZE_LIMIT:
        errors.append(too_long("data", "", SIZE_LIMIT))
    _check_type(errors, secret, data)
    return errors


def validate_secret_update(new: Secret, old: Secret) -> list[FieldError]:
    """Return the faults of changing the stored Secret *old* to *new*: the type stays, an immutable one its data."""
    errors = check_metadata_update(new["metadata"], old["metadata"])
    check_immutable(errors, "type", new.get("type") or "", old.get("type") or "")
    if old.get("immutable"):
        if not new.get("immutable"):
            errors.append(forbidden("immutable", FROZEN))
        if (new.get("data") or {}) != (old.get("data") or {}):
            errors.append(forbidden("data", FROZEN))
    return errors + validate_secret(new)


def _check_type(errors: Errors, secret: Secret, data: Mapping[str, str]) -> None:
    kind = secret.get("type")
    if kind == SERVICE_ACCOUNT_TOKEN:
        if not (secret["metadata"].get("annotations") or {}).get(ACCOUNT_NAME_ANNOTATION):
            errors.append(required(key("metadata.annotations", ACCOUNT_NAME_ANNOTATION)))
    elif kind in _JSON_KEYS:
        _check_json(errors, data, _JSON_KEYS[kind])
    elif kind == BASIC_AUTH:
        if "username" not in data and "password" not in data:
            errors.extend((required("data[username]"), required("data[password]")))
    elif kind == SSH_AUTH:
        if not data.get("ssh-privatekey"):
            errors.append(required("data[ssh-privatekey]"))
    elif kind == TLS:
        names = (TLS_CERTIFICATE_KEY, TLS_PRIVATE_KEY_KEY)
        errors.extend(required(key("data", name)) for name in names if name not in data)


def _check_json(errors: Errors, data: Mapping[str, str], name: str) -> None:
    """Check that the entry *name* is a JSON object; the message hides its content."""
    path = key("data", name)
    if name not in data:
        errors.append(required(path))
        return
    try:
        value = parse_json(decoded(data[name]).decode(errors="replace"))
    except json.JSONDecodeError as error:
        errors.append(invalid(path, _REDACTED, _go_text(error)))
        return
    if value is not None and not isinstance(value, dict):
        text = f"json: cannot unmarshal {_GO_TYPES[type(value)]} into Go value of type map[string]interface {{}}"
        errors.append(invalid(path, _REDACTED, text))


def decoded(text: str) -> bytes:
    """Return the bytes of a base64 text; none for a text that is none (decoding the request has reported it)."""
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return b""


def _go_text(error: json.JSONDecodeError) -> str:
    """Return what Go's encoding/json says of a malformed text."""
    found = error.doc[error.pos : error.pos + 1]
    if not found:
        return "unexpected end of JSON input"
    context = _GO_CONTEXTS.get(error.msg, "looking for beginning of value")
    return f"invalid character '{found}' {context}"
