"""Takes Kubernetes' field descriptions from the published package kubernetes-validate when the package is built.

The descriptions are Kubernetes' texts and are not committed; a build hook calls `write_descriptions`.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path


def type_id(definition: str) -> str:
    """'io.k8s.api.core.v1.Pod' -> 'core/v1.Pod'."""
    group, version, name = definition.split(".")[-3:]
    return f"{group}/{version}.{name}"


def installed_definitions() -> Path:
    """The definitions of Kubernetes 1.36 inside the installed package kubernetes-validate."""
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "kubernetes-validate is not installed: pip install kubernetes-validate==1.36.0, or give --source"
        )
    return Path(spec.origin).parent / "kubernetes-json-schema" / "v1.36.0-local" / "_definitions.json"


def write_descriptions(source: Path, target: Path) -> None:
    """Writes the descriptions of all types and fields as {type: [description, {field: description}]}, gzipped.

    Meant for the build of the package: the texts are taken from the published package, never committed.
    """
    definitions = json.loads(source.read_text(encoding="utf-8"))["$defs"]
    texts = {}
    for definition, schema in sorted(definitions.items()):
        fields = {name: prop.get("description", "") for name, prop in schema.get("properties", {}).items()}
        texts[type_id(definition)] = [schema.get("description", ""), fields]
    data = json.dumps(texts, separators=(",", ":"), ensure_ascii=False).encode()
    target.write_bytes(gzip.compress(data, compresslevel=9, mtime=0))
    print(f"{target.name}: {target.stat().st_size:,} bytes")
