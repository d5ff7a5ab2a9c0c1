"""PATCH bodies: JSON patch, merge patch and strategic merge patch, applied to the stored object.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver.request import APPLY_PATCH, JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH
from k8scourse.apiserver.schemas import TypeSchema
from k8scourse.machinery import status
from k8scourse.machinery.json_body import parse_json
from k8scourse.machinery.json_patch import apply_json_patch
from k8scourse.machinery.merge_patch import PatchError, apply_merge_patch
from k8scourse.machinery.strategic import strategic_merge_patch

Object = dict[str, Any]

CONTENT_TYPES = (JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH, APPLY_PATCH)


def read_patch(body: Any, content_type: str) -> Any:
    """The patch as a JSON value; raises ApiError 400 or 415, and "not simulated" for server-side apply."""
    if content_type == APPLY_PATCH:
        raise status.not_simulated("server-side apply")
    if content_type not in CONTENT_TYPES:
        raise status.unsupported_media_type(CONTENT_TYPES)
    if not isinstance(body, str):
        return body
    try:
        return parse_json(body)
    except ValueError as error:
        raise status.bad_request(f"error decoding patch: {error}") from None


def apply_patch(current: Object, patch: Any, content_type: str, schema: TypeSchema | None) -> Object:
    """What *current* becomes by *patch*; neither is changed.

    Kinds without a built-in schema know no strategic merge patch. Raises ApiError 400, 413, 415, 422 or 500.
    """
    try:
        if content_type == JSON_PATCH:
            return apply_json_patch(current, patch)
        if content_type == MERGE_PATCH:
            return apply_merge_patch(current, patch)
        if schema is None:
            raise status.unsupported_media_type((JSON_PATCH, MERGE_PATCH, APPLY_PATCH))
        return strategic_merge_patch(current, patch, schema)
    except PatchError as error:
        raise _as_status(error) from None


def _as_status(error: PatchError) -> status.ApiError:
    text = str(error)
    if error.code == 400:
        return status.bad_request(text)
    if error.code == 413:
        return status.request_entity_too_large(text)
    if error.code == 422:
        return status.failure(422, "Invalid", "the server rejected our request due to an error in our request", {})
    return status.internal_error(text)
