"""Defaults of CustomResourceDefinitions.

Source: staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go
"""

from typing import Any

Object = dict[str, Any]


def default_definition(definition: Object) -> None:
    """Fill in what a definition leaves out, in place."""
    spec = definition["spec"]
    names = spec.get("names")
    if isinstance(names, dict) and names.get("kind"):
        names["singular"] = names.get("singular") or names["kind"].lower()
        names["listKind"] = names.get("listKind") or f"{names['kind']}List"
    if spec.get("conversion") is None:
        spec["conversion"] = {"strategy": "None"}
