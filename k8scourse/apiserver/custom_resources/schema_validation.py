"""Custom resources against their schema, with the words of the OpenAPI validator.

Sources: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/validation.go (which error becomes which
field error), schema/listtype/validation.go, k8s.io/kube-openapi/pkg/validation/{errors,validate}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from k8scourse.apiserver.custom_resources.structural_schema import INT_OR_STRING, LIST_MAP_KEYS, LIST_TYPE
from k8scourse.machinery import field
from k8scourse.machinery.field import FieldError
from k8scourse.machinery.go_format import go_json, go_quote
from k8scourse.machinery.timestamps import parse_time

Schema = Mapping[str, Any]


def validate(value: Any, schema: Schema, path: str = "") -> list[FieldError]:
    """The faults of *value*; *path* is where it stands."""
    return list(_faults(value, schema, path))


def _faults(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    if value is None and schema.get("nullable"):
        return
    yield from _type_faults(value, schema, path)
    yield from _combined_faults(value, schema, path)
    if isinstance(value, str):
        yield from _string_faults(value, schema, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number_faults(value, schema, path)
    elif isinstance(value, list):
        yield from _list_faults(value, schema, path)
    if "enum" in schema and not any(_same(value, allowed) for allowed in schema["enum"]):
        allowed = [item if isinstance(item, str) else go_json(item) for item in schema["enum"]]
        yield field.not_supported(path, value, allowed)
    if isinstance(value, Mapping):
        yield from _map_faults(value, schema, path)


def _same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _json_type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _type_faults(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    wanted = "integer,string" if schema.get(INT_OR_STRING) else schema.get("type", "")
    found = _json_type(value)
    fits = found in wanted.split(",") or (found == "integer" and wanted == "number")
    if wanted and not fits:
        yield field.type_invalid(path, found, f"{path} in body must be of type {wanted}: {go_quote(found)}")
    elif isinstance(value, str) and schema.get("format") and not _has_format(value, schema["format"]):
        text = f"{path} in body must be of type {schema['format']}: {go_quote(value)}"
        yield field.type_invalid(path, value, text)


_FORMATS = {
    "date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "uuid": re.compile(r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"),
    "byte": re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"),
    "ipv4": re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}"),
}


def _has_format(value: str, name: str) -> bool:
    """Whether *value* has the format; formats that are not known here, or nowhere, are not looked at."""
    if name in ("date-time", "datetime"):
        try:
            parse_time(value)
        except ValueError:
            return False
        return True
    pattern = _FORMATS.get(name)
    return pattern is None or pattern.fullmatch(value) is not None


def _combined_faults(value: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    """anyOf, oneOf, allOf, not: their errors know no field, and upstream prints `<nil>` for it."""
    quoted = go_quote(path)
    if schema.get("anyOf") and all(validate(value, one, path) for one in schema["anyOf"]):
        yield field.invalid("<nil>", "", f"{quoted} must validate at least one schema (anyOf)")
    if schema.get("oneOf"):
        fitting = sum(not validate(value, one, path) for one in schema["oneOf"])
        if fitting != 1:
            found = f"{fitting} valid alternatives" if fitting else "none valid"
            yield field.invalid("<nil>", "", f"{quoted} must validate one and only one schema (oneOf). Found {found}")
    if schema.get("allOf"):
        failing = [fault for one in schema["allOf"] for fault in validate(value, one, path)]
        if failing:
            found = "" if len(schema["allOf"]) > 1 else " None validated"
            yield field.invalid("<nil>", "", f"{quoted} must validate all the schemas (allOf).{found}")
            yield from failing
    if schema.get("not") is not None and not validate(value, schema["not"], path):
        yield field.invalid("<nil>", "", f"{quoted} must not validate the schema (not)")


def _string_faults(value: str, schema: Schema, path: str) -> Iterator[FieldError]:
    if schema.get("maxLength") is not None and len(value) > schema["maxLength"]:
        yield field.too_long(path, "", schema["maxLength"])
    if schema.get("minLength") is not None and len(value) < schema["minLength"]:
        yield field.invalid(path, value, f"{path} in body should be at least {schema['minLength']} chars long")
    if schema.get("pattern") and not re.search(schema["pattern"], value):
        yield field.invalid(path, value, f"{path} in body should match '{schema['pattern']}'")


def _number_faults(value: float, schema: Schema, path: str) -> Iterator[FieldError]:
    limit = schema.get("maximum")
    if limit is not None and (value > limit or (value == limit and schema.get("exclusiveMaximum"))):
        equal = "" if schema.get("exclusiveMaximum") else "or equal to "
        yield field.invalid(path, value, f"{path} in body should be less than {equal}{go_json(limit)}")
    limit = schema.get("minimum")
    if limit is not None and (value < limit or (value == limit and schema.get("exclusiveMinimum"))):
        equal = "" if schema.get("exclusiveMinimum") else "or equal to "
        yield field.invalid(path, value, f"{path} in body should be greater than {equal}{go_json(limit)}")
    factor = schema.get("multipleOf")
    if factor and value % factor:
        yield field.invalid(path, value, f"{path} in body should be a multiple of {go_json(factor)}")


def _list_faults(value: list[Any], schema: Schema, path: str) -> Iterator[FieldError]:
    items = schema.get("items")
    if items is not None:
        for index, item in enumerate(value):
            yield from _faults(item, items, f"{path}[{index}]")
    if schema.get("minItems") is not None and len(value) < schema["minItems"]:
        yield field.invalid(path, len(value), f"{path} in body should have at least {schema['minItems']} items")
    if schema.get("maxItems") is not None and len(value) > schema["maxItems"]:
        yield field.too_many(path, len(value), schema["maxItems"])
    yield from _duplicates(value, schema, path)


def _duplicates(value: list[Any], schema: Schema, path: str) -> Iterator[FieldError]:
    """Sets and maps have each item once (listtype/validation.go)."""
    kind = schema.get(LIST_TYPE)
    if kind not in ("set", "map"):
        return
    names = schema.get(LIST_MAP_KEYS) or ()
    seen: list[Any] = []
    reported: list[Any] = []
    for index, item in enumerate(value):
        key: Any = item
        if kind == "map":
            if not isinstance(item, Mapping):
                yield field.invalid(f"{path}[{index}]", item, "must be an object for an array of list-type map")
                return
            key = {name: item[name] for name in names if name in item}
        if key in seen and key not in reported:
            reported.append(key)
            yield field.duplicate(f"{path}[{index}]", key)
        seen.append(key)


def _map_faults(value: Mapping[str, Any], schema: Schema, path: str) -> Iterator[FieldError]:
    if schema.get("minProperties") is not None and len(value) < schema["minProperties"]:
        text = f"{path} in body should have at least {schema['minProperties']} properties"
        yield field.invalid(path, len(value), text)
    if schema.get("maxProperties") is not None and len(value) > schema["maxProperties"]:
        yield field.too_many(path, len(value), schema["maxProperties"])
    properties: Mapping[str, Schema] = schema.get("properties") or {}
    for name, inner in value.items():
        declared = properties.get(name, schema.get("additionalProperties"))
        if isinstance(declared, Mapping):
            yield from _faults(inner, declared, _below(path, name))
    for name in schema.get("required") or ():
        if name not in value:
            yield field.required(_below(path, name), "")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
