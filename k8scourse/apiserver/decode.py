"""From the body of a request to an object of its kind, or to the 400 that kube-apiserver answers.

Source: apimachinery/pkg/runtime/serializer/json/json.go (Decode), apiserver/pkg/endpoints/handlers/create.go and
rest.go (transformDecodeError, fieldValidation).
"""

from __future__ import annotations

from typing import Any, Protocol

from k8scourse.apiserver.kinds import split_group_version
from k8scourse.apiserver.schemas import Schemas, TypeSchema
from k8scourse.apiserver.unmarshal import unmarshal
from k8scourse.apiserver.unmarshal_errors import Errors, Mismatch, UnmarshalError, json_word
from k8scourse.machinery import status
from k8scourse.machinery.copying import copy_json
from k8scourse.machinery.go_format import go_json
from k8scourse.machinery.status import ApiError

Object = dict[str, Any]

IGNORE, WARN, STRICT = "Ignore", "Warn", "Strict"

# Where Kubernetes makes the scheme of its built-in kinds; the text is part of an error message.
SCHEME = "pkg/api/legacyscheme/scheme.go:30"
_INTERPRETED = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
_SUMMARY_LENGTH = 30


class BodyKind(Protocol):
    """The kind a request's body should have; ResourceInfo and Subresource both tell it."""

    @property
    def group(self) -> str:
        """The API group, '' for core."""
        ...

    @property
    def version(self) -> str:
        """The version within the group."""
        ...

    @property
    def kind(self) -> str:
        """The kind."""
        ...


def decode(body: Any, kind: BodyKind, schemas: Schemas, strictness: str = WARN) -> tuple[Object, list[str]]:
    """The object that *body* describes, as the API server would store it, and warnings.

    *strictness* is the request's fieldValidation: 'Strict' refuses unknown and duplicate fields, 'Warn' drops them with
    a warning each, 'Ignore' drops them silently. The object is private to the caller and shares nothing with *body*.
    apiVersion and kind may be missing in *body*; other zero values are added where Go writes them.

    Raises ApiError 400 with Go's text.
    """
    expected = f"{kind.group}/{kind.version}" if kind.group else kind.version
    try:
        actual_version, actual_kind = _interpret(body, expected, kind.kind)
    except UnmarshalError as error:
        text = f"the object provided is unrecognized (must be of type {kind.kind}): {error} ({_summary(body)})"
        raise status.bad_request(text) from None
    schema = schemas.find_kind(actual_version, actual_kind)
    custom = schemas.find_kind(expected, kind.kind) is None
    errors = Errors()
    try:
        if custom:
            obj = _decode_custom(body, schemas, errors)
        elif schema is None:
            where = f'no kind "{actual_kind}" is registered for version "{actual_version}" in scheme "{SCHEME}"'
            raise UnmarshalError(where)
        else:
            obj = unmarshal(body, schema.name, None, errors)
        if errors.first is not None:
            raise UnmarshalError(str(errors.first))
        if strictness == STRICT and errors.strict:
            raise UnmarshalError(f"strict decoding error: {', '.join(errors.strict)}")
        if schema is not None and not custom:
            _check_conversion(schema, schemas.for_kind(expected, kind.kind))
    except UnmarshalError as error:
        raise cannot_be_handled(actual_version, actual_kind, kind.kind, str(error)) from None
    if actual_version != expected:
        text = f"the API version in the data ({actual_version}) does not match the expected API version ({expected})"
        raise status.bad_request(text)
    type_meta = {"kind": actual_kind, "apiVersion": expected}
    return {**type_meta, **obj, **type_meta}, errors.strict if strictness == WARN else []


def cannot_be_handled(api_version: str, kind: str, wanted: str, text: str) -> ApiError:
    """400: a body of *kind* could not be read as *wanted*."""
    version = split_group_version(api_version)[1]
    return status.bad_request(f'{kind} in version "{version}" cannot be handled as a {wanted}: {text}')


def missing_kind(body: Any) -> str:
    """The text about an object without kind, where no default can be taken from the path."""
    return f"Object 'Kind' is missing in '{go_json(body)}'"


def missing_api_version(body: Any) -> str:
    """The text about an object without apiVersion, where no default can be taken from the path."""
    return f"Object 'apiVersion' is missing in '{go_json(body)}'"


def _interpret(body: Any, expected_version: str, expected_kind: str) -> tuple[str, str]:
    """apiVersion and kind of *body*, completed from what is expected (meta.go Interpret, json.go gvkWithDefaults).

    Unlike the decoder proper, this look at the body takes the two keys in any case.
    """
    prefix = "couldn't get version/kind; json parse error: "
    if not isinstance(body, dict):
        if body is None:
            return expected_version, expected_kind
        raise UnmarshalError(f"{prefix}{Mismatch(json_word(body), _INTERPRETED, None)}")
    found = {"apiVersion": "", "kind": ""}
    for key, value in body.items():
        name = _meta_name(key)
        if name is None or value is None:
            continue
        if not isinstance(value, str):
            raise UnmarshalError(f"{prefix}{Mismatch(json_word(value), 'string', (None, '', name))}")
        found[name] = value
    if found["apiVersion"].count("/") > 1:
        raise UnmarshalError(f"unexpected GroupVersion string: {found['apiVersion']}")
    group, version = split_group_version(found["apiVersion"])
    expected_group, default_version = split_group_version(expected_version)
    if not version and (not group or group == expected_group):
        return expected_version if not group else f"{group}/{default_version}", found["kind"] or expected_kind
    return found["apiVersion"], found["kind"] or expected_kind


def _meta_name(key: Any) -> str | None:
    if key == "apiVersion" or key == "kind":
        return key
    folded = key.lower() if isinstance(key, str) else ""
    return {"apiversion": "apiVersion", "kind": "kind"}.get(folded)


def _check_conversion(actual: TypeSchema, expected: TypeSchema) -> None:
    """Refuses a body of another kind than the path's, as converting it would (apimachinery/pkg/conversion)."""
    if actual.go_name == expected.go_name:
        return
    group = expected.name.partition("/")[0]
    source = actual.name.rpartition("/")[2]
    raise UnmarshalError(f"converting ({source}) to ({group}.{expected.go_name}): unknown conversion")


def _decode_custom(body: Any, schemas: Schemas, errors: Errors) -> Object:
    """A custom resource: its metadata has a type, the rest is kept."""
    if not isinstance(body, dict) or not body.get("kind"):
        raise UnmarshalError(missing_kind(body))
    obj = copy_json({key: value for key, value in body.items() if key != "metadata"})
    metadata: Any = body.get("metadata")
    meta_type = schemas.type("meta/v1.ObjectMeta").name
    obj["metadata"] = unmarshal({} if metadata is None else metadata, meta_type, (None, None, "metadata"), errors)
    return obj


def _summary(body: Any) -> str:
    """The beginning of the body (rest.go summarizeData)."""
    data = go_json(body).encode()
    more = " ..." if len(data) > _SUMMARY_LENGTH else ""
    shown = data[:_SUMMARY_LENGTH]
    return (shown.decode(errors="replace") if data[:1] == b"{" else shown.hex()) + more
