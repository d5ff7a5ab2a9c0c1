"""Generates k8scourse/apiserver/data/enums.json: the values of the API's enum types, for completion and help.

    python tools/generate_enums.py STAGING/src/k8s.io/api

Reads the Go types that Kubernetes marks with `+enum` and the constants of those types (names and values only).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "k8scourse" / "apiserver" / "data" / "enums.json"

_MARKED = re.compile(r"^// \+enum\n(?:^//.*\n)*^type (\w+) string$", re.MULTILINE)
_CONSTANT = re.compile(r"^\s+\w+\s+(\w+)\s*=\s*\"([^\"]*)\"", re.MULTILINE)


def read_enums(api: Path) -> dict[str, list[str]]:
    """{'core/v1.TaintEffect': ['NoSchedule', ...]} in the order of the source."""
    enums: dict[str, list[str]] = {}
    for file in sorted(api.glob("*/*/types.go")):
        source = file.read_text(encoding="utf-8")
        package = f"{file.parent.parent.name}/{file.parent.name}"
        marked = set(_MARKED.findall(source))
        for name, value in _CONSTANT.findall(source):
            if name in marked and value:
                enums.setdefault(f"{package}.{name}", []).append(value)
    return dict(sorted(enums.items()))


def main() -> None:
    enums = read_enums(Path(sys.argv[1]))
    lines = [f"{json.dumps(name)}: {json.dumps(values)}" for name, values in enums.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(enums)} types")


if __name__ == "__main__":
    main()
