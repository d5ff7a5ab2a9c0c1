"""A learner's working folder: copies of the chapters, which no update overwrites once they were changed."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

RECORD = ".k8scourse.json"
"""In the working folder: which version of each file was copied, by its hash."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What `copy_course` did, as paths within the working folder."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]
    """Changed by the learner, although the course has another version: left alone."""


def copy_course(source: Path, target: Path, pattern: str = "**/*") -> Copied:
    """Bring the files of *source* into *target*: missing ones are added, unchanged ones updated, changed ones kept.

    *pattern* says which files. Raises OSError.
    """
    record_file = target / RECORD
    record: dict[str, str] = json.loads(record_file.read_text(encoding="utf-8")) if record_file.is_file() else {}
    added: list[str] = []
    updated: list[str] = []
    kept: list[str] = []
    for path in sorted(source.glob(pattern)):
        if not path.is_file() or ".ipynb_checkpoints" in path.parts:
            continue
        name = path.relative_to(source).as_posix()
        copy, version = target / name, _hash(path)
        if not copy.exists():
            added.append(name)
        elif _hash(copy) == version:
            record[name] = version
            continue
        elif _hash(copy) == record.get(name):
            updated.append(name)
        else:
            if record.get(name) != version:
                kept.append(name)
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        record[name] = version
    target.mkdir(parents=True, exist_ok=True)
    record_file.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return Copied(tuple(added), tuple(updated), tuple(kept))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
