"""What is wrong with the structure of a manifest's object, field by field, before any rule of the API looks at it.

The API server answers a wrong structure with one sentence about the whole object; an editor wants each place. The same
decoder finds both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from k8scourse.apiserver.kinds import Registry, UnknownResource
from k8scourse.apiserver.schemas import Schemas, TypeSchema
from k8scourse.apiserver.unmarshal import unmarshal
from k8scourse.apiserver.unmarshal_errors import Errors, Mismatch, UnmarshalError, strict_path
from k8scourse.machinery.fieldpath import FieldPathError, parse_path
from k8scourse.views.manifest_cursor import ITEM
from k8scourse.views.manifest_fields import find_field

_STRICT = re.compile(r'^(?:unknown|duplicate) field "(.*)"$')

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """One fault: the field's path, whether its *name* is at fault (else its value), what is wrong, what to do."""

    path: Path
    name: bool
    message: str
    remedy: str = ""


def structure_problems(obj: Any, *, schemas: Schemas, kinds: Registry) -> list[Problem]:
    """All faults of *obj*, in the order in which they are met; empty when its structure is sound."""
    if not isinstance(obj, Mapping):
        return [Problem((), False, "invalid object to validate", "write fields as name: value")]
    headers = list(_header_problems(obj, kinds))
    if headers:
        return headers
    root = schemas.find_kind(obj["apiVersion"], obj["kind"])
    return [] if root is None else list(_field_problems(obj, root))


def _header_problems(obj: Mapping[str, Any], kinds: Registry) -> Iterator[Problem]:
    """kubectl's own checks (kubectl/pkg/validation/validation.go), then whether the kind is served at all."""
    for name in ("apiVersion", "kind"):
        if obj.get(name) is None:
            yield Problem((name,), False, f"{name} not set")
        elif not isinstance(obj[name], str):
            yield Problem((name,), False, f"{name} isn't string type")
    api_version, kind = obj.get("apiVersion"), obj.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str) or kind.endswith("List"):
        return
    try:
        kinds.kind(api_version, kind)
    except UnknownResource as error:
        known = kinds.has_group_version(api_version)
        yield Problem(("kind" if known else "apiVersion",), False, str(error), _kind_remedy(api_version, kind, kinds))


def _kind_remedy(api_version: str, kind: str, kinds: Registry) -> str:
    homes = sorted({info.group_version for info in kinds if info.kind == kind})
    if homes:
        return f"{kind} is in {' and '.join(homes)}"
    names = sorted({info.kind for info in kinds if info.group_version == api_version})
    return _nearest(kind, names or sorted({info.kind for info in kinds}))


def _field_problems(obj: Mapping[str, Any], root: TypeSchema) -> Iterator[Problem]:
    errors = Errors()
    try:
        unmarshal(obj, root.name, None, errors)
    except UnmarshalError as error:
        yield Problem((), False, str(error))
    if isinstance(errors.first, Mismatch):
        yield Problem(_path(strict_path(errors.first.place)), False, str(errors.first), _type_remedy(errors.first))
    elif errors.first is not None:
        yield Problem((), False, errors.first)
    for text in errors.strict:
        found = _STRICT.match(text)
        path = _path(found[1]) if found else ()
        yield Problem(path, True, text, _field_remedy(root, path) if text.startswith("unknown") else "")


def _path(text: str) -> Path:
    try:
        return tuple(parse_path(text))
    except FieldPathError:
        return ()


def _type_remedy(error: Mismatch) -> str:
    return "put it in quotation marks" if error.go_type.endswith("string") and error.word in ("number", "bool") else ""


def _field_remedy(root: TypeSchema, path: Path) -> str:
    """The field of the same struct that was probably meant, or the structs nearby that have it."""
    if not path or not isinstance(path[-1], str):
        return ""
    parents = tuple(ITEM if isinstance(segment, int) else segment for segment in path[:-1])
    field = find_field(root, parents) if parents else None
    struct = root if not parents else field.ref if field is not None else None
    return "" if struct is None else _nearest(path[-1], list(struct.fields))


def _nearest(word: str, words: list[str]) -> str:
    lower = {one.lower(): one for one in words}
    found = get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    return f"did you mean {lower[found[0]]}?" if found else ""
