"""PATCH bodies: JSON patch, merge patch and strategic merge patch, applied to the stored object.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.request import APPLY_PATCH, JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH
from k8scourse.apiserver.schemas import TypeSchema
from k8scourse.machinery import field, status
from k8scourse.machinery.field import FieldError
from k8scourse.machinery.json_body import parse_json
from k8scourse.machinery.json_patch import apply_json_patch
from k8scourse.machinery.merge_patch import PatchError, apply_merge_patch
from k8scourse.machinery.strategic import strategic_merge_patch

if TYPE_CHECKING:
    from k8scourse.apiserver.call import Call

Object = dict[str, Any]

MAX_MANAGER_LENGTH = 128

CONTENT_TYPES = (JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH, APPLY_PATCH)


def check_options(call: Call) -> None:
    """Check the query of a patch; raises ApiError 422 (metav1 ValidatePatchOptions)."""
    manager = call.request.query.get("fieldManager") or ""
    errors = field_manager_faults(manager)
    if call.request.content_type == APPLY_PATCH and not manager:
        errors.append(field.required("fieldManager", "is required for apply patch"))
    elif call.request.content_type != APPLY_PATCH and call.request.query.get("force"):
        errors.append(field.forbidden("force", "may not be specified for non-apply patch"))
    if errors:
        raise status.invalid("PatchOptions.meta.k8s.io", "", errors)


def field_manager_faults(manager: str) -> list[FieldError]:
    """What is wrong with the name of a field manager."""
    if len(manager.encode()) > MAX_MANAGER_LENGTH:
        return [field.too_long("fieldManager", "", MAX_MANAGER_LENGTH)]
    return [
        field.invalid("fieldManager", manager, f"invalid character U+{ord(char):04X} (at position {index})")
        for index, char in enumerate(manager)
        if not char.isprintable()
    ]


def read_patch(body: Any, content_type: str) -> Any:
    """The patch as a JSON value; raises ApiError 400 or 415."""
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
