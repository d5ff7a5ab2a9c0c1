"""Generates the package data about Kubernetes' kinds (k8scourse/apiserver/data).

    python tools/generate_schemas.py --discovery discovery.json
    python tools/generate_schemas.py --go-source STAGING/src/k8s.io [--source DEFINITIONS] [--protobuf FIELDS]
    python tools/generate_schemas.py --descriptions TARGET [--source DEFINITIONS]

Sources: the published package kubernetes-validate 1.36.0 (`_definitions.json`: the OpenAPI schemas as JSON schema), the
Go types of the API with their JSON tags (which zero values are written is said nowhere else), and the discovery
documents of a running API server. A table of protobuf fields, if given, must agree with the Go types read.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from field_descriptions import installed_definitions, type_id, write_descriptions
from go_types import LEAVES, GoField, GoTypes, read_packages

DATA = Path(__file__).resolve().parent.parent / "k8scourse" / "apiserver" / "data"

# The order of groups in discovery: GroupPriorityMinimum of each APIService, then the name.
# Source: cmd/kube-apiserver/app/aggregator.go and pkg/controlplane/apiserver/aggregator.go.
GROUP_PRIORITIES = {
    "": 18000,
    "apiregistration.k8s.io": 18000,
    "apps": 17800,
    "events.k8s.io": 17750,
    "authentication.k8s.io": 17700,
    "authorization.k8s.io": 17600,
    "autoscaling": 17500,
    "batch": 17400,
    "certificates.k8s.io": 17300,
    "networking.k8s.io": 17200,
    "policy": 17100,
    "rbac.authorization.k8s.io": 17000,
    "storage.k8s.io": 16800,
    "admissionregistration.k8s.io": 16700,
    "apiextensions.k8s.io": 16700,
    "scheduling.k8s.io": 16600,
    "coordination.k8s.io": 16500,
    "node.k8s.io": 16300,
    "discovery.k8s.io": 16200,
    "resource.k8s.io": 16200,
    "flowcontrol.apiserver.k8s.io": 16100,
}


def write_json(path: Path, data: Any) -> None:
    """Writes compact JSON with a final newline."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def write_discovery(source: Path, target: Path) -> None:
    """Takes the resources as discovery lists them, without empty fields, and adds the order of the groups."""
    data = json.loads(source.read_text(encoding="utf-8"))
    groups = {gv.rpartition("/")[0] for gv in data["resources"]}
    order = sorted(groups, key=lambda group: (-GROUP_PRIORITIES[group], group))
    served = {
        gv: data["resources"][gv] for group in order for gv in data["resources"] if gv.rpartition("/")[0] == group
    }
    write_json(target, {"groups": order, "preferredVersions": data["preferredVersions"], "resources": served})


# Kinds whose schema is listed under every group version because they travel with requests, not as resources.
EVERYWHERE = ("DeleteOptions",)
# Schemas of things that are never a request's body: left out.
LEFT_OUT = ("WatchEvent", "Patch", "Info")

_EXTRAS = {
    "enum": "enum",
    "x-kubernetes-list-type": "listType",
    "x-kubernetes-list-map-keys": "listMapKeys",
    "x-kubernetes-map-type": "mapType",
    "x-kubernetes-patch-merge-key": "mergeKey",
    "x-kubernetes-patch-strategy": "patchStrategy",
}


def write_schemas(source: Path, go_types: GoTypes, target: Path) -> None:
    """Writes the structure of all kinds.

    Form: {"kinds": {apiVersion: {kind: type}}, "everywhere": {kind: type}, "named": {type: Go type}, "types": {type:
    {"fields": {name: "FLAGS Go-type"}, "extras": {name: {...}}}}} with FLAGS r (required), o (omitempty), z (omitzero).
    Fields come in the order of the Go struct, which is the order in which Kubernetes writes them.
    """
    definitions = json.loads(source.read_text(encoding="utf-8"))["$defs"]
    kinds: dict[str, dict[str, str]] = {}
    everywhere: dict[str, str] = {}
    types: dict[str, Any] = {}
    for definition, schema in sorted(definitions.items()):
        name = type_id(definition)
        if name not in go_types.structs or name in LEAVES or name.rpartition(".")[2] in LEFT_OUT:
            continue
        types[name] = _type_entry(name, schema, definitions, go_types.structs[name])
        for gvk in schema.get("x-kubernetes-group-version-kind", ()):
            if gvk["kind"] in EVERYWHERE:
                everywhere[gvk["kind"]] = name
            else:
                api_version = f"{gvk['group']}/{gvk['version']}" if gvk["group"] else gvk["version"]
                kinds.setdefault(api_version, {})[gvk["kind"]] = name
    used = {text for entry in types.values() for text in entry["fields"].values()}
    named = {
        name: basic
        for name, basic in sorted(go_types.named.items())
        if basic not in go_types.structs and any(name in text for text in used)
    }
    _write_lines(target, {"kinds": kinds, "everywhere": everywhere, "named": named, "types": types})


