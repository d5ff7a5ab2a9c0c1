"""The text of `kubectl explain`: a type or field, its description and its fields.

Kubernetes: staging/src/k8s.io/kubectl/pkg/explain/v2 (the template plaintext) and pkg/util/term (word wrap).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

from k8scourse.apiserver.go_type import GoType
from k8scourse.apiserver.schemas import DescriptionsMissing, FieldSchema, TypeSchema, descriptions
from k8scourse.kubectl.errors import KubectlError
from k8scourse.machinery.go_format import go_quote

_ENUM_LIMIT = 4
_NAMES = {
    "bool": "boolean",
    "bytes": "string",
    "float64": "number",
    "int32": "integer",
    "int64": "integer",
    "int-or-string": "IntOrString",
    "micro-time": "string",
    "quantity": "Quantity",
    "string": "string",
    "time": "string",
}
_DESCRIBED = {"quantity": "api/resource.Quantity", "int-or-string": "util/intstr.IntOrString"}


def explain(group: str, kind: str, version: str, schema: TypeSchema, path: Sequence[str], *, recursive: bool) -> str:
    """The page of *kind*, or of its field at *path*. Raises KubectlError when there is no such field."""
    head = f"GROUP:      {group}\n" if group else ""
    head += f"KIND:       {kind}\nVERSION:    {version}\n\n"
    if not path:
        return head + _page(_description_of(schema), field_list(schema, 1, recursive=recursive)) + "\n"
    field = _find(schema, path)
    if field is None:
        raise KubectlError(f"error: field {go_quote(path[-1])} does not exist")
    head += f"FIELD: {field.name} <{type_name(field.go)}>\n{_long_enum(field)}\n\n"
    struct = field.ref
    fields = field_list(struct, 1, recursive=recursive) if struct is not None else ""
    return head + _page(_field_description(field), fields) + "\n"


def type_name(go: GoType) -> str:
    """The type in words: string, integer, Object, []Container, map[string]Quantity."""
    if go.kind == "slice" and go.elem is not None:
        return "[]" + type_name(go.elem)
    if go.kind == "map" and go.elem is not None:
        return "map[string]" + type_name(go.elem)
    if go.struct is not None:
        return go.struct.rpartition(".")[2]
    return _NAMES.get(go.kind) or (go.text.rpartition(".")[2] if "." in go.text else "Object")


def field_list(schema: TypeSchema, level: int, *, recursive: bool, seen: tuple[str, ...] = ()) -> str:
    """The fields of a type in alphabetical order; with *recursive* as a tree without descriptions."""
    if schema.name in seen:
        return ""
    parts: list[str] = []
    for name in sorted(schema.fields):
        field = schema.fields[name]
        parts.append(_detail(field, level, short=recursive))
        if recursive and field.ref is not None:
            parts.append(field_list(field.ref, level + 1, recursive=True, seen=(*seen, schema.name)))
    return "".join(parts)


def _detail(field: FieldSchema, level: int, *, short: bool) -> str:
    indent = "  " * level
    text = f"{indent}{field.name}\t<{type_name(field.go)}>{' -required-' if field.required else ''}"
    words = _enum(field)
    if words:
        more = ", ...." if len(words) > _ENUM_LIMIT else ""
        text += f"\n{indent}enum: {', '.join(words[:_ENUM_LIMIT])}{more}"
    text += "\n"
    if short:
        return text
    description = wrap(_description(field) or "<no description>", 78 - len(indent))
    return text + _indent(description, len(indent) + 2) + "\n\n"


def _long_enum(field: FieldSchema) -> str:
    words = _enum(field)
    return "ENUM:" + "".join(f"\n    {word}" for word in words) if words else ""


def _enum(field: FieldSchema) -> list[str]:
    """The allowed words of a field, in the order of OpenAPI."""
    name = "" if field.go.elem is not None else field.go.text.rpartition(".")[2]
    package = field.owner.rpartition(".")[0]
    known = field.enum or _enums().get(f"{package}.{name}") or _enums().get(f"core/v1.{name}") or ()
    return [value or '""' for value in sorted(known)]


@lru_cache(maxsize=1)
def _enums() -> Mapping[str, Sequence[str]]:
    path = resources.files("k8scourse.apiserver").joinpath("data/enums.json")
    return json.loads(path.read_text(encoding="utf-8"))


def _find(schema: TypeSchema, path: Sequence[str]) -> FieldSchema | None:
    field: FieldSchema | None = None
    struct: TypeSchema | None = schema
    for name in path:
        field = struct.fields.get(name) if struct is not None else None
        if field is None:
            return None
        struct = field.ref
    return field


def _page(description: str, fields: str) -> str:
    text = "DESCRIPTION:\n" + _indent(wrap(description or "<empty>", 76), 4) + "\n"
    return text + ("FIELDS:\n" + fields if fields else "")


def _field_description(field: FieldSchema) -> str:
    own = _description(field)
    text = own + "\n" if own else ""
    if field.ref is not None:
        return text + _description_of(field.ref)
    name = _DESCRIBED.get(field.go.leaf.kind)
    return text + (_of_type(name) if name else "")


def _description_of(schema: TypeSchema) -> str:
    return _of_type(schema.name)


def _of_type(name: str) -> str:
    try:
        text = descriptions().get(name, ("", {}))[0]
    except DescriptionsMissing:
        return ""
    return text + "\n" if text else ""


def _description(field: FieldSchema) -> str:
    try:
        return field.description
    except (DescriptionsMissing, KeyError):
        return ""


def _indent(text: str, amount: int) -> str:
    pad = " " * amount
    return pad + text.replace("\n", "\n" + pad)


def wrap(text: str, limit: int) -> str:
    """*text* with line breaks at spaces so that lines have at most *limit* characters (mitchellh/go-wordwrap)."""
    out: list[str] = []
    space, word, current = "", "", 0
    for character in text:
        if character == "\n":
            if word or current + len(space) <= limit:
                out.append(space + word)
            out.append("\n")
            space, word, current = "", "", 0
        elif character.isspace() and character != "\u00a0":
            if not space or word:
                current += len(space) + len(word)
                out.append(space + word)
                space, word = "", ""
            space += character
        else:
            word += character
            if current + len(word) + len(space) > limit and len(word) < limit:
                out.append("\n")
                current, space = 0, ""
    if word or current + len(space) <= limit:
        out.append(space + word)
    return "".join(out)
