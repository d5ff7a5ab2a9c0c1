"""The structure of every kind of Kubernetes 1.36: fields, types, list semantics, merge keys.

The data (data/schemas.json) is parsed once per process and never changes; types are built when first asked for.
A TypeSchema also serves as the schema of a strategic merge patch (machinery's PatchSchema).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from k8scourse.apiserver.go_type import GoType, GoTypes

_TYPES = {
    "bool": "boolean",
    "int32": "integer",
    "int64": "integer",
    "float64": "number",
    "slice": "array",
    "struct": "object",
    "interface": "raw",
    "schema-or-bool": "raw",
    "schema-or-array": "raw",
    "schema-or-strings": "raw",
}


class UnknownKind(LookupError):
    """No schema is known for an apiVersion and kind."""


class DescriptionsMissing(LookupError):
    """The field descriptions are not installed; the message says how to get them."""


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """One field of a type.

    type: 'string', 'integer', 'number', 'boolean', 'object', 'array', 'map', 'quantity', 'int-or-string', 'time',
    'micro-time', 'bytes' or 'raw'. go: its Go type. required: listed as required in OpenAPI. omitempty, omitzero: zero
    values are not written. strategies: of a strategic merge patch ('merge', 'retainKeys').
    """

    name: str
    owner: str
    type: str
    go: GoType
    required: bool
    omitempty: bool
    omitzero: bool
    enum: tuple[str, ...] = ()
    list_type: str | None = None
    list_map_keys: tuple[str, ...] = ()
    map_type: str | None = None
    merge_key: str | None = None
    strategies: tuple[str, ...] = ()

    @property
    def go_type(self) -> str:
        """The Go type as messages print it, without pointer: 'int32', '[]v1.Container'."""
        return self.go.text

    @property
    def pointer(self) -> bool:
        """Whether absence and zero differ (a pointer in Go)."""
        return self.go.pointer

    @property
    def item_type(self) -> str | None:
        """For arrays and maps: the type of items or values, in the words of `type`."""
        return None if self.go.elem is None else _type_word(self.go.elem)

    @property
    def ref(self) -> TypeSchema | None:
        """The struct of the value, of the items or of the map's values; None for scalars."""
        name = self.go.leaf.struct
        return None if name is None else type_schema(name)

    @property
    def schema(self) -> TypeSchema | None:
        """The struct that a strategic merge patch descends into; maps are merged without a schema."""
        return None if self.type == "map" else self.ref

    @property
    def description(self) -> str:
        """Kubernetes' own words; raises DescriptionsMissing where they are not installed."""
        return descriptions()[self.owner][1].get(self.name, "")


@dataclass(frozen=True, slots=True, eq=False)
class TypeSchema:
    """One struct type. name: 'core/v1.PodSpec'; fields in the order in which Kubernetes writes them."""

    name: str
    fields: Mapping[str, FieldSchema]

    @property
    def go_name(self) -> str:
        """The struct's name in messages: 'PodSpec'."""
        return self.name.rpartition(".")[2]

    @property
    def description(self) -> str:
        """Kubernetes' own words; raises DescriptionsMissing where they are not installed."""
        return descriptions()[self.name][0]

    def field(self, name: str) -> FieldSchema | None:
        """The field of that JSON name, or None."""
        return self.fields.get(name)

    def __repr__(self) -> str:
        return f"<TypeSchema {self.name}: {len(self.fields)} fields>"


class Schemas:
    """The schemas of one cluster: kinds to types."""

    __slots__ = ()

    def fork(self) -> Schemas:
        """An independent copy; the built-in schemas are immutable and shared."""
        return self

    def for_kind(self, api_version: str, kind: str) -> TypeSchema:
        """The type of a kind; UnknownKind if Kubernetes 1.36 has no such kind in that version."""
        found = self.find_kind(api_version, kind)
        if found is None:
            raise UnknownKind(f"no schema for kind {kind!r} in version {api_version!r}")
        return found

    def find_kind(self, api_version: str, kind: str) -> TypeSchema | None:
        """As `for_kind`, with None for an unknown kind."""
        data = _data()
        kinds = data["kinds"].get(api_version, {})
        name = kinds.get(kind) or (data["everywhere"].get(kind) if kinds else None)
        return None if name is None else type_schema(name)

    def type(self, name: str) -> TypeSchema:
        """The type of that name, such as 'core/v1.PodSpec'; UnknownKind if there is none."""
        return type_schema(name)

    def kinds(self, api_version: str) -> tuple[str, ...]:
        """All kinds known in that version, lists included."""
        return tuple(_data()["kinds"].get(api_version, ()))


@cache
def type_schema(name: str) -> TypeSchema:
    """The type of that name, built on first use; raises UnknownKind if the data has none."""
    entry = _data()["types"].get(name)
    if entry is None:
        raise UnknownKind(f"no type {name!r} in the schemas of Kubernetes 1.36")
    extras = entry.get("extras", {})
    fields = {
        field_name: _field(field_name, name, code, extras.get(field_name, {}))
        for field_name, code in entry["fields"].items()
    }
    return TypeSchema(name, fields)


def _field(name: str, owner: str, code: str, extras: Mapping[str, Any]) -> FieldSchema:
    flags, _, expression = code.partition(" ")
    go = _go_types().parse(expression)
    strategies = extras.get("patchStrategy", "")
    return FieldSchema(
        name=name,
        owner=owner,
        type=_type_word(go),
        go=go,
        required="r" in flags,
        omitempty="o" in flags,
        omitzero="z" in flags,
        enum=tuple(extras.get("enum", ())),
        list_type=extras.get("listType"),
        list_map_keys=tuple(extras.get("listMapKeys", ())),
        map_type=extras.get("mapType"),
        merge_key=extras.get("mergeKey"),
        strategies=tuple(strategies.split(",")) if strategies else (),
    )


def _type_word(go: GoType) -> str:
    return _TYPES.get(go.kind, go.kind)


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    path = resources.files("k8scourse.apiserver").joinpath("data/schemas.json")
    return json.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _go_types() -> GoTypes:
    return GoTypes(_data()["named"])


@lru_cache(maxsize=1)
def descriptions() -> Mapping[str, Any]:
    """All descriptions: {type: [description, {field: description}]}.

    Raises DescriptionsMissing in a checkout that was not built.
    """
    path = resources.files("k8scourse.apiserver").joinpath("data/descriptions.json.gz")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DescriptionsMissing(
            "the descriptions of fields are part of the built package only; in a checkout run "
            "`pip install kubernetes-validate==1.36.0` and `python tools/generate_schemas.py "
            "--descriptions k8scourse/apiserver/data/descriptions.json.gz`"
        ) from None
    return json.loads(gzip.decompress(data))
