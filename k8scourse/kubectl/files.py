"""The files that a command line names: by default those of the real file system, or any others a caller provides."""

from __future__ import annotations

import glob
from collections.abc import Callable
from pathlib import Path

from k8scourse.kubectl.errors import KubectlError
from k8scourse.machinery.go_format import go_quote

ReadFile = Callable[[str], str]

_EXTENSIONS = (".json", ".yaml", ".yml")


class Files:
    """Expands and reads paths as kubectl does (cli-runtime/pkg/resource/builder.go FilenameParam, Path)."""

    def __init__(self, read: ReadFile | None = None) -> None:
        """*read* gives the text of a path and raises FileNotFoundError (or KeyError) when there is none."""
        self._read = read

    def expand(self, path: str, recursive: bool) -> list[str]:
        """The files behind *path*: itself, those of a pattern or of a folder. Raises KubectlError."""
        if self._read is not None:
            self.read(path)
            return [path]
        found = [path] if Path(path).exists() else sorted(glob.glob(path))  # noqa: PTH207 - absolute patterns too
        if not found:
            raise _missing(path)
        files = [file for each in found for file in _walk(Path(each), each, recursive)]
        if not files:
            raise KubectlError(f"error reading [{' '.join(found)}]: recognized file extensions are [.json .yaml .yml]")
        return files

    def read(self, path: str) -> str:
        """The text of the file *path*. Raises KubectlError."""
        try:
            return self._read(path) if self._read is not None else Path(path).read_text(encoding="utf-8-sig")
        except (FileNotFoundError, KeyError) as error:
            raise _missing(path) from error
        except (OSError, UnicodeDecodeError) as error:
            raise KubectlError(f"the path {go_quote(path)} cannot be accessed: {error}") from error

    def read_bytes(self, path: str) -> bytes:
        """The content of the file *path*. Raises KubectlError."""
        try:
            return self._read(path).encode() if self._read is not None else Path(path).read_bytes()
        except (FileNotFoundError, KeyError) as error:
            raise _unreadable(path) from error
        except OSError as error:
            raise KubectlError(f"error reading {path}: {error.strerror}") from error

    def folder(self, path: str) -> list[tuple[str, bytes]] | None:
        """The names and contents of the files in the folder *path*; None if it is no folder."""
        if self._read is not None or not Path(path).is_dir():
            return None
        return [(entry.name, entry.read_bytes()) for entry in sorted(Path(path).iterdir()) if entry.is_file()]


def _unreadable(path: str) -> KubectlError:
    return KubectlError(f"error reading {path}: no such file or directory")


def _missing(path: str) -> KubectlError:
    return KubectlError(f"the path {go_quote(path)} does not exist")


def _walk(path: Path, given: str, recursive: bool) -> list[str]:
    if not path.is_dir():
        return [given]
    files: list[str] = []
    for entry in sorted(path.iterdir()):
        if entry.is_dir() and recursive:
            files.extend(_walk(entry, str(entry), recursive))
        elif entry.is_file() and entry.suffix in _EXTENSIONS:
            files.append(str(entry))
    return files
