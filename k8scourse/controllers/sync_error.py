"""Why a controller cannot go on where no request was refused: it tries again later, as after a refusal."""

from __future__ import annotations

from k8scourse.machinery.status import ApiError


def sync_error(text: str) -> ApiError:
    """An error with exactly this text, which makes the queue retry the key."""
    return ApiError(
        {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": text,
            "reason": "InternalError",
            "code": 500,
        }
    )
