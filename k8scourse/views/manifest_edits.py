"""Edits of a manifest that the API server may accept in its place, from the schema and from the manifest itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.kinds import Registry
from k8scourse.apiserver.schemas import FieldSchema, TypeSchema
from k8scourse.machinery.fieldpath import Path
from k8scourse.machinery.status import ApiError
from k8scourse.views.edits import DROP, RENAME, Edit, changes, smallest_first, walk
from k8scourse.views.manifest_cursor import ITEM
from k8scourse.views.manifest_fields import field_values, find_field
from k8scourse.views.smallest_edit import Remedy, Search, search

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = dict[str, Any]

MOST_TRIES = 300

_KEPT: tuple[Path, ...] = (("apiVersion",), ("kind",), ("metadata",), ("metadata", "name"), ("spec",))
"""What an edit never drops: without it there is nothing left to speak of."""
_ACCEPTED = "the API server would accept it"


def manifest_search(cluster: Cluster, obj: Object) -> Search:
    """Edits of *obj*, which the API server of *cluster* refuses, after which it would be accepted."""
    edits = smallest_first(manifest_edits(obj, cluster), obj, limit=MOST_TRIES)

    def works(edited: Object) -> Remedy | None:
        try:
            with cluster.fork().paused() as fork:
                fork.apply(edited)
        except ApiError:
            return None
        return Remedy(Edit("", ()), _ACCEPTED)

    return search(obj, edits, works)


def manifest_edits(obj: Object, cluster: Cluster) -> Iterator[Edit]:
    """Single-field edits of *obj*: drops, names and values that the schema knows, other words of the same manifest."""
    root = cluster.schemas.find_kind(str(obj.get("apiVersion")), str(obj.get("kind")))
    yield from _headers(obj, cluster.registry)
    words = _words(obj)
    for path, value in walk(obj):
        if path not in _KEPT:
            yield Edit(DROP, path, value)
        field, struct = (None, None) if root is None else _schema(root, path)
        if struct is not None and isinstance(path[-1], str) and path[-1] not in struct.fields:
            lower = {name.lower(): name for name in struct.fields}
            for name in get_close_matches(path[-1].lower(), lower, n=2, cutoff=0.6):
                yield Edit(RENAME, path, value, lower[name])
        if not isinstance(value, dict | list):
            yield from changes(path, value, _values(path, value, field, words))


def _schema(root: TypeSchema, path: Path) -> tuple[FieldSchema | None, TypeSchema | None]:
    """The field at *path*, and the struct that it is (or should be) a field of."""
    general = tuple(ITEM if isinstance(segment, int) else segment for segment in path)
    field = find_field(root, general)
    if len(general) == 1:
        return field, root
    parent = find_field(root, general[:-1])
    return field, None if parent is None or parent.type == "map" else parent.ref


def _headers(obj: Object, registry: Registry) -> Iterator[Edit]:
    api_version, kind = str(obj.get("apiVersion")), str(obj.get("kind"))
    homes = sorted({info.group_version for info in registry if info.kind == kind})
    yield from changes(("apiVersion",), obj.get("apiVersion"), homes)
    names = sorted({info.kind for info in registry if info.group_version == api_version})
    yield from changes(("kind",), obj.get("kind"), get_close_matches(kind, names, n=2))


def _words(obj: Object) -> Mapping[Any, list[Any]]:
    """The scalars of the manifest by the name of their field: labels and names that should agree."""
    found: dict[Any, list[Any]] = {}
    for path, value in walk(obj):
        if not isinstance(value, dict | list):
            found.setdefault(path[-1], []).append(value)
    return found


def _values(path: Path, value: Any, field: FieldSchema | None, words: Mapping[Any, list[Any]]) -> Iterator[Any]:
    if path != ("metadata", "name"):
        yield from words.get(path[-1], ())
    if isinstance(value, str):
        yield from _plain(value)
    if field is None:
        return
    yield from field_values(field)
    wanted = field.item_type if isinstance(path[-1], int) or field.type == "map" else field.type
    if wanted == "string" and not isinstance(value, str):
        yield {True: "true", False: "false", None: ""}.get(value, str(value))
    if wanted in ("integer", "int-or-string") and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value):
        yield int(value)
    if wanted == "boolean" and str(value).lower() in ("true", "false", "yes", "no"):
        yield str(value).lower() in ("true", "yes")


def _plain(text: str) -> Iterator[str]:
    """*text* as names are written: lower case, with - instead of what is not allowed."""
    yield text.lower()
    yield re.sub(r"[^a-z0-9.-]+", "-", text.lower()).strip("-.")
    yield text.strip()
