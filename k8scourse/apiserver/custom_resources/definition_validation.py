"""CustomResourceDefinitions: what is wrong with them.

Sources: staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go and
pkg/apiserver/schema/validation.go. CEL rules are not compiled here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from k8scourse.apiserver.custom_resources import schema_validation
from k8scourse.apiserver.custom_resources.structural_schema import (
    EMBEDDED,
    INT_OR_STRING,
    LIST_MAP_KEYS,
    LIST_TYPE,
    PRESERVE,
    prune,
)
from k8scourse.apiserver.validation.object_meta import check_metadata, check_metadata_update
from k8scourse.machinery import field
from k8scourse.machinery.copying import copy_json
from k8scourse.machinery.field import FieldError
from k8scourse.machinery.fieldpath import get_path
from k8scourse.machinery.names import is_dns1035_label, is_dns1123_subdomain

Object = dict[str, Any]
Schema = Mapping[str, Any]

SCOPES = ("Cluster", "Namespaced")
_TYPES = ("array", "boolean", "integer", "number", "object", "string")
_COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
_COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
_UNSUPPORTED = ("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")
_NOT_IN_JUNCTORS = {
    "type": "must be empty to be structural",
    "additionalProperties": "must be undefined to be structural",
    "default": "must be undefined to be structural",
    "title": "must be empty to be structural",
    "description": "must be empty to be structural",
    "nullable": "must be false to be structural",
    PRESERVE: "must be false to be structural",
    EMBEDDED: "must be false to be structural",
    LIST_MAP_KEYS: "must be empty to be structural",
    LIST_TYPE: "must be undefined to be structural",
}


def validate_definition(definition: Object) -> list[FieldError]:
    """The faults of a new definition."""
    spec = definition["spec"]
    wanted = f"{(spec.get('names') or {}).get('plural', '')}.{spec.get('group', '')}"

    def name_rule(name: str) -> list[str]:
        return is_dns1123_subdomain(name) + ([] if name == wanted else ['must be spec.names.plural+"."+spec.group'])

    errors = check_metadata(definition["metadata"], namespaced=False, name_rule=name_rule)
    return [*errors, *_spec_faults(spec)]


def validate_definition_update(new: Object, old: Object) -> list[FieldError]:
    """The faults of a changed definition; names and scope stay once it is established."""
    errors = [*check_metadata_update(new["metadata"], old["metadata"]), *_spec_faults(new["spec"])]
    after, before = new["spec"], old["spec"]
    fixed = [("group",), ("names", "plural")]
    conditions = (old.get("status") or {}).get("conditions") or ()
    if any(one["type"] == "Established" and one["status"] == "True" for one in conditions):
        fixed = [("scope",), ("names", "kind"), *fixed]
    for path in fixed:
        value, earlier = get_path(after, path), get_path(before, path)
        if value != earlier:
            errors.append(field.invalid(".".join(("spec", *path)), value, "field is immutable"))
    kept = [version["name"] for version in after.get("versions") or ()]
    for index, version in enumerate((old.get("status") or {}).get("storedVersions") or ()):
        if version not in kept:
            text = (
                f"missing from spec.versions; {version} was previously a storage version, and must remain in "
                f"spec.versions until a storage migration ensures no data remains persisted in {version} and removes "
                f"{version} from status.storedVersions"
            )
            errors.append(field.invalid(f"status.storedVersions[{index}]", version, text))
    return errors


def _spec_faults(spec: Object) -> Iterator[FieldError]:
    group, versions = spec.get("group") or "", spec.get("versions") or []
    if not group:
        yield field.required("spec.group", "")
    elif is_dns1123_subdomain(group):
        yield field.invalid("spec.group", group, ",".join(is_dns1123_subdomain(group)))
    elif "." not in group:
        yield field.invalid("spec.group", group, "should be a domain with at least one dot")
    if not spec.get("scope"):
        yield field.required("spec.scope", "")
    elif spec["scope"] not in SCOPES:
        yield field.not_supported("spec.scope", spec["scope"], list(SCOPES))
    for index, version in enumerate(versions):
        if not (version.get("schema") or {}).get("openAPIV3Schema"):
            yield field.required(f"spec.versions[{index}].schema.openAPIV3Schema", "")
    for index, version in enumerate(versions):
        yield from _version_faults(version, f"spec.versions[{index}]")
    if len({version.get("name") for version in versions}) < len(versions):
        yield field.invalid("spec.versions", versions, "must contain unique version names")
    if sum(bool(version.get("storage")) for version in versions) != 1:
        yield field.invalid("spec.versions", versions, "must have exactly one version marked as storage version")
    yield from _name_faults(spec.get("names") or {})
    strategy = (spec.get("conversion") or {}).get("strategy", "None")
    if strategy not in ("None", "Webhook"):
        yield field.not_supported("spec.conversion.strategy", strategy, ["None", "Webhook"])
    if spec.get("preserveUnknownFields"):
        text = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        yield field.invalid("spec.preserveUnknownFields", True, text)


def _name_faults(names: Object) -> Iterator[FieldError]:
    for name in ("plural", "singular", "kind", "listKind"):
        if not names.get(name):
            yield field.required(f"spec.names.{name}", "")
    for name in ("plural", "singular"):
        faults = is_dns1035_label(names.get(name) or "")
        if names.get(name) and faults:
            yield field.invalid(f"spec.names.{name}", names[name], ",".join(faults))
    for name in ("kind", "listKind"):
        faults = is_dns1035_label((names.get(name) or "").lower())
        if names.get(name) and faults:
            text = f"may have mixed case, but should otherwise match: {','.join(faults)}"
            yield field.invalid(f"spec.names.{name}", names[name], text)
    for name in ("shortNames", "categories"):
        for index, word in enumerate(names.get(name) or ()):
            if is_dns1035_label(word):
                yield field.invalid(f"spec.names.{name}[{index}]", word, ",".join(is_dns1035_label(word)))
    if names.get("kind") and names.get("kind") == names.get("listKind"):
        yield field.invalid("spec.names.listKind", names["listKind"], "kind and listKind may not be the same")


def _version_faults(version: Object, path: str) -> Iterator[FieldError]:
    name = version.get("name") or ""
    if is_dns1035_label(name):
        yield field.invalid(f"{path}.name", name, ",".join(is_dns1035_label(name)))
    schema = (version.get("schema") or {}).get("openAPIV3Schema")
    if schema:
        place = f"{path}.schema.openAPIV3Schema"
        if schema.get("nullable"):
            yield field.forbidden(f"{place}.nullable", "nullable cannot be true at the root")
        yield from _schema_faults(schema, place)
        yield from _structural_faults(schema, place, "root")
    yield from _scale_faults((version.get("subresources") or {}).get("scale"), f"{path}.subresources.scale")
    for index, column in enumerate(version.get("additionalPrinterColumns") or ()):
        yield from _column_faults(column, f"{path}.additionalPrinterColumns[{index}]")


def _scale_faults(scale: Object | None, path: str) -> Iterator[FieldError]:
    rules = (("specReplicasPath", (".spec.",), True), ("statusReplicasPath", (".status.",), True))
    for name, starts, is_required in (*rules, ("labelSelectorPath", (".spec.", ".status."), False)):
        value = (scale or {}).get(name) or ""
        if scale is None or (not value and not is_required):
            continue
        if not value:
            yield field.required(f"{path}.{name}", "")
        elif not value.startswith("."):
            yield field.invalid(f"{path}.{name}", value, "must be a simple json path starting with .")
        elif not value.startswith(starts):
            place = "under either .spec or .status" if len(starts) > 1 else f"under {starts[0].rstrip('.')}"
            yield field.invalid(f"{path}.{name}", value, f"should be a json path {place}")


def _column_faults(column: Object, path: str) -> Iterator[FieldError]:
    if not column.get("name"):
        yield field.required(f"{path}.name", "")
    if not column.get("type"):
        yield field.required(f"{path}.type", f"must be one of {','.join(_COLUMN_TYPES)}")
    elif column["type"] not in _COLUMN_TYPES:
        yield field.invalid(f"{path}.type", column["type"], f"must be one of {','.join(_COLUMN_TYPES)}")
    if column.get("format") and column["format"] not in _COLUMN_FORMATS:
        yield field.invalid(f"{path}.format", column["format"], f"must be one of {','.join(_COLUMN_FORMATS)}")
    if not column.get("jsonPath"):
        yield field.required(f"{path}.JSONPath", "")


def _schema_faults(schema: Schema, path: str) -> Iterator[FieldError]:
    """What the dialect of schemas does not allow, and lists whose keys can't tell items apart."""
    kind = schema.get("type")
    if kind and kind not in _TYPES:
        yield field.not_supported(f"{path}.type", kind, list(_TYPES))
    for name in _UNSUPPORTED:
        if schema.get(name):
            yield field.forbidden(f"{path}.{name}", f"{name} is not supported")
    if isinstance(schema.get("items"), list):
        yield field.forbidden(f"{path}.items", "items must be a schema object and not an array")
    if schema.get("uniqueItems"):
        yield field.forbidden(f"{path}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity "
                              "becomes quadratic")  # fmt: skip
    if schema.get("additionalProperties") and schema.get("properties"):
        yield field.forbidden(
            f"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive"
        )
    if schema.get(LIST_TYPE) == "map":
        yield from _list_key_faults(schema, path)
    if "default" in schema:
        value = copy_json(schema["default"])
        if prune(value, schema):
            yield field.invalid(f"{path}.default", schema["default"], "must not have unknown fields")
        yield from schema_validation.validate(schema["default"], schema, f"{path}.default")
    for inner, place in _inner_schemas(schema, path):
        yield from _schema_faults(inner, place)


