"""The strategy of Secrets.

Source: kubernetes pkg/registry/core/secret/strategy.go.
"""

import re
from collections.abc import Mapping
from typing import Any

from k8scourse.apiserver.strategies.strategy import Strategy, object_fields
from k8scourse.apiserver.validation.object_meta import validate_object_meta_update
from k8scourse.apiserver.validation.secret import (
    TLS,
    TLS_CERTIFICATE_KEY,
    TLS_PRIVATE_KEY_KEY,
    decoded,
    validate_secret,
    validate_secret_update,
)

_CERTIFICATE_MARK = b"-----BEGIN CERTIFICATE-----"
_KEY_MARK = b"PRIVATE KEY-----"
_SWITCHED = "PEM inputs may have been switched"

Object = dict[str, Any]


def _keep_type(new: Object, old: Object) -> None:
    """Defaulting makes an omitted type Opaque, so this matters for writers inside the cluster only."""
    if not new.get("type"):
        new["type"] = old.get("type") or ""


def _warnings(secret: Object) -> list[str]:
    """Warn of a TLS secret without PEM texts; whether key and certificate belong together is not looked at.

    Source: Go's crypto/tls X509KeyPair.
    """
    if secret.get("type") != TLS:
        return []
    data = secret.get("data") or {}
    certificate, key = (decoded(data.get(name) or "") for name in (TLS_CERTIFICATE_KEY, TLS_PRIVATE_KEY_KEY))
    if b"-----BEGIN " not in certificate:
        return ["tls: failed to find any PEM data in certificate input"]
    if _CERTIFICATE_MARK not in certificate:
        if _KEY_MARK in certificate:
            return [
                "tls: failed to find certificate PEM data in certificate input, but did find a private key; "
                + _SWITCHED
            ]
        found = " ".join(re.findall("-----BEGIN ([^-]+)-----", certificate.decode(errors="replace")))
        skipped = f"after skipping PEM blocks of the following types: [{found}]"
        return [f'tls: failed to find "CERTIFICATE" PEM block in certificate input {skipped}']
    if b"-----BEGIN " not in key:
        return ["tls: failed to find any PEM data in key input"]
    if _KEY_MARK not in key:
        return ["tls: found a certificate rather than a key in the PEM for the private key"]
    return []


def _fields(secret: Mapping[str, Any]) -> dict[str, str]:
    return {**object_fields(secret), "type": secret.get("type") or ""}


SECRET = Strategy(
    prepare_for_update=_keep_type,
    validate=validate_secret,
    validate_update=validate_secret_update,
    validate_status_update=validate_object_meta_update,
    warnings_on_create=_warnings,
    warnings_on_update=lambda new, old: _warnings(new),
    selectable_fields=_fields,
)
