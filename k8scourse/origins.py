"""Where the fields of objects come from: file, line and column of the manifests that were applied."""

from __future__ import annotations

from typing import NamedTuple

from k8scourse.machinery.fieldpath import get_path
from k8scourse.machinery.yaml import Document, Position

Reference = tuple[str, str, str]
"""(kind, namespace, name)"""


class Place(NamedTuple):
    """A place in a manifest."""

    source: str
    """The file's name, or a word for a text that is no file."""
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


class Origins:
    """The manifests from which objects were written, newest last, with the revision that each led to."""

    __slots__ = ("_documents",)

    def __init__(self) -> None:
        self._documents: dict[Reference, tuple[tuple[int, Document], ...]] = {}

    def add(self, reference: Reference, revision: int, document: Document, within: tuple[str | int, ...] = ()) -> None:
        """Remember that *document*, or what it has at *within*, described the object as of *revision*."""
        if within:
            positions = document.positions.below(within)
            document = Document(get_path(document.value, within), document.source, positions, positions.first.line)
        self._documents[reference] = (*self._documents.get(reference, ()), (revision, document))

    def document(self, reference: Reference, revision: int | None = None) -> Document | None:
        """The manifest that was newest at *revision* (None: now)."""
        found = None
        for since, document in self._documents.get(reference, ()):
            if revision is None or since <= revision:
                found = document
        return found

    def place(self, reference: Reference, path: tuple[str | int, ...], revision: int | None = None) -> Place | None:
        """Where the field at *path* stands, or the nearest one around it in the manifest; None without manifest."""
        document = self.document(reference, revision)
        if document is None:
            return None
        position: Position = document.positions.nearest(path)
        return Place(document.source, position.line, position.column)

    def fork(self) -> Origins:
        """An independent table with the same entries."""
        twin = Origins()
        twin._documents = self._documents.copy()
        return twin
