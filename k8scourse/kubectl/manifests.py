"""Manifests as kubectl reads them, each with the place of its fields in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.kubectl.discovery import NoKindMatch
from k8scourse.kubectl.errors import KubectlError
from k8scourse.kubectl.session import Session
from k8scourse.machinery import fieldpath, unstructured
from k8scourse.machinery import yaml as manifest_yaml
from k8scourse.machinery.go_format import go_json, go_quote
from k8scourse.machinery.merge_patch import cannot_unmarshal
from k8scourse.machinery.status import ApiError

STDIN = "STDIN"

_TURN_OFF = "; if you choose to ignore these errors, turn validation off with --validate=false"
_UNKNOWN_FIELD = re.compile(r'(?:unknown|duplicate) field "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Source:
    """A text and the name that messages give it."""

    name: str
    text: str


class Position(Protocol):
    """A place in a text, counted from 1."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object of a document."""

    value: dict[str, Any]
    source: str
    document: Any
    """The Document of machinery.yaml with its positions."""
    within: tuple[str | int, ...] = ()
    """The object's path in the document (an item of a List)."""

    def place(self, path: Sequence[str | int]) -> str:
        """The line `  at FILE:LINE:COLUMN` of the field at *path*, or of its nearest ancestor in the file."""
        position = self.document.positions.nearest((*self.within, *path))
        return f"  at {self.source}:{position.line}:{position.column}"

    def places(self, error: ApiError) -> str:
        """The lines for every field that *error* names, each once; empty when it names none."""
        names = [cause["field"] for cause in error.causes if cause.get("field")]
        names.extend(_UNKNOWN_FIELD.findall(error.message))
        lines: dict[str, None] = {}
        for name in names:
            try:
                path = fieldpath.parse_path(name.removeprefix("."))
            except ValueError:
                continue
            if path and path[0] in self.value:
                suffix = f" ({name})" if len(names) > 1 else ""
                lines[self.place(path) + suffix] = None
        return "\n".join(lines)


def read(source: Source, *, validate: bool) -> Iterator[Manifest]:
    """The objects in *source*, lists taken apart, empty documents skipped.

    Raises KubectlError with kubectl's sentence and the place when a document can't be read, or has no apiVersion or
    kind (only with *validate* under its own text: cmd/util validation of data).
    """
    for document in _documents(source):
        manifest = Manifest(document.value, source.name, document)
        _check(manifest, validate)
        yield from _flatten(manifest)


def _documents(source: Source) -> Iterator[manifest_yaml.Document]:
    """The documents up to the first that can't be read, which raises: kubectl reads one after the other."""
    try:
        yield from manifest_yaml.read_documents(source.text, source.name)
    except manifest_yaml.ManifestError as error:
        lines = source.text.split("\n")[: error.line - 1]
        starts = [number for number, line in enumerate(lines) if line.startswith("---")]
        if starts:
            yield from manifest_yaml.read_documents("\n".join(lines[: starts[-1]]), source.name)
        place = f"  at {source.name}:{error.line}:{error.column}"
        if error.remedy:
            place += f": {error.remedy}"
        raise KubectlError(f"error parsing {source.name}: {error.kubectl_text}", place=place) from error


def _check(manifest: Manifest, validate: bool) -> None:
    value, name = manifest.value, go_quote(manifest.source)
    if validate:
        faults = _type_faults(value)
        if faults:
            text = f"[{', '.join(faults)}]" if len(faults) > 1 else faults[0]
            raise KubectlError(
                f"error validating {name}: error validating data: {text}{_TURN_OFF}", place=manifest.place(())
            )
    if not isinstance(value, dict):
        text = cannot_unmarshal(value, "unstructured.detector")
        raise KubectlError(f"unable to decode {name}: {text}", place=manifest.place(()))
    if not value.get("kind"):
        raise KubectlError(
            f"unable to decode {name}: Object 'Kind' is missing in '{go_json(value)}'", place=manifest.place(())
        )


def _type_faults(value: Any) -> list[str]:
    """What kubectl's own check finds before a server sees the document (kubectl/pkg/validation/validation.go)."""
    if not isinstance(value, dict):
        return ["invalid object to validate"]
    faults: list[str] = []
    for key in ("apiVersion", "kind"):
        if value.get(key) is None:
            faults.append(f"{key} not set")
        elif not isinstance(value[key], str):
            faults.append(f"{key} isn't string type")
    return faults


def _flatten(manifest: Manifest) -> Iterator[Manifest]:
    value = manifest.value
    if not (value["kind"].endswith("List") and isinstance(value.get("items"), list)):
        yield manifest
        return
    for index, item in enumerate(value["items"]):
        inner = Manifest(item, manifest.source, manifest.document, (*manifest.within, "items", index))
        _check(inner, validate=False)
        yield from _flatten(inner)


def resource_of(session: Session, manifest: Manifest) -> ResourceInfo:
    """The resource of a manifest's apiVersion and kind; KubectlError with kubectl's two lines if there is none."""
    value = manifest.value
    try:
        return session.resource_of(value.get("apiVersion") or "", value["kind"])
    except NoKindMatch as error:
        raise KubectlError(
            f"resource mapping not found for name: {go_quote(unstructured.text(value, 'name'))} "
            f"namespace: {go_quote(unstructured.text(value, 'namespace'))} from {go_quote(manifest.source)}: "
            f"{error.message}\nensure CRDs are installed first",
            place=manifest.place(("kind",)),
        ) from error
