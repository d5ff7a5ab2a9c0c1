"""The forms in which the methods of a cluster take manifests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from k8scourse.machinery.status import ApiError
from k8scourse.machinery.yaml import Document, read_documents

Manifest = str | Path | Mapping[str, Any] | list[Any]
"""A Path, a text, an object, or a list of objects; a text of one line that ends in .yaml, .yml or .json is a path."""


class ManifestRefused(ApiError):
    """The API server or kubectl refused a manifest; shows what kubectl prints, with the place in the file."""

    def __init__(self, status: Mapping[str, Any], shown: str) -> None:
        super().__init__(dict(status))
        self.shown = shown
        """The lines that kubectl prints."""

    def __str__(self) -> str:
        return self.shown

    def _render_traceback_(self) -> list[str]:
        return self.shown.split("\n")


ENDINGS = (".yaml", ".yml", ".json")


def read_manifest(manifest: Manifest) -> list[tuple[Any, Document | None]]:
    """The values in *manifest*, each with the document that it stands in (None for objects that were no text).

    Raises ManifestError for bad YAML, OSError for a file that can't be read.
    """
    manifest = as_path(manifest)
    if isinstance(manifest, Path):
        documents = read_documents(manifest.read_text(encoding="utf-8"), str(manifest))
    elif isinstance(manifest, str):
        documents = read_documents(manifest)
    else:
        return [(value, None) for value in (manifest if isinstance(manifest, list) else [manifest])]
    return [(document.value, document) for document in documents]


def as_path(manifest: Manifest) -> Manifest:
    """The Path that a text of one line names; everything else as it is."""
    if isinstance(manifest, str) and "\n" not in manifest and manifest.endswith(ENDINGS):
        return Path(manifest)
    return manifest


def as_text(manifest: Manifest) -> str:
    """The manifest as YAML or JSON text; raises OSError for a file that can't be read."""
    if isinstance(manifest, Path):
        return manifest.read_text(encoding="utf-8")
    if isinstance(manifest, str):
        return manifest
    values = manifest if isinstance(manifest, list) else [manifest]
    return "---\n".join(json.dumps(value) + "\n" for value in values)


def items_of(value: Any) -> list[Any]:
    """The objects of a document: the items of a List, else the value itself; nothing for an empty document."""
    if value is None:
        return []
    if isinstance(value, Mapping) and value.get("kind") == "List" and "items" in value:
        return list(value["items"] or ())
    return [value]