def _list_key_faults(schema: Schema, path: str) -> Iterator[FieldError]:
    items: Schema = schema.get("items") or {}
    keys = schema.get(LIST_MAP_KEYS) or ()
    if not keys:
        yield field.required(f"{path}.{LIST_MAP_KEYS}", "must not be empty if x-kubernetes-list-type is map")
    for index, key in enumerate(keys):
        declared = (items.get("properties") or {}).get(key)
        if declared is None:
            text = "entries must all be names of item properties"
            yield field.invalid(f"{path}.{LIST_MAP_KEYS}[{index}]", key, text)
        elif key not in (items.get("required") or ()) and "default" not in declared:
            text = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
            yield field.required(f"{path}.items.{field.key('properties', key)}.default", text)


def _structural_faults(schema: Schema, path: str, level: str) -> Iterator[FieldError]:
    """What keeps a schema from being structural (schema/validation.go)."""
    kind = schema.get("type") or ""
    if kind == "array" and not schema.get("items"):
        yield field.required(f"{path}.items", "must be specified")
    if not kind and not schema.get(INT_OR_STRING) and not (schema.get(PRESERVE) and level != "root"):
        where = {"root": "at the root", "item": "for specified array items"}.get(level, "for specified object fields")
        yield field.required(f"{path}.type", f"must not be empty {where}")
    if level == "root":
        if schema.get("additionalProperties"):
            yield field.forbidden(f"{path}.additionalProperties", "must not be used at the root")
        if kind and kind != "object":
            yield field.invalid(f"{path}.type", kind, "must be object at the root")
    if schema.get(EMBEDDED) and kind != "object":
        yield field.invalid(f"{path}.type", kind, "must be object if x-kubernetes-embedded-resource is true")
    if schema.get(PRESERVE) is False:
        yield field.invalid(f"{path}.{PRESERVE}", False, "must be true or undefined")
    if schema.get("pattern"):
        try:
            re.compile(schema["pattern"])
        except re.error as error:
            text = f"must be a valid regular expression, but isn't: {error}"
            yield field.invalid(f"{path}.pattern", schema["pattern"], text)
    for name in ("allOf", "anyOf", "oneOf"):
        for index, inner in enumerate(schema.get(name) or ()):
            is_int_or_string = bool(schema.get(INT_OR_STRING))
            yield from _junctor_faults(inner, f"{path}.{name}[{index}]", is_int_or_string)
    if schema.get("not"):
        yield from _junctor_faults(schema["not"], f"{path}.not", False)
    for name, inner in (schema.get("properties") or {}).items():
        yield from _structural_faults(inner, f"{path}.{field.key('properties', name)}", "field")
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield from _structural_faults(schema["additionalProperties"], f"{path}.additionalProperties", "field")
    if isinstance(schema.get("items"), Mapping):
        yield from _structural_faults(schema["items"], f"{path}.items", "item")


def _junctor_faults(schema: Schema, path: str, is_int_or_string: bool) -> Iterator[FieldError]:
    for name, text in _NOT_IN_JUNCTORS.items():
        if schema.get(name) and not (is_int_or_string and name == "type"):
            yield field.forbidden(f"{path}.{name}", text)


def _inner_schemas(schema: Schema, path: str) -> Iterator[tuple[Schema, str]]:
    for name, inner in (schema.get("properties") or {}).items():
        yield inner, f"{path}.{field.key('properties', name)}"
    for name in ("additionalProperties", "items"):
        if isinstance(schema.get(name), Mapping):
            yield schema[name], f"{path}.{name}"
