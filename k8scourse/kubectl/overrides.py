"""What --overrides changes in a generated object.

Kubernetes: staging/src/k8s.io/kubectl/pkg/cmd/util/override_options.go, helpers.go Merge.
"""

from __future__ import annotations

import json
from typing import Any

from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import Session
from k8scourse.machinery import json_patch, merge_patch, strategic
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]


def overridden(session: Session, obj: Object) -> Object:
    """*obj* with the patch of --overrides applied, if there is one. Raises KubectlError."""
    text, kind = session.flag("overrides"), session.flag("override-type") or "merge"
    if not text:
        return obj
    if kind not in ("json", "merge", "strategic"):
        raise KubectlError(f"invalid override type: {kind}")
    try:
        patch = json.loads(text)
        return _apply(session, obj, patch, kind)
    except json.JSONDecodeError as error:
        raise KubectlError(f"Invalid JSON Patch: {error}" if kind == "json" else "Invalid JSON Document") from error
    except ApiError as error:
        raise KubectlError(error.message) from error


def _apply(session: Session, obj: Object, patch: Any, kind: str) -> Object:
    if kind == "json":
        return json_patch.apply_json_patch(obj, patch)
    schema = session.schemas.find_kind(obj["apiVersion"], obj["kind"])
    if kind == "merge" or schema is None:
        return merge_patch.apply_merge_patch(obj, patch)
    return strategic.strategic_merge_patch(obj, patch, schema)
