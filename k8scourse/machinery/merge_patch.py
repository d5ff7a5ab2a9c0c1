"""JSON merge patches (RFC 7386), made and applied as the API server and kubectl do.

Source: evanphx/json-patch v4, merge.go. Inputs are never changed; results share unchanged parts with them.
"""

from typing import Any


class PatchError(ValueError):
    """A patch that cannot be applied; `code` is the HTTP status with which the API server answers.

    The message is the API server's, verbatim.
    """

    def __init__(self, message: str, code: int = 422) -> None:
        super().__init__(message)
        self.code = code


def apply_merge_patch(document: dict[str, Any], patch: Any) -> dict[str, Any]:
    """Return *document* with *patch* merged in: null removes a field, mappings merge, all else replaces.

    Raises PatchError (400) when the patch is not a mapping.
    """
    if patch is None:
        raise PatchError("Invalid JSON Patch", 400)
    if not isinstance(patch, dict):
        raise PatchError(f"error decoding patch: {cannot_unmarshal(patch, 'map[string]interface {}')}", 400)
    return _merge(document, patch)


def _merge(document: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    merged = dict(document)
    for name, value in patch.items():
        current = merged.get(name)
        if value is None:
            merged.pop(name, None)
        elif isinstance(current, dict) and isinstance(value, dict):
            merged[name] = _merge(current, value)
        else:
            # Upstream prunes nulls inside a new value, unless that value takes the place of a mapping.
            merged[name] = value if isinstance(current, dict) else without_nulls(value)
    return merged


def without_nulls(value: Any) -> Any:
    """Return *value* without the fields that are null, at any depth; items of lists stay, null or not."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def cannot_unmarshal(value: Any, go_type: str) -> str:
    """Return encoding/json's text for a *value* of the wrong kind."""
    kinds = {dict: "object", list: "array", str: "string", bool: "bool", type(None): "null"}
    return f"json: cannot unmarshal {kinds.get(type(value), 'number')} into Go value of type {go_type}"


def create_merge_patch(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the merge patch that turns *old* into *new*; fields that vanished become null."""
    patch: dict[str, Any] = {}
    for name, value in new.items():
        if name not in old:
            patch[name] = value
        elif isinstance(value, dict) and isinstance(old[name], dict):
            inner = create_merge_patch(old[name], value)
            if inner:
                patch[name] = inner
        elif not same(old[name], value):
            patch[name] = value
    for name in old:
        if name not in new:
            patch[name] = None
    return patch


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal; unlike in Python, `true` is not 1, while 1 and 1.0 are the same number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right
