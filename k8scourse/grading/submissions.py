"""Finds what was handed in: `DIR/<learner>/**/*.ipynb` and `DIR/<learner>.ipynb`. Links are never followed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from k8scourse.grading.notebooks import MOST_BYTES, UnreadableNotebook, too_large
from k8scourse.grading.plain import label

ENDING = ".ipynb"

MOST_NOTEBOOKS = 200
"""The most notebooks of one learner."""

MOST_ENTRIES = 5000
"""The most files and folders of one learner."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that could not be used, and why; both fit to be shown."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What one learner handed in. The learner's name is that of the folder or file, as `label` writes it."""

    learner: str
    notebooks: tuple[Path, ...]
    """Sorted by path."""
    root: Path
    """The folder that all of them are in."""
    troubles: tuple[Trouble, ...] = ()

    def shown(self, path: Path) -> str:
        """A notebook's path within the folder, fit to be shown."""
        return label(path.relative_to(self.root).as_posix())


def find_submissions(root: Path, *, leave_out: Path | None = None) -> list[Submission]:
    """What is in *root*, sorted by learner. Raises OSError.

    *leave_out* (the grades' own folder) and what a dot hides, as programs do with their own files, are no submissions.
    """
    top = root.resolve(strict=True)
    found: dict[str, _Finding] = {}
    for entry in sorted(os.scandir(top), key=lambda entry: entry.name):
        path = Path(entry.path)
        if entry.name.startswith(".") or (leave_out is not None and path == leave_out.resolve()):
            continue
        is_notebook = entry.name.endswith(ENDING)
        if not is_notebook and not entry.is_dir(follow_symlinks=True):
            continue
        name = label(entry.name.removesuffix(ENDING) if is_notebook and not entry.is_dir() else entry.name)
        found.setdefault(name, _Finding(name, top)).add(path)
    return [found[name].submission() for name in sorted(found)]


class _Finding:
    """One learner's files while they are found."""

    def __init__(self, learner: str, root: Path) -> None:
        self.learner = learner
        self.root = root
        self.notebooks: list[Path] = []
        self.troubles: list[Trouble] = []
        self.entries = 0

    def add(self, path: Path) -> None:
        if path.is_symlink():
            self._trouble(path, "is a link; links are not followed, hand in the file itself")
        elif path.is_dir():
            self._add_folder(path)
        else:
            self.notebooks.append(path)

    def _add_folder(self, folder: Path) -> None:
        for path in self._entries(folder):
            self.entries += 1
            if self.entries > MOST_ENTRIES:
                self._trouble(folder, f"holds more than {MOST_ENTRIES} files; the others were passed over")
                return
            if path.name.endswith(ENDING) or path.is_symlink():
                self._add_notebook(path)

    def _entries(self, folder: Path) -> Iterator[Path]:
        """The files and links below *folder*; folders that a name with a dot hides are left out."""
        waiting = [folder]
        while waiting:
            below: list[Path] = []
            for entry in self._listed(waiting.pop()):
                if not entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path)
                elif not entry.name.startswith("."):
                    self.entries += 1
                    below.append(Path(entry.path))
            waiting += reversed(below)

    def _listed(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            return sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self._trouble(folder, f"cannot be opened: {error.strerror}")
            return []

    def _add_notebook(self, path: Path) -> None:
        if path.is_symlink():
            self._trouble(path, "is a link; links are not followed, hand in the file itself")
        elif len(self.notebooks) == MOST_NOTEBOOKS:
            self._trouble(path, f"is beyond the first {MOST_NOTEBOOKS} notebooks; it was passed over")
        else:
            self.notebooks.append(path)

    def _trouble(self, path: Path, reason: str) -> None:
        trouble = Trouble(label(path.relative_to(self.root).as_posix()), reason)
        if len(self.troubles) < MOST_NOTEBOOKS:
            self.troubles.append(trouble)

    def submission(self) -> Submission:
        notebooks = sorted(self.notebooks, key=lambda path: path.relative_to(self.root).parts)
        return Submission(self.learner, tuple(notebooks), self.root, tuple(self.troubles))


def read_file(path: Path) -> bytes:
    """The bytes of a notebook. Raises UnreadableNotebook: links, devices and files that are too large are not read."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableNotebook("is no ordinary file")
            if status.st_size > MOST_BYTES:
                raise UnreadableNotebook(too_large(status.st_size))
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableNotebook(f"cannot be read: {error.strerror}") from error


def fingerprint(path: Path) -> str:
    """A text that changes with a notebook's content; for what cannot be read, the reason."""
    try:
        return hashlib.sha256(read_file(path)).hexdigest()
    except UnreadableNotebook as error:
        return str(error)
