"""Reads the struct types of Kubernetes' API packages from Go source: JSON names, Go types, omitempty, embedding.

Only facts are taken (names, types, tags), no text. The forms of declaration used in those packages are few, so regular
expressions are enough; `read_packages` fails loudly on a field it cannot read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_STRUCT = re.compile(r"^type (\w+) struct ?\{(\}|\n.*?^\})", re.M | re.S)
_NAMED = re.compile(r"^type (\w+) (?!struct\b|interface\b|=)([\w\[\]*.]+)\s*(?://.*)?$", re.M)
_ALIAS = re.compile(r"^(?:type |\t)(\w+) = ([\w.]+)$", re.M)
_GROUPED = re.compile(r"^type \((.*?)^\)", re.M | re.S)
_IMPORT = re.compile(r'^(?:import)?\s*(\w+\s+)?"([^"]+)"', re.M)
_FIELD = re.compile(r'^\s*(?:(\w+)\s+)?((?:[\w\[\]*.]|interface\{\})+)\s+`json:"([^"]*)"')

# Types with their own (un)marshalling: they are leaves here.
LEAVES = {
    "meta/v1.Time": "Time",
    "meta/v1.MicroTime": "MicroTime",
    "meta/v1.FieldsV1": "FieldsV1",
    "resource.Quantity": "Quantity",
    "intstr.IntOrString": "IntOrString",
    "runtime.RawExtension": "RawExtension",
    "apiextensions/v1.JSON": "JSON",
    "apiextensions/v1.JSONSchemaPropsOrBool": "JSONSchemaPropsOrBool",
    "apiextensions/v1.JSONSchemaPropsOrArray": "JSONSchemaPropsOrArray",
    "apiextensions/v1.JSONSchemaPropsOrStringArray": "JSONSchemaPropsOrStringArray",
}
_TYPE_NAME = re.compile(r"[\w/]+\.\w+")
_BASIC = {"string", "bool", "int32", "int64", "float64", "byte", "interface"}


@dataclass
class GoField:
    """One JSON field: its Go type with package-qualified names, and whether zero values are left out."""

    name: str
    type: str
    omitempty: bool
    omitzero: bool


@dataclass
class GoTypes:
    """Structs with embedded structs resolved, and named non-struct types, by 'group/version.Name'."""

    structs: dict[str, list[GoField]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)


def read_packages(staging: Path) -> GoTypes:
    """Reads all API packages below *staging* (staging/src/k8s.io of a Kubernetes source tree)."""
    folders = {f"{p.parent.parent.name}/{p.parent.name}": p.parent for p in staging.glob("api/*/*/types.go")}
    folders["meta/v1"] = staging / "apimachinery/pkg/apis/meta/v1"
    folders["version"] = staging / "apimachinery/pkg/version"
    folders["apiextensions/v1"] = staging / "apiextensions-apiserver/pkg/apis/apiextensions/v1"
    folders["apiregistration/v1"] = staging / "kube-aggregator/pkg/apis/apiregistration/v1"
    raw: dict[str, list[tuple[str, str | None]]] = {}
    types = GoTypes(named={"types.UID": "string", "types.NodeName": "string", "types.NamespacedName": "string"})
    for package, folder in sorted(folders.items()):
        for path in sorted(folder.glob("types*.go")):
            if "swagger" not in path.name and not path.name.endswith("_test.go"):
                _read_file(package, path.read_text(encoding="utf-8"), raw, types)
    _read_file("meta/v1", (folders["meta/v1"] / "group_version.go").read_text(encoding="utf-8"), raw, types)
    for name in raw:
        types.structs[name] = _flatten(name, raw, types)
    for name, target in types.named.items():
        if target in types.structs:
            types.structs[name] = types.structs[target]
    return types


def _read_file(package: str, text: str, raw: dict[str, list[tuple[str, str | None]]], types: GoTypes) -> None:
    head, _, _ = text.partition("\ntype ")
    imports = {}
    for alias, target in _IMPORT.findall(head):
        imports[alias.strip() or target.rpartition("/")[2]] = _package_of(target)
    for name, body in _STRUCT.findall(text):
        raw[f"{package}.{name}"] = [
            (line, _qualify(match[2], package, imports) if match else None)
            for line in body.splitlines()
            if (match := _FIELD.match(line)) or ("`json" in line and not line.lstrip().startswith("//"))
        ]
    for name, target in _NAMED.findall(text):
        types.named[f"{package}.{name}"] = _qualify(target, package, imports)
    for name, target in _ALIAS.findall(text):
        types.aliases[f"{package}.{name}"] = _qualify(target, package, imports)
    for block in _GROUPED.findall(text):
        for name, target in re.findall(r"^\s*(\w+) ([\w\[\]*.]+)$", block, re.M):
            types.named[f"{package}.{name}"] = _qualify(target, package, imports)


def _package_of(import_path: str) -> str:
    parts = import_path.split("/")
    if import_path.startswith(("k8s.io/api/", "k8s.io/apimachinery/pkg/apis/")):
        return "/".join(parts[-2:])
    return parts[-1]


def _qualify(go_type: str, package: str, imports: dict[str, str]) -> str:
    def replace(match: re.Match[str]) -> str:
        alias, name = match[1], match[2]
        if alias:
            return f"{imports[alias[:-1]]}.{name}"
        return name if name in _BASIC or name == "map" else f"{package}.{name}"

    return re.sub(r"(\w+\.)?([A-Za-z]\w*)", replace, go_type)


def _flatten(name: str, raw: dict[str, list[tuple[str, str | None]]], types: GoTypes) -> list[GoField]:
    fields: list[GoField] = []
    for line, go_type in raw[name]:
        match = _FIELD.match(line)
        if match is None or go_type is None:
            raise ValueError(f"{name}: cannot read the field {line.strip()!r}")
        json_name, *options = match[3].split(",")
        if json_name == "-":
            continue
        if not json_name:
            embedded = go_type.lstrip("*")
            inner = _flatten(types.aliases.get(embedded, embedded), raw, types)
            own = {f.name for f in fields}
            fields.extend(f for f in inner if f.name not in own)
        else:
            resolved = _TYPE_NAME.sub(lambda m: types.aliases.get(m[0], m[0]), go_type)
            fields.append(GoField(json_name, resolved, "omitempty" in options, "omitzero" in options))
    return fields
