"""Metadata of manifests that nobody has checked yet: a field of another type counts as not there.

Source: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/unstructured/unstructured.go (errors of NestedX are dropped)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def metadata(obj: Mapping[str, Any]) -> dict[str, Any]:
    """The object's metadata, empty where it is no map."""
    found = obj.get("metadata")
    return found if isinstance(found, dict) else {}


def text(obj: Mapping[str, Any], field: str) -> str:
    """A text in the object's metadata, such as its name; empty where it is none."""
    found = metadata(obj).get(field)
    return found if isinstance(found, str) else ""


def text_map(obj: Mapping[str, Any], field: str) -> dict[str, str]:
    """The labels or annotations; empty where they are no map of texts."""
    found = metadata(obj).get(field)
    if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()):
        return found
    return {}


def with_metadata(obj: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """*obj* with *fields* in its metadata; metadata that is no map stays as it is, for the API server to judge."""
    found = obj.get("metadata")
    if found is not None and not isinstance(found, dict):
        return dict(obj)
    return {**obj, "metadata": {**(found or {}), **fields}}
