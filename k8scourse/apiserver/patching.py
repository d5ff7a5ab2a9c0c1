"""PATCH bodies: JSON patch, merge patch and strategic merge patch, applied to the stored object.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go
"""

from __future__ import annotations

import json
from typing import Any

from k8scourse.apiserver.request import APPLY_PATCH, JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH
from k8scourse.apiserver.schemas import TypeSchema
from k8scourse.machinery import status
from k8scourse.machinery.json_patch import JsonPatchError, apply_json_patch
from k8scourse.machinery.merge_patch import apply_merge_patch
from k8scourse.machinery.strategic import StrategicPatchError, strategic_merge_patch

Object = dict[str, Any]

MAX_JSON_PATCH_OPERATIONS = 10_000
CONTENT_TYPES = (JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH, APPLY_PATCH)


def read_patch(body: Any, content_type: str) -> Any:
    """The patch as a JSON value; raises ApiError 400 or 415."""
    if content_type == APPLY_PATCH:
        raise status.not_simulated("server-side apply")
    if content_type not in CONTENT_TYPES:
        raise status.unsupported_media_type(CONTENT_TYPES)
    patch = body
    if isinstance(body, str):
        try:
            patch = json.loads(body)
        except ValueError as error:
            raise status.bad_request(f"error decoding patch: {error}") from None
    if content_type == JSON_PATCH:
        if not isinstance(patch, list):
            raise status.bad_request(
                "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"
            )
        if len(patch) > MAX_JSON_PATCH_OPERATIONS:
            text = f"The allowed maximum operations in a JSON patch is {MAX_JSON_PATCH_OPERATIONS}, got {len(patch)}"
            raise status.request_entity_too_large(text)
    elif not isinstance(patch, dict):
        raise status.bad_request(
            "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"
        )
    return patch


def apply_patch(current: Object, patch: Any, content_type: str, schema: TypeSchema | None) -> Object:
    """What *current* becomes by *patch*; neither is changed.

    Kinds without a built-in schema know no strategic merge patch. Raises ApiError 415 or 422.
    """
    if content_type == JSON_PATCH:
        try:
            return apply_json_patch(current, patch)
        except JsonPatchError as error:
            cause = {"reason": "UnexpectedServerResponse", "message": str(error)}
            text = "the server rejected our request due to an error in our request"
            raise status.failure(422, "Invalid", text, {"causes": [cause]}) from None
    if content_type == MERGE_PATCH:
        return apply_merge_patch(current, patch)
    if schema is None:
        raise status.unsupported_media_type((JSON_PATCH, MERGE_PATCH, APPLY_PATCH))
    try:
        return strategic_merge_patch(current, patch, schema)
    except StrategicPatchError as error:
        raise status.bad_request(str(error)) from None
