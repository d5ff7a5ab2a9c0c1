"""Values as the API server's own types print them.

Validation runs on internal types whose fields carry no JSON names, so messages show ``{"Key":"a","TimeAdded":null}``
where the API says ``{"key": "a"}``; every field is there, in the order of the type.

Source: kubernetes pkg/apis/core/types.go; the table beside this module is written by tools/internal_types.py.
"""

import difflib
import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from k8scourse.machinery.go_format import Struct, go_json
from k8scourse.machinery.quantity import parse_quantity

_POD_LEVEL_SECURITY = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers")


@cache
def _table() -> dict[str, list[tuple[str, str, str]]]:
    return json.loads(files("k8scourse.apiserver.validation").joinpath("internal_types.json").read_text("utf-8"))


def internal_value(type_name: str, value: Any) -> Any:
    """Return *value* (API JSON) with the fields of the internal type, e.g. ``internal_value("Taint", taint)``.

    A type may carry Go's prefixes: ``*`` (None stays), ``[]`` and ``map:`` (empty becomes None, as after storage).
    """
    if type_name[0] == "*":
        return None if value is None else internal_value(type_name[1:], value)
    if type_name.startswith("[]"):
        return [internal_value(type_name[2:], item) for item in value] if value else None
    if type_name.startswith("map:"):
        return {key: internal_value(type_name[4:], item) for key, item in value.items()} if value else None
    scalar = _SCALARS.get(type_name)
    return scalar(value) if scalar is not None else _structure(type_name, value or {})


def internal_pod_spec(spec: Mapping[str, Any]) -> Struct:
    """Return a pod's spec as the internal PodSpec, where the host flags are part of the security context."""
    return internal_value("PodSpec", spec)


def _with_host_flags(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    security = dict(spec.get("securityContext") or {})
    security.update((name, spec[name]) for name in _POD_LEVEL_SECURITY if name in spec)
    return {**spec, "securityContext": security}


def internal_diff(old: Any, new: Any) -> str:
    """Return the unified diff between two internal values that error messages end with.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/diff/diff.go (JSON indented by one, 3 lines around).
    """
    before, after = _indented(old).split("\n"), _indented(new).split("\n")
    lines = list(difflib.unified_diff(before, after, n=3, lineterm=""))
    return "".join(f"{line}\n" for line in lines[2:])


def _structure(type_name: str, value: Mapping[str, Any]) -> Struct:
    if type_name == "PodSpec":
        value = _with_host_flags(value)
    result = Struct()
    for field, json_name, kind in _table()[type_name]:
        if field:
            result[field] = internal_value(kind, value.get(json_name))
        elif kind == "ObjectMeta":  # has JSON names; templates set these two only
            metadata = value.get("metadata") or {}
            result.update((name, metadata[name]) for name in ("labels", "annotations") if metadata.get(name))
        else:  # an embedded structure: its fields are written as if they were the outer one's
            result.update(_structure(kind, value))
    return result


def label_selector_value(selector: Mapping[str, Any] | None) -> Struct | None:
    """Return a label selector with its fields in the order Kubernetes prints them."""
    if selector is None:
        return None
    result = Struct()
    if selector.get("matchLabels"):
        result["matchLabels"] = dict(selector["matchLabels"])
    if selector.get("matchExpressions"):
        result["matchExpressions"] = [
            Struct((name, item[name]) for name in ("key", "operator", "values") if item.get(name) is not None)
            for item in selector["matchExpressions"]
        ]
    return result


def owner_reference_value(reference: Mapping[str, Any]) -> Struct:
    """Return an owner reference with its fields in the order Kubernetes prints them."""
    result = Struct((name, reference.get(name, "")) for name in ("apiVersion", "kind", "name", "uid"))
    for name in ("controller", "blockOwnerDeletion"):
        if reference.get(name) is not None:
            result[name] = reference[name]
    return result


def _indented(value: Any, indent: str = "") -> str:
    """Return JSON as encoding/json's MarshalIndent with one space writes it."""
    inner = indent + " "
    if isinstance(value, dict) and value:
        names = value if isinstance(value, Struct) else sorted(value)
        parts = [f"{inner}{go_json(name)}: {_indented(value[name], inner)}" for name in names]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(inner + _indented(item, inner) for item in value) + f"\n{indent}]"
    return go_json(value)


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "string": lambda value: value or "",
    "int": lambda value: value or 0,
    "bool": bool,
    "byte": lambda value: value or 0,
    "quantity": lambda value: str(parse_quantity(value)) if value else "0",
    "intstr": lambda value: 0 if value is None else value,
    "time": lambda value: value,
    "LabelSelector": label_selector_value,
}
