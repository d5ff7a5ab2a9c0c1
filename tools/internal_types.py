"""Write the field table that lets error messages show values as Kubernetes does.

Validation sees the internal types, whose fields carry no JSON names: a rejected taint is shown as
``{"Key":"a","Value":"2","Effect":"NoSchedule","TimeAdded":null}``. The table lists, for the structures that messages
show, the internal field names in order, their JSON names and their types.

Usage: python tools/internal_types.py KUBERNETES_SOURCE > k8scourse/apiserver/validation/internal_types.json
"""

import json
import re
import sys
from pathlib import Path

ROOTS = (
    "PodSpec",
    "Taint",
    "NodeAddress",
    "DeploymentStrategy",
    "DaemonSetUpdateStrategy",
    "PodDisruptionBudgetSpec",
    "ObjectReference",
    "EventSource",
    "ServicePort",
    "PodTemplateSpec",
    "PersistentVolumeSource",
    "PodFailurePolicy",
    "SuccessPolicy",
    "StatefulSetUpdateStrategy",
    "UncountedTerminatedPods",
)
INTERNAL = ("pkg/apis/core/types.go", "pkg/apis/apps/types.go", "pkg/apis/policy/types.go", "pkg/apis/batch/types.go")
EXTERNAL = (
    "staging/src/k8s.io/api/core/v1/types.go",
    "staging/src/k8s.io/api/apps/v1/types.go",
    "staging/src/k8s.io/api/policy/v1/types.go",
    "staging/src/k8s.io/api/batch/v1/types.go",
)
SCALARS = {"string": "string", "bool": "bool", "int32": "int", "int64": "int", "byte": "byte"}
KNOWN = {
    "resource.Quantity": "quantity",
    "intstr.IntOrString": "intstr",
    "metav1.Time": "*time",
    "metav1.LabelSelector": "LabelSelector",
    "metav1.ObjectMeta": "ObjectMeta",
    "types.UID": "string",
}
# Fields that the v1 API has on another level or under another name than the internal type.
NAMES = {("PodSpec", "ServiceAccountName"): "serviceAccountName"}


def structs(path: Path) -> dict[str, list[tuple[str, str, str]]]:
    """Return for each structure of a Go file its (field name, Go type, JSON name)."""
    found = {}
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    for match in re.finditer(r"^type (\w+) struct \{\n(.*?)^\}", text, re.M | re.S):
        fields = []
        for line in match[2].splitlines():
            code = line.split("//")[0].strip()
            if not code:
                continue
            field = re.fullmatch(r'(?:(\w+)\s+)?([\w.*\[\]]+)\s*(?:`(?:.*?json:"([^",]*))?.*`)?', code)
            if field is None:
                raise SystemExit(f"cannot read {path}: {code}")
            fields.append((field[1] or "", field[2], field[3] or ""))
        found[match[1]] = fields
    return found


def aliases(path: Path) -> dict[str, str]:
    """Return the named scalar and map types of a Go file."""
    return dict(re.findall(r"^type (\w+) (string|int32|int64|map\[\S+\]\S+)$", path.read_text(), re.M))


def main(source: Path) -> None:
    internal, external, names = {}, {}, {}
    for path in INTERNAL:
        internal.update(structs(source / path))
        names.update(aliases(source / path))
    for path in EXTERNAL:
        external.update(structs(source / path))

    def resolve(go_type: str) -> str:
        for prefix in ("*", "[]"):
            if go_type.startswith(prefix):
                return prefix + resolve(go_type[len(prefix) :])
        go_type = go_type.removeprefix("core.").removeprefix("api.")
        if go_type.startswith("map["):
            return "map:" + resolve(go_type.split("]", 1)[1])
        if go_type in names:
            return resolve(names[go_type])
        return SCALARS.get(go_type) or KNOWN.get(go_type) or go_type

    table = {}

    def visit(name: str) -> None:
        if name in table or name not in internal:
            return
        json_names = {field: json_name for field, _, json_name in external.get(name, ())}
        rows = table[name] = []
        for field, go_type, _ in internal[name]:
            kind = resolve(go_type)
            json_name = NAMES.get((name, field)) or json_names.get(field) or field[:1].lower() + field[1:]
            rows.append([field, json_name, kind])
            visit(re.sub(r"^(\*|\[\]|map:)+", "", kind))

    for root in ROOTS:
        visit(root)
    lines = [f"{json.dumps(name)}: {json.dumps(rows, separators=(',', ':'))}" for name, rows in sorted(table.items())]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
