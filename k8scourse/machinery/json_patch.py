"""JSON patches (RFC 6902) as the API server applies them.

Source: evanphx/json-patch v4, patch.go, whose texts and whose tolerance (negative indexes, replacing an absent field)
are kept; kubernetes: apiserver, pkg/endpoints/handlers/patch.go. Inputs are never changed.
"""

import re
from collections.abc import Callable
from typing import Any

from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.merge_patch import PatchError, cannot_unmarshal, same

__all__ = ["MAX_OPERATIONS", "PatchError", "apply_json_patch"]

MAX_OPERATIONS = 10_000

_MISSING_VALUE = "missing value"
_INVALID_INDEX = "invalid index referenced"
_TEST_FAILED = "test failed"
_ABSENT = object()


def apply_json_patch(document: Any, operations: Any) -> Any:
    """Return *document* after the *operations*, applied in order, all or none.

    Raises PatchError with the API server's text and code: 400 when the operations are not a list of mappings, 413 when
    there are more than MAX_OPERATIONS, 422 when one does not apply or a test fails.
    """
    _check_shape(operations)
    for operation in operations:
        kind = operation.get("op")
        apply = _OPERATIONS.get(kind) if isinstance(kind, str) else None
        if apply is None:
            raise PatchError(f"Unexpected kind: {kind if isinstance(kind, str) else 'unknown'}")
        document = apply(document, operation)
    return document


def _check_shape(operations: Any) -> None:
    problem = None
    if not isinstance(operations, list):
        problem = cannot_unmarshal(operations, "[]handlers.jsonPatchOp")
    else:
        wrong = next((operation for operation in operations if not isinstance(operation, dict)), None)
        if wrong is not None:
            problem = cannot_unmarshal(wrong, "handlers.jsonPatchOp")
    if problem is not None:
        raise PatchError(f"error decoding patch: {problem}", 400)
    if len(operations) > MAX_OPERATIONS:
        raise PatchError(
            f"The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {len(operations)}", 413
        )


def _add(document: Any, operation: dict[str, Any]) -> Any:
    path = _pointer(operation, "path", "add operation failed to decode path: missing value")
    container = _container(document, path, f'add operation does not apply: doc is missing path: "{path}"')
    return _with(document, path, _added(container, _key(path), _value(operation), f"error in add for path: '{path}'"))


def _remove(document: Any, operation: dict[str, Any]) -> Any:
    path = _pointer(operation, "path", "remove operation failed to decode path: missing value")
    container = _container(document, path, f'remove operation does not apply: doc is missing path: "{path}"')
    return _with(document, path, _removed(container, _key(path), f"error in remove for path: '{path}'"))


def _replace(document: Any, operation: dict[str, Any]) -> Any:
    path = _pointer(
        operation, "path", "replace operation failed to decode path: operation missing path field: missing value"
    )
    value = _value(operation)
    if not path:
        if not isinstance(value, dict | list):
            raise PatchError("replace operation value must be object or array: %!w(<nil>)")
        return value
    container = _container(document, path, f"replace operation does not apply: doc is missing path: {path}")
    key = _key(path)
    if isinstance(container, dict):
        return _with(document, path, {**container, key: value})
    try:
        index = _index(container, key)
    except PatchError as error:
        text = f"replace operation does not apply: doc is missing key: {path}: {_MISSING_VALUE}"
        raise PatchError(text) from error
    return _with(document, path, [*container[:index], value, *container[index + 1 :]])


def _move(document: Any, operation: dict[str, Any]) -> Any:
    source = _pointer(
        operation, "from", "move operation failed to decode from: operation, missing from field: missing value"
    )
    container = _container(document, source, f"move operation does not apply: doc is missing from path: {source}")
    key = _key(source)
    value = _got(container, key, f"error in move for path: '{key}'")
    document = _with(document, source, _removed(container, key, f"error in move for path: '{key}'"))
    path = _pointer(
        operation, "path", "move operation failed to decode path: operation missing path field: missing value"
    )
    target = _container(document, path, f"move operation does not apply: doc is missing destination path: {path}")
    return _with(document, path, _added(target, _key(path), value, f"error in move for path: '{path}'"))


