"""Generates the package data about Kubernetes' kinds (k8scourse/apiserver/data).

    python tools/generate_schemas.py --protobuf protobuf-fields.json --discovery discovery.json [--source DEFINITIONS]
    python tools/generate_schemas.py --descriptions k8scourse/apiserver/data/descriptions.json.gz

Sources: the published package kubernetes-validate 1.36.0 (`_definitions.json`: the OpenAPI schemas as JSON schema),
the API's Go types with their protobuf numbers, and the discovery documents of a running API server.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--discovery", type=Path, help="recorded discovery documents")
    arguments = parser.parse_args()
    if arguments.discovery:
        write_discovery(arguments.discovery, DATA / "discovery.json")


if __name__ == "__main__":
    main()
