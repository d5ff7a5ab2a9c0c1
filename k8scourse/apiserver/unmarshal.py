"""Decoding JSON into the API's types and writing it again, as a round trip through Kubernetes' Go structs does it.

For each type a plan is built once per process. A plan reads the fields in document order (errors come in that order)
and returns a private object with the fields in the order of the Go struct: unknown fields and nulls are gone, zero
values are there exactly where Go writes them (`omitempty`, `omitzero`, pointers), maps are sorted by key. Lists and
maps that Go must write although they are empty become null, as they do in what an API server has stored.

Source: sigs.k8s.io/json internal/golang/encoding/json/decode.go; encoding/json for omitempty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from k8scourse.apiserver import unmarshal_scalars as scalars
from k8scourse.apiserver.go_type import GoType
from k8scourse.apiserver.schemas import FieldSchema, type_schema
from k8scourse.apiserver.unmarshal_errors import Errors, Mismatch, Place, UnmarshalError, json_word
from k8scourse.apiserver.unmarshal_scalars import MISSING, Decoder
from k8scourse.machinery.json_body import RepeatedKeys

Zero = Callable[[], Any]

# The Python class whose values fit without a look at them.
_EXACT: dict[str, type] = {"string": str, "bool": bool}
_SELF_WRITTEN = frozenset({"struct", "quantity", "time", "micro-time", "int-or-string", "raw"})
_JSON_SCHEMA = "apiextensions/v1.JSONSchemaProps"


def unmarshal(value: Any, type_name: str, place: Place, errors: Errors) -> Any:
    """*value* as the struct type *type_name*; MISSING if it is no object. Raises UnmarshalError."""
    return struct_decoder(type_name)(value, place, errors)


@cache
def struct_decoder(type_name: str) -> Decoder:
    """The decoder of one struct type; plans of the fields' types are built when the first value arrives."""
    schema = type_schema(type_name)
    struct, text = schema.go_name, GoType("struct", _reflect_name(type_name)).text
    rank = {name: i for i, name in enumerate(schema.fields)}
    plan: dict[str, tuple[type | None, bool, Decoder]] = {}
    always: list[tuple[str, Zero]] = []

    def prepare() -> None:
        for name, field in schema.fields.items():
            keep = field.go.pointer or field.go.kind in _SELF_WRITTEN
            # Empty but present bytes differ from absent ones in what is stored (protobuf), and show unless omitempty.
            keep = keep or (field.go.kind == "bytes" and not field.omitempty)
            plan[name] = (_EXACT.get(field.go.kind), keep, decoder(field.go))
        always.extend((f.name, zero) for f in schema.fields.values() if (zero := _written_zero(f)) is not None)

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if not plan and rank:
            prepare()
        if not isinstance(value, dict):
            errors.save(Mismatch(json_word(value), text, place))
            return MISSING
        out: dict[str, Any] = {}
        for key, item in value.items() if value.__class__ is dict else _pairs(value, place, errors):
            known = plan.get(key)
            if known is None:
                errors.unknown(place, str(key))
                continue
            if item is None:
                continue
            exact, keep, read = known
            if item.__class__ is not exact:
                item = read(item, (place, struct, key), errors)
                if item is MISSING or item is None:
                    continue
            if item or keep:
                out[key] = item
        for name, zero in always:
            if name not in out:
                out[name] = zero()
        return {name: out[name] for name in sorted(out, key=rank.__getitem__)} if len(out) > 1 else out

    return decode


def _reflect_name(type_name: str) -> str:
    return type_name.rpartition("/")[2]


def _pairs(value: dict[str, Any], place: Place, errors: Errors) -> Iterable[tuple[str, Any]]:
    """The pairs of an object with repeated keys in document order; each repetition is noted when it is reached."""
    if not isinstance(value, RepeatedKeys):
        yield from value.items()
        return
    seen: set[str] = set()
    for key, item in value.pairs:
        if key in seen:
            errors.duplicate(place, key)
        seen.add(key)
        yield key, item


@cache
def decoder(go: GoType) -> Decoder:
    """The decoder of a Go type."""
    match go.kind:
        case "struct":
            return struct_decoder(go.struct or "")
        case "slice":
            return _slice_decoder(go)
        case "map":
            return _map_decoder(go)
        case "schema-or-bool" | "schema-or-array" | "schema-or-strings":
            return _schema_decoder(go.kind)
        case _:
            return _SCALARS[go.kind](go)