def _copy(document: Any, operation: dict[str, Any]) -> Any:
    source = _pointer(
        operation, "from", "copy operation failed to decode from: operation, missing from field: missing value"
    )
    container = _container(document, source, f"copy operation does not apply: doc is missing from path: {source}")
    value = _got(container, _key(source), f"error in copy for from: '{source}'")
    path = _pointer(operation, "path", "copy operation failed to decode path: missing value")
    target = _container(document, path, f"copy operation does not apply: doc is missing destination path: {path}")
    added = _added(target, _key(path), None if value is _ABSENT else value, "error while adding value during copy")
    return _with(document, path, added)


def _test(document: Any, operation: dict[str, Any]) -> Any:
    path = _pointer(
        operation, "path", "test operation failed to decode path: operation missing path field: missing value"
    )
    found = document
    if path:
        container = _container(document, path, f"test operation does not apply: is missing path: {path}")
        found = _got(container, _key(path), f"error in test for path: '{path}'")
    # An absent field passes for null.
    if not same(None if found is _ABSENT else found, _value(operation)):
        raise PatchError(f"testing value {path} failed: {_TEST_FAILED}")
    return document


_OPERATIONS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _value(operation: dict[str, Any]) -> Any:
    return operation.get("value")


def _pointer(operation: dict[str, Any], name: str, failure: str) -> str:
    pointer = operation.get(name)
    if not isinstance(pointer, str):
        raise PatchError(failure)
    return pointer


def _key(pointer: str) -> str:
    return _decoded(pointer.rpartition("/")[2])


def _decoded(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


def _container(document: Any, pointer: str, failure: str) -> Any:
    """The mapping or list in which the last part of *pointer* lives."""
    parts = pointer.split("/")
    found = document
    for part in parts[1:-1]:
        try:
            found = _got(found, _decoded(part), "")
        except PatchError as error:
            raise PatchError(f"{failure}: {_MISSING_VALUE}") from error
        if not isinstance(found, dict | list):
            raise PatchError(f"{failure}: {_MISSING_VALUE}")
    if len(parts) < 2:
        raise PatchError(f"{failure}: {_MISSING_VALUE}")
    return found


def _got(container: Any, key: str, context: str) -> Any:
    if isinstance(container, dict):
        return container.get(key, _ABSENT)
    try:
        return container[_index(container, key)]
    except PatchError as error:
        raise PatchError(f"{context}: {error}") from error


def _added(container: Any, key: str, value: Any, context: str) -> Any:
    value = None if value is _ABSENT else value
    if isinstance(container, dict):
        return {**container, key: value}
    if key == "-":
        return [*container, value]
    try:
        index = _number(key)
    except PatchError as error:
        raise PatchError(f"{context}: value was not a proper array index: '{key}': {error}") from error
    size = len(container) + 1
    if not -size <= index < size:
        raise PatchError(f"{context}: Unable to access invalid index: {index}: {_INVALID_INDEX}")
    index %= size
    return [*container[:index], value, *container[index:]]


def _removed(container: Any, key: str, context: str) -> Any:
    if isinstance(container, dict):
        if key not in container:
            raise PatchError(f"{context}: Unable to remove nonexistent key: {key}: {_MISSING_VALUE}")
        return {name: value for name, value in container.items() if name != key}
    try:
        index = _index(container, key)
    except PatchError as error:
        raise PatchError(f"{context}: {error}") from error
    return [*container[:index], *container[index + 1 :]]


def _index(container: list[Any], key: str) -> int:
    index = _number(key)
    if not -len(container) <= index < len(container):
        raise PatchError(f"Unable to access invalid index: {index}: {_INVALID_INDEX}")
    return index % len(container)


def _number(key: str) -> int:
    if re.fullmatch(r"[-+]?[0-9]+", key) is None:
        raise PatchError(f"strconv.Atoi: parsing {go_quote(key)}: invalid syntax")
    if len(key) > 18:
        raise PatchError(f"strconv.Atoi: parsing {go_quote(key)}: value out of range")
    return int(key)


def _with(document: Any, pointer: str, container: Any) -> Any:
    """*document* with the container of *pointer* replaced, copied along the way."""
    parts = [_decoded(part) for part in pointer.split("/")[1:-1]]
    trail: list[tuple[Any, Any]] = []
    for part in parts:
        step = part if isinstance(document, dict) else _index(document, part)
        trail.append((document, step))
        document = document[step]
    for parent, step in reversed(trail):
        if isinstance(parent, dict):
            container = {**parent, step: container}
        else:
            container = [*parent[:step], container, *parent[step + 1 :]]
    return container
