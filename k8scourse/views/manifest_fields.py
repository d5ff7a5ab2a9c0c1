"""What may stand at the cursor of a manifest, and what the field there means, from the schemas of the API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.schemas import DescriptionsMissing, FieldSchema, Schemas, TypeSchema
from k8scourse.views.manifest_cursor import ITEM, Cursor, Path, cursor_at, field_at
from k8scourse.views.markup import escape

Option = dict[str, Any]

_HEADER = ("apiVersion", "kind", "metadata", "spec", "data")
_INFO = 280
"""Characters of a description shown beside an option; the help has it whole."""


def completions(text: str, line: int, column: int, *, schemas: Schemas, kinds: Registry) -> list[Option]:
    """Options for the word before the cursor at *line* and *column* (from 1).

    Each is ``{label, apply, detail, info, boost, more}``: what to show and insert, the type, a short description,
    whether the field is required (boost 1), and whether values can be offered right after.
    """
    cursor = cursor_at(text, line, column)
    if cursor.path == ("kind",) and cursor.mode == "value":
        return [_value(name, "kind") for name in _kind_names(cursor.api_version, kinds)]
    if cursor.path == ("apiVersion",) and cursor.mode == "value":
        return [_value(name, "apiVersion") for name in _api_versions(cursor.kind, kinds)]
    root = schemas.find_kind(cursor.api_version, cursor.kind)
    if root is None:
        return [] if cursor.path or cursor.mode == "value" else [_header(name, cursor) for name in _HEADER]
    if cursor.mode == "value":
        field = find_field(root, cursor.path)
        return [] if field is None else [_value(value, field.name) for value in field_values(field)]
    struct = root if not cursor.path else _struct(find_field(root, cursor.path))
    return [] if struct is None else [_field(field, cursor) for field in _offered(struct, cursor)]


def find_field(root: TypeSchema, path: Path) -> FieldSchema | None:
    """The field at *path*; list items and map keys lead to the field of the list or map. None if there is none."""
    struct: TypeSchema | None = root
    field: FieldSchema | None = None
    for segment in path:
        if segment == ITEM:
            continue
        if field is not None and field.type == "map" and struct is None:
            return field
        if struct is None:
            return None
        field = struct.field(segment)
        if field is None:
            return None
        struct = field.ref if field.type != "map" else None
    return field


def _struct(field: FieldSchema | None) -> TypeSchema | None:
    return None if field is None or field.type == "map" else field.ref


def _offered(struct: TypeSchema, cursor: Cursor) -> Iterator[FieldSchema]:
    """The fields a person writes that are not there yet; status is the cluster's to write."""
    top = not cursor.path
    for name in sorted(struct.fields):
        if name not in cursor.siblings and not (top and name == "status"):
            yield struct.fields[name]


def _field(field: FieldSchema, cursor: Cursor) -> Option:
    ending, more = " ", bool(field_values(field))
    if not cursor.flow and field.type in ("array", "object", "map"):
        deeper = "\n" + " " * (cursor.indent + 2)
        ending, more = deeper + ("- " if field.type == "array" else ""), field.ref is not None
    return {
        "label": field.name,
        "apply": f"{field.name}:{ending}",
        "detail": _type_text(field),
        "info": _short(_description(field)),
        "boost": 1 if field.required else 0,
        "more": more,
    }


def _header(name: str, cursor: Cursor) -> Option:
    known = {"apiVersion", "kind"}
    option = {"label": name, "apply": f"{name}: ", "detail": "", "info": "", "boost": 1, "more": name in known}
    return option | {"boost": 0 if name in cursor.siblings else 1}


def _value(text: str, detail: str) -> Option:
    return {"label": text, "apply": text, "detail": detail, "info": "", "boost": 0, "more": False}


def field_values(field: FieldSchema) -> tuple[str, ...]:
    """The values that a field may have where they are few and known; else none."""
    if field.type == "boolean":
        return ("true", "false")
    package = field.owner.rpartition(".")[0]
    name = field.go.leaf.text.rpartition(".")[2]
    known = _enums()
    return field.enum or tuple(known.get(f"{package}.{name}") or known.get(f"core/v1.{name}") or ())


@lru_cache(maxsize=1)
def _enums() -> Mapping[str, list[str]]:
    path = resources.files("k8scourse.apiserver").joinpath("data/enums.json")
    return json.loads(path.read_text(encoding="utf-8"))


def _kind_names(api_version: str, kinds: Registry) -> list[str]:
    creatable = (info for info in kinds if "create" in info.verbs)
    return sorted({info.kind for info in creatable if api_version in ("", info.group_version)})


def _api_versions(kind: str, kinds: Registry) -> list[str]:
    creatable = (info for info in kinds if "create" in info.verbs)
    return sorted({info.group_version for info in creatable if kind in ("", info.kind)})


def _type_text(field: FieldSchema) -> str:
    item = f" of {field.item_type}" if field.item_type else ""
    return f"{field.type}{item}{', required' if field.required else ''}"


def _description(field: FieldSchema) -> str:
    try:
        return field.description
    except DescriptionsMissing:
        return ""


def _short(text: str) -> str:
    first = text.split("\n\n")[0].strip()
    return first if len(first) <= _INFO else first[: _INFO - 1].rsplit(" ", 1)[0] + " …"


def field_help(text: str, line: int, column: int, *, schemas: Schemas) -> str:
    """HTML about the field at *line* and *column* (from 1): path, type, values, meaning. Empty where there is none."""
    cursor = field_at(text, line, column)
    root = schemas.find_kind(cursor.api_version, cursor.kind)
    field = None if root is None else find_field(root, cursor.path)
    if field is None:
        return ""
    path = ".".join(segment for segment in cursor.path if segment != ITEM)
    parts = [f"<p><code>{escape(path)}</code> <span>{escape(_type_text(field))}</span></p>"]
    if values := field_values(field):
        parts.append(f"<p>Values: {', '.join(f'<code>{escape(value)}</code>' for value in values)}</p>")
    description = _description(field) or "(The descriptions of fields come with the installed package.)"
    return "".join(parts) + f"<p>{escape(description)}</p>"