_SCALARS: dict[str, Callable[[GoType], Decoder]] = {
    "string": scalars.string_decoder,
    "bool": scalars.bool_decoder,
    "int32": scalars.integer_decoder,
    "int64": scalars.integer_decoder,
    "float64": scalars.float_decoder,
    "bytes": scalars.bytes_decoder,
    "time": lambda _: scalars.decode_time,
    "micro-time": lambda _: scalars.decode_micro_time,
    "quantity": lambda _: scalars.decode_quantity,
    "int-or-string": lambda _: scalars.decode_int_or_string,
    "raw": lambda _: scalars.decode_raw,
    "interface": lambda _: scalars.decode_raw,
}


def _slice_decoder(go: GoType) -> Decoder:
    elem = _element(go)
    read, exact, zero = decoder(elem), _EXACT.get(elem.kind), _zero(elem)

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if not isinstance(value, list | tuple):
            errors.save(Mismatch(json_word(value), go.text, place))
            return MISSING
        out: list[Any] = []
        for i, item in enumerate(value):
            if item is None:
                item = zero()
            elif item.__class__ is not exact:
                item = read(item, (place, None, i), errors)
            if item is not MISSING:
                out.append(item)
        return out

    return decode


def _map_decoder(go: GoType) -> Decoder:
    elem = _element(go)
    read, exact, zero = decoder(elem), _EXACT.get(elem.kind), _zero(elem)

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if not isinstance(value, dict):
            errors.save(Mismatch(json_word(value), go.text, place))
            return MISSING
        out: dict[str, Any] = {}
        for key, item in value.items() if value.__class__ is dict else _pairs(value, place, errors):
            if key.__class__ is not str:
                raise TypeError(f"not JSON data: a key of type {type(key).__name__}")
            if item is None:
                item = zero()
            elif item.__class__ is not exact:
                item = read(item, (place, None, key), errors)
            if item is not MISSING:
                out[key] = item
        return {key: out[key] for key in sorted(out)} if len(out) > 1 else out

    return decode


def _element(go: GoType) -> GoType:
    if go.elem is None:
        raise ValueError(f"{go.text} has no elements")
    return go.elem


def _schema_decoder(kind: str) -> Decoder:
    """CustomResourceDefinitions' unions of a JSON schema with a boolean, a list of schemas or a list of strings.

    Source: apiextensions-apiserver/pkg/apis/apiextensions/v1/marshal.go. Inside, unknown fields go unnoticed.
    """

    def decode(value: Any, place: Place, errors: Errors) -> Any:
        if isinstance(value, dict):
            return _nested(value, GoType("struct", "v1.JSONSchemaProps", struct=_JSON_SCHEMA), place)
        if kind == "schema-or-bool":
            if isinstance(value, bool):
                return value
            raise UnmarshalError("boolean or JSON schema expected")
        if not isinstance(value, list) or not value:
            return None
        if kind == "schema-or-strings":
            return _nested(value, GoType("slice", "[]string", elem=GoType("string", "string")), place)
        schema = GoType("struct", "v1.JSONSchemaProps", struct=_JSON_SCHEMA)
        return _nested(value, GoType("slice", "[]v1.JSONSchemaProps", elem=schema), place)

    return decode


def _nested(value: Any, go: GoType, place: Place) -> Any:
    """Decodes by a second decoder, whose type errors get the place of the outer one (addErrorContext)."""
    errors = Errors()
    result = decoder(go)(value, place, errors)
    if isinstance(errors.first, Mismatch):
        raise UnmarshalError(str(Mismatch(errors.first.word, errors.first.go_type, place)))
    if errors.first is not None:
        raise UnmarshalError(errors.first)
    return result


def _zero(go: GoType) -> Zero:
    """How Go writes the zero value of a type, as a maker of fresh values."""
    if go.pointer:
        return lambda: None
    if go.kind == "struct":
        name = go.struct or ""
        return lambda: struct_decoder(name)({}, None, Errors())
    constant = {
        "string": "",
        "bool": False,
        "int32": 0,
        "int64": 0,
        "float64": 0,
        "bytes": "",
        "quantity": "0",
        "int-or-string": 0,
        "schema-or-bool": False,
    }.get(go.kind)
    return lambda: constant


def _written_zero(field: FieldSchema) -> Zero | None:
    """What Go writes for a field that is absent or zero; None if nothing."""
    go = field.go
    if field.omitzero or (field.omitempty and (go.pointer or go.kind not in _SELF_WRITTEN)):
        return None
    return (lambda: None) if go.kind == "bytes" else _zero(go)