def _write_lines(path: Path, data: dict[str, dict[str, Any]]) -> None:
    """Writes two levels of keys line by line, so that a newer Kubernetes shows as a readable difference."""
    compact = {"separators": (",", ":"), "ensure_ascii": False}
    sections = []
    for section, entries in data.items():
        lines = [f"{json.dumps(key)}:{json.dumps(entry, **compact)}" for key, entry in entries.items()]
        sections.append(f"{json.dumps(section)}:{{\n" + ",\n".join(lines) + "\n}")
    path.write_text("{" + ",\n".join(sections) + "}\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def _type_entry(
    name: str, schema: dict[str, Any], definitions: dict[str, Any], fields: list[GoField]
) -> dict[str, Any]:
    properties = schema.get("properties", {})
    if missing := set(properties) ^ {f.name for f in fields}:
        raise SystemExit(f"{name}: schema and Go type disagree about {sorted(missing)}")
    required = set(schema.get("required", ()))
    entry: dict[str, Any] = {"fields": {}}
    for f in fields:
        flags = "r" * (f.name in required) + "o" * f.omitempty + "z" * f.omitzero
        entry["fields"][f.name] = f"{flags} {f.type}"
    extras = {f.name: found for f in fields if (found := _extras(properties[f.name], definitions))}
    if extras:
        entry["extras"] = extras
    return entry


def _extras(prop: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    found = {short: prop[key] for key, short in _EXTRAS.items() if key in prop}
    referred = definitions.get(prop.get("$ref", "").rpartition("/")[2], {})
    if "x-kubernetes-map-type" in referred:
        found.setdefault("mapType", referred["x-kubernetes-map-type"])
    if "enum" in found:
        found["enum"] = [value for value in found["enum"] if value is not None]
    return found


def check_protobuf(path: Path, go_types: GoTypes) -> None:
    """Compares Go types with a table of protobuf fields: names and pointer-ness must agree."""
    for package, messages in json.loads(path.read_text(encoding="utf-8"))["messages"].items():
        for message, rows in messages.items():
            fields = {f.name: f for f in go_types.structs.get(f"{package}.{message}", ())}
            for _, name, go_type, _ in rows:
                if name in fields and go_type.startswith("*") != fields[name].type.startswith("*"):
                    raise SystemExit(f"{package}.{message}.{name}: {go_type} and {fields[name].type} disagree")


def main() -> None:
    """Runs the steps whose inputs are given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--discovery", type=Path, help="recorded discovery documents")
    parser.add_argument("--go-source", type=Path, help="staging/src/k8s.io of a Kubernetes source tree")
    parser.add_argument("--source", type=Path, help="_definitions.json; default: from the installed package")
    parser.add_argument("--protobuf", type=Path, help="table of protobuf fields to check the Go types against")
    parser.add_argument("--descriptions", type=Path, help="where to write the field descriptions (.json.gz)")
    arguments = parser.parse_args()
    if arguments.discovery:
        write_discovery(arguments.discovery, DATA / "discovery.json")
    if arguments.go_source:
        go_types = read_packages(arguments.go_source)
        if arguments.protobuf:
            check_protobuf(arguments.protobuf, go_types)
        write_schemas(arguments.source or installed_definitions(), go_types, DATA / "schemas.json")
    if arguments.descriptions:
        write_descriptions(arguments.source or installed_definitions(), arguments.descriptions)


if __name__ == "__main__":
    main()
